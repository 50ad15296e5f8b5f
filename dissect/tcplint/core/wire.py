"""The portable decoder: the octets of a frame in, a segment, a quotation or a named skip out.

It reads Ethernet with tags, cooked captures, raw IP, BSD loopback, PPP, PPPoE, MPLS, GRE, VXLAN, IP in IP, both
versions of IP with everything they put between their header and TCP, fragments, and ICMP errors. The segment is the
innermost TCP header that is not quoted in an ICMP error. At most the first 512 octets of a frame are looked at, and at
most 48 headers.

Nearly all frames are Ethernet, IPv4 without options, TCP. They are read by a straight path at the top of `decode`;
everything else is walked layer by layer. Both end in the same function for the TCP header, and a test compares them.

No octets, however damaged, make it fail: each read is guarded by the end of what was captured.
"""

from .decoder import (
    LAYER_ETHERNET,
    LAYER_EXTENSION,
    LAYER_GRE,
    LAYER_ICMP,
    LAYER_ICMP6,
    LAYER_IP,
    LAYER_LOOPBACK,
    LAYER_MPLS,
    LAYER_PPP,
    LAYER_PPPOE,
    LAYER_SLL,
    LAYER_SLL2,
    LAYER_TCP,
    LAYER_UDP,
    LAYER_VLAN,
    LOOK,
    number_link,
)
from .internet import extension, icmp, icmp6, ip
from .layers import ethernet, gre, llc, loopback, mpls, ppp, pppoe, sll, sll2, udp, vlan
from .model import Segment
from .skips import NOT_TCP, QUOTE, TOO_DEEP, UNKNOWN_LINK_TYPE, UNREADABLE_QUOTE
from .tcp import read_tcp, tcp

MAX_HEADERS = 48  # of one frame, all layers counted


def layer_of_link_type(link_type):
    """The layer with which frames of a link type (numbers of pcap files) begin; 0 when it is not known here."""
    if link_type == 1:
        return LAYER_ETHERNET
    if link_type == 101 or link_type == 12 or link_type == 14 or link_type == 228 or link_type == 229:
        return LAYER_IP
    if link_type == 113:
        return LAYER_SLL
    if link_type == 276:
        return LAYER_SLL2
    if link_type == 0 or link_type == 108:
        return LAYER_LOOPBACK
    if link_type == 9:
        return LAYER_PPP
    return 0


def decode(decoder, data, link_type, frame, time, interface, captured, original):
    """Read one frame: SEGMENT (see decoder.segment), QUOTE (see decoder.quote) or the code of a skip.

    `data`: its captured octets, at least the first 512 of them. `link_type`: as in pcap files. `frame`: its number.
    `time`: µs. `interface`: number of the capture interface. `captured`, `original`: octets captured and on the wire.
    """
    limit = len(data)
    if limit > LOOK:
        limit = LOOK
    if (
        link_type == 1
        and 54 <= limit <= captured
        and data[12] == 8  # IPv4 …
        and data[13] == 0
        and data[14] == 69  # … without options …
        and data[23] == 6  # … carries TCP …
        and data[21] == 0  # … and is no fragment
        and (data[20] & 63) == 0
    ):
        total = data[16] * 256 + data[17]
        if total >= 40:
            link = decoder.links.get(data[0:12])
            if link is None:
                link = number_link(decoder, data[0:12])
            ip_id = data[18] * 256 + data[19]
            segment = Segment(frame, time, data[26:38], ip_id, data[22], data[15] % 4, link, interface)
            return read_tcp(decoder, segment, data, 34, limit, total - 20)
    layer = layer_of_link_type(link_type)
    if layer == 0:
        return UNKNOWN_LINK_TYPE
    return decode_layer(decoder, data, 0, layer, frame, time, interface, captured, original)


def decode_layer(decoder, data, offset, layer, frame, time, interface, captured, original):
    """As `decode`, but begin with a given layer (a LAYER_ constant of core/decoder) at `offset`."""
    decoder.data = data
    decoder.offset = offset
    if captured > len(data) and len(data) < LOOK:
        captured = len(data)
    decoder.captured = captured
    decoder.whole = captured >= original
    limit = len(data)
    if limit > LOOK:
        limit = LOOK
    if limit > captured:
        limit = captured
    decoder.limit = limit
    decoder.frame = frame
    decoder.time = time
    decoder.interface = interface
    decoder.link = 0
    decoder.assembled = False
    decoder.quoting = False
    headers = 0
    while layer >= LAYER_ETHERNET:
        headers += 1
        if headers > MAX_HEADERS:
            layer = TOO_DEEP
        else:
            layer = read_layer(decoder, layer)
    if decoder.quoting and layer != QUOTE and layer != NOT_TCP:
        return UNREADABLE_QUOTE
    return layer


def read_layer(decoder, layer):
    """Read one header; the layer that follows, or a result."""
    if layer == LAYER_IP:
        return ip(decoder)
    if layer == LAYER_TCP:
        return tcp(decoder)
    if layer == LAYER_ETHERNET:
        return ethernet(decoder)
    if layer == LAYER_VLAN:
        return vlan(decoder)
    if layer == LAYER_EXTENSION:
        return extension(decoder)
    if layer == LAYER_UDP:
        return udp(decoder)
    if layer == LAYER_ICMP:
        return icmp(decoder)
    if layer == LAYER_ICMP6:
        return icmp6(decoder)
    if layer == LAYER_SLL:
        return sll(decoder)
    if layer == LAYER_SLL2:
        return sll2(decoder)
    if layer == LAYER_LOOPBACK:
        return loopback(decoder)
    if layer == LAYER_PPP:
        return ppp(decoder)
    if layer == LAYER_PPPOE:
        return pppoe(decoder)
    if layer == LAYER_MPLS:
        return mpls(decoder)
    if layer == LAYER_GRE:
        return gre(decoder)
    return llc(decoder)
