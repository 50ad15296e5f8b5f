"""The rules of the wire, with lists for ends: no root, no kernel."""

from collections.abc import Iterator

import pytest

from tests.lab.ends import Bench, segment
from tools.lab.errors import SpoiltError
from tools.lab.frame import Seen, remade
from tools.lab.match import carries, everything, from_client, from_server, is_bare_ack, is_data, is_fin, is_syn
from tools.lab.pcap import CLIENT, MIDDLE, SERVER
from tools.lab.wire import Deed

SYN, ACK, FIN = segment(CLIENT, "S"), segment(CLIENT, "."), segment(CLIENT, "F.")
ONE, TWO, THREE = (segment(CLIENT, "P.", text) for text in (b"one", b"two", b"three"))
ANSWER, SERVER_FIN = segment(SERVER, "P.", b"answer"), segment(SERVER, "F.")


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def test_frame_moves_only_while_the_wire_runs(bench: Bench) -> None:
    bench.client.send(SYN)
    assert bench.server.got == []
    assert bench.wire.pending()
    bench.wire.idle(0)
    assert bench.server.got == [SYN]
    assert not bench.wire.pending()
    assert bench.captured(CLIENT) == bench.captured(MIDDLE) == bench.captured(SERVER) == [SYN]


def test_dropped_frame_is_captured_before_the_loss_and_not_behind_it(bench: Bench) -> None:
    bench.wire.drop(is_syn)
    bench.client.send(SYN, SYN, ACK)
    bench.wire.idle(0)
    assert bench.server.got == [SYN, ACK]
    assert bench.captured(CLIENT) == bench.captured(MIDDLE) == [SYN, SYN, ACK]
    assert bench.captured(SERVER) == [SYN, ACK]
    assert bench.wire.deeds == [Deed("dropped", CLIENT, {CLIENT: 1, MIDDLE: 1, SERVER: None})]


def test_held_fins_cross_when_they_are_released(bench: Bench) -> None:
    bench.wire.hold(is_fin, times=2)
    bench.client.send(FIN)
    bench.server.send(SERVER_FIN)
    bench.wire.idle(0)
    assert (bench.server.got, bench.client.got) == ([], [])
    assert bench.captured(MIDDLE) == [FIN, SERVER_FIN]
    bench.wire.release()
    assert (bench.server.got, bench.client.got) == ([FIN], [SERVER_FIN])
    assert [deed.frames[SERVER] for deed in bench.wire.deeds] == [2, 1]  # its own FIN left before the other came


def test_held_frames_go_on_one_by_one_backwards_or_are_lost(bench: Bench) -> None:
    bench.wire.hold(is_data, "data", times=None)
    bench.client.send(ONE, TWO, THREE)
    bench.wire.idle(0)
    bench.wire.release("data", count=1)
    assert bench.server.got == [ONE]
    bench.wire.release("data", backwards=True)
    assert bench.server.got == [ONE, THREE, TWO]
    bench.client.send(ONE)
    bench.wire.idle(0)
    bench.wire.lose_held("data")
    with pytest.raises(SpoiltError, match="no frame is held as data"):
        bench.wire.release("data")


def test_late_frame_is_overtaken_and_the_wire_is_not_idle_before_it_arrives(bench: Bench) -> None:
    bench.wire.delay(is_syn, 0.03)
    bench.client.send(SYN, ACK)
    bench.wire.idle(0)
    assert bench.server.got == [ACK, SYN]
    left, arrived = bench.wire.captures[MIDDLE][0], bench.wire.captures[SERVER][1]
    assert arrived.time_ns - left.time_ns >= 0.03 * 1e9


def test_doubled_frame_arrives_twice_and_entered_once(bench: Bench) -> None:
    bench.wire.twice(carries(b"one"))
    bench.wire.twice(carries(b"two"), after=0.01)
    bench.client.send(ONE, TWO, THREE)
    bench.wire.idle(0)
    assert bench.server.got == [ONE, ONE, TWO, THREE, TWO]
    assert bench.captured(MIDDLE) == [ONE, TWO, THREE]


def test_copy_that_is_held_arrives_when_it_is_released(bench: Bench) -> None:
    bench.wire.twice(is_syn, held="copy")
    bench.client.send(SYN, ACK)
    bench.wire.idle(0)
    assert bench.server.got == [SYN, ACK]
    bench.wire.release("copy")
    assert bench.server.got == [SYN, ACK, SYN]
    assert bench.captured(MIDDLE) == [SYN, ACK]


def test_swapped_frame_is_overtaken_by_the_next_of_its_direction_only(bench: Bench) -> None:
    bench.wire.swap(carries(b"one"))
    bench.client.send(ONE)
    bench.server.send(ANSWER)
    bench.wire.idle(0)
    assert (bench.server.got, bench.client.got) == ([], [ANSWER])
    bench.client.send(TWO, THREE)
    bench.wire.idle(0)
    assert bench.server.got == [TWO, ONE, THREE]


def test_rewritten_frame_is_as_sent_in_the_middle_and_altered_at_the_far_end(bench: Bench) -> None:
    bench.wire.rewrite(is_syn, lambda seen: remade(seen, seq=seen.seq - 101))
    bench.client.send(SYN)
    bench.wire.idle(0)
    assert bench.captured(MIDDLE) == [SYN]
    assert bench.captured(SERVER) == bench.server.got
    assert Seen(CLIENT, bench.server.got[0]).seq == 0xFFFFFFFF
    assert bench.wire.deeds == [Deed("rewritten", CLIENT, {CLIENT: 1, MIDDLE: 1, SERVER: 1})]


def test_injected_frame_is_not_in_the_capture_of_the_end_it_pretends_to_come_from(bench: Bench) -> None:
    bench.client.send(ONE)
    bench.wire.idle(0)
    forged = remade(bench.wire.last(from_client), flags="R", payload=b"")
    bench.wire.inject(SERVER, forged)
    assert bench.server.got == bench.captured(MIDDLE) == [ONE, forged]
    assert bench.captured(CLIENT) == [ONE]
    assert bench.wire.deeds == [Deed("injected", CLIENT, {CLIENT: None, MIDDLE: 2, SERVER: 2})]


def test_rule_lets_frames_through_first_and_ends_early_when_told(bench: Bench) -> None:
    rule = bench.wire.drop(is_data, times=None, skip=1)
    bench.client.send(ONE, TWO)
    bench.wire.idle(0)
    rule.forget()
    bench.client.send(THREE)
    bench.wire.idle(0)
    assert bench.server.got == [ONE, THREE]


def test_first_rule_that_matches_takes_the_frame(bench: Bench) -> None:
    bench.wire.drop(is_data & from_server)
    bench.wire.hold(everything, times=None)
    bench.server.send(ANSWER)
    bench.client.send(ONE)
    bench.wire.idle(0)
    assert [seen.octets for seen in bench.wire.held()] == [ONE]


def test_waiting_for_what_never_comes_is_named(bench: Bench) -> None:
    with pytest.raises(SpoiltError, match=r"the answer: not within 0\.01 s"):
        bench.wire.until(lambda: False, "the answer", limit=0.01)
    with pytest.raises(SpoiltError, match="no such frame has been on the wire yet"):
        bench.wire.last(is_fin)


def test_wire_that_is_never_quiet_is_named(bench: Bench) -> None:
    bench.wire.delay(is_syn, 60)
    bench.client.send(SYN)
    with pytest.raises(SpoiltError, match=r"not quiet for 0\.001 s within 0\.02 s"):
        bench.wire.idle(0.001, limit=0.02)


def test_ipv6_housekeeping_is_neither_forwarded_nor_captured(bench: Bench) -> None:
    head = bytes(12) + b"\x86\xdd" + bytes([0x60, 0, 0, 0, 0, 16, 0, 255]) + bytes(32)
    listener_report = head + bytes([58, 0, 5, 2, 0, 0, 1, 0]) + bytes([143]) + bytes(7)
    head = bytes(12) + b"\x86\xdd" + bytes([0x60, 0, 0, 0, 0, 8, 58, 255]) + bytes(32)
    solicitation, unreachable = head + bytes([135]) + bytes(7), head + bytes([1]) + bytes(7)
    bench.client.send(listener_report, solicitation, unreachable)
    bench.wire.idle(0)
    assert bench.server.got == bench.captured(MIDDLE) == [unreachable]


def test_claims_about_frames_can_be_joined() -> None:
    seen = Seen(CLIENT, ONE)
    assert (is_data & from_client)(seen)
    assert (is_fin | is_data)(seen)
    assert not (is_data & ~from_client)(seen)
    assert is_bare_ack(Seen(CLIENT, ACK))
    assert not is_bare_ack(seen)
    assert not is_bare_ack(Seen(CLIENT, FIN))
