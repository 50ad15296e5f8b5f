"""The layers around and between IP headers: links, tags and tunnels.

Each function reads one header at the cursor and returns the layer behind it (see core/decoder). Addresses, VLAN and
tunnel numbers are folded into one small number, the link of the segment: two copies of a segment that were captured on
different links differ in it.
"""

from .decoder import (
    LAYER_ETHERNET,
    LAYER_IP,
    LAYER_LLC,
    LAYER_MPLS,
    LAYER_PPP,
    LAYER_PPPOE,
    LAYER_VLAN,
    cut,
    nest_link,
    number_link,
)
from .options import number16, number32
from .skips import MALFORMED, NOT_IP, NOT_TCP, UNKNOWN_PROTOCOL

# Kinds of tags for nest_link.
TAG_ETHERNET = 0  # an Ethernet frame inside something else; the value is the number of its addresses
TAG_VLAN = 1
TAG_MPLS = 2
TAG_PPPOE = 3
TAG_GRE = 4
TAG_VXLAN = 5
TAG_IP = 6

ETHERTYPES = 1536  # smaller numbers in the field are the length of an LLC frame (IEEE 802.3 §3.2.6)
PPP_CONTROL = 32768  # PPP protocols from here on configure the link (RFC 1661 §2)


def carries_no_ip(ethertype):
    """Whether the ethertype is one of the common ones that never lead to IP: no other decoder need be asked."""
    if ethertype == 0x0806 or ethertype == 0x8035:  # ARP, reverse ARP
        return True
    if ethertype == 0x88CC or ethertype == 0x8809 or ethertype == 0x9000:  # LLDP, slow protocols, loop test
        return True
    if ethertype == 0x888E or ethertype == 0x88E5 or ethertype == 0x8863:  # EAPOL, MACsec, PPPoE discovery
        return True
    if ethertype == 0x88F7 or ethertype == 0x8137 or ethertype == 0x0842:  # PTP, IPX, wake on LAN
        return True
    return ethertype == 0x893A or ethertype == 0x88E1 or ethertype == 0x8899  # IEEE 1905, HomePlug, Realtek


def after_ethertype(decoder, ethertype):
    """The layer that an ethertype announces."""
    if ethertype == 0x0800 or ethertype == 0x86DD:
        return LAYER_IP
    if ethertype == 0x8100 or ethertype == 0x88A8 or ethertype == 0x9100:
        return LAYER_VLAN
    if ethertype < ETHERTYPES:
        return LAYER_LLC
    if ethertype == 0x8864:
        return LAYER_PPPOE
    if ethertype == 0x8847 or ethertype == 0x8848:
        return LAYER_MPLS
    if ethertype == 0x6558:
        return LAYER_ETHERNET
    if carries_no_ip(ethertype):
        return NOT_IP
    return UNKNOWN_PROTOCOL


def ethernet(decoder):
    """Ethernet, outermost or bridged through a tunnel."""
    data = decoder.data
    offset = decoder.offset
    if offset + 14 > decoder.limit:
        return cut(decoder)
    link = number_link(decoder, data[offset : offset + 12])
    if offset == 0 and not decoder.assembled:
        decoder.link = link
    else:
        nest_link(decoder, TAG_ETHERNET, link)
    decoder.offset = offset + 14
    return after_ethertype(decoder, number16(data, offset + 12))


def vlan(decoder):
    """One tag of IEEE 802.1Q, behind its ethertype."""
    data = decoder.data
    offset = decoder.offset
    if offset + 4 > decoder.limit:
        return cut(decoder)
    nest_link(decoder, TAG_VLAN, data[offset] % 16 * 256 + data[offset + 1])
    decoder.offset = offset + 4
    return after_ethertype(decoder, number16(data, offset + 2))


def llc(decoder):
    """IEEE 802.2. Only decides whether another decoder should be asked; what carries IP here is rare."""
    data = decoder.data
    offset = decoder.offset
    if offset + 6 > decoder.limit:
        return NOT_IP
    if data[offset] == 6:
        return UNKNOWN_PROTOCOL
    if data[offset] == 170 and data[offset + 1] == 170:
        # SNAP; with an organisation code of zero an ethertype follows, else a protocol of a vendor.
        if data[offset + 3] == 0 and data[offset + 4] == 0 and data[offset + 5] == 0:
            return UNKNOWN_PROTOCOL
    return NOT_IP


def sll(decoder):
    """Linux cooked capture, link type 113: packet type, device type, address of the sender, protocol."""
    data = decoder.data
    if decoder.limit < 16:
        return cut(decoder)
    decoder.link = number_link(decoder, data[0:14])
    decoder.offset = 16
    return after_ethertype(decoder, number16(data, 14))


def sll2(decoder):
    """Linux cooked capture, link type 276: protocol, interface, device type, packet type, address of the sender."""
    data = decoder.data
    if decoder.limit < 20:
        return cut(decoder)
    decoder.link = number_link(decoder, data[4:20])
    decoder.offset = 20
    return after_ethertype(decoder, number16(data, 0))


def loopback(decoder):
    """BSD loopback: an address family in the byte order of the machine that captured."""
    data = decoder.data
    if decoder.limit < 4:
        return cut(decoder)
    family = number16(data, 2)
    if data[2] == 0 and data[3] == 0:
        family = data[1] * 256 + data[0]
    elif data[0] != 0 or data[1] != 0:
        return NOT_IP
    decoder.offset = 4
    # AF_INET is 2 everywhere; AF_INET6 is 10, 23, 24, 28 or 30.
    if family == 2 or family == 10 or family == 23 or family == 24 or family == 28 or family == 30:
        return LAYER_IP
    return NOT_IP


def ppp(decoder):
    """PPP (RFC 1661), with or without address and control octets, with a protocol field of one or two octets."""
    data = decoder.data
    offset = decoder.offset
    if offset + 4 > decoder.limit:
        return cut(decoder)
    if data[offset] == 255 and data[offset + 1] == 3:
        offset += 2
    protocol = data[offset]
    if protocol % 2 == 1:
        offset += 1
    else:
        protocol = number16(data, offset)
        offset += 2
    decoder.offset = offset
    if protocol == 0x0021 or protocol == 0x0057:
        return LAYER_IP
    if protocol == 0x0281 or protocol == 0x0283:
        return LAYER_MPLS
    if protocol >= PPP_CONTROL:
        return NOT_IP
    return UNKNOWN_PROTOCOL


def pppoe(decoder):
    """PPP over Ethernet (RFC 2516), session stage."""
    data = decoder.data
    offset = decoder.offset
    if offset + 6 > decoder.limit:
        return cut(decoder)
    if data[offset] != 17 or data[offset + 1] != 0:
        return MALFORMED
    nest_link(decoder, TAG_PPPOE, number16(data, offset + 2))
    decoder.offset = offset + 6
    return LAYER_PPP


def mpls(decoder):
    """A stack of labels (RFC 3032). Nothing says what it carries, so the first four bits behind it decide."""
    data = decoder.data
    offset = decoder.offset
    bottom = False
    while not bottom:
        if offset + 5 > decoder.limit:
            return cut(decoder)
        label = number32(data, offset) // 4096
        nest_link(decoder, TAG_MPLS, label)
        bottom = data[offset + 2] % 2 == 1
        offset += 4
    decoder.offset = offset
    version = data[offset] // 16
    if version == 4 or version == 6:
        return LAYER_IP
    return UNKNOWN_PROTOCOL


def gre(decoder):
    """GRE (RFC 2784) with checksum, key and sequence number (RFC 2890); no source routes, no version 1."""
    data = decoder.data
    offset = decoder.offset
    if offset + 4 > decoder.limit:
        return cut(decoder)
    bits = data[offset]
    if (bits & 64) != 0 or data[offset + 1] % 8 != 0:
        return UNKNOWN_PROTOCOL
    protocol = number16(data, offset + 2)
    offset += 4
    if (bits & 128) != 0:
        offset += 4
    key = 0
    if (bits & 32) != 0:
        if offset + 4 > decoder.limit:
            return cut(decoder)
        key = number32(data, offset)
        offset += 4
    if (bits & 16) != 0:
        offset += 4
    nest_link(decoder, TAG_GRE, key)
    decoder.offset = offset
    if protocol < ETHERTYPES:
        return UNKNOWN_PROTOCOL
    return after_ethertype(decoder, protocol)


def udp(decoder):
    """UDP, for the sake of VXLAN (RFC 7348) on its own port."""
    data = decoder.data
    offset = decoder.offset
    if offset + 4 > decoder.limit:
        return cut(decoder)
    if data[offset + 2] != 18 or data[offset + 3] != 181:  # destination port 4789
        return NOT_TCP
    if offset + 16 > decoder.limit:
        return cut(decoder)
    if (data[offset + 8] & 8) == 0:  # no valid network identifier: not VXLAN
        return NOT_TCP
    nest_link(decoder, TAG_VXLAN, number32(data, offset + 12) // 256)
    decoder.offset = offset + 16
    return LAYER_ETHERNET
