"""A segment of a capture that may be changed, and its octets with right lengths and checksums.

Ethernet II with IPv4 or IPv6 and TCP directly behind, as our recordings and the ladders have it. What is not changed
keeps the octets that were captured, with whatever checksum the sender's card was to finish.
"""

import struct
from dataclasses import dataclass, replace
from typing import Any

from tools.lab.frame import ETHERNET, TCP, Seen, checksum

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE = 1, 2, 4, 8, 16, 32, 64, 128, 256
MSS, WSCALE, SACKOK, SACK, TS, MD5, MPTCP, TFO = 2, 3, 4, 5, 8, 19, 30, 34
FULL = 0xFFFFFFFF
OUTSIDER = -1  # the side of what is no segment of the connection

Options = list[tuple[int, bytes]]


@dataclass(slots=True, eq=False)
class Packet:
    """One segment. `side`: 0 client, 1 server, OUTSIDER for frames that are left as they are.

    Numbers are raw; `flags` are the twelve bits beside the data offset, reserved ones included.
    """

    time_ns: int
    side: int
    octets: bytes  # as captured; empty once something was changed
    head: bytes = b""  # link and IP header
    version: int = 4
    ports: tuple[int, int] = (0, 0)
    seq: int = 0
    ack: int = 0
    flags: int = 0
    window: int = 0
    urgent: int = 0
    options: bytes = b""
    payload: bytes = b""
    doff: int = -1  # a data offset that is not that of the header
    bad_sum: bool = False

    def set(self, **changes: Any) -> "Packet":
        """Change fields; gives itself."""
        for name, value in changes.items():
            setattr(self, name, value & FULL if name in ("seq", "ack") else value)
        self.octets = b""
        return self

    def copy(self, **changes: Any) -> "Packet":
        """Another packet like this one."""
        return replace(self).set(**changes)

    @property
    def length(self) -> int:
        """Octets of payload."""
        return len(self.payload)

    @property
    def space(self) -> int:
        """Sequence numbers that it takes."""
        return self.length + bool(self.flags & SYN) + bool(self.flags & FIN)

    def has(self, bits: int) -> bool:
        """Whether all these bits are set."""
        return self.flags & bits == bits

    @property
    def bare_ack(self) -> bool:
        """Whether it is an ACK and nothing else."""
        return self.flags & (SYN | FIN | RST | ACK) == ACK and not self.payload

    # --- options

    def listed(self) -> Options:
        """The options, without padding. Only for a sound list."""
        found: Options = []
        at = 0
        while at < len(self.options) and self.options[at] != 0:
            if self.options[at] == 1:
                at += 1
                continue
            length = self.options[at + 1]
            found.append((self.options[at], self.options[at + 2 : at + length]))
            at += length
        return found

    def option(self, kind: int) -> bytes | None:
        """What stands in an option; None without it."""
        return dict(self.listed()).get(kind)

    def with_options(self, options: Options) -> "Packet":
        """Other options."""
        return self.set(options=packed(options))

    def without(self, *kinds: int) -> "Packet":
        """Without options of these kinds."""
        return self.with_options([one for one in self.listed() if one[0] not in kinds])

    def plus(self, kind: int, body: bytes) -> "Packet":
        """One more option, or another value of one that it has."""
        return self.with_options([*(one for one in self.listed() if one[0] != kind), (kind, body)])

    @property
    def stamps(self) -> tuple[int, int] | None:
        """Timestamp and echo."""
        body = self.option(TS)
        return None if body is None else struct.unpack(">II", body)

    def stamped(self, value: int, echo: int) -> "Packet":
        """With this timestamp and echo."""
        return self.plus(TS, struct.pack(">II", value & FULL, echo & FULL))

    # --- the IP header

    @property
    def addresses(self) -> tuple[bytes, bytes]:
        """Source and target."""
        size, at = (16, ETHERNET + 8) if self.version == 6 else (4, ETHERNET + 12)
        return self.head[at : at + size], self.head[at + size : at + 2 * size]

    def between(self, source: bytes, target: bytes) -> "Packet":
        """From and to other addresses of the same family."""
        size, at = (16, ETHERNET + 8) if self.version == 6 else (4, ETHERNET + 12)
        return self.set(head=self.head[:at] + source + target + self.head[at + 2 * size :])

    @property
    def who(self) -> bytes:
        """Address and port of the sender."""
        return self.addresses[0] + struct.pack(">H", self.ports[0])

    def numbered(self, ip_id: int) -> "Packet":
        """Another IP identification; IPv6 has none."""
        if self.version == 4:
            self.set(head=self.head[: ETHERNET + 4] + struct.pack(">H", ip_id & 0xFFFF) + self.head[ETHERNET + 6 :])
        return self

    @property
    def ip_id(self) -> int:
        """The IP identification; 0 in IPv6."""
        return int.from_bytes(self.head[ETHERNET + 4 : ETHERNET + 6], "big") if self.version == 4 else 0

    def made(self) -> bytes:
        """The octets of the frame. Raises ValueError where the options do not fit into a header."""
        if self.octets:
            return self.octets
        if len(self.options) > 40:
            raise ValueError(f"{len(self.options)} octets of options do not fit into a header")
        words = 5 + len(self.options) // 4 if self.doff < 0 else self.doff
        segment = struct.pack(
            ">HHIIHHHH", *self.ports, self.seq, self.ack, words << 12 | self.flags, self.window, 0, self.urgent
        )
        segment += self.options + self.payload
        head = bytearray(self.head)
        if self.version == 6:
            head[ETHERNET + 4 : ETHERNET + 6] = struct.pack(">H", len(segment))
        else:
            ip = len(head) - ETHERNET
            head[ETHERNET + 2 : ETHERNET + 4] = struct.pack(">H", ip + len(segment))
            head[ETHERNET + 10 : ETHERNET + 12] = bytes(2)
            head[ETHERNET + 10 : ETHERNET + 12] = struct.pack(">H", checksum(bytes(head[ETHERNET:])))
        source, target = self.addresses
        total = checksum(source + target + struct.pack(">II", len(segment), TCP) + segment)
        if self.bad_sum:
            total ^= 0x1111
        return bytes(head) + segment[:16] + struct.pack(">H", total) + segment[18:]


def packed(options: Options) -> bytes:
    """The option list, filled up with zeros."""
    octets = b"".join(bytes((kind, len(body) + 2)) + body for kind, body in options)
    return octets + bytes(-len(octets) % 4)


def read(octets: bytes, time_ns: int) -> Packet:
    """The packet of a captured frame; its side is not known yet. What is no TCP has OUTSIDER and no ports."""
    seen = Seen("client", octets)
    if not seen.tcp:
        return Packet(time_ns, OUTSIDER, octets)
    word, urgent = struct.unpack_from(">H", octets, seen.at + 12)[0], struct.unpack_from(">H", octets, seen.at + 18)[0]
    return Packet(
        time_ns,
        0,
        octets,
        octets[: seen.at],
        seen.version,
        (seen.source_port, seen.target_port),
        seen.seq,
        seen.ack,
        word & 0xFFF,
        seen.window,
        urgent,
        seen.options,
        seen.payload,
    )
