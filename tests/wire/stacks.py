"""One frame for every stack of layers that the portable decoder reads: name, link type, octets.

All carry the same TCP segment, so what comes out must be the same but for its link.
"""

import struct

from tests.wire.build import (
    CLIENT,
    CLIENT6,
    SERVER,
    SERVER6,
    ethernet,
    extension,
    fragment6,
    gre,
    ipv4,
    ipv6,
    summed,
    tcp,
    vlan,
    vxlan,
)

FOUR = ipv4(tcp())
SIX = ipv6(tcp())
SIX_TCP = summed(tcp(), CLIENT6, SERVER6)
OUTER = {"source": bytes([203, 0, 113, 1]), "destination": bytes([203, 0, 113, 2])}
OUTER6 = {"source": CLIENT6[:-1] + b"\xaa", "destination": CLIENT6[:-1] + b"\xbb"}
SLL = struct.pack(">HHH", 0, 1, 6) + b"\2\0\0\0\0\1\0\0"
SLL2 = struct.pack(">HIHBB", 0, 3, 1, 0, 6) + b"\2\0\0\0\0\1\0\0"
JUMBO = extension(SIX_TCP, 6, b"\xc2\x04" + struct.pack(">I", 70_000))


def label(number, bottom):
    return struct.pack(">I", number << 12 | bottom << 8 | 64)


def session(packet, protocol):
    return struct.pack(">BBHHH", 0x11, 0, 5, len(packet) + 2, protocol) + packet


STACKS = [
    ("Ethernet, IPv4", 1, ethernet(FOUR)),
    ("Ethernet, IPv6", 1, ethernet(SIX)),
    ("802.1Q", 1, ethernet(vlan(FOUR), 0x8100)),
    ("802.1Q with priority, IPv6", 1, ethernet(vlan(SIX, 4094, 0x86DD, 5), 0x8100)),
    ("QinQ 0x88a8", 1, ethernet(vlan(vlan(FOUR), 200, 0x8100), 0x88A8)),
    ("QinQ 0x9100", 1, ethernet(vlan(vlan(FOUR), 200, 0x8100), 0x9100)),
    ("three tags", 1, ethernet(vlan(vlan(vlan(FOUR), 2, 0x8100), 3, 0x8100), 0x8100)),
    ("SLL", 113, SLL + b"\x08\0" + FOUR),
    ("SLL, VLAN", 113, SLL + b"\x81\0" + vlan(FOUR)),
    ("SLL2", 276, b"\x86\xdd" + SLL2 + SIX),
    ("raw IP 101", 101, FOUR),
    ("raw IP 12", 12, SIX),
    ("raw IP 14", 14, FOUR),
    ("raw IPv4", 228, FOUR),
    ("raw IPv6", 229, SIX),
    ("loopback, little-endian", 0, b"\2\0\0\0" + FOUR),
    ("loopback, big-endian", 0, b"\0\0\0\x1e" + SIX),
    ("loopback of OpenBSD", 108, b"\0\0\0\x18" + SIX),
    ("PPP", 9, b"\xff\x03\x00\x21" + FOUR),
    ("PPP without address, short protocol", 9, b"\x57" + SIX),
    ("PPPoE", 1, ethernet(session(FOUR, 0x21), 0x8864)),
    ("PPPoE, IPv6, VLAN", 1, ethernet(vlan(session(SIX, 0x57), 9, 0x8864), 0x8100)),
    ("MPLS", 1, ethernet(label(16, 1) + FOUR, 0x8847)),
    ("MPLS, two labels, IPv6", 1, ethernet(label(16, 0) + label(17, 1) + SIX, 0x8848)),
    ("GRE", 1, ethernet(ipv4(gre(FOUR), 47, **OUTER))),
    ("GRE, checksum", 1, ethernet(ipv4(gre(FOUR, checksum=True), 47, **OUTER))),
    ("GRE, key and sequence, IPv6", 1, ethernet(ipv4(gre(SIX, 0x86DD, key=9, sequence=True), 47, **OUTER))),
    ("GRE, Ethernet", 1, ethernet(ipv4(gre(ethernet(FOUR), 0x6558, key=9), 47, **OUTER))),
    ("GRE over IPv6", 1, ethernet(ipv6(gre(FOUR), 47, **OUTER6))),
    ("VXLAN", 1, ethernet(ipv4(vxlan(ethernet(FOUR)), 17, **OUTER))),
    ("VXLAN over IPv6 of VLAN", 1, ethernet(ipv6(vxlan(ethernet(vlan(SIX, 8, 0x86DD), 0x8100)), 17, **OUTER6))),
    ("IPv4 in IPv4", 1, ethernet(ipv4(FOUR, 4, **OUTER))),
    ("IPv6 in IPv4", 1, ethernet(ipv4(SIX, 41, **OUTER))),
    ("IPv4 in IPv6", 1, ethernet(ipv6(FOUR, 4, **OUTER6))),
    ("IPv4 with options", 1, ethernet(ipv4(tcp(), options=b"\x94\x04\0\0" + b"\1" * 8))),
    ("IPv6, hop by hop", 1, ethernet(ipv6(extension(SIX_TCP, 6), 0))),
    ("IPv6, destination", 1, ethernet(ipv6(extension(SIX_TCP, 6, b"\x01\x0c" + b"\0" * 12), 60))),
    ("IPv6, routing, worked off", 1, ethernet(ipv6(extension(SIX_TCP, 6, b"\x04\0\0\0\0\0" + SERVER6), 43))),
    ("IPv6, all of them", 1, ethernet(ipv6(extension(extension(extension(SIX_TCP, 6), 60), 43, b"\x03\0" + b"\0" * 4),
                                           0))),
    ("IPv6, only fragment", 1, ethernet(ipv6(fragment6(SIX_TCP, 6, 0, 0), 44))),
]  # fmt: skip

# The pieces of a datagram, to be read one after the other: the last one completes it.
FRAGMENTED = [
    [ethernet(ipv4(SUMMED[:24], ident=9, where=0x2000)), ethernet(ipv4(SUMMED[24:], ident=9, where=3))]
    for SUMMED in [summed(tcp(), CLIENT, SERVER)]
] + [
    [
        ethernet(ipv6(fragment6(SIX_TCP[:16], 6, 0, 1), 44)),
        ethernet(ipv6(fragment6(SIX_TCP[16:40], 6, 16, 1), 44)),
        ethernet(ipv6(fragment6(SIX_TCP[40:], 6, 40, 0), 44)),
    ]
]
