"""IP fragments: a segment belongs to the frame that completes it; contradictions are given up; all is bounded."""

import itertools
import random
import struct

import pytest

from tcplint.core.decoder import Decoder
from tcplint.core.fragments import MAX_PIECES, MAX_WAITING, PATIENCE
from tests.wire.build import (
    CLIENT,
    CLIENT6,
    PORTS,
    SEQ,
    SERVER,
    SERVER6,
    ethernet,
    extension,
    facts,
    fragment6,
    gre,
    icmp,
    ipv4,
    ipv6,
    read,
    summed,
    tcp,
    vxlan,
)  # fmt: skip
from tests.wire.stacks import FRAGMENTED, OUTER, SIX_TCP

SEGMENT = summed(tcp(payload=bytes(range(256)) * 4), CLIENT, SERVER)


def piece(start, stop, *, ident=1, last=None, data=None, protocol=6, source=CLIENT):
    """A frame with octets start to stop of SEGMENT (or of `data`)."""
    data = SEGMENT if data is None else data
    last = stop >= len(data) if last is None else last
    where = (0 if last else 0x2000) | start // 8
    return ethernet(ipv4(data[start:stop], protocol, ident=ident, where=where, source=source))


@pytest.mark.parametrize("frames", FRAGMENTED, ids=["IPv4", "IPv6"])
def test_the_last_missing_fragment_brings_the_segment(frames):
    decoder = Decoder()
    got = [read(frame, decoder=decoder, frame=number) for number, frame in enumerate(frames, 1)]
    assert got[:-1] == ["fragment"] * (len(frames) - 1)
    assert (got[-1].seq, got[-1].length, got[-1].frame) == (SEQ, 11, len(frames))
    assert got[-1].key in (CLIENT + SERVER + PORTS, CLIENT6 + SERVER6 + PORTS)
    assert got[-1].tsval == 4_111_222_333
    assert decoder.tcp_offset == -1
    assert decoder.fragments.count == 0


def test_fragments_in_any_order_with_copies_give_the_segment_of_the_whole_packet():
    whole = facts(read(ethernet(ipv4(SEGMENT, ident=1, where=0))))
    chance = random.Random(4)
    for _ in range(60):
        cuts = [0, *sorted(chance.sample(range(8, 1050, 8), chance.randrange(1, 9))), len(SEGMENT)]
        frames = [piece(low, high) for low, high in itertools.pairwise(cuts)]
        decoder = Decoder()
        chance.shuffle(frames)
        if chance.random() < 0.5:
            frames[:0] = chance.sample(frames, len(frames) // 2)
        seen: set[bytes] = set()
        for frame in frames:
            seen.add(frame)
            segment = read(frame, decoder=decoder)
            if len(seen) == len(cuts) - 1:
                break
            assert segment == "fragment"
        assert facts(segment) == whole


def test_overlaps_that_agree_are_accepted():
    decoder = Decoder()
    assert read(piece(0, 104), decoder=decoder) == "fragment"
    assert read(piece(56, 600), decoder=decoder) == "fragment"
    assert read(piece(504, 2000), decoder=decoder).length == 1024
    assert decoder.fragments.overlaps == 0


def test_overlaps_that_disagree_are_given_up_with_all_that_follows():
    decoder = Decoder()
    other = SEGMENT[:90] + b"?" + SEGMENT[91:]
    assert read(piece(0, 104), decoder=decoder) == "fragment"
    assert read(piece(80, 600, data=other), decoder=decoder) == "fragment-overlap"
    assert read(piece(80, 2000), decoder=decoder) == "fragment-overlap"
    assert decoder.fragments.overlaps == 1
    # Another datagram is not touched, nor is the same identification half a minute later.
    assert read(piece(0, 104, ident=2), decoder=decoder) == "fragment"
    assert read(piece(0, 104), decoder=decoder, time=PATIENCE + 1) == "fragment"
    assert read(piece(104, 2000), decoder=decoder, time=PATIENCE + 2).seq == SEQ


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_two_different_ends_contradict_each_other(order):
    decoder = Decoder()
    frames = [piece(800, 1000, last=True), piece(800, 1056, last=True)]
    got = [read(frames[index], decoder=decoder) for index in order]
    assert got == ["fragment", "fragment-overlap"]


def test_a_fragment_behind_the_end_contradicts_it():
    decoder = Decoder()
    assert read(piece(400, 800), decoder=decoder) == "fragment"
    assert read(piece(104, 200, last=True), decoder=decoder) == "fragment-overlap"


def test_datagrams_are_told_apart_by_addresses_identification_and_protocol():
    decoder = Decoder()
    assert read(piece(0, 104), decoder=decoder) == "fragment"
    assert read(piece(104, 2000, ident=2), decoder=decoder) == "fragment"
    assert read(piece(104, 2000, protocol=17), decoder=decoder) == "fragment"
    assert read(piece(104, 2000, source=SERVER), decoder=decoder) == "fragment"
    assert read(piece(104, 2000), decoder=decoder).seq == SEQ


def test_a_fragment_that_comes_after_thirty_seconds_comes_too_late():
    for late, waits in ((PATIENCE, False), (PATIENCE + 1, True)):
        decoder = Decoder()
        assert read(piece(0, 104), decoder=decoder) == "fragment"
        assert (read(piece(104, 2000), decoder=decoder, time=late) == "fragment") is waits


def test_of_more_than_64_datagrams_the_oldest_is_given_up():
    decoder = Decoder()
    for ident in range(MAX_WAITING + 1):
        assert read(piece(0, 104, ident=ident), decoder=decoder) == "fragment"
        assert decoder.fragments.count <= MAX_WAITING
    assert decoder.fragments.evicted == 1
    assert read(piece(104, 2000, ident=1), decoder=decoder).seq == SEQ
    assert read(piece(104, 2000, ident=0), decoder=decoder) == "fragment"


def test_many_datagrams_leave_nothing_behind():
    decoder = Decoder()
    for number in range(3000):
        read(piece(0, 104, ident=number % 700), decoder=decoder, time=number * 1000)
        if number % 3:
            read(piece(104, 2000, ident=number % 700), decoder=decoder, time=number * 1000)
    table = decoder.fragments
    assert len(table.waiting) == len(table.queue) == table.count <= MAX_WAITING
    assert table.newest - table.oldest < 4 * MAX_WAITING


def test_a_datagram_in_more_than_128_pieces_is_given_up():
    decoder = Decoder()
    data = bytes(2000)
    got = [read(piece(at, at + 8, data=data), decoder=decoder) for at in range(0, 8 * (MAX_PIECES + 2), 8)]
    assert got == ["fragment"] * MAX_PIECES + ["fragment-overlap"] * 2
    assert decoder.fragments.evicted == 1


@pytest.mark.parametrize("frame", [
    ethernet(ipv4(b"x" * 33, where=0x2000)),
    ethernet(ipv4(b"", where=0x2001)),
    ethernet(ipv4(b"x" * 100, where=0x1FFF)),
    ethernet(ipv4(b"x" * 96, where=0x2000, total=0)),
    ethernet(ipv6(fragment6(b"x" * 33, 6, 0, 1), 44)),
])  # fmt: skip
def test_a_fragment_that_cannot_be_is_malformed(frame):
    assert read(frame) == "malformed"


def test_the_header_may_reach_over_two_fragments_that_the_capture_cut():
    decoder = Decoder()
    frames = [piece(0, 24), piece(24, 2000)]
    assert read(frames[0], decoder=decoder) == "fragment"
    segment = read(frames[1][: 34 + 4], decoder=decoder, original=len(frames[1]))
    assert (segment.seq, segment.length, segment.truncated) == (SEQ, 1024, True)
    assert (segment.header_stated, segment.header_captured) == (32, 28)


def test_a_first_fragment_of_which_too_little_was_captured_is_truncated():
    decoder = Decoder()
    frames = [piece(0, 104), piece(104, 2000)]
    assert read(frames[0][: 34 + 10], decoder=decoder, original=len(frames[0])) == "fragment"
    assert read(frames[1], decoder=decoder) == "truncated"


def test_extension_headers_may_be_part_of_the_fragmented_datagram():
    decoder = Decoder()
    datagram = extension(SIX_TCP, 6)
    frames = [
        ipv6(extension(fragment6(datagram[:16], 60, 0, 1), 44), 0),
        ipv6(extension(fragment6(datagram[16:], 17, 16, 0), 44), 0),
    ]
    assert read(frames[0], 101, decoder=decoder) == "fragment"
    # The protocol counts that the first fragment names.
    assert read(frames[1], 101, decoder=decoder).seq == SEQ


@pytest.mark.parametrize(("payload", "protocol"), [
    (gre(ipv4(tcp())), 47),
    (vxlan(ethernet(ipv4(tcp()))), 17),
    (ipv4(tcp()), 4),
])  # fmt: skip
def test_a_tunnel_may_be_fragmented(payload, protocol):
    decoder = Decoder()
    half = len(payload) // 16 * 8
    assert read(ipv4(payload[:half], protocol, where=0x2000, **OUTER), 101, decoder=decoder) == "fragment"
    segment = read(ipv4(payload[half:], protocol, where=half // 8, **OUTER), 101, decoder=decoder)
    assert (segment.seq, segment.length, segment.key) == (SEQ, 11, CLIENT + SERVER + PORTS)


def test_a_fragment_inside_a_fragment_is_put_together_twice():
    decoder = Decoder()
    inner = [ipv4(SEGMENT[:504], where=0x2000, ident=5), ipv4(SEGMENT[504:], where=504 // 8, ident=5)]
    got = []
    for number, packet in enumerate(inner):
        got.append(read(ipv4(packet[:96], 4, where=0x2000, ident=number, **OUTER), 101, decoder=decoder))
        got.append(read(ipv4(packet[96:], 4, where=12, ident=number, **OUTER), 101, decoder=decoder))
    assert got[:3] == ["fragment"] * 3
    assert (got[3].seq, got[3].length) == (SEQ, 1024)


def test_an_icmp_error_quotes_a_first_fragment_but_not_a_later_one():
    first = ipv4(SEGMENT[:104], where=0x2000)
    assert read(ipv4(icmp(first), 1), 101).seq == SEQ
    later = ipv4(SEGMENT[104:208], where=0x2000 | 13)
    assert read(ipv4(icmp(later), 1), 101) == "unreadable-quote"


def test_a_large_header_beyond_the_first_512_octets_of_a_datagram_is_too_deep():
    decoder = Decoder()
    datagram = extension(extension(SIX_TCP, 6, bytes(254)), 60, bytes(270))
    assert struct.unpack(">H", PORTS[:2])[0] == 40001
    half = 400
    assert read(ipv6(fragment6(datagram[:half], 60, 0, 1), 44), 101, decoder=decoder) == "fragment"
    assert read(ipv6(fragment6(datagram[half:], 60, half, 0), 44), 101, decoder=decoder) == "too-deep"
