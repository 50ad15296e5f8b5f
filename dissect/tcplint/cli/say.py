"""What goes to standard error: one line a matter, with the file and, where there is one, the offset."""

import sys
import traceback

from tcplint.report.escape import escape
from tcplint.results import CaptureReport, Problem


def say(text: str) -> None:
    """One line on standard error."""
    print(f"tcplint: {text}", file=sys.stderr)


def problem(path: str, found: Problem, frames: int) -> None:
    """Why an input was not read to its end, and what was read of it all the same."""
    place = f"offset {found.offset}: " if found.offset is not None else ""
    rest = f"; the {frames} frames before it were checked" if frames > 1 else "; one frame before it was checked"
    say(f"{escape(path)}: {place}{escape(found.message)} ({found.name}){rest if frames else ''}")


def notes(report: CaptureReport) -> None:
    """What a reader should know of a capture, beside its findings."""
    names = [name for name in report.notes if report.problem is None or name != report.problem.name]
    if not names:
        return
    skipped = ", ".join(f"{count} {name}" for name, count in sorted(report.skipped.items()))
    text = f"{escape(report.capture)}: note: {', '.join(names)}"
    say(f"{text} (frames skipped: {skipped})" if skipped and "no-tcp" in names else text)


def internal_error(path: str, error: Exception, debug: bool) -> None:
    """A fault of our own: one line that asks for a report; the whole story only with TCPLINT_DEBUG=1."""
    if debug:
        traceback.print_exception(error)
    say(
        f"{escape(path)}: internal error: {type(error).__name__}: {escape(str(error))}; "
        "please report it with the capture, if you may share it (TCPLINT_DEBUG=1 shows where)"
    )
