"""However Wireshark passes over a capture, the answers are the same: with and without a tree in the first pass,
filtered, in one pass as far as anything is known then, and in a capture whose frames no TCP is in.
"""

from pathlib import Path

import pytest

from tcplint.capture.frame import Frame
from tcplint.ladder.frames import frames
from tcplint.ladder.parse import parse
from tcplint.ladder.pcap import write_pcap
from tests.wire.build import ethernet, ipv4, udp
from tests.wireshark.answers import by_command_line, by_wireshark, differences, fields_of, tshark
from tests.wireshark.joined import corpus_stories, write_joined

STORY = """
0.000 > S       <mss 1460>
0.020 < S.      <mss 1460>
0.040 > .
0.050 > P. 120
0.070 < .
1.000 > F.
1.020 < .
1.100 > P. 10
1.120 < .       ack 122
1.500 < F.
1.520 > .
"""
FAULT = 8  # its frame with data behind the FIN


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.pcap"
    write_pcap(frames(parse(STORY)), path)
    return path


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chosen = [frames for name, frames in corpus_stories() if name.endswith("capture.pcap")]
    return next(iter(write_joined(chosen, tmp_path_factory.mktemp("several"), "several")))


PASSES = {
    "second pass only, no tree in the first": ("-2",),
    "every frame filtered": ("-2", "-Y", "frame"),
    "read filter that all frames pass": ("-2", "-R", "frame"),
    "sequence analysis off": ("-2", "-Y", "tcp", "-o", "tcp.analyze_sequence_numbers:FALSE"),
    "reassembly off": ("-2", "-Y", "tcp", "-o", "ip.defragment:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE"),
}


@pytest.mark.parametrize("arguments", PASSES.values(), ids=PASSES)
def test_two_passes_give_the_final_answers(plugin: Path, several: Path, arguments: tuple[str, ...]) -> None:
    expected = by_command_line(several)
    assert expected.findings >= 20
    assert differences(several, by_wireshark(plugin, several, *arguments), expected) == []


def test_filter_by_a_rule_shows_its_frame_alone(plugin: Path, story: Path) -> None:
    shown = fields_of(plugin, story, "-2", "-Y", 'tcplint.rule == "data-after-fin"', fields=("frame.number",))
    assert shown == [[str(FAULT)]]


def test_one_pass_shows_what_was_known_at_each_frame(plugin: Path, story: Path) -> None:
    fields = ("tcplint.step", "tcplint.client.state", "tcplint.verdict", "tcplint.teardown")
    shown = fields_of(plugin, story, "-Y", "tcp", fields=fields)
    assert [row[0] for row in shown] == [
        "handshake-1", "handshake-2", "handshake-3", "data", "ack", "close-1", "close-2", "data", "ack", "close-3",
        "close-4",
    ]  # fmt: skip
    assert [row[1] for row in shown[5:8]] == ["FIN-WAIT-1", "FIN-WAIT-2", "FIN-WAIT-2"]
    assert shown[FAULT - 1][2] == "violates"
    assert shown[FAULT - 2][3] != shown[-1][3] == "four-way"


def test_two_passes_show_the_outcome_on_the_first_frame(plugin: Path, story: Path) -> None:
    fields = ("tcplint.teardown", "tcplint.connection.verdict")
    assert fields_of(plugin, story, "-2", "-Y", "frame.number == 1", fields=fields) == [["four-way", "violates"]]


def test_expert_infos_stand_in_the_groups_of_wireshark(plugin: Path, story: Path) -> None:
    told = tshark(plugin, story, "-2", "-q", "-z", "expert")
    errors = told[told.index("Errors (") :]
    line = next(line for line in errors.splitlines() if "TD004" in line)
    assert line.split()[1] == "Protocol"
    assert "client sent 10 bytes after its own FIN (frame 6)" in line


def test_expert_infos_of_one_pass_need_no_tree(plugin: Path, story: Path) -> None:
    assert "TD004" in tshark(plugin, story, "-q", "-z", "expert")


PREFERENCES = {
    "least severity": ("tcplint.least:error", {"TD004"}),
    "selected rule": ("tcplint.select:data-after-fin", {"TD004"}),
    "selected beginning of codes": ("tcplint.select:HS", {"HS004"}),
    "ignored group": ("tcplint.ignore:teardown", {"HS004"}),
}


@pytest.mark.parametrize(("preference", "codes"), PREFERENCES.values(), ids=PREFERENCES)
def test_preference_chooses_the_findings_that_are_shown(
    plugin: Path, story: Path, preference: str, codes: set[str]
) -> None:
    rows = fields_of(plugin, story, "-2", "-Y", "tcp", "-o", preference, fields=("tcplint.code",))
    assert {code for (code,) in rows if code} == codes


def test_preference_that_names_no_rule_says_so(plugin: Path, story: Path) -> None:
    rows = fields_of(plugin, story, "-2", "-Y", "tcp", "-o", "tcplint.ignore:no-such", fields=("tcplint.error",))
    assert rows[0] == ['Preferences: no rule or group is called "no-such"']


def test_info_column_bears_the_code_when_asked_for(plugin: Path, story: Path) -> None:
    fields = ("_ws.col.Info",)
    plain = fields_of(plugin, story, "-2", "-Y", "tcp", fields=fields)
    marked = fields_of(plugin, story, "-2", "-Y", "tcp", "-o", "tcplint.tag:TRUE", fields=fields)
    assert marked[FAULT - 1] == [plain[FAULT - 1][0] + " [TD004]"]
    assert marked[0] == plain[0]


def test_chinese_reader_gets_a_chinese_tree_and_the_same_field_values(plugin: Path, story: Path) -> None:
    language = ("-o", "tcplint.language:中文")
    tree = tshark(plugin, story, "-2", "-V", "-Y", f"frame.number == {FAULT}", *language)
    for words in ("[客户端状态：FIN-WAIT-2 终止等待 2]", "错误 TD004 data-after-fin：客户端", "[终止连接：四次挥手]"):
        assert words in tree
    fields = ("tcplint.step", "tcplint.verdict", "tcplint.teardown", "tcplint.server.state")
    both = [fields_of(plugin, story, "-2", "-Y", "tcp", *chosen, fields=fields) for chosen in ((), language)]
    assert both[0] == both[1]


def test_frame_without_tcp_has_no_item(plugin: Path, tmp_path: Path) -> None:
    capture = tmp_path / "datagram.pcap"
    data = ethernet(ipv4(udp(b"hello", 53), protocol=17))
    write_pcap([Frame(1, 0, 1, 0, len(data), len(data), 0, data)], capture)
    assert fields_of(plugin, capture, "-2", "-Y", "tcplint", fields=("frame.number",)) == []
