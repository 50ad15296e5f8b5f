"""What goes wrong in the plugin itself stays there: a failure is an item of ours; an old Wireshark gets one line."""

from pathlib import Path

import pytest

from tcplint.ladder.frames import frames
from tcplint.ladder.parse import parse
from tcplint.ladder.pcap import write_pcap
from tests.lua.tellers import VERSIONS, runtime
from tests.wireshark.answers import fields_of, tshark


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "story.pcap"
    write_pcap(frames(parse("> S\n< S.\n> .")), path)
    return path


@pytest.fixture
def broken(plugin: Path, tmp_path: Path) -> Path:
    """The plugin with a core that fails at every second frame."""
    text = plugin.read_text(encoding="utf-8")
    place = "local function take_segment(run, number, segment)\n"
    assert text.count(place) == 1
    path = tmp_path / "broken.lua"
    path.write_text(text.replace(place, place + '  if number % 2 == 0 then error("thwarted") end\n'), encoding="utf-8")
    return path


@pytest.mark.parametrize("arguments", [(), ("-2",)], ids=["one pass", "two passes"])
def test_failure_is_an_item_of_ours_and_tcp_is_dissected(
    broken: Path, capture: Path, arguments: tuple[str, ...]
) -> None:
    fields = ("tcplint.error", "tcp.stream", "_ws.lua.error", "tcplint.step")
    first, second, third = fields_of(broken, capture, *arguments, "-Y", "tcp", fields=fields)
    assert first == ["", "0", "", "handshake-1"]
    assert "thwarted" in second[0]
    assert second[1:] == ["0", "", ""]
    assert third[:3] == ["", "0", ""]


def test_failure_is_an_expert_info(broken: Path, capture: Path) -> None:
    assert "tcplint failed at this frame" in tshark(broken, capture, "-2", "-q", "-z", "expert")


@pytest.mark.parametrize("version", VERSIONS)
def test_wireshark_too_old_gets_one_line_and_no_plugin(plugin: Path, version: str) -> None:
    lua = runtime(version)
    lua.execute(b"""
        said = {}
        function get_version() return "3.6.2" end
        function gui_enabled() return true end
        function report_failure(text) said[#said + 1] = text end
    """)
    lua.execute(plugin.read_bytes())
    said = [text.decode() for text in lua.globals().said.values()]
    assert said == ["tcplint needs Wireshark 4.0 or later and is switched off; this is 3.6.2"]
