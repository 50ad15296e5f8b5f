"""IPv4 (RFC 791), IPv6 (RFC 8200) and the ICMP errors that quote a packet (RFC 792, RFC 4443).

The length of a packet comes from its header. A length field of 0 is what a machine that leaves segmentation to its
network card shows in its own captures (for IPv6 also a jumbogram, RFC 2675, which says its length in an option); then
the length is that of the captured frame, and the segment is marked.

Inside an ICMP error the same functions read the quoted packet. Its length fields are not trusted, because some hosts
change them before they quote, and it is never reassembled.
"""

from .decoder import (
    LAYER_EXTENSION,
    LAYER_GRE,
    LAYER_ICMP,
    LAYER_ICMP6,
    LAYER_IP,
    LAYER_TCP,
    LAYER_UDP,
    bound,
    cut,
    nest_link,
)
from .fragments import COMPLETE, KEPT, MAX_DATAGRAM, SPOILED, collect
from .layers import TAG_IP
from .options import number16, number32
from .skips import AUTHENTICATED, FRAGMENT, FRAGMENT_OVERLAP, MALFORMED, NOT_TCP, UNREADABLE_QUOTE

HOP_BY_HOP = 0
ROUTING = 43
FRAGMENT_HEADER = 44
DESTINATION = 60
JUMBO = 194  # option of the hop-by-hop header


def after_ip(decoder, protocol):
    """The layer that an IP protocol number announces."""
    decoder.protocol = protocol
    if protocol == 6:
        return LAYER_TCP
    if decoder.version == 6:
        if protocol == HOP_BY_HOP or protocol == ROUTING or protocol == FRAGMENT_HEADER or protocol == DESTINATION:
            return LAYER_EXTENSION
    if protocol == 51:
        return AUTHENTICATED
    if decoder.quoting:
        return NOT_TCP
    if protocol == 17:
        return LAYER_UDP
    if protocol == 1 and decoder.version == 4:
        return LAYER_ICMP
    if protocol == 58 and decoder.version == 6:
        return LAYER_ICMP6
    if protocol == 4 or protocol == 41:
        nest_link(decoder, TAG_IP, 0)
        return LAYER_IP
    if protocol == 47:
        return LAYER_GRE
    return NOT_TCP


def ip(decoder):
    """An IP header; its first four bits say which."""
    if decoder.offset >= decoder.limit:
        return cut(decoder)
    version = decoder.data[decoder.offset] // 16
    if version == 4:
        return ipv4(decoder)
    if version == 6:
        return ipv6(decoder)
    return MALFORMED


def ipv4(decoder):
    """IPv4 with or without options, whole or a fragment."""
    data = decoder.data
    offset = decoder.offset
    if offset + 20 > decoder.limit:
        return cut(decoder)
    header = data[offset] % 16 * 4
    if header < 20:
        return MALFORMED
    total = number16(data, offset + 2)
    decoder.offload = total == 0
    if not decoder.quoting:
        if total == 0:
            total = decoder.captured - offset
        else:
            if total < header:
                return MALFORMED
            bound(decoder, offset + total)
    if offset + header > decoder.limit:
        return cut(decoder)
    decoder.version = 4
    decoder.payload = total - header
    decoder.ip_id = number16(data, offset + 4)
    decoder.hop_limit = data[offset + 8]
    decoder.ecn = data[offset + 1] % 4
    decoder.addresses = data[offset + 12 : offset + 20]
    decoder.offset = offset + header
    protocol = data[offset + 9]
    more = (data[offset + 6] & 32) != 0
    start = data[offset + 6] % 32 * 2048 + data[offset + 7] * 8
    if more or start > 0:
        key = data[offset + 12 : offset + 20] + data[offset + 4 : offset + 6] + data[offset + 9 : offset + 10]
        return fragment(decoder, key, protocol, start, more)
    return after_ip(decoder, protocol)


def ipv6(decoder):
    """The fixed header of IPv6; extension headers are layers of their own."""
    data = decoder.data
    offset = decoder.offset
    if offset + 40 > decoder.limit:
        return cut(decoder)
    payload = number16(data, offset + 4)
    decoder.offload = payload == 0
    if payload == 0:
        payload = decoder.captured - offset - 40
    elif not decoder.quoting:
        bound(decoder, offset + 40 + payload)
    decoder.version = 6
    decoder.payload = payload
    decoder.ip_id = data[offset + 1] % 16 * 65536 + number16(data, offset + 2)
    decoder.hop_limit = data[offset + 7]
    decoder.ecn = data[offset + 1] // 16 % 4
    decoder.addresses = data[offset + 8 : offset + 40]
    decoder.offset = offset + 40
    return after_ip(decoder, data[offset + 6])


def extension(decoder):
    """One extension header of IPv6, of the kind decoder.protocol."""
    data = decoder.data
    offset = decoder.offset
    if offset + 8 > decoder.limit:
        return cut(decoder)
    kind = decoder.protocol
    if kind == FRAGMENT_HEADER:
        return fragment_header(decoder)
    size = data[offset + 1] * 8 + 8
    if size > decoder.payload and not decoder.quoting:
        return MALFORMED
    if offset + size > decoder.limit:
        return cut(decoder)
    if kind == HOP_BY_HOP and decoder.offload:
        read_jumbo(decoder, offset, offset + size)
    if kind == ROUTING and data[offset + 3] > 0:
        read_destination(decoder, offset, size)
    decoder.payload -= size
    decoder.offset = offset + size
    return after_ip(decoder, data[offset])


def read_jumbo(decoder, offset, stop):
    """Take the payload length from the jumbo option of the hop-by-hop header at data[offset:stop], if it has one."""
    data = decoder.data
    position = offset + 2
    while position + 1 < stop:
        kind = data[position]
        if kind == 0:
            position += 1
        elif kind == JUMBO and data[position + 1] == 4 and position + 6 <= stop:
            payload = number32(data, position + 2)
            if payload > MAX_DATAGRAM:
                decoder.offload = False
                decoder.payload = payload
                if not decoder.quoting:
                    bound(decoder, offset + payload)
            return
        else:
            position += 2 + data[position + 1]


def read_destination(decoder, offset, size):
    """A routing header that has not been worked off: the receiver is the last address of its list.

    Types 0 and 2 list it last (RFC 8200 §4.4, RFC 6275 §6.4), type 4 first (RFC 8754 §2.1).
    """
    data = decoder.data
    kind = data[offset + 2]
    if size < 24:
        return
    receiver = offset + size - 16
    if kind == 4:
        receiver = offset + 8
    elif kind != 0 and kind != 2:
        return
    addresses = decoder.addresses
    decoder.addresses = addresses[0:16] + data[receiver : receiver + 16]


def fragment_header(decoder):
    """The fragment header of IPv6. A datagram that is its own only fragment (RFC 6946) is read at once."""
    data = decoder.data
    offset = decoder.offset
    word = number16(data, offset + 2)
    start = word // 8 * 8
    more = word % 2 == 1
    decoder.payload -= 8
    decoder.offset = offset + 8
    if more or start > 0:
        addresses = decoder.addresses
        key = addresses + data[offset + 4 : offset + 8]
        return fragment(decoder, key, data[offset], start, more)
    return after_ip(decoder, data[offset])


def fragment(decoder, key, protocol, start, more):
    """A fragment at the cursor, octets from `start` on of its datagram; continues with the datagram it completes."""
    if decoder.quoting:
        if start > 0:
            return UNREADABLE_QUOTE
        return after_ip(decoder, protocol)
    size = decoder.payload
    stop = start + size
    if size <= 0 or stop > MAX_DATAGRAM or decoder.offload:
        return MALFORMED
    if more and size % 8 != 0:
        return MALFORMED
    kept = size
    if stop > KEPT:
        kept = KEPT - start
    if kept < 0:
        kept = 0
    clipped = False
    if decoder.offset + kept > decoder.limit:
        # Only octets missing from the capture count as clipped, not those behind the first 512 of the frame.
        clipped = decoder.offset + kept > decoder.captured
        kept = decoder.limit - decoder.offset
    if kept < 0:
        kept = 0
    data = decoder.data
    piece = data[decoder.offset : decoder.offset + kept]
    datagram = collect(decoder.fragments, key, protocol, start, stop, not more, piece, clipped, decoder.time)
    if datagram.state == SPOILED:
        return FRAGMENT_OVERLAP
    if datagram.state != COMPLETE:
        return FRAGMENT
    decoder.data = datagram.data
    decoder.offset = 0
    decoder.limit = len(datagram.data)
    decoder.captured = datagram.size
    decoder.whole = True
    if datagram.clipped:
        decoder.captured = decoder.limit
        decoder.whole = False
    decoder.payload = datagram.size
    decoder.assembled = True
    return after_ip(decoder, datagram.protocol)


def icmp(decoder):
    """ICMP: an error quotes the packet that caused it; everything else is of no interest."""
    if decoder.offset + 8 > decoder.limit:
        return cut(decoder)
    kind = decoder.data[decoder.offset]
    # Destination unreachable, source quench, redirect, time exceeded, parameter problem.
    if kind == 3 or kind == 4 or kind == 5 or kind == 11 or kind == 12:
        return quote(decoder, kind)
    return NOT_TCP


def icmp6(decoder):
    """ICMPv6: types 1 to 4 are the errors in use (RFC 4443 §2.1)."""
    if decoder.offset + 8 > decoder.limit:
        return cut(decoder)
    kind = decoder.data[decoder.offset]
    if 1 <= kind <= 4:
        return quote(decoder, kind)
    return NOT_TCP


def quote(decoder, kind):
    """Go on with the quoted packet behind the eight octets of the ICMP header."""
    decoder.quoting = True
    decoder.icmp_version = decoder.version
    decoder.icmp_type = kind
    decoder.icmp_code = decoder.data[decoder.offset + 1]
    decoder.icmp_hop_limit = decoder.hop_limit
    decoder.offset += 8
    return LAYER_IP
