"""Frames of encapsulations that the portable decoder does not read, octet by octet: name, link type, frame.

All of TUNNELS carry the same TCP segment. RARE are those in which engine dpkt finds it too, by dpkt's own layers.
"""

import struct

from tests.wire.build import (
    CLIENT,
    MAC_A,
    MAC_B,
    SERVER,
    ethernet,
    extension,
    gre,
    icmp,
    ipv4,
    ipv6,
    summed,
    tcp,
    udp,
    vlan,
)
from tests.wire.stacks import FOUR, OUTER, OUTER6, SIX, SIX_TCP, label, session

IEEE_802_11, RADIOTAP = 105, 127
SNAP = b"\xaa\xaa\x03\0\0\0"
BSS = bytes.fromhex("020000000003")


def gtp(packet: bytes, tunnel: int = 7) -> bytes:
    """GTP-U version 1, a user packet (3GPP TS 29.281 §5.1)."""
    return udp(struct.pack(">BBHI", 0x30, 0xFF, len(packet), tunnel) + packet, 2152)


def geneve(frame: bytes, number: int = 5, protocol: int = 0x6558) -> bytes:
    """Geneve without options (RFC 8926 §3.4)."""
    return udp(struct.pack(">BBHI", 0, 0, protocol, number << 8) + frame, 6081)


def l2tp(packet: bytes, tunnel: int = 3, call: int = 4) -> bytes:
    """A data message of L2TP version 2 (RFC 2661 §3.1) with PPP in it."""
    return udp(struct.pack(">HHH", 0x0002, tunnel, call) + b"\xff\x03\x00\x21" + packet, 1701)


def nsh(packet: bytes, path: int = 9) -> bytes:
    """A service header of type 1 (RFC 8300 §2.2) before an IPv4 packet."""
    return struct.pack(">HBBI", 63 << 6 | 6, 1, 1, path << 8 | 255) + bytes(16) + packet


def authentication(payload: bytes, following: int = 6) -> bytes:
    """An IPsec authentication header with 12 octets of check value (RFC 4302 §2)."""
    return struct.pack(">BBHII", following, 4, 0, 0x1001, 1) + b"\xc5" * 12 + payload


def pseudo_wire(frame: bytes, control: bytes = b"") -> bytes:
    """Ethernet over MPLS, with or without a control word (RFC 4448 §4.6)."""
    return label(18, 1) + control + frame


def wlan(packet: bytes, ethertype: int = 0x0800) -> bytes:
    """An 802.11 data frame to an access point."""
    return b"\x08\x01\0\0" + BSS + MAC_A + MAC_B + b"\x10\0" + SNAP + struct.pack(">H", ethertype) + packet


def aggregate(packet: bytes) -> bytes:
    """An 802.11 data frame with quality of service that aggregates one subframe (A-MSDU)."""
    body = SNAP + b"\x08\0" + packet
    return b"\x88\x01\0\0" + BSS + MAC_A + MAC_B + b"\x10\0\x80\0" + MAC_B + MAC_A + struct.pack(">H", len(body)) + body


def erspan(frame: bytes) -> bytes:
    """A mirrored frame: GRE with a sequence number, ERSPAN type II."""
    return gre(struct.pack(">HHI", 0x1000 | 10, 77, 0) + frame, 0x88BE, sequence=True)


SEGMENT = summed(tcp(), CLIENT, SERVER)
# Whether a pseudo-wire has a control word, tshark guesses from the maker in the addresses behind it.
CARDS = ethernet(FOUR, source=bytes.fromhex("00000c000001"), destination=bytes.fromhex("00000c000002"))
TUNNELS = [
    ("GTP-U", 1, ethernet(ipv4(gtp(FOUR), 17, **OUTER))),
    ("GTP-U over IPv6, IPv6", 1, ethernet(ipv6(gtp(SIX), 17, **OUTER6))),
    ("GTP-U of another tunnel", 1, ethernet(ipv4(gtp(FOUR, 8), 17, **OUTER))),
    ("Geneve", 1, ethernet(ipv4(geneve(ethernet(FOUR)), 17, **OUTER))),
    ("Geneve, VLAN, IPv6", 1, ethernet(ipv4(geneve(ethernet(vlan(SIX, 8, 0x86DD), 0x8100)), 17, **OUTER))),
    ("L2TP", 1, ethernet(ipv4(l2tp(FOUR), 17, **OUTER))),
    ("NSH", 1, ethernet(nsh(FOUR), 0x894F)),
    ("AH", 1, ethernet(ipv4(authentication(SEGMENT), 51))),
    ("AH around a tunnel", 1, ethernet(ipv4(authentication(FOUR, 4), 51, **OUTER))),
    ("MPLS pseudo-wire", 1, ethernet(pseudo_wire(CARDS), 0x8847)),
    ("MPLS pseudo-wire with control word", 1, ethernet(pseudo_wire(CARDS, b"\0\0\0\0"), 0x8847)),
    ("ERSPAN", 1, ethernet(ipv4(erspan(ethernet(FOUR)), 47, **OUTER))),
    ("802.11", IEEE_802_11, wlan(FOUR)),
    ("802.11, IPv6", IEEE_802_11, wlan(SIX, 0x86DD)),
    ("802.11, A-MSDU", IEEE_802_11, aggregate(FOUR)),
    ("802.11 behind radiotap", RADIOTAP, b"\0\0\x08\0\0\0\0\0" + wlan(FOUR)),
    ("802.2 with SNAP", 1, ethernet(SNAP + b"\x08\0" + FOUR, len(FOUR) + 8)),
    ("PPP over Ethernet over QinQ", 1, ethernet(vlan(vlan(session(FOUR, 0x21), 7, 0x8864), 6, 0x8100), 0x88A8)),
    ("IPv6, TCP behind 512 octets", 1, ethernet(ipv6(extension(SIX_TCP, 6, b"\1\xff" + bytes(255) + b"\1\xff" +
                                                                   bytes(255) + b"\1\2\0\0"), 60))),
]  # fmt: skip
RARE = {"802.11", "802.11, IPv6", "802.11 behind radiotap", "802.2 with SNAP", "MPLS pseudo-wire with control word"}
PORTABLE = {"PPP over Ethernet over QinQ"}

# The pieces of a datagram: in the tunnel, and of the tunnel. The last frame of each completes it.
GTP_OUTER = gtp(FOUR)
FRAGMENTED = [
    ("pieces inside GTP-U", [
        ethernet(ipv4(gtp(ipv4(SEGMENT[:24], ident=0x1234, where=0x2000)), 17, **OUTER)),
        ethernet(ipv4(gtp(ipv4(SEGMENT[24:], ident=0x1234, where=3)), 17, **OUTER)),
    ]),
    ("pieces of GTP-U", [
        ethernet(ipv4(GTP_OUTER[:48], 17, where=0x2000, ident=5, **OUTER)),
        ethernet(ipv4(GTP_OUTER[48:], 17, where=6, ident=5, **OUTER)),
    ]),
]  # fmt: skip

# Frames without a segment: name, link type, frame, what engine tshark makes of it.
ROUTER = {"source": bytes([203, 0, 113, 9]), "destination": CLIENT}
OTHERS = [
    ("MPLS pseudo-wire of addresses without a maker", 1, ethernet(pseudo_wire(ethernet(FOUR)), 0x8847),
     "unknown-protocol"),
    ("ICMP error in GTP-U", 1, ethernet(ipv4(gtp(ipv4(icmp(FOUR[:28], 3, 13), 1, ttl=33, **ROUTER)), 17, **OUTER)),
     "quote"),
    ("UDP behind AH", 1, ethernet(ipv4(authentication(udp(b"query", 53), 17), 51)), "not-tcp"),
    ("ARP in GTP-U's place", 1, ethernet(ipv4(udp(b"\x30\xff\0\4\0\0\0\7none", 2152), 17, **OUTER)), "not-tcp"),
    ("a link type that nobody knows", 147, b"\x45" + bytes(60), "unknown-link-type"),
]  # fmt: skip
