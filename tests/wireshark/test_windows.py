"""The texts of Tools > tcplint: connections, findings, ladders, rules, in both languages and every Lua."""

from pathlib import Path

import pytest

from tcplint.capture import open_capture
from tcplint.core.model import ACK
from tcplint.results import Options
from tcplint.trace import trace_connection
from tests.lua.tellers import CATALOGUE, VERSIONS
from tests.wireshark.joined import CORPUS
from tests.wireshark.modules import Plugin

BROKEN = CORPUS / "teardown" / "data-after-fin" / "capture.pcap"
# A side with two initial numbers: a ladder counts from the first, `tcplint show` from the one that counts by then.
TWO_NUMBERS = {"old-duplicate-syn", "synack-for-another-syn"}
CAPTURES = [path for path in sorted(CORPUS.glob("*/*/capture.pcap*")) if path.parent.name not in TWO_NUMBERS]

versions = pytest.mark.parametrize("version", VERSIONS)


def analysed(path: Path, version: str = "5.2") -> Plugin:
    with open_capture(path) as frames:
        return Plugin(version, list(frames))


@versions
def test_connection_has_two_lines_with_outcomes_and_verdict(version: str) -> None:
    plugin = analysed(BROKEN, version)
    assert plugin.texts(plugin.settings())[0].splitlines()[-2:] == [
        "   0  192.0.2.1:51000 → 192.0.2.2:4000",
        "      three-way, four-way: violates, 1–11 (11)",
    ]


@versions
def test_findings_stand_with_frame_severity_and_message(version: str) -> None:
    plugin = analysed(BROKEN, version)
    found = plugin.texts(plugin.settings())[1].splitlines()
    assert "#8  · 0  error TD004 data-after-fin: client sent 24 bytes after its own FIN (frame 6)" in found


def test_preferences_choose_the_findings() -> None:
    plugin = analysed(BROKEN)
    assert len(plugin.texts(plugin.settings(select="TD004"))[1].splitlines()) == 1
    assert "TD004" not in plugin.texts(plugin.settings(ignore="teardown"))[1]
    assert plugin.texts(plugin.settings(ignore="all"))[1] == "No findings.\n"


def test_preference_that_names_nothing_is_told_in_the_windows() -> None:
    plugin = analysed(BROKEN)
    for text in plugin.texts(plugin.settings(select="TD, nonsense"))[:2]:
        assert text.startswith('No rule or group is called "nonsense"')


def test_chinese_reader_gets_chinese_windows() -> None:
    plugin = analysed(BROKEN)
    chosen = plugin.settings("zh")
    connections, findings, _ = plugin.texts(chosen)
    assert "四次挥手" in connections
    assert "错误 TD004 data-after-fin：客户端在自己的 FIN（第 6 帧）之后又发送了 24 字节" in findings
    assert "终止等待 2" in plugin.ladder(0, chosen)[1]


@versions
def test_rule_help_is_the_page_or_a_list(version: str) -> None:
    plugin = analysed(BROKEN, version)

    def rules(word: str, lang: str = "en") -> str:
        return plugin.texts(plugin.settings(lang), word)[2]

    assert rules("td004").startswith("TD004 data-after-fin\n")
    assert rules("data-after-fin", "zh").startswith("TD004 data-after-fin\n发送 FIN 之后")
    for rule in CATALOGUE.rules:
        assert f"  {rule.code}  {rule.name}" in rules("")
    assert {line.split()[0][:2] for line in rules("teardown").splitlines()[1:]} == {"TD"}
    assert rules("nonsense") == 'No rule is called "nonsense".\n'


def test_no_capture_says_so() -> None:
    plugin = analysed(BROKEN)
    empty = plugin.driver.new(1)
    text = plugin.driver.texts(empty, plugin.settings(), b"")[0].decode()
    assert text == "No TCP connection was analysed yet. Open a capture.\n"


def test_finding_stands_below_its_rung() -> None:
    plugin = analysed(BROKEN)
    lines = plugin.ladder(0, plugin.settings())[1].splitlines()
    place = next(index for index, line in enumerate(lines) if "TD004" in line)
    assert lines[place].startswith("        └─ error TD004 data-after-fin: ")
    assert lines[place - 1].split()[:3] == ["8", "0.600000", "FIN-WAIT-2"]


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.parent.name)
def test_ladder_has_the_rungs_of_show(path: Path) -> None:
    plugin = analysed(path)
    number = plugin.driver.summaries(plugin.run) - 1
    shown = trace_connection(path, number, Options(), rows=1000).rows
    rungs, _ = plugin.ladder(number, plugin.settings())
    assert [(rung["frame"], rung["time"], rung["flags"], rung["length"]) for rung in rungs] == [
        (row.frame, row.time, row.flags, row.length) for row in shown
    ]
    assert [(rung["seq"], rung.get("ack")) for rung in rungs] == [
        (row.seq, row.ack if row.flags & ACK else None) for row in shown
    ]
