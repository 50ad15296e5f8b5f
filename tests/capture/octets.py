"""Capture files written octet by octet, so that a test says exactly what is in them.

Nothing here shares a line with the reader under test: the reader cannot agree with a mistake of its own.
"""

import struct

ETHERNET, RAW_IP, NULL, TOKEN_RING = 1, 101, 0, 6


def _sum(octets: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    total: int = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def datagram(flags: int, seq: int, ack: int, payload: bytes = b"", *, back: bool = False) -> bytes:
    """An IPv4 datagram with a TCP segment from 192.0.2.1:51514 to 198.51.100.2:80, or back."""
    client, server = (bytes([192, 0, 2, 1]), 51514), (bytes([198, 51, 100, 2]), 80)
    (source, port), (target, other) = (server, client) if back else (client, server)
    tcp = struct.pack("!HHIIHHHH", port, other, seq, ack, 5 << 12 | flags, 64000, 0, 0) + payload
    pseudo = source + target + struct.pack("!HH", 6, len(tcp))
    tcp = tcp[:16] + struct.pack("!H", _sum(pseudo + tcp + bytes(len(tcp) % 2))) + tcp[18:]
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), seq & 0xFFFF, 0x4000, 64, 6, 0, source, target)
    return ip[:10] + struct.pack("!H", _sum(ip)) + ip[12:] + tcp


def ethernet(packet: bytes) -> bytes:
    """An Ethernet frame, padded to 60 octets as a card does it."""
    return (b"\x02\0\0\0\0\x02" + b"\x02\0\0\0\0\x01" + b"\x08\x00" + packet).ljust(60, b"\0")


SYN = datagram(0x002, 1000, 0)
SYN_ACK = datagram(0x012, 5000, 1001, back=True)
DATA = datagram(0x018, 1001, 5001, b"GET / HTTP/1.0\r\n\r\n")
PACKETS = [SYN, SYN_ACK, DATA]
FRAMES = [ethernet(packet) for packet in PACKETS]


# --- pcap -------------------------------------------------------------------------------------------------------------


def pcap(
    *records: bytes,
    order: str = "<",
    magic: int = 0xA1B2C3D4,
    version: tuple[int, int] = (2, 4),
    network: int = ETHERNET,
    snaplen: int = 65535,
    more: bytes = b"",
) -> bytes:
    """A pcap file of finished records."""
    return struct.pack(order + "IHHiIII", magic, *version, 0, 0, snaplen, network) + more + b"".join(records)


def record(
    seconds: int,
    part: int,
    data: bytes,
    *,
    original: int | None = None,
    order: str = "<",
    extra: bytes = b"",
    swapped: bool = False,
) -> bytes:
    """A record; `swapped` writes the original length first, as it was done before version 2.3."""
    lengths = [len(data), len(data) if original is None else original]
    if swapped:
        lengths.reverse()
    return struct.pack(order + "4I", seconds, part, *lengths) + extra + data


# --- pcapng -----------------------------------------------------------------------------------------------------------


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A block with its length in front and behind."""
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + length + body + length


def section(order: str = "<", version: tuple[int, int] = (1, 0), length: int = -1) -> bytes:
    """A Section Header Block."""
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, *version, length), order)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    """An option, padded."""
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def interface(
    link: int = ETHERNET,
    *,
    snaplen: int = 0,
    tsresol: int | None = None,
    tsoffset: int | None = None,
    options: bytes = b"",
    order: str = "<",
) -> bytes:
    """An Interface Description Block."""
    if tsresol is not None:
        options += option(9, bytes([tsresol]), order)
    if tsoffset is not None:
        options += option(14, struct.pack(order + "q", tsoffset), order)
    if options:
        options += option(0, b"", order)
    return block(1, struct.pack(order + "HHI", link, 0, snaplen) + options, order)


def packet(units: int, data: bytes, *, on: int = 0, original: int | None = None, order: str = "<") -> bytes:
    """An Enhanced Packet Block whose time is `units` of its interface's clock."""
    length = len(data) if original is None else original
    fields = struct.pack(order + "5I", on, units >> 32, units & 0xFFFFFFFF, len(data), length)
    return block(6, fields + data, order)


def simple(data: bytes, *, original: int | None = None, order: str = "<") -> bytes:
    """A Simple Packet Block."""
    return block(3, struct.pack(order + "I", len(data) if original is None else original) + data, order)


def obsolete(units: int, data: bytes, *, on: int = 0, original: int | None = None, order: str = "<") -> bytes:
    """An (obsolete) Packet Block, with the drop count unknown."""
    length = len(data) if original is None else original
    fields = struct.pack(order + "HHIIII", on, 0xFFFF, units >> 32, units & 0xFFFFFFFF, len(data), length)
    return block(2, fields + data, order)
