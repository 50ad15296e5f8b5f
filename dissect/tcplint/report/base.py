"""What all formats share: how the reader wants to see things, what was counted, and the three calls of a writer."""

from dataclasses import dataclass, field
from typing import Protocol

from tcplint.results import CaptureReport, ConnectionReport, FindingReport


@dataclass(frozen=True, slots=True)
class View:
    """How the reader wants to see a report. Machine formats heed none of it."""

    lang: str = "en"
    notes: bool = False  # show findings that are mere notes
    colour: bool = False
    width: int = 100  # columns of the terminal
    quiet: bool = False  # findings only


@dataclass(slots=True)
class Totals:
    """What a whole run came to. Findings are counted whether or not a format shows them."""

    captures: int = 0
    connections: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)  # of connections
    errors: int = 0  # findings that violate
    warnings: int = 0
    notes: int = 0
    inconclusive: int = 0  # findings and connections that could not be decided
    unknown: int = 0  # files met while walking that are no captures

    def connection(self, report: ConnectionReport) -> None:
        """Count a connection and its findings."""
        self.connections += 1
        self.verdicts[report.verdict] = self.verdicts.get(report.verdict, 0) + 1
        if report.verdict == "inconclusive":
            self.inconclusive += 1
        for finding in report.findings:
            if finding.verdict == "inconclusive":
                self.inconclusive += 1
            elif finding.verdict == "violates" and finding.severity == "error":
                self.errors += 1
            elif finding.verdict == "violates" and finding.severity == "warning":
                self.warnings += 1
            else:
                self.notes += 1


class Writer(Protocol):
    """One report in the making. Each call writes whole lines, so that an interrupted run leaves no half line."""

    def connection(self, report: ConnectionReport) -> None:
        """A connection that can change no more."""

    def capture(self, report: CaptureReport) -> None:
        """The end of a capture."""

    def end(self, totals: Totals) -> None:
        """The end of the run."""


def shown(finding: FindingReport, view: View) -> bool:
    """Whether a report for people shows the finding: everything but notes, and those when asked for."""
    if view.notes or (finding.verdict == "violates" and finding.severity != "note"):
        return True
    return finding.verdict == "inconclusive" and finding.severity != "note"
