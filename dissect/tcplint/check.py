"""The one place where the parts meet: capture file → Frame → Segment → Connection → findings → reports.

Everything streams. A connection is reported when the core says that it can change no more, or when its capture ends;
then it is forgotten. The memory that a check takes follows the connections open at once, never the length of the file.

**Time.** `capture` keeps exact nanoseconds; the core counts whole microseconds from the first frame that has a time,
rounded half up. `Clock` is the only place that converts. A frame without a time has that of the frame before it.

**Interruption.** Whoever handles signals passes a `Stop` with the options, and may wake a check that waits for octets
by a KeyboardInterrupt. Asked to stop, a check treats the capture as if it ended there: the connections seen so far are
concluded and reported, and the capture's report says `interrupted`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, Protocol

    from tcplint.lately import Lately
    from tcplint.results import CaptureReport, ConnectionReport, FindingReport, FrameRow, Options, Problem, Report

    Source = str | os.PathLike[str]

    class Watcher(Protocol):
        """Told of every segment and the step that the core made of it."""

        def add(self, frame: Any, segment: Any, step: Any) -> None:
            """Take one segment; `step` is filled anew for the next."""


STEP_BACK = 1_000_000  # µs; a clock that goes back further was set anew
JUMP = 24 * 3600 * 1_000_000
LARGEST = 2**53 - 1  # the core's integers end here
DRAIN = 0xFF  # mask: 256 segments between two looks at the connections that retired
PROGRESS = 4096  # frames between two reports of progress, at least


def check(paths: Source | Iterable[Source], **settings: Any) -> Iterator[Report]:
    """Check one capture or several, in order.

    `settings` are the fields of `tcplint.results.Options`, such as `checksums=True`. `-` is standard input. Raises
    TypeError for an unknown setting, segments.unusable.EngineUnusableError if `engine="tshark"` finds no tshark, and
    nothing for a capture that cannot be read.
    """
    from tcplint.results import Options

    options = Options(**settings)
    for path in [paths] if isinstance(paths, (str, os.PathLike)) else paths:
        yield from check_capture(path, options)


def check_capture(path: Source, options: Options) -> Iterator[Report]:
    """Check one capture: a ConnectionReport for each connection, then one CaptureReport."""
    from tcplint.lately import Lately

    run = Run(path, options)
    run.lately = Lately() if options.ladders else None
    for connection in run.connections(run.lately):
        yield run.conclude(connection)
    yield run.close()


class Clock:
    """Exact nanoseconds in, the core's microseconds out. Notes what the clock of the capture did."""

    def __init__(self) -> None:
        self.start_ns: int | None = None  # the time of the first frame that has one
        self.now = 0  # µs, of the frame read last
        self.latest = 0  # µs, the furthest that the capture came
        self.origin_ns = 0  # what is taken off to get rounded microseconds
        self.horizon = -1  # µs; up to here a time behind `latest` is surely one of a clock that runs as clocks do
        self.untimed = False
        self.broken = False

    def read(self, time_ns: int | None) -> int:
        """The time of the next frame in µs since `start_ns`, rounded half up."""
        if time_ns is not None:
            time = (time_ns - self.origin_ns) // 1000
            if self.latest <= time <= self.horizon:
                self.now = self.latest = time
                return time
        return self._read_unusual(time_ns)

    def _read_unusual(self, time_ns: int | None) -> int:
        """The first time, none at all, or one far from those before."""
        if time_ns is None:
            self.untimed = True
            return self.now
        if self.start_ns is None:
            self.start_ns = time_ns
            self.origin_ns = time_ns - 500
        time = (time_ns - self.origin_ns) // 1000
        if self.latest <= time <= self.latest + JUMP and time <= LARGEST:  # a clock that runs as clocks do
            self.horizon = min(time + JUMP, LARGEST)
            self.now = self.latest = time
            return time
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
        from tcplint.core.model import Settings
        from tcplint.results import CaptureReport, Stop

        self.options = options
        self.path = os.fspath(path)
        self.catalogue = load()
        self.clock = Clock()
        self.extractor: Any = _extractor(options)
        settings = Settings()
        settings.severity = severity_table(self.catalogue)
        settings.hides = _override(settings.severity, options.severity or {})
        if options.thresholds or "tcplint.thresholds" in sys.modules:
            from tcplint.thresholds import use

            use(options.thresholds or {})
        settings.max_connections = options.max_connections
        settings.max_lone_syns = options.max_lone_syns
        settings.max_findings = options.max_findings
        settings.outside_words = options.outside_words
        self.severity: dict[str, dict[str, int]] = settings.severity
        self.engine: Any = Engine(settings)  # core carries no annotations
        self.lately: Lately | None = None
        self.capture: CaptureReport = CaptureReport(capture=self.path, format=None)
        self.notes: list[str] = []
        self.stop = options.stop or Stop()
        self.report = reporter(self)  # a conclusion of the core in words

    def connections(self, watcher: Watcher | None = None) -> Iterator[Any]:
        """Read the capture, and give each connection of the core when it can change no more, the others at the end.

        What ends the reading early stands in `capture.problem` afterwards.
        """
        from tcplint.capture import CaptureError, open_capture

        opening = getattr(self.extractor, "open", open_capture)  # engine tshark reads along with us
        opener = self.options.opener
        origin = self.path if opener is None else opener(self.path)
        try:
            limits = {"max_expand": self.options.max_expand, "max_interfaces": self.options.max_interfaces}
            with opening(origin, **limits) as frames:
                self.capture.format = frames.format
                self._sift(frames, watcher)
                try:
                    yield from self._read(frames, watcher)
                except KeyboardInterrupt:
                    if not self.stop.asked:  # nobody handles signals for us
                        raise
                finally:
                    self.capture.frames = frames.frames
                    self.capture.problem = _problem(frames.problem)
                    self.notes.extend(note.name for note in frames.notes)
        except CaptureError as error:
            self.capture.problem = _problem(error)
        except KeyboardInterrupt:
            if not self.stop.asked:
                raise
        finally:
            if not isinstance(origin, str):
                origin.close()
        self.capture.interrupted = self.stop.asked
        yield from self.engine.retired()
        connection = self.engine.take()
        while connection is not None:
            yield connection
            connection = self.engine.take()

    def _sift(self, frames: Any, watcher: Watcher | None) -> None:
        """Let a sieve take what nobody wants to look at, unless somebody watches every segment."""
        sieve = getattr(self.extractor, "sieve", None)
        if sieve is not None and watcher is self.lately:
            taken = sieve(self.engine, self.clock, self.capture, self.lately, DRAIN)
            if taken is not None:
                frames.sift(taken)

    def _read(self, frames: Iterable[Any], watcher: Watcher | None) -> Iterator[Any]:
        """Pass the frames through the core. This loop is what a check spends its time in: names are local."""
        from tcplint.core.model import Quote, Segment

        engine, capture, stop, progress = self.engine, self.capture, self.stop, self.options.progress
        read, extract, observe = self.clock.read, self.extractor.extract, engine.observe
        watch = watcher.add if watcher is not None else None
        told = 0  # the frame of the last report of progress
        for frame in frames:
            found: Any = extract(frame, read(frame.time_ns))
            if found.__class__ is Segment:
                step = observe(found)
                if watch is not None:
                    watch(frame, found, step)
                capture.tcp_segments = segments = capture.tcp_segments + 1
                if not segments & DRAIN:
                    yield from engine.retired()
            elif found.__class__ is Quote:
                engine.observe_quote(found)
            else:
                capture.skipped[found] = capture.skipped.get(found, 0) + 1
                engine.tick(self.clock.now)
            if progress is not None and frame.number - told >= PROGRESS:
                told = frame.number
                progress(self.path, told, frame.offset)
            if stop.asked:
                return

    def conclude(self, connection: Any) -> ConnectionReport:
        """Count a connection that leaves, and say everything there is to say of it now."""
        self.capture.connections += 1
        report = self.report(self.engine.conclude(connection, self.clock.latest))
        if self.lately is not None:
            self.lately.forget(report.connection)
        return report

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


def _override(severity: dict[str, dict[str, int]], words: Mapping[str, Mapping[str, str]]) -> bool:
    """Write other severities into the table of the core; whether a kind is not to be reported."""
    from tcplint.core.model import HIDDEN
    from tcplint.results import SEVERITIES

    hides = False
    for code, kinds in words.items():
        for kind, word in kinds.items():
            severity.setdefault(code, {})[kind] = HIDDEN if word == "off" else SEVERITIES.index(word)
            hides = hides or word == "off"
    return hides


def _extractor(options: Options) -> Any:
    """What finds the segments in frames."""
    if options.engine == "tshark":
        from tcplint.segments.tshark import TsharkEngine

        return TsharkEngine(checksums=options.checksums)
    from tcplint.segments.dpkt import DpktEngine

    return DpktEngine(checksums=options.checksums)


def reporter(run: Run) -> Callable[[Any], ConnectionReport]:
    """What puts a conclusion of the core into words. Made once a run: a flood has a million of them."""
    from tcplint.address import endpoints, reversed_key
    from tcplint.catalogue.load import message
    from tcplint.core.model import OBSERVED
    from tcplint.results import SEVERITIES, STATES, VERDICTS, ConnectionReport, FindingReport

    path, catalogue, pages, severities = run.path, run.catalogue, run.catalogue.by_code, run.severity
    sides = (("client", "server", "both", "unknown"), ("server", "client", "both", "unknown"))  # -1 is unknown

    def rows(finding: Any, conclusion: Any) -> list[FrameRow]:
        if run.lately is None or (finding.verdict == OBSERVED and not run.options.note_ladders):
            return []
        return run.lately.rows(conclusion.number, sorted({*finding.related, finding.frame}), conclusion.client)

    def finding_report(finding: Any, conclusion: Any) -> FindingReport:
        code, kind, client = finding.code, finding.kind, conclusion.client
        page = pages.get(code)
        return FindingReport(
            rule=code if page is None else page.name,
            code=code,
            kind=kind,
            severity="note" if page is None else SEVERITIES[severities[code].get(kind, 0)],
            verdict=VERDICTS[finding.verdict],
            frame=finding.frame,
            related=finding.related,
            side=sides[client][finding.side],
            why=finding.why or None,
            count=finding.count,
            last_frame=finding.last_frame,
            rows=rows(finding, conclusion),
            page=page,
            text=lambda lang: message(finding, catalogue, lang, client),
        )

    def report(conclusion: Any) -> ConnectionReport:
        client = conclusion.client
        states = (STATES[conclusion.state0], STATES[conclusion.state1])
        key = conclusion.key if client == 0 else reversed_key(conclusion.key)
        ends = endpoints(key)
        closer = sides[client][conclusion.active_closer]
        return ConnectionReport(
            capture=path,
            connection=conclusion.number,
            client=ends[0],
            server=ends[1],
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
            client_state=states[client],
            server_state=states[1 - client],
            evidence=conclusion.evidence,
            tcp_completeness=conclusion.completeness,
            zeek_conn_state=conclusion.zeek_state or None,
            zeek_history="".join(conclusion.zeek_history) or None,
            conntrack_state=conclusion.conntrack or None,
            findings=[finding_report(finding, conclusion) for finding in conclusion.findings],
        )

    return report


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
