"""The commonest frame, read at one stroke: Ethernet, IPv4 without options, TCP with ACK, timestamps and nothing else.

CPython spends longer on each octet that it looks at than `struct` does on a whole header, so this reads in one call
what the portable decoder (core/wire) reads in some hundred steps. Anything that is not exactly of this shape, or that
would need a second look, is left to the portable decoder; for what is of this shape both must give the same Segment,
which tests/wire compares field by field.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Any

from tcplint.core.model import ACK, PSH, Segment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcplint.capture.frame import Frame

# Link addresses, ethertype; version and IHL, TOS, total length, identification, fragment, TTL, protocol, checksum,
# addresses and ports; seq, ack, offset and flags, window, checksum, urgent pointer; NOP NOP, timestamps, TSval, TSecr.
HEADERS = Struct(">12sHBBHHHBBH12sIIHHHHHHII")
ETHERNET, IPV4, FIVE_WORDS, TCP = 1, 0x0800, 0x45, 6
FRAGMENT = 0x3FFF  # more fragments, or an offset
EIGHT_WORDS = 8
TWO_NOPS, TIMESTAMPS = 0x0101, 0x080A
PADDING = 6  # a payload of up to so many octets may be link padding, which needs a look at it
ALL_BUT_OFFSET = 0xFFF
PLAIN_ACK, PUSHED = ACK, PSH | ACK


def straight_reader(decoder: Any) -> Callable[[Frame, int], Segment | None]:
    """A function from frame and time (µs) to its Segment, or None when the portable decoder must look.

    `decoder`: the core.decoder.Decoder that numbers the links and remembers the sums of addresses.
    """
    unpack, size, links = HEADERS.unpack_from, HEADERS.size, decoder.links

    def read(frame: Frame, time: int) -> Segment | None:
        data = frame.data
        if frame.link_type != ETHERNET or len(data) < size or frame.captured < size:
            return None
        (
            addresses, ethertype, version, tos, total, ip_id, fragment, ttl, protocol, _,
            key, seq, ack, word, window, checksum, urgent, nops, kind, tsval, tsecr,
        ) = unpack(data)  # fmt: skip
        if ethertype != IPV4 or version != FIVE_WORDS or protocol != TCP or fragment & FRAGMENT:
            return None
        if word >> 12 != EIGHT_WORDS or nops != TWO_NOPS or kind != TIMESTAMPS:
            return None
        flags = word & ALL_BUT_OFFSET
        length = total - 52
        if flags != PLAIN_ACK and flags != PUSHED:
            return None
        if length <= PADDING and length != 0:
            return None
        link = links.get(addresses)
        pseudo = decoder.sums.get(key)
        if link is None or pseudo is None or (pseudo + total - 20) % 65535 == checksum % 65535:
            return None
        segment: Segment = Segment(frame.number, time, key, ip_id, ttl, tos & 3, link, frame.interface)
        segment.seq = seq
        segment.ack = ack
        segment.flags = flags
        segment.window = window
        segment.urgent = urgent
        segment.checksum = checksum
        segment.length = length
        segment.header_stated = segment.header_captured = 32
        segment.tsval = tsval
        segment.tsecr = tsecr
        segment.options = decoder.no_options
        return segment

    return read
