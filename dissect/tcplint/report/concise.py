"""`-o concise`: one line a finding, `path:frame: CODE name message`, for grep and for editors.

Errors, warnings and inconclusive findings; notes only when asked for. An inconclusive finding says so at its end.
"""

from collections.abc import Callable

from tcplint.report import words
from tcplint.report.base import Totals, View, shown
from tcplint.report.escape import escape
from tcplint.results import CaptureReport, ConnectionReport


class Concise:
    """Writes the format `concise`."""

    def __init__(self, write: Callable[[str], object], view: View) -> None:
        self.write = write
        self.view = view

    def connection(self, report: ConnectionReport) -> None:
        """The findings of a connection, when any is to be shown."""
        for finding in report.findings:
            if not shown(finding, self.view):
                continue
            text = escape(finding.text(self.view.lang))
            if finding.verdict == "inconclusive":
                text += f" ({words.verdict('inconclusive', self.view.lang)}: {finding.why})"
            self.write(f"{escape(report.capture)}:{finding.frame}: {finding.code} {finding.rule} {text}\n")

    def capture(self, report: CaptureReport) -> None:
        """Nothing: this format speaks of findings."""

    def end(self, totals: Totals) -> None:
        """Nothing."""


writer = Concise
