"""What a check gives back: plain data for reports, for the command line and for programs that `import tcplint`.

One capture yields a `ConnectionReport` for each connection, when the connection can change no more, and at last one
`CaptureReport`. The words in them are the English ones of the machine formats; `text` of a finding speaks both
languages. Nothing here reads a file or judges a segment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tcplint.catalogue.load import Rule

# Index: the state numbers of core/model.
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

# Index: the verdict and severity numbers of core/model.
VERDICTS = ("observed", "inconclusive", "violates")
SEVERITIES = ("note", "warning", "error")


class FrameRow(NamedTuple):
    """One segment as the little ladder of a finding shows it."""

    frame: int
    time: int  # µs since the first frame that has a time
    side: int  # of the sender: 0 client, 1 server
    flags: int  # control bits, core/model
    seq: int  # relative to the sender's initial number
    ack: int  # relative; -1 without ACK
    length: int  # payload octets


@dataclass(slots=True)
class Stop:
    """Set `asked`, and a check treats its capture as if it ended there."""

    asked: bool = False


@dataclass(slots=True, frozen=True)
class Options:
    """What a run may change. Limits are named in the notes of the capture when they are reached."""

    engine: str = "dpkt"  # what takes frames apart: dpkt or tshark
    checksums: bool = False  # verify TCP checksums
    max_expand: int = 16 << 30  # octets that a compressed capture may expand to
    max_connections: int = 50000  # open at once
    max_lone_syns: int = 2_000_000  # SYNs that nothing has answered yet, kept packed
    max_findings: int = 200  # in one connection
    max_interfaces: int = 65536  # of one section of a pcapng file
    severity: Mapping[str, Mapping[str, str]] | None = None  # code -> kind -> error, warning, note, off: not reported
    thresholds: Mapping[str, int] | None = None  # by key of tcplint.thresholds; they hold for the whole process
    outside_words: bool = True  # say also what Zeek and conntrack would, which takes a while
    ladders: bool = False  # remember the frames that findings speak of (FindingReport.rows)
    note_ladders: bool = False  # those of notes too
    progress: Callable[[str, int, int], None] | None = None  # told now and then: capture, frames, octets read
    stop: Stop | None = None
    opener: Callable[[str], str | BinaryIO] | None = None  # gives another source for a path


@dataclass(slots=True, frozen=True)
class Problem:
    """Why an input could not be read to its end. What stood before `offset` was read and checked."""

    name: str  # unreadable, unknown-format, missing-package, or a name of capture.status.Problem: truncated-file …
    message: str
    offset: int | None = None  # octets, in the decompressed file where it is compressed


@dataclass(slots=True)
class FindingReport:
    """One answer of one rule about one side of one connection."""

    rule: str  # the rule's name
    code: str
    kind: str
    severity: str  # error, warning, note
    verdict: str  # violates, inconclusive, observed
    frame: int
    related: list[int]
    side: str  # client, server, unknown
    why: str | None  # the missing evidence, only when inconclusive
    count: int
    last_frame: int
    rows: list[FrameRow]  # the related frames and the frame itself, those that are still remembered
    page: Rule | None  # None when the catalogue has no page for the code
    text: Callable[[str], str]  # the message in `en` or `zh`

    @property
    def message(self) -> str:
        """What was found, in English."""
        return self.text("en")


@dataclass(slots=True)
class ConnectionReport:
    """All that is to be said of one connection. `client` and `server` are `192.0.2.1:80` or `[2001:db8::1]:80`."""

    capture: str
    connection: int  # from 0, in the order in which connections open
    client: str
    server: str
    client_certain: bool
    key: bytes  # client address, server address, client port, server port
    first_frame: int
    last_frame: int
    segments: int
    handshake: str
    handshake_verdict: str
    teardown: str
    teardown_verdict: str
    verdict: str  # violates, warns, inconclusive, conforms
    active_closer: str | None  # client, server, both
    client_state: str  # RFC 9293 name after the last segment; UNKNOWN
    server_state: str
    evidence: list[str]  # what is missing
    tcp_completeness: int  # as Wireshark's field of that name
    zeek_conn_state: str | None  # as in Zeek's conn.log: S0, SF, REJ, …; None without Options.outside_words
    zeek_history: str | None  # Zeek's letters, capitals for the originator
    conntrack_state: str | None  # as `conntrack -L` would show it; None also where Linux would keep no entry
    findings: list[FindingReport]
    type: Literal["connection"] = "connection"


@dataclass(slots=True)
class CaptureReport:
    """What was read of one capture, and what was not."""

    capture: str
    format: str | None  # pcap, pcapng, …; None when nothing could be opened
    frames: int = 0
    tcp_segments: int = 0
    connections: int = 0
    skipped: dict[str, int] = field(default_factory=dict)  # name of the reason -> frames
    notes: list[str] = field(default_factory=list)  # no-tcp, no-timestamp, clock, truncated-file, limits reached …
    problem: Problem | None = None
    interrupted: bool = False  # the reader asked to stop; what was found until then stands
    type: Literal["capture"] = "capture"


Report = ConnectionReport | CaptureReport  # told apart by `type`


@dataclass(slots=True)
class TraceRow:
    """One segment of a traced connection. Sides and states are counted from the client: 0 is the client."""

    frame: int
    time_ns: int | None  # exact, since the epoch; None when the capture has no time for it
    time: int  # µs since the first frame that has a time
    side: int
    flags: int
    seq: int  # relative
    ack: int  # relative, meaningful with the ACK bit
    raw_seq: int
    raw_ack: int
    length: int
    window: int
    step: str
    again: bool
    client_state: int  # core/model
    server_state: int
    findings: list[FindingReport] = field(default_factory=list)
    left_out_after: int = 0  # segments between this row and the next that the row limit left out


@dataclass(slots=True)
class Trace:
    """One connection segment by segment, for the ladder."""

    report: ConnectionReport
    rows: list[TraceRow]
    start_ns: int | None  # the time that all relative times count from
    end_time: int  # µs, when the capture ends
    capture: CaptureReport  # as far as the file was read
