"""`-o FORMAT[:PATH]`: where the reports of a run go. One of them may go to standard output, any number to files."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click

from tcplint.cli.inputs import Input
from tcplint.report import FORMATS, writer
from tcplint.report.base import Totals, View, Writer
from tcplint.results import CaptureReport, ConnectionReport


def parse(specs: Sequence[str]) -> list[tuple[str, str]]:
    """(format, path) for each `-o`; path `-` is standard output. Raises click.UsageError."""
    parsed = []
    for spec in specs or ("full",):
        name, _, path = spec.partition(":")
        if name not in FORMATS:
            raise click.UsageError(f"-o {spec}: unknown format {name!r}; formats are {', '.join(FORMATS)}")
        parsed.append((name, path or "-"))
    if sum(path == "-" for _, path in parsed) > 1:
        raise click.UsageError("only one -o can go to standard output; give the others a file: -o jsonl:found.jsonl")
    return parsed


class Outputs:
    """All reports of a run, written together."""

    def __init__(self, specs: Sequence[tuple[str, str]], inputs: Sequence[Input], view: View) -> None:
        self.files: list[TextIO] = []
        self.writers: list[Writer] = []
        for name, path in specs:
            if path == "-":
                self.writers.append(writer(name, sys.stdout.write, view))
                continue
            plain = View(view.lang, view.notes, colour=False, width=100, quiet=view.quiet)
            self.writers.append(writer(name, self._open(path, inputs).write, plain))

    def _open(self, path: str, inputs: Sequence[Input]) -> TextIO:
        """Raises click.UsageError for a file that cannot be written, or that is a capture of this very run."""
        target = Path(path)
        if target.exists():
            for other in inputs:
                if other.path != "-" and Path(other.path).exists() and target.samefile(other.path):
                    raise click.UsageError(f"-o {path!r}: this is one of the captures to check")
        try:
            file = target.open("w", encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise click.UsageError(f"-o {path!r}: cannot be written: {error.strerror}") from None
        self.files.append(file)
        return file

    def connection(self, report: ConnectionReport) -> None:
        """Pass a connection to every report."""
        for output in self.writers:
            output.connection(report)

    def capture(self, report: CaptureReport) -> None:
        """Pass a capture to every report."""
        for output in self.writers:
            output.capture(report)

    def end(self, totals: Totals) -> None:
        """End every report and close the files."""
        for output in self.writers:
            output.end(totals)
        for file in self.files:
            file.close()
