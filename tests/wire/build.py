"""Frames for the tests of the decoder, one function a layer, and `read`, which decodes one frame.

The functions nest: `ethernet(ipv4(tcp()))`. What they put into a header can be overridden by name, to make it wrong.
"""

import struct

import dpkt

from tcplint.core.decoder import Decoder
from tcplint.core.skips import QUOTE, SEGMENT, skip_name
from tcplint.core.wire import decode

CLIENT, SERVER = bytes([192, 0, 2, 1]), bytes([198, 51, 100, 2])
CLIENT6, SERVER6 = bytes.fromhex("20010db8" + "00" * 11 + "01"), bytes.fromhex("20010db8" + "00" * 11 + "02")
PORTS = struct.pack(">HH", 40001, 40002)
SEQ, ACK, WINDOW = 3_000_000_001, 4_000_000_002, 501
TIMESTAMPS = b"\x01\x01\x08\x0a" + struct.pack(">II", 4_111_222_333, 3_999_888_777)
MAC_A, MAC_B = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")


def tcp(
    options=TIMESTAMPS,
    payload=b"hello world",
    *,
    seq=SEQ,
    ack=ACK,
    flags=0x18,
    window=WINDOW,
    urgent=0,
    offset=None,
    ports=PORTS,
):
    """A TCP segment without a checksum; `options` are padded to whole words."""
    options += b"\0" * (-len(options) % 4)
    words = 5 + len(options) // 4 if offset is None else offset
    return ports + struct.pack(">IIHHHH", seq, ack, words << 12 | flags, window, 0, urgent) + options + payload


def pseudo_header(source, destination, length):
    return source + destination + length.to_bytes(4, "big") + b"\0\0\0\6"


def summed(segment, source, destination):
    """The segment with its right checksum."""
    segment = segment[:16] + b"\0\0" + segment[18:]
    total = dpkt.dpkt.in_cksum(pseudo_header(source, destination, len(segment)) + segment)
    return segment[:16] + struct.pack(">H", total) + segment[18:]


def ipv4(
    payload,
    protocol=6,
    *,
    source=CLIENT,
    destination=SERVER,
    options=b"",
    total=None,
    ident=0x1234,
    where=0x4000,
    ttl=64,
    tos=0,
):
    """An IPv4 packet; `where` are flags and fragment offset. A TCP payload that is whole gets its checksum."""
    if protocol == 6 and where & 0x3FFF == 0 and len(payload) >= 20:
        payload = summed(payload, source, destination)
    words = 5 + len(options) // 4
    size = words * 4 + len(payload) if total is None else total
    head = struct.pack(">BBHHHBBH", 0x40 | words, tos, size, ident, where, ttl, protocol, 0)
    return head + source + destination + options + payload


def ipv6(payload, following=6, *, source=CLIENT6, destination=SERVER6, size=None, flow=0x12345, hops=64, traffic=0):
    """An IPv6 packet; `following` is the protocol of the payload or of its first extension header."""
    if following == 6 and len(payload) >= 20:
        payload = summed(payload, source, destination)
    size = len(payload) if size is None else size
    return struct.pack(">IHBB", 6 << 28 | traffic << 20 | flow, size, following, hops) + source + destination + payload


def extension(payload, following, body=b"\x01\x04\0\0\0\0"):
    """An extension header of IPv6 with `body` (8·n - 2 octets; by default six octets of padding) before `payload`."""
    return bytes([following, (len(body) + 2) // 8 - 1]) + body + payload


def fragment6(payload, following, offset, more, ident=77):
    return struct.pack(">BBHI", following, 0, offset | more, ident) + payload


def ethernet(payload, ethertype=None, source=MAC_A, destination=MAC_B):
    """An Ethernet frame, padded to 60 octets as a card would send it. The type follows from the IP version."""
    if ethertype is None:
        ethertype = 0x0800 if payload[0] >> 4 == 4 else 0x86DD
    return (destination + source + struct.pack(">H", ethertype) + payload).ljust(60, b"\0")


def vlan(payload, number=100, ethertype=0x0800, priority=0):
    """What stands behind the ethertype of a VLAN tag."""
    return struct.pack(">HH", priority << 13 | number, ethertype) + payload


def udp(payload, port):
    return struct.pack(">HHHH", 50000, port, 8 + len(payload), 0) + payload


def vxlan(frame, number=7):
    return udp(b"\x08\0\0\0" + struct.pack(">I", number << 8) + frame, 4789)


def gre(payload, protocol=0x0800, *, checksum=False, key=None, sequence=False):
    bits = 0x8000 * checksum | 0x2000 * (key is not None) | 0x1000 * sequence
    fields = b"\0\0\0\0" * checksum + (b"" if key is None else struct.pack(">I", key)) + b"\0\0\0\1" * sequence
    return struct.pack(">HH", bits, protocol) + fields + payload


def icmp(quoted, kind=3, code=1):
    body = struct.pack(">BBHI", kind, code, 0, 0) + quoted
    return body[:2] + struct.pack(">H", dpkt.dpkt.in_cksum(body)) + body[4:]


def read(data, link_type=1, *, decoder=None, captured=None, original=None, frame=1, time=0):
    """The Segment or Quote in a frame, or the name of its skip."""
    decoder = decoder or Decoder()
    captured = len(data) if captured is None else captured
    code = decode(decoder, data, link_type, frame, time, 0, captured, captured if original is None else original)
    if code == SEGMENT:
        return decoder.segment
    return decoder.quote if code == QUOTE else skip_name(code)


def facts(segment):
    """All attributes of a segment, its options spread out, for comparison."""
    return {**vars(segment), "options": vars(segment.options)}
