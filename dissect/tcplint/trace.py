"""One connection of a capture, segment by segment: what the ladder of `tcplint show` is drawn from.

The capture is read as a check reads it, so numbers, states and findings are the same; only the chosen connection is
written down. A long transfer would fill the memory with rows that nobody reads, so their number is limited: the first
and the last rows are kept, and between them those that are a step of handshake or close or carry a finding. Where rows
are left out, the one before them says how many.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from tcplint.check import Run
from tcplint.results import Trace, TraceRow

if TYPE_CHECKING:
    from tcplint.check import Source
    from tcplint.results import CaptureReport, Options

ROWS = 400  # rows kept when nobody says otherwise
PLAIN_STEPS = frozenset({"data", "ack", "keep-alive", "duplicate", "foreign"})


class NoSuchConnectionError(Exception):
    """The capture was read, and has no connection of that number."""

    def __init__(self, number: int, capture: CaptureReport) -> None:
        super().__init__(number)
        self.number = number
        self.capture = capture


def trace_connection(path: Source, number: int, options: Options, rows: int = ROWS) -> Trace:
    """Follow connection `number` (from 0). What cannot be read stands in `Trace.capture`.

    Raises NoSuchConnectionError.
    """
    run = Run(path, options)
    rows_kept = Rows(number, rows)
    conclusion = None
    for connection in run.connections(rows_kept):
        run.capture.connections += 1
        if connection.number == number:
            conclusion = run.engine.conclude(connection, run.clock.latest)
            break
    capture = run.close()
    if conclusion is None:
        raise NoSuchConnectionError(number, capture)
    report = run.report(conclusion)
    kept = rows_kept.all()
    for row in kept:
        if conclusion.client == 1:
            row.side = 1 - row.side
            row.client_state, row.server_state = row.server_state, row.client_state
        row.findings = [finding for finding in report.findings if finding.frame == row.frame]
    return Trace(report=report, rows=kept, start_ns=run.clock.start_ns, end_time=run.clock.latest, capture=capture)


def _row(frame: Any, segment: Any, step: Any) -> TraceRow:
    return TraceRow(
        frame=segment.frame,
        time_ns=frame.time_ns,
        time=segment.time,
        side=step.side,
        flags=segment.flags,
        seq=step.seq,
        ack=step.ack,
        raw_seq=segment.seq,
        raw_ack=segment.ack,
        length=segment.length,
        window=segment.window,
        step=step.name,
        again=step.again,
        client_state=step.state0,
        server_state=step.state1,
    )


class Rows:
    """At most `limit` rows: a head, a tail, and the remarkable ones between them, with gaps counted."""

    def __init__(self, number: int, limit: int) -> None:
        self.number = number
        self.share = max(2, limit // 4)
        self.head: list[TraceRow] = []
        self.middle: list[TraceRow] = []
        self.tail: deque[TraceRow] = deque()
        self.room = max(0, limit - 2 * self.share)

    def add(self, frame: Any, segment: Any, step: Any) -> None:
        """Take a segment of the connection, and let go of an old one when there is no room."""
        if step.connection != self.number:
            return
        row = _row(frame, segment, step)
        if len(self.head) < self.share:
            self.head.append(row)
            return
        self.tail.append(row)
        if len(self.tail) > self.share:
            self._let_go(self.tail.popleft())

    def _let_go(self, row: TraceRow) -> None:
        if self.room > 0 and row.step not in PLAIN_STEPS:
            self.room -= 1
            self.middle.append(row)
        else:
            (self.middle or self.head)[-1].left_out_after += 1

    def all(self) -> list[TraceRow]:
        """The rows kept, in order."""
        return [*self.head, *self.middle, *self.tail]
