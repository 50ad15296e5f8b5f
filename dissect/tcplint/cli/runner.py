"""One capture after the other, whatever happens to any of them: what `check` and `connections` share.

A capture that cannot be read, or that trips over a fault of our own, costs one line on standard error and its part of
the exit code; the captures after it are checked all the same.
"""

import gc
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from tcplint.check import check_capture
from tcplint.cli import say
from tcplint.cli.exit_code import exit_code
from tcplint.cli.inputs import Input, Inputs
from tcplint.cli.interrupts import Interrupts
from tcplint.cli.progress import progress
from tcplint.report.base import Totals
from tcplint.report.escape import escape
from tcplint.results import CaptureReport, ConnectionReport, Options
from tcplint.segments.unusable import EngineUnusableError


class Sink(Protocol):
    """Where reports go: Outputs or a single writer."""

    def connection(self, report: ConnectionReport) -> None:
        """A connection that can change no more."""

    def capture(self, report: CaptureReport) -> None:
        """The end of a capture."""

    def end(self, totals: Totals) -> None:
        """The end of the run."""


class Runner:
    """Checks captures and keeps what the exit code needs."""

    def __init__(self, sink: Sink, quiet: bool) -> None:
        self.sink = sink
        self.quiet = quiet
        self.totals = Totals()
        self.unread = False
        self.failed = False
        self.progress = progress(quiet)

    def run(self, inputs: Inputs, options: Options, fail_on: str) -> int:
        """Check everything and return the exit code."""
        # The core cuts its own cycles when a connection leaves, so reference counts free nearly everything; looking for
        # cycles after every 700 new objects, as Python does by default, costs a tenth of the time.
        gc.freeze()
        gc.set_threshold(500_000, 20, 50)
        for folder, reason in inputs.unread:
            self.unread = True
            say.say(f"{escape(folder)}: cannot be listed: {reason}")
        with Interrupts() as interrupts:
            options = replace(options, progress=self.progress, stop=interrupts.stop, opener=interrupts.open)
            for file in inputs.files:
                if not interrupts.stop.asked:
                    self._one(file, options)
            self._hide()
            self.sink.end(self.totals)
        self._nothing(inputs.files)
        return exit_code(
            self.totals, fail_on, unread=self.unread, failed=self.failed, interrupted=interrupts.stop.asked
        )

    def _one(self, file: Input, options: Options) -> None:
        try:
            for report in check_capture(file.path, options):
                self._hide()
                if report.type == "connection":
                    self.totals.connection(report)
                    self.sink.connection(report)
                else:
                    self._capture(file, report)
        except (OSError, EngineUnusableError):  # of our own output; the reader keeps its own
            raise
        except Exception as error:  # noqa: BLE001 our fault must not cost the other captures
            self.failed = True
            self._hide()
            say.internal_error(file.path, error, bool(os.environ.get("TCPLINT_DEBUG")))

    def _capture(self, file: Input, report: CaptureReport) -> None:
        found = report.problem
        if found is not None and found.name == "unknown-format" and not file.named:
            self.totals.unknown += 1
            return
        self.sink.capture(report)
        if report.format is not None:
            self.totals.captures += 1
        if found is not None:
            self.unread = True
            say.problem(file.path, found, report.frames)
        if not self.quiet:
            say.notes(report)

    def _nothing(self, files: Sequence[Input]) -> None:
        """Say so when there was nothing to check; count the files that were passed over."""
        unknown = self.totals.unknown
        if unknown and not self.quiet:
            say.say(f"{unknown} file{'s are' if unknown > 1 else ' is'} no capture and passed over")
        if not self.totals.captures and not self.unread and not self.failed:
            say.say("nothing to check: no capture file found")
            self.failed = True

    def _hide(self) -> None:
        if self.progress is not None:
            self.progress.hide()
