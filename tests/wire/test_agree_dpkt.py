"""dpkt reads the same frames; field by field it must say the same, but for its known defects.

Each disagreement has to be one of the table KNOWN, which says what is seen and why dpkt is the one that is wrong, and
each row of the table has to occur: a row that explains nothing any more fails the test.
"""

import random
import struct
from collections import Counter

import dpkt
import pytest

from tcplint.core.decoder import Decoder
from tcplint.core.model import OPTIONS_SOUND, Segment
from tests.wire.build import CLIENT6, SERVER6, ethernet, extension, ipv4, ipv6, read, summed, tcp, vlan
from tests.wire.stacks import FOUR, SIX

KNOWN = {
    "fragment": "reads TCP out of a first fragment, with a payload that ends where the fragment ends",
    "version": "does not look at the version of the IP header, only at the ethertype",
    "short header": "gives bytes for a TCP header of which fewer than 20 octets belong to the packet",
    "data offset": "gives bytes for a data offset below 5, and a header without options for one beyond the segment",
}


def by_dpkt(frame):
    """The IP and TCP objects of dpkt, or None if dpkt gives bytes or raises."""
    try:
        packet = dpkt.ethernet.Ethernet(frame).data
        segment = packet.data
    except (dpkt.UnpackError, struct.error, IndexError, AttributeError):
        return None
    if isinstance(packet, dpkt.ip.IP | dpkt.ip6.IP6) and isinstance(segment, dpkt.tcp.TCP):
        return packet, segment
    return None


def options_of(octets):
    """Values of the options as dpkt reads them: kind to first value."""
    values = {}
    for kind, value in dpkt.tcp.parse_opts(octets):
        values.setdefault(kind, value)
    return values


def compare(segment, packet, header):
    """Every field that both have."""
    assert segment.key == packet.src + packet.dst + struct.pack(">HH", header.sport, header.dport)
    assert (segment.seq, segment.ack, segment.window) == (header.seq, header.ack, header.win)
    assert (segment.urgent, segment.checksum) == (header.urp, header.sum)
    # header.flags holds nine bits; the three reserved ones are dropped from the interface of dpkt.
    assert segment.flags == header._off_flags & 0xFFF
    assert segment.header_stated == header.off * 4
    if isinstance(packet, dpkt.ip.IP):
        assert (segment.ip_id, segment.hop_limit, segment.ecn) == (packet.id, packet.ttl, packet.tos & 3)
    else:
        assert (segment.ip_id, segment.hop_limit, segment.ecn) == (packet.flow, packet.hlim, packet.fc & 3)
    if segment.options.malformed == OPTIONS_SOUND and segment.options.wrong_length == -1:
        values = options_of(header.opts)
        options = segment.options
        assert options.mss == (struct.unpack(">H", values[2])[0] if 2 in values else -1)
        assert options.wscale == (values[3][0] if 3 in values else -1)
        assert options.sackok == (4 in values)
        assert options.sack == (list(struct.unpack(f">{len(values[5]) // 4}I", values[5])) if 5 in values else [])
        assert (segment.tsval, segment.tsecr) == (struct.unpack(">II", values[8]) if 8 in values else (-1, -1))
        assert options.mptcp == (values[30][0] >> 4 if 30 in values else -1)


def random_options(chance):
    """A sound list of options of at most 40 octets."""
    choices = [
        b"\1", b"\2\4" + chance.randbytes(2), b"\3\3" + chance.randbytes(1), b"\4\2", b"\x08\x0a" + chance.randbytes(8),
        b"\5\x0a" + chance.randbytes(8), b"\5\x12" + chance.randbytes(16), b"\x1e\4" + chance.randbytes(2),
        b"\x22\2", b"\x63\5abc",
    ]  # fmt: skip
    octets = b""
    for choice in chance.sample(choices, chance.randrange(len(choices))):
        if len(octets) + len(choice) <= 40:
            octets += choice
    return octets


def random_frame(chance):
    """A sound frame with random numbers everywhere."""
    segment = tcp(
        random_options(chance),
        chance.randbytes(chance.choice((0, 0, 1, 6, 7, 100, 1448))),
        seq=chance.getrandbits(32),
        ack=chance.getrandbits(32),
        flags=chance.choice((2, 0x12, 0x10, 0x18, 0x11, 4, chance.getrandbits(12))),
        window=chance.getrandbits(16),
        urgent=chance.getrandbits(16),
        ports=chance.randbytes(4),
    )
    if chance.random() < 0.6:
        options = b"\1" * chance.choice((0, 0, 0, 4, 40))
        where = chance.choice((0, 0x4000))
        source, target = chance.randbytes(4), chance.randbytes(4)
        tos = chance.getrandbits(8)
        packet = ipv4(segment, source=source, destination=target, options=options, where=where, tos=tos)
        ethertype = 0x0800
    else:
        packet = ipv6(segment, flow=chance.getrandbits(20), hops=chance.getrandbits(8), traffic=chance.getrandbits(8))
        ethertype = 0x86DD
    if chance.random() < 0.3:
        packet, ethertype = vlan(packet, chance.getrandbits(12), ethertype), 0x8100
    return ethernet(packet, ethertype)


@pytest.mark.parametrize("seed", range(2))
def test_sound_frames_are_read_alike(seed):
    chance = random.Random(seed)
    decoder = Decoder()
    for _ in range(1500):
        frame = random_frame(chance)
        theirs = by_dpkt(frame)
        assert theirs is not None
        ours = read(frame, decoder=decoder)
        assert ours.header_valid
        compare(ours, *theirs)
        assert ours.length == len(theirs[1].data)


def explain(frame, ours, theirs):
    """The row of KNOWN that explains why the two do not agree on whether there is TCP, or ""."""
    ethertype = int.from_bytes(frame[12:14], "big")
    at = 14
    while ethertype in (0x8100, 0x88A8, 0x9100):
        ethertype = int.from_bytes(frame[at + 2 : at + 4], "big")
        at += 4
    packet = frame[at:]
    if {0x0800: 4, 0x86DD: 6}.get(ethertype) != packet[0] >> 4:
        return "version"
    if isinstance(ours, Segment):
        if ours.header_captured < 20:
            return "short header"
        return "" if ours.header_valid else "data offset"
    if ours in ("fragment", "malformed") and packet[0] >> 4 == 4 and int.from_bytes(packet[6:8], "big") & 0x3FFF:
        return "fragment"
    if ours in ("fragment", "malformed") and packet[0] >> 4 == 6 and packet[6] == 44:
        return "fragment"
    return ""


def test_damaged_frames_are_read_alike_or_dpkt_is_known_to_be_wrong():
    chance = random.Random(9)
    reasons = Counter()
    agreed = 0
    six = summed(tcp(), CLIENT6, SERVER6)
    plain = [
        ethernet(FOUR),
        ethernet(SIX),
        ethernet(ipv4(tcp(b"", b""))),
        ethernet(vlan(FOUR), 0x8100),
        ethernet(vlan(vlan(FOUR), 2, 0x8100), 0x88A8),
        ethernet(vlan(vlan(vlan(FOUR), 2, 0x8100), 3, 0x8100), 0x8100),
        ethernet(ipv6(extension(six, 6), 60)),
        ethernet(ipv6(extension(extension(six, 6, b"\3\0" + bytes(4)), 43), 0)),
    ]
    for _ in range(8000):
        frame = bytearray(chance.choice(plain))
        for _ in range(chance.choice((1, 1, 1, 2))):
            at = chance.randrange(12, min(len(frame), 70))
            frame[at] = chance.choice((0, 1, 0x60, 0x45, 0x81, 255, frame[at] ^ 1 << chance.randrange(8)))
        if chance.random() < 0.1:
            del frame[chance.randrange(30, len(frame)) :]
        frame = bytes(frame)
        ours, theirs = read(frame), by_dpkt(frame)
        if isinstance(ours, Segment):
            if ours.truncated:
                continue  # dpkt has no word for a header of which a part is there
            if theirs is not None and ours.header_valid:
                compare(ours, *theirs)
                agreed += 1
                # An IP length beyond the frame: dpkt counts what is there, we what the header says.
                assert ours.length == len(theirs[1].data) or frame.endswith(theirs[1].data)
                continue
        elif theirs is None:
            continue
        reason = explain(frame, ours, theirs)
        reasons[reason] += 1
        assert reason in KNOWN, (frame.hex(), ours, theirs)
    assert agreed > 4000
    assert set(reasons) == set(KNOWN), reasons
