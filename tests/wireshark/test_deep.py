"""Deep mode: encapsulations that only Wireshark knows are read, whatever passes it makes; all else is as before."""

from pathlib import Path

import pytest

from tests.engine.join import Piece, write
from tests.engine.tunnels import TUNNELS
from tests.wireshark.answers import by_command_line, by_wireshark, differences, fields_of
from tests.wireshark.joined import corpus_stories, write_joined

# Here it is TCP itself that stands where the portable decoder does not follow.
UNREACHED = {"AH", "IPv6, TCP behind 512 octets"}


@pytest.fixture(scope="session")
def deep(plugin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin as `tcplint wireshark install --deep` writes it."""
    text = plugin.read_text(encoding="utf-8")
    assert text.count("\nlocal DEEP = false\n") == 1
    path = tmp_path_factory.mktemp("deep") / "tcplint.lua"
    path.write_text(text.replace("\nlocal DEEP = false\n", "\nlocal DEEP = true\n"), encoding="utf-8")
    return path


@pytest.fixture
def tunnels(tmp_path: Path) -> Path:
    pieces = [Piece(name, link_type, data, len(data)) for name, link_type, data in TUNNELS]
    return write(tmp_path / "tunnels.pcapng", pieces)


def unread(plugin: Path, capture: Path, *arguments: str) -> set[str]:
    """The encapsulations in which the plugin shows no step."""
    rows = fields_of(plugin, capture, *arguments, fields=("frame.number", "tcplint.step", "tcplint.error"))
    assert len(rows) == len(TUNNELS)
    assert [row[2] for row in rows] == [""] * len(rows)
    return {TUNNELS[int(number) - 1][0] for number, step, _ in rows if not step}


@pytest.mark.parametrize("arguments", [("-2", "-Y", "frame"), ("-2",), ()], ids=["filter", "two passes", "one pass"])
def test_segment_in_any_tunnel_is_read(deep: Path, tunnels: Path, arguments: tuple[str, ...]) -> None:
    assert unread(deep, tunnels, *arguments) == UNREACHED


def test_without_deep_mode_tunnels_are_not_read(plugin: Path, tunnels: Path) -> None:
    assert unread(plugin, tunnels, "-2", "-Y", "frame") > UNREACHED


@pytest.mark.parametrize("arguments", [("-2", "-Y", "frame"), ("-2", "-Y", "tcp")], ids=" ".join)
def test_ordinary_captures_are_told_as_without_it(deep: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    chosen = [frames for name, frames in corpus_stories() if name.endswith("capture.pcap")]
    for capture in write_joined(chosen, tmp_path, "deep"):
        assert differences(capture, by_wireshark(deep, capture, *arguments), by_command_line(capture)) == []
