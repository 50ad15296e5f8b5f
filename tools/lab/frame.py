"""A frame on the wire: what a story may ask of it, and how another is made from it.

Only Ethernet II with IPv4 or IPv6 is read; TCP stands directly behind IP, as our own kernel sends it.
"""

import struct
from dataclasses import dataclass, field

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = 1, 2, 4, 8, 16, 32, 64, 128
LETTERS = {"F": FIN, "S": SYN, "R": RST, "P": PSH, ".": ACK, "A": ACK, "U": URG, "E": ECE, "W": CWR}

ETHERNET = 14  # octets of the Ethernet header
TCP, ICMP, ICMPV6 = 6, 1, 58
_IPV4, _IPV6 = 0x0800, 0x86DD
_HOP_BY_HOP = 0
_FULL = 0xFFFFFFFF


@dataclass(slots=True)
class Seen:
    """A frame as it entered the wire. Numbers are raw; those of TCP are 0 in a frame that is not TCP.

    `side` is the end that sent it (`client`, `server`). `card` is the header that a TAP with offloads puts before a
    frame; empty without offloads.
    """

    side: str
    octets: bytes
    card: bytes = b""
    version: int = field(init=False, default=0)  # of IP; 0 for another protocol
    protocol: int = field(init=False, default=-1)
    at: int = field(init=False, default=0)  # offset of the header behind IP
    end: int = field(init=False, default=0)  # offset behind the IP datagram
    source_port: int = field(init=False, default=0)
    target_port: int = field(init=False, default=0)
    seq: int = field(init=False, default=0)
    ack: int = field(init=False, default=0)
    flags: int = field(init=False, default=0)
    window: int = field(init=False, default=0)
    options: bytes = field(init=False, default=b"")
    payload: bytes = field(init=False, default=b"")

    def __post_init__(self) -> None:
        octets = self.octets
        kind = struct.unpack_from("!H", octets, 12)[0] if len(octets) >= ETHERNET else 0
        if kind == _IPV4:
            self.version, self.protocol = 4, octets[ETHERNET + 9]
            self.at = ETHERNET + 4 * (octets[ETHERNET] & 15)
            length = struct.unpack_from("!H", octets, ETHERNET + 2)[0]
            self.end = ETHERNET + length if length else len(octets)
        elif kind == _IPV6:
            self.version, self.protocol = 6, octets[ETHERNET + 6]
            self.at = ETHERNET + 40
            length = struct.unpack_from("!H", octets, ETHERNET + 4)[0]
            self.end = self.at + length if length else len(octets)
            if self.protocol == _HOP_BY_HOP and len(octets) > self.at + 8:  # reports of multicast listeners
                self.protocol, self.at = octets[self.at], self.at + 8 + 8 * octets[self.at + 1]
        if self.protocol == TCP:
            ports_to_window = struct.unpack_from("!HHIIHH", octets, self.at)
            self.source_port, self.target_port, self.seq, self.ack, word, self.window = ports_to_window
            self.flags = word & 0xFF
            data = self.at + 4 * (word >> 12)
            self.options, self.payload = octets[self.at + 20 : data], octets[data : self.end]

    @property
    def tcp(self) -> bool:
        """Whether it is a TCP segment."""
        return self.protocol == TCP

    @property
    def next_seq(self) -> int:
        """The sequence number behind this segment: payload, SYN and FIN are counted."""
        return (self.seq + len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)) & _FULL

    @property
    def icmp_type(self) -> int:
        """The type of an ICMP or ICMPv6 message, else -1."""
        return self.octets[self.at] if self.protocol in (ICMP, ICMPV6) else -1

    def __str__(self) -> str:
        if not self.tcp:
            return f"{self.side} IP protocol {self.protocol}"
        names = [name for name, bit in _NAMES if self.flags & bit]
        return f"{self.side} {','.join(names) or 'no flags'} len {len(self.payload)}"


_NAMES = (
    ("SYN", SYN),
    ("FIN", FIN),
    ("RST", RST),
    ("PSH", PSH),
    ("URG", URG),
    ("ECE", ECE),
    ("CWR", CWR),
    ("ACK", ACK),
)


def remade(
    seen: Seen,
    *,
    flags: str | None = None,
    seq: int | None = None,
    ack: int | None = None,
    window: int | None = None,
    options: bytes | None = None,
    payload: bytes | None = None,
) -> bytes:
    """A frame like `seen` with something changed, and right lengths and checksums. What is None stays as it was.

    `flags` are letters as tcpdump writes them (`S`, `F.`, `R`, `P.`), numbers are raw and may overflow, `options` are
    octets of the header (a multiple of 4). The frame goes between the same two ends in the same direction.
    """
    if not seen.tcp:
        raise ValueError(f"only a TCP segment can be made anew, not this: {seen}")
    bits = seen.flags if flags is None else sum(LETTERS[letter] for letter in flags)
    options = seen.options if options is None else options
    payload = seen.payload if payload is None else payload
    if len(options) % 4 or len(options) > 40:
        raise ValueError(f"{len(options)} octets of options do not fit into a header")
    segment = struct.pack(
        "!HHIIHHHH",
        seen.source_port,
        seen.target_port,
        (seen.seq if seq is None else seq) & _FULL,
        (seen.ack if ack is None else ack) & _FULL,
        (5 + len(options) // 4) << 12 | bits,
        seen.window if window is None else window,
        0,
        0,
    )
    segment += options + payload
    head, addresses = _internet(seen, len(segment))
    pseudo = addresses + struct.pack("!II", len(segment), TCP)
    sum_at = 16
    segment = segment[:sum_at] + struct.pack("!H", checksum(pseudo + segment)) + segment[sum_at + 2 :]
    return seen.octets[:ETHERNET] + head + segment


def turned(seen: Seen) -> Seen:
    """The same segment as if the other end had sent it: links, addresses and ports change places, numbers do not."""
    octets = bytearray(seen.octets)
    length, start = (16, ETHERNET + 8) if seen.version == 6 else (4, ETHERNET + 12)
    for at, width in ((0, 6), (start, length), (seen.at, 2)):
        one, two = octets[at : at + width], octets[at + width : at + 2 * width]
        octets[at : at + 2 * width] = two + one
    return Seen("server" if seen.side == "client" else "client", bytes(octets), bytes(len(seen.card)))


def _internet(seen: Seen, length: int) -> tuple[bytes, bytes]:
    """The IP header for `length` octets behind it, and the two addresses."""
    head = bytearray(seen.octets[ETHERNET : seen.at])
    if seen.version == 6:
        head[4:6] = struct.pack("!H", length)
        return bytes(head), bytes(head[8:40])
    head[2:4] = struct.pack("!H", len(head) + length)
    head[10:12] = bytes(2)
    head[10:12] = struct.pack("!H", checksum(bytes(head)))
    return bytes(head), bytes(head[12:20])


def checksum(octets: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(octets) % 2:
        octets += b"\0"
    total: int = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
