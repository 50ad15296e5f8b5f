"""The commonest frames, read at one stroke: Ethernet, IPv4 without options, TCP as an ordinary sender makes it.

CPython spends longer on each octet that it looks at than `struct` does on a whole header, so this reads in one call
what the portable decoder (core/wire) reads in some hundred steps. Option lists other than "two NOPs, timestamps" are
handed to core/options. Anything that is not exactly of this shape, or that would need a second look, is left to the
portable decoder; for what is of this shape both must give the same Segment, which tests/wire compares field by field.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Any

from tcplint.core.decoder import LOOK, number_link
from tcplint.core.model import ACK, FIN, PSH, RST, SYN, Options, Segment
from tcplint.core.options import is_suspect, read_options
from tcplint.core.tcp import is_partial

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcplint.capture.frame import Frame

# Link addresses, ethertype; version and IHL, TOS, total length, identification, fragment, TTL, protocol, checksum,
# addresses and ports; seq, ack, offset and flags, window, checksum, urgent pointer.
HEADERS = ">12sHBBHHHBBH12sIIHHHH"
STAMPED = Struct(HEADERS + "HHII")  # and NOP NOP, timestamps, TSval, TSecr
BARE = Struct(HEADERS)
ETHERNET, IPV4, FIVE_WORDS, TCP = 1, 0x0800, 0x45, 6
TCP_AT, OPTIONS_AT = 34, 54
FRAGMENT = 0x3FFF  # more fragments, or an offset
TWO_NOPS, TIMESTAMPS = 0x0101, 0x080A
PADDING = 6  # a payload of up to so many octets may be link padding, which needs a look at it
USUAL = frozenset({SYN, SYN | ACK, ACK, PSH | ACK, FIN | ACK, FIN | PSH | ACK, RST, RST | ACK})  # no reserved bit

FLAGS = 0xFFF

# Two option lists of SYNs, as they come from most senders: that of Linux (MSS, SACK permitted, timestamps, window
# scale) and that of Windows (MSS, window scale, SACK permitted). Kinds and lengths, with the values in between.
LINUX_SYN = Struct(">HHHHIIHBB")
WINDOWS_SYN = Struct(">HHHBBHH")
MSS, SACK_PERMITTED, NOP_SCALE, SCALE_LENGTH = 0x0204, 0x0402, 0x0103, 3
LARGEST_SHIFT = 14
STAMPED_WORDS = frozenset(8 << 12 | flags for flags in USUAL)  # a header of eight words
STAMP = bytes([1, 1, 8, 10])


def read_syn_options(segment: Segment, data: bytes, header: int, flags: int) -> Options | None:
    """The options of a SYN or SYN-ACK that has one of the two commonest lists; None for any other."""
    if flags not in (SYN, SYN | ACK):
        return None
    if header == 40:
        mss, size, sack, stamps, tsval, tsecr, scale, length, shift = LINUX_SYN.unpack_from(data, OPTIONS_AT)
        if mss != MSS or sack != SACK_PERMITTED or stamps != TIMESTAMPS or scale != NOP_SCALE:
            return None
        if length != SCALE_LENGTH or shift > LARGEST_SHIFT:
            return None
        segment.tsval = tsval
        segment.tsecr = tsecr
    elif header == 32:
        mss, size, scale, length, shift, nops, sack = WINDOWS_SYN.unpack_from(data, OPTIONS_AT)
        if mss != MSS or scale != NOP_SCALE or nops != TWO_NOPS or sack != SACK_PERMITTED:
            return None
        if length != SCALE_LENGTH or shift > LARGEST_SHIFT:
            return None
    else:
        return None
    options: Options = Options()
    options.mss = size
    options.wscale = shift
    options.sackok = True
    return options


def straight_reader(decoder: Any, otherwise: Callable[[Frame, int], Any]) -> Callable[[Frame, int], Any]:
    """A function from frame and time (µs) to its Segment, or to whatever `otherwise` makes of a frame of another shape.

    `decoder`: the core.decoder.Decoder that numbers the links and remembers the sums of addresses.
    """
    unpack, unpack_bare, size = STAMPED.unpack_from, BARE.unpack_from, STAMPED.size
    links, no_options = decoder.links, decoder.no_options

    def read(frame: Frame, time: int) -> Any:
        """Timestamps and nothing else: most of what there is."""
        data = frame.data
        if frame.link_type != ETHERNET or len(data) < size or frame.captured < size:
            return read_other(frame, time)
        (
            addresses, ethertype, version, tos, total, ip_id, fragment, ttl, protocol, _,
            key, seq, ack, word, window, checksum, urgent, nops, kind, tsval, tsecr,
        ) = unpack(data)  # fmt: skip
        if nops != TWO_NOPS or kind != TIMESTAMPS or urgent or word not in STAMPED_WORDS:
            return read_other(frame, time)
        if ethertype != IPV4 or version != FIVE_WORDS or protocol != TCP or fragment & FRAGMENT:
            return otherwise(frame, time)
        length = total - 52
        if length <= PADDING and length != 0:
            return otherwise(frame, time)
        link, pseudo = links.get(addresses), decoder.sums.get(key)
        if link is None or pseudo is None or (pseudo + total - 20) % 65535 == checksum % 65535:
            return read_other(frame, time)
        segment: Segment = Segment(frame.number, time, key, ip_id, ttl, tos & 3, link, frame.interface)
        segment.seq = seq
        segment.ack = ack
        segment.flags = word & FLAGS
        segment.window = window
        segment.urgent = urgent
        segment.checksum = checksum
        segment.length = length
        segment.header_stated = segment.header_captured = 32
        segment.tsval = tsval
        segment.tsecr = tsecr
        segment.options = no_options
        return segment

    def read_other(frame: Frame, time: int) -> Any:
        """Any option list that is in order, and the first frames of a connection."""
        data = frame.data
        if frame.link_type != ETHERNET or len(data) < OPTIONS_AT:
            return otherwise(frame, time)
        (
            addresses, ethertype, version, tos, total, ip_id, fragment, ttl, protocol, _,
            key, seq, ack, word, window, checksum, urgent,
        ) = unpack_bare(data)  # fmt: skip
        header, flags = word >> 12 << 2, word & FLAGS
        if ethertype != IPV4 or version != FIVE_WORDS or protocol != TCP or fragment & FRAGMENT or flags not in USUAL:
            return otherwise(frame, time)
        length, after = total - 20 - header, TCP_AT + header
        if header < 20 or (length <= PADDING and length != 0) or frame.captured < after or len(data) < after:
            return otherwise(frame, time)
        if is_partial(decoder, key, total - 20, checksum):
            return otherwise(frame, time)
        link = number_link(decoder, addresses)
        segment: Segment = Segment(frame.number, time, key, ip_id, ttl, tos & 3, link, frame.interface)
        segment.options = no_options
        if header > 20:
            options = read_syn_options(segment, data, header, flags)
            if options is None:
                options = read_options(segment, data, OPTIONS_AT, after, LOOK)
                if is_suspect(options, flags):
                    return otherwise(frame, time)
            if header != 32 or data[OPTIONS_AT : OPTIONS_AT + 4] != STAMP:
                segment.options = options
                segment.odd = True
        segment.seq = seq
        segment.ack = ack
        segment.flags = flags
        segment.window = window
        segment.urgent = urgent
        if urgent:
            segment.odd = True
        segment.checksum = checksum
        segment.length = length
        segment.header_stated = segment.header_captured = header
        return segment

    return read
