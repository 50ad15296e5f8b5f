"""The engine: rare layers through dpkt, checksums, and names for everything that is no segment."""

import random
import struct
import subprocess
import sys

import pytest

from tcplint.capture.frame import Frame
from tcplint.core.model import (
    CHECKSUM_BAD,
    CHECKSUM_GOOD,
    CHECKSUM_PARTIAL,
    CHECKSUM_UNKNOWN,
    Quote,
    Segment,
)
from tcplint.segments.dpkt import DpktEngine
from tcplint.segments.rare import CLASSES
from tests.wire.build import (
    CLIENT,
    PORTS,
    SEQ,
    SERVER,
    TIMESTAMPS,
    ethernet,
    extension,
    icmp,
    ipv4,
    ipv6,
    pseudo_header,
    tcp,
    vlan,
)  # fmt: skip
from tests.wire.stacks import FOUR, FRAGMENTED, OUTER, SIX, STACKS, label

SNAP = b"\xaa\xaa\x03\0\0\0"
BARE_80211 = b"\x08\x02\0\0" + b"\4\0\0\0\0\1" + b"\4\0\0\0\0\2" + b"\4\0\0\0\0\3" + b"\x10\0"
QOS_80211 = b"\x88\x01\0\0" + BARE_80211[4:] + b"\0\0"
RADIOTAP = b"\0\0\x08\0\0\0\0\0"


def frame(data, link_type=1, original=None, number=1):
    return Frame(number, 0, link_type, 0, len(data), len(data) if original is None else original, 24, data)


def extract(data, link_type=1, *, checksums=False, original=None):
    return DpktEngine(checksums).extract(frame(data, link_type, original), 0)


RARE = [
    ("LLC and SNAP", 1, ethernet(SNAP + b"\x08\0" + FOUR, 8 + len(FOUR))),
    ("LLC and SNAP, IPv6", 1, ethernet(SNAP + b"\x86\xdd" + SIX, 8 + len(SIX))),
    ("LLC with the IP access point", 1, ethernet(b"\x06\x06\x03" + FOUR, 3 + len(FOUR))),
    ("VLAN, LLC and SNAP through ATM", 100, SNAP + b"\x08\0" + FOUR),
    ("802.11 from the access point", 105, BARE_80211 + SNAP + b"\x08\0" + FOUR),
    ("802.11 with quality of service", 105, QOS_80211 + SNAP + b"\x86\xdd" + SIX),
    ("802.11 with radiotap", 127, RADIOTAP + BARE_80211 + SNAP + b"\x08\0" + FOUR),
    ("PPP in HDLC framing", 50, b"\xff\x03\x00\x21" + FOUR),
    ("PPP over Ethernet without Ethernet", 51, struct.pack(">BBHHH", 17, 0, 5, len(FOUR) + 2, 0x21) + FOUR),
    ("pseudowire of MPLS", 1, ethernet(label(16, 1) + b"\0\0\0\0" + ethernet(FOUR), 0x8847)),
    ("pseudowire without control word", 1, ethernet(label(16, 1) + ethernet(FOUR), 0x8847)),
    ("IP in IP behind LLC", 1, ethernet(SNAP + b"\x08\0" + ipv4(FOUR, 4, **OUTER), 28 + len(FOUR))),
]


@pytest.mark.parametrize(("name", "link_type", "data"), RARE)
def test_a_segment_behind_a_rare_layer_is_found_through_dpkt(name, link_type, data):
    segment = extract(data, link_type)
    assert isinstance(segment, Segment)
    assert (segment.seq, segment.length, segment.key[-4:]) == (SEQ, 11, PORTS)
    assert segment.tsval == 4_111_222_333


@pytest.mark.parametrize(("name", "link_type", "data"), STACKS)
def test_all_that_the_portable_decoder_reads_the_engine_reads(name, link_type, data):
    assert extract(data, link_type).seq == SEQ


def test_an_icmp_error_behind_a_rare_layer_is_a_quote_and_never_a_segment():
    packet = ipv4(icmp(FOUR), 1)
    quote = extract(ethernet(SNAP + b"\x08\0" + packet, 8 + len(packet)))
    assert isinstance(quote, Quote)
    assert quote.seq == SEQ


@pytest.mark.parametrize(("data", "link_type", "name"), [
    (b"\x08\x42" + BARE_80211[2:] + SNAP + b"\x08\0" + FOUR, 105, "unknown-link-type"),  # encrypted
    (b"\x80\0" + BARE_80211[2:] + bytes(40), 105, "unknown-link-type"),  # beacon
    (SNAP + b"\x08\0" + ipv4(b"x" * 20, 17), 100, "not-tcp"),
    (FOUR, 147, "unknown-link-type"),
    (ethernet(FOUR, 0x1234), 1, "unknown-protocol"),
    (ethernet(b"\0" * 46, 0x0806), 1, "not-ip"),
    (b"", 1, "malformed"),
])  # fmt: skip
def test_what_nobody_can_read_keeps_its_name(data, link_type, name):
    assert extract(data, link_type) == name


def test_dpkt_is_not_loaded_before_a_frame_needs_it():
    code = (
        "import sys, tcplint.segments.dpkt as engine\n"
        "from tcplint.capture.frame import Frame\n"
        "def loaded(): return any(name.partition('.')[0] == 'dpkt' for name in sys.modules)\n"
        "reader = engine.DpktEngine()\n"
        f"reader.extract(Frame(1, 0, 1, 0, 77, 77, 24, {ethernet(FOUR)!r}), 0)\n"
        f"reader.extract(Frame(2, 0, 1, 0, 60, 60, 24, {ethernet(bytes(46), 0x0806)!r}), 0)\n"
        "assert not loaded()\n"
        f"assert reader.extract(Frame(3, 0, 1, 0, 99, 99, 24, {RARE[0][2]!r}), 0).seq == {SEQ}\n"
        "assert loaded()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("link_type", sorted(CLASSES))
def test_no_error_of_dpkt_escapes(link_type):
    chance = random.Random(link_type)
    engine = DpktEngine(checksums=True)
    samples = [data for _, kind, data in [*RARE, *STACKS] if kind == link_type] or [FOUR, SIX]
    for number in range(400):
        octets = bytearray(chance.choice(samples))
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(min(len(octets), 60))
            octets[at] = chance.choice((0, 1, 6, 17, 58, 255, chance.getrandbits(8)))
        del octets[chance.choice((len(octets), chance.randrange(len(octets)))) :]
        got = engine.extract(frame(bytes(octets), link_type, number=number), number)
        assert isinstance(got, Segment | Quote) or got


def with_sum(data, value):
    """An Ethernet frame with another TCP checksum (IPv4 without options)."""
    return data[:50] + struct.pack(">H", value) + data[52:]


def sum_of(octets):
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    return total % 65535 or 65535


@pytest.mark.parametrize("size", [0, 1, 2, 7, 100, 101, 1448])
@pytest.mark.parametrize("make", [ipv4, ipv6])
def test_a_right_checksum_is_good_and_any_changed_bit_makes_it_bad(make, size):
    data = ethernet(make(tcp(payload=b"\xa5" * size)))
    assert extract(data, checksums=True).checksum_state == CHECKSUM_GOOD
    start = data.index(PORTS)
    for at in range(start + 4, start + 32 + size, 13):
        if at - start in (12, 13):  # another header length reads other octets
            continue
        damaged = bytearray(data)
        damaged[at] ^= 0x10
        assert extract(bytes(damaged), checksums=True).checksum_state == CHECKSUM_BAD


def test_zero_and_all_ones_are_the_same_sum():
    segment = tcp(b"", b"\0\0")
    room = sum_of(pseudo_header(CLIENT, SERVER, len(segment)) + segment)
    data = ethernet(ipv4(segment[:-2] + struct.pack(">H", 65535 - room)))
    assert data[50:52] in (b"\0\0", b"\xff\xff")
    assert extract(with_sum(data, 0), checksums=True).checksum_state == CHECKSUM_GOOD
    assert extract(with_sum(data, 0xFFFF), checksums=True).checksum_state == CHECKSUM_GOOD


def test_a_sum_left_to_the_card_is_partial_with_or_without_the_payload():
    segment = tcp(payload=b"x" * 100)
    data = with_sum(ethernet(ipv4(segment)), sum_of(pseudo_header(CLIENT, SERVER, len(segment))))
    assert extract(data, checksums=True).checksum_state == CHECKSUM_PARTIAL
    assert extract(data[:90], checksums=True, original=len(data)).checksum_state == CHECKSUM_PARTIAL


def test_a_segment_not_captured_whole_has_no_known_checksum():
    data = ethernet(ipv4(tcp(payload=b"x" * 100)))
    assert extract(data[:-1], checksums=True, original=len(data)).checksum_state == CHECKSUM_UNKNOWN
    assert extract(ethernet(ipv4(tcp(), total=0)), checksums=True).checksum_state == CHECKSUM_UNKNOWN
    engine = DpktEngine(checksums=True)
    for number, piece in enumerate(FRAGMENTED[0], 1):
        segment = engine.extract(frame(piece, number=number), 0)
    assert segment.checksum_state == CHECKSUM_UNKNOWN


@pytest.mark.parametrize("segment", [
    tcp(offset=3), tcp(offset=15, payload=b""), tcp(flags=0), tcp(flags=0x410), tcp(b"\2\0\0\0"), tcp(b"\3\4\1\1"),
    tcp(b"\4\2\4\2"), tcp(b"\0\0\0\1"),
], ids=range(8))  # fmt: skip
@pytest.mark.parametrize("wrap", [ethernet, lambda packet: ethernet(vlan(packet), 0x8100)])
def test_a_segment_that_looks_damaged_is_always_summed(wrap, segment):
    data = wrap(ipv4(segment))
    assert extract(data).checksum_state == CHECKSUM_GOOD
    start = data.index(PORTS)
    assert extract(data[: start + 4] + b"\x55" + data[start + 5 :]).checksum_state == CHECKSUM_BAD


def test_a_sound_segment_is_summed_only_on_request():
    for options in (b"", TIMESTAMPS):
        data = ethernet(ipv4(tcp(options)))
        assert extract(data).checksum_state == CHECKSUM_UNKNOWN
        assert extract(data, checksums=True).checksum_state == CHECKSUM_GOOD


def test_the_sum_holds_behind_a_routing_header_that_changed_the_receiver():
    packet = ipv6(extension(b"", 6, b"\2\1\0\0\0\0" + b"\x20\1" + bytes(14)) + tcp(flags=0), 43)
    receiver = packet[48:64]
    segment = packet[64:]
    total = 65535 - sum_of(pseudo_header(packet[8:24], receiver, len(segment)) + segment + b"\0" * (len(segment) % 2))
    packet = packet[: 64 + 16] + struct.pack(">H", total) + packet[64 + 18 :]
    assert extract(packet, 101).checksum_state == CHECKSUM_GOOD


def test_contradicting_and_too_many_fragments_are_noted():
    engine = DpktEngine()
    assert engine.notes == {}
    one = ethernet(ipv4(bytes(64), where=0x2000))
    other = ethernet(ipv4(b"\1" * 64, where=0x2000))
    assert engine.extract(frame(one), 0) == "fragment"
    assert engine.extract(frame(other), 1) == "fragment-overlap"
    for ident in range(70):
        engine.extract(frame(ethernet(ipv4(bytes(64), where=0x2000, ident=ident))), 2)
    assert engine.notes == {"fragment-overlap": 1, "fragment-limit": 6}
