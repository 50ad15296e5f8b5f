"""The one place where the parts meet: capture file → Frame → Segment → Connection → findings → reports.

Everything streams. A connection is reported when the core says that it can change no more, or when its capture ends;
then it is forgotten. The memory that a check takes follows the connections open at once, never the length of the file.

**Time.** `capture` keeps exact nanoseconds; the core counts whole microseconds from the first frame that has a time,
rounded half up. `Clock` is the only place that converts. A frame without a time has that of the frame before it.

**Interruption.** Whoever handles signals passes a `Stop` with the options. Asked to stop, a check treats the capture as
if it ended there: the connections seen so far are concluded and reported, and the capture's report says `interrupted`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from typing import Any

    from tcplint.results import CaptureReport, ConnectionReport, FindingReport, FrameRow, Options, Problem, Report

    Source = str | os.PathLike[str]

STEP_BACK = 1_000_000  # µs; a clock that goes back further was set anew
JUMP = 24 * 3600 * 1_000_000
LARGEST = 2**53 - 1  # the core's integers end here
DRAIN = 256  # segments between two looks at the connections that retired


def check(paths: Source | Iterable[Source], **settings: Any) -> Iterator[Report]:
    """Check one capture or several, in order.

    `settings` are the fields of `tcplint.results.Options`, such as `checksums=True`. `-` is standard input. Raises
    TypeError for an unknown setting and nothing for a capture that cannot be read.
    """
    from tcplint.results import Options

    options = Options(**settings)
    for path in [paths] if isinstance(paths, (str, os.PathLike)) else paths:
        yield from check_capture(path, options)


def check_capture(path: Source, options: Options) -> Iterator[Report]:
    """Check one capture: a ConnectionReport for each connection, then one CaptureReport."""
    from tcplint.results import Stop

    run, stop = Run(path, options), options.stop or Stop()
    frames = run.frames()
    try:
        while not stop.asked:
            stop.reading = True
            frame = next(frames, None)
            stop.reading = False
            if frame is None:
                break
            run.observe(frame)
            if run.due:
                yield from run.retired()
    except KeyboardInterrupt:
        stop.reading = False
        if not stop.asked:  # nobody handles signals for us
            raise
    frames.close()
    run.capture.interrupted = stop.asked
    yield from run.retired()
    yield from run.remaining()
    yield run.close()


class Clock:
    """Exact nanoseconds in, the core's microseconds out. Notes what the clock of the capture did."""

    def __init__(self) -> None:
        self.start_ns: int | None = None  # the time of the first frame that has one
        self.now = 0  # µs, of the frame read last
        self.latest = 0  # µs, the furthest that the capture came
        self.untimed = False
        self.broken = False

    def read(self, time_ns: int | None) -> int:
        """The time of the next frame in µs since `start_ns`, rounded half up."""
        if time_ns is None:
            self.untimed = True
            return self.now
        if self.start_ns is None:
            self.start_ns = time_ns
        time = (time_ns - self.start_ns + 500) // 1000
        if not -LARGEST <= time <= LARGEST:
            time = LARGEST if time > 0 else -LARGEST
        if time < self.now - STEP_BACK or time > self.now + JUMP:
            self.broken = True
        self.now = time
        if time > self.latest:
            self.latest = time
        return time


class Run:
    """One capture on its way through the parts. Also used by `trace`, which watches a single connection."""

    def __init__(self, path: Source, options: Options) -> None:
        from tcplint.catalogue.load import load, severity_table
        from tcplint.core.engine import Engine
        from tcplint.core.model import Quote, Settings
        from tcplint.lately import Lately
        from tcplint.results import CaptureReport
        from tcplint.segments.dpkt import DpktEngine

        self.options = options
        self.path = os.fspath(path)
        self.catalogue = load()
        self.clock = Clock()
        self.quote = Quote  # a segment quoted by an ICMP error
        self.extractor = DpktEngine(checksums=options.checksums)
        settings = Settings()
        settings.severity = severity_table(self.catalogue)
        settings.max_connections = options.max_connections
        self.severity: dict[str, dict[str, int]] = settings.severity
        self.engine: Any = Engine(settings)  # core carries no annotations
        self.lately = Lately() if options.ladders else None
        self.capture: CaptureReport = CaptureReport(capture=self.path, format=None)
        self.notes: list[str] = []
        self.due = False  # time to look whether connections retired

    def frames(self) -> Generator[Any, None, None]:
        """The frames of the capture. What ends the reading early stands in `capture.problem` afterwards."""
        from tcplint.capture import CaptureError, open_capture

        capture, progress = self.capture, self.options.progress
        try:
            with open_capture(self.path, max_expand=self.options.max_expand) as source:
                capture.format = source.format
                try:
                    for frame in source:
                        capture.frames = frame.number
                        if progress is not None and not frame.number & 4095:
                            progress(self.path, frame.number, frame.offset or 0)
                        yield frame
                finally:
                    capture.problem = _problem(source.problem)
                    self.notes.extend(note.name for note in source.notes)
        except CaptureError as error:
            capture.problem = _problem(error)

    def observe(self, frame: Any) -> tuple[Any, Any] | None:
        """Pass one frame through the core: (segment, step), or None when it holds no segment."""
        engine = self.engine
        time = self.clock.read(frame.time_ns)
        found = self.extractor.extract(frame, time)
        if found.__class__ is str:
            self.capture.skipped[found] = self.capture.skipped.get(found, 0) + 1
            engine.tick(time)
            return None
        if found.__class__ is self.quote:
            engine.observe_quote(found)
            return None
        step = engine.observe(found)
        self.capture.tcp_segments += 1
        self.due = not self.capture.tcp_segments % DRAIN
        if self.lately is not None:
            self.lately.add(found, step)
        return found, step

    def retired(self) -> Iterator[ConnectionReport]:
        """The connections that can change no more."""
        self.due = False
        for connection in self.engine.retired():
            yield self.conclude(connection)

    def remaining(self) -> Iterator[ConnectionReport]:
        """The connections that are open when the capture ends, in the order of their numbers."""
        connection = self.engine.take()
        while connection is not None:
            yield self.conclude(connection)
            connection = self.engine.take()

    def conclude(self, connection: Any) -> ConnectionReport:
        """Count a connection that leaves, and say everything there is to say of it now."""
        self.capture.connections += 1
        return self.report(self.engine.conclude(connection, self.clock.latest))

    def report(self, conclusion: Any) -> ConnectionReport:
        """A conclusion of the core with its findings in words."""
        findings = [self.finding(finding, conclusion) for finding in conclusion.findings]
        if self.lately is not None:
            self.lately.forget(conclusion.number)
        return connection_report(self.path, conclusion, findings)

    def finding(self, finding: Any, conclusion: Any) -> FindingReport:
        """A finding of the core in the words of the catalogue."""
        from tcplint.catalogue.load import message
        from tcplint.results import SEVERITIES, VERDICTS, FindingReport

        catalogue, client = self.catalogue, conclusion.client
        page = catalogue.by_code.get(finding.code)
        severity = self.severity.get(finding.code, {}).get(finding.kind, 0)
        rows: list[FrameRow] = []
        if self.lately is not None:
            frames = sorted({*finding.related, finding.frame})
            rows = self.lately.rows(conclusion.number, frames, client)
        return FindingReport(
            rule=finding.code if page is None else page.name,
            code=finding.code,
            kind=finding.kind,
            severity=SEVERITIES[severity],
            verdict=VERDICTS[finding.verdict],
            frame=finding.frame,
            related=list(finding.related),
            side=side_word(finding.side, client),
            why=finding.why or None,
            count=finding.count,
            last_frame=finding.last_frame,
            message=message(finding, catalogue, "en", client),
            rows=rows,
            page=page,
            text=lambda lang: message(finding, catalogue, lang, client),
        )

    def close(self) -> CaptureReport:
        """The last report: what was read, and every limit that was reached."""
        capture, notes = self.capture, self.notes
        if not capture.tcp_segments and (capture.problem is None or capture.frames):
            notes.append("no-tcp")
        if self.clock.untimed:
            notes.append("no-timestamp")
        if self.clock.broken:
            notes.append("clock")
        notes.extend(self.extractor.notes)
        notes.extend(self.engine.notes)
        if capture.problem is not None and capture.format is not None:
            notes.append(capture.problem.name)
        capture.notes = list(dict.fromkeys(notes))
        return capture


def side_word(side: int, client: int) -> str:
    """`client`, `server` or `unknown` for an index into the ends of a connection."""
    if side not in (0, 1):
        return "unknown"
    return "client" if side == client else "server"


def connection_report(capture: str, conclusion: Any, findings: list[FindingReport]) -> ConnectionReport:
    """A conclusion of the core in the words of the machine formats."""
    from tcplint.address import endpoints, reversed_key
    from tcplint.results import STATES, ConnectionReport

    states = [STATES[conclusion.state0], STATES[conclusion.state1]]
    key = conclusion.key if conclusion.client == 0 else reversed_key(conclusion.key)
    client, server = endpoints(key)
    closer = "both" if conclusion.active_closer == 2 else side_word(conclusion.active_closer, conclusion.client)
    return ConnectionReport(
        capture=capture,
        connection=conclusion.number,
        client=client,
        server=server,
        client_certain=conclusion.client_certain,
        key=key,
        first_frame=conclusion.first_frame,
        last_frame=conclusion.last_frame,
        segments=conclusion.segments,
        handshake=conclusion.handshake,
        handshake_verdict=conclusion.handshake_verdict,
        teardown=conclusion.teardown,
        teardown_verdict=conclusion.teardown_verdict,
        verdict=conclusion.verdict,
        active_closer=None if closer == "unknown" else closer,
        client_state=states[conclusion.client],
        server_state=states[1 - conclusion.client],
        evidence=list(conclusion.evidence),
        tcp_completeness=conclusion.completeness,
        findings=findings,
    )


def _problem(found: Any) -> Problem | None:
    """What stopped the reading: a CaptureError, or the problem that the reader kept."""
    from tcplint.capture import CaptureError, MissingPackage, UnknownFormat
    from tcplint.results import Problem

    if found is None:
        return None
    if not isinstance(found, CaptureError):
        return Problem(found.name, found.message, found.offset)
    names = {UnknownFormat: "unknown-format", MissingPackage: "missing-package"}
    name = names.get(type(found), "unreadable")
    return Problem(name, found.message, found.offset if found.offset or name != "unreadable" else None)
