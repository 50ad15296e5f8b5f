"""What a ladder says, as data: packets, what the capture kept of them, and what must come out.

`parse` makes a Story from text, `frames` makes a capture from a Story, `run` and `judge` compare what tcplint says
of that capture with what the ladder claims. The notation itself is explained in `tcplint.ladder.parse`.

Times are nanoseconds since the zero of the story, sequence numbers are relative to the initial number of their
sender (the SYN has 0) unless they are marked raw.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

CLIENT = 0
SERVER = 1

# In the order of the constants of core.model, so that STATES[state] is the name of a state (RFC 9293 §3.3.2).
STATES = (
    "UNKNOWN",
    "LISTEN",
    "SYN-SENT",
    "SYN-RECEIVED",
    "ESTABLISHED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "CLOSE-WAIT",
    "LAST-ACK",
    "CLOSING",
    "TIME-WAIT",
    "CLOSED",
)


class LadderError(ValueError):
    """A line of a ladder that cannot be read; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


class Number(NamedTuple):
    """A sequence number as written: relative to the initial number, or raw (`=123`)."""

    value: int
    raw: bool = False


class Endpoint(NamedTuple):
    """One end of a pair of addresses: presentation form and port."""

    address: str
    port: int


class Option(NamedTuple):
    """One TCP option as written: its word and what stands behind it."""

    name: str
    value: str


@dataclass(slots=True)
class SegmentLine:
    """A TCP segment. `fields` holds the keys that were written, except `seq`, `ack` and `sum`."""

    line: int
    time_ns: int
    pair: str
    side: int
    flags: int
    length: int = 0
    lost: bool = False  # sent, but not in the capture
    seq: Number | None = None
    ack: Number | None = None
    checksum: int | str = "good"  # a number, or "good", "bad", "partial"
    fields: dict[str, int] = field(default_factory=dict)
    options: list[Option] = field(default_factory=list)


@dataclass(slots=True)
class CopyLine:
    """An earlier segment once more, octet for octet except the fields named; `of` counts packets from 1."""

    line: int
    time_ns: int
    of: int
    fields: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class IcmpLine:
    """An ICMP error sent from one side, quoting packet number `quotes` of the story."""

    line: int
    time_ns: int
    pair: str
    side: int
    type: int
    code: int
    quotes: int
    short: bool = False  # only the first 4 octets of the TCP header are quoted, hence no sequence number
    fields: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class TickLine:
    """An unrelated frame (ARP): the capture was running at this time."""

    line: int
    time_ns: int


@dataclass(slots=True)
class NumbersLine:
    """From here on the pair has these initial sequence numbers: client, server."""

    line: int
    pair: str
    client: int
    server: int


Line = SegmentLine | CopyLine | IcmpLine | TickLine | NumbersLine


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that must be there (or, with `absent`, must not be).

    `verdict` is "violates", "observed", "inconclusive", or "" for either of the first two. `line` is the ladder line
    it was written on; `at` is the line whose frame must carry the finding, 0 for any frame.
    """

    rule: str
    kind: str = ""
    side: str = ""
    verdict: str = ""
    why: str = ""
    absent: bool = False
    line: int = 0
    at: int = 0
    connection: int = -1


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that must come out, such as (`client`, `SYN-SENT`), (`handshake`, `three-way`), (`step`, `reset`)."""

    subject: str
    value: str
    line: int = 0
    at: int = 0
    connection: int = -1


@dataclass(slots=True)
class Story:
    """One ladder, read. `runs_from_ns` and `runs_to_ns` say how long the capture ran beyond its segments."""

    lines: list[Line] = field(default_factory=list)
    ipv6: bool = False
    checksums: bool = False  # verify TCP checksums
    snaplen: int = 0  # 0: frames are captured whole
    only: str = ""  # ">" or "<": the one direction the capture holds
    runs_from_ns: int | None = None
    runs_to_ns: int | None = None
    addresses: dict[str, tuple[Endpoint, Endpoint]] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
