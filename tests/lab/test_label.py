"""From a take to a label, and two labels compared: no root, no kernel."""

from pathlib import Path

import pytest

from tests.lab.ends import segment
from tools.cases import Finding, load
from tools.lab.case import files, write
from tools.lab.errors import SpoiltError
from tools.lab.kernel import table_state
from tools.lab.pcap import CLIENT, MIDDLE, SERVER, Record, pcap_records
from tools.lab.play import Take, _examine, _paths
from tools.lab.scene import Connection, Moment
from tools.lab.story import Found, Outcome, Story
from tools.lab.story import load as stories
from tools.lab.trace import Trace
from tools.lab.verify import differences, shapes
from tools.lab.wire import Deed

SECOND = 1_000_000_000
ENDS = (("192.0.2.1", 51000), ("192.0.2.2", 4000))
SYN, RST = segment(CLIENT, "S"), segment(SERVER, "R.")


def story(**changes: object) -> Story:
    plain: dict[str, object] = {
        "name": "group/case",
        "title": ("Title", "标题"),
        "text": ("Text.", "“正文”"),
        "wireshark": "tcp",
        "frames": 2,
        "expect": (Outcome("refused", "not-applicable"),),
        "play": lambda scene: None,
    }
    return Story(**{**plain, **changes})  # type: ignore[arg-type]


def moment(frames: int, second: float, connection: int = 0, hidden: tuple[str, ...] = ()) -> Moment:
    return Moment(
        connection, {CLIENT: frames, MIDDLE: frames, SERVER: 1}, int(second * SECOND), "CLOSED", "LISTEN", hidden
    )


def take(**changes: object) -> Take:
    both = [Record(10 * SECOND, SYN), Record(11 * SECOND, RST)]
    plain: dict[str, object] = {
        "captures": {CLIENT: both, MIDDLE: both, SERVER: both[1:]},
        "moments": [moment(2, 12.5)],
        "deeds": [],
        "connections": [Connection(0, *ENDS)],
        "paths": [(["SYN-SENT"], None)],
    }
    return Take(**{**plain, **changes})  # type: ignore[arg-type]


def test_label_of_one_connection_is_read_back_whole(tmp_path: Path) -> None:
    fault = Found("rst-x", "kind", "error", "server", 2)
    outcome = Outcome(
        "refused", "not-applicable", findings=(fault,), notes=("one",), evidence=("hole",), hidden=("server",)
    )
    deed = Deed("dropped", SERVER, {CLIENT: None, MIDDLE: 1, SERVER: 2})
    write(tmp_path / "case", files(story(expect=(outcome,)), take(deeds=[deed])))
    case = load(tmp_path / "case" / "case.toml")
    expect = case.expect
    assert (expect.handshake, expect.client, expect.client_state) == ("refused", "192.0.2.1:51000", "CLOSED")
    assert (expect.findings, expect.notes, expect.evidence) == ((Finding(*fault),), ("one",), ("hole",))
    assert (expect.hidden, expect.client_path, expect.server_path) == (("server",), ("SYN-SENT",), None)
    assert [(at.after_frame, at.time) for at in case.moments] == [(2, 2.5)]
    assert [(done.did, done.side, done.frame) for done in case.deeds] == [("dropped", "server", 0)]
    assert case.story == {"en": "Text.", "zh": "“正文”"}


def test_label_of_two_connections_says_whose_moment_it_is(tmp_path: Path) -> None:
    both = (Outcome("refused", "not-applicable"), Outcome("unanswered", "not-applicable"))
    connections = [Connection(0, *ENDS), Connection(1, *ENDS)]
    moments = [moment(1, 12), moment(2, 13, connection=1, hidden=("client",))]
    taken = take(connections=connections, moments=moments, paths=[(None, None)] * 2)
    write(tmp_path / "case", files(story(expect=both), taken))
    case = load(tmp_path / "case" / "case.toml")
    assert [expect.handshake for expect in case.connections] == ["refused", "unanswered"]
    assert [(at.connection, at.hidden) for at in case.moments] == [(0, ()), (1, ("client",))]


def test_point_of_capture_with_other_frames_is_kept_and_an_equal_one_is_not(tmp_path: Path) -> None:
    stale = tmp_path / "variants" / "at-middle.pcap"
    made = files(story(), take())
    assert sorted(made) == ["capture.pcap", "case.toml", "variants/at-server.pcap"]
    stale.parent.mkdir()
    stale.write_bytes(b"")
    write(tmp_path, made)
    assert not stale.exists()
    assert [record.octets for record in pcap_records((tmp_path / "variants/at-server.pcap").read_bytes())] == [RST]


@pytest.mark.parametrize(
    ("told", "taken", "message"),
    [
        (story(frames=3), take(), "3 frames expected at the client; captured: 2 at the client, 2 at the middle, 1 at"),
        (story(), take(moments=[moment(1, 10.5)]), "frames came after the last moment"),
        (story(), take(connections=[]), "0 connections, 1 outcomes"),
        (story(), take(moments=[]), "a connection without a moment"),
    ],
)
def test_take_that_is_not_what_the_story_tells_is_spoilt(told: Story, taken: Take, message: str) -> None:
    _examine(story(), take())
    with pytest.raises(SpoiltError, match=message):
        _examine(told, taken)


def test_recording_made_again_differs_by_times_alone(tmp_path: Path) -> None:
    write(tmp_path, files(story(), take()))
    later = [Record(90 * SECOND, SYN), Record(99 * SECOND, segment(SERVER, "R.", seq=5))]
    again = take(captures={CLIENT: later, MIDDLE: later, SERVER: later[1:]}, moments=[moment(2, 99.5)])
    assert differences(tmp_path, files(story(), again)) == []
    untraced = take(paths=[(None, None)])
    assert differences(tmp_path, files(story(), untraced)) == []


def test_difference_is_named_by_label_and_by_frame(tmp_path: Path) -> None:
    write(tmp_path, files(story(), take()))
    other = [Record(10 * SECOND, SYN), Record(11 * SECOND, segment(SERVER, "R"))]
    changed = files(
        story(expect=(Outcome("unanswered", "not-applicable"),)),
        take(captures=dict.fromkeys((CLIENT, MIDDLE, SERVER), other)),
    )
    assert differences(tmp_path, changed) == [
        "expect handshake: committed 'refused', now 'unanswered'",
        "capture.pcap: frame 2: committed server RST,ACK len 0, now server RST len 0",
        "variants/at-server.pcap: committed only",
    ]
    assert differences(tmp_path / "nowhere", changed) == ["there is no such case yet"]
    assert shapes(changed["capture.pcap"])[0] == "client SYN len 0"


TABLE = """  sl  local_address rem_address   st tx_queue rx_queue
   0: 020200C0:0FA0 00000000:0000 0A 00000000:00000000
   1: 020200C0:0FA0 010200C0:C738 06 00000000:00000000
"""


def test_table_of_the_kernel_is_read_for_each_end() -> None:
    client, server = ENDS
    assert table_state(TABLE, server, client) == "TIME-WAIT"
    assert table_state(TABLE, server, ("192.0.2.1", 1)) == "LISTEN"
    assert table_state(TABLE, ("192.0.2.2", 4001), client) == "CLOSED"
    beside = TABLE + "   2: 020200C0:0FA0 010200C0:C738 03 00000000:00000000\n"
    assert table_state(beside, server, client) == "SYN-RECEIVED"


def test_ipv6_address_is_found_as_the_kernel_prints_it() -> None:
    client, server = ("2001:db8::1", 51000), ("2001:db8::2", 4000)
    line = " 0: B80D0120000000000000000002000000:0FA0 B80D0120000000000000000001000000:C738 08 0:0\n"
    assert table_state(line, server, client) == "CLOSE-WAIT"


EVENT = (
    "python-7 [0] ..s1. 1.5: inet_sock_set_state: family=AF_INET protocol=IPPROTO_TCP sport={} dport={} saddr={} "
    "daddr={} saddrv6=::ffff:1 daddrv6=::ffff:2 oldstate=TCP_{} newstate=TCP_{}\n"
)


def test_trace_gives_the_states_of_each_connection_on_a_pair_without_closed() -> None:
    trace = Trace()
    changes = [("LISTEN", "SYN_RECV"), ("SYN_RECV", "ESTABLISHED"), ("ESTABLISHED", "CLOSE"), ("LISTEN", "SYN_RECV")]
    trace._text = "".join(EVENT.format(4000, 51000, "192.0.2.2", "192.0.2.1", *change) for change in changes)
    trace._text += EVENT.format(4000, 9, "192.0.2.2", "192.0.2.1", "LISTEN", "SYN_RECV")
    assert trace.paths(ENDS[1], ENDS[0]) == [["SYN-RECEIVED", "ESTABLISHED"], ["SYN-RECEIVED"]]
    assert trace.paths(*ENDS) == []


def test_state_that_the_kernel_enters_again_from_itself_is_told_once() -> None:
    trace = Trace()
    changes = [
        ("LISTEN", "SYN_RECV"),
        ("SYN_RECV", "ESTABLISHED"),
        ("ESTABLISHED", "LAST_ACK"),
        ("LAST_ACK", "LAST_ACK"),
    ]
    trace._text = "".join(EVENT.format(4000, 51000, "192.0.2.2", "192.0.2.1", *change) for change in changes)
    assert trace.paths(ENDS[1], ENDS[0]) == [["SYN-RECEIVED", "ESTABLISHED", "LAST-ACK"]]


def test_handshake_that_never_had_a_full_socket_has_no_known_path_and_no_handshake_an_empty_one() -> None:
    trace = Trace()
    trace.available = True
    received = Moment(0, {CLIENT: 2}, 12 * SECOND, "SYN-SENT", "SYN-RECEIVED", ())
    assert _paths(trace, take(moments=[received])) == [([], None)]
    assert _paths(trace, take()) == [([], [])]
    trace.available = False
    assert _paths(trace, take()) == [(None, None)]


def test_every_story_is_told_in_both_languages_with_a_group() -> None:
    for name, told in stories().items():
        assert name == told.name
        assert name.count("/") == 1
        assert all(text.strip() == text != "" for text in (*told.title, *told.text))
        assert any("\u4e00" <= letter <= "\u9fff" for letter in told.text[1])
