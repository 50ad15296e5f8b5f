"""Progress of a long run, on standard error: only on a terminal, only after a second, never with --quiet.

rich is imported when there is something to show, never before.
"""

import sys
import time
from typing import Any

from tcplint.report.escape import escape

PATIENCE = 1.0  # seconds before anything is shown


class Progress:
    """Called now and then with capture, frames and octets read. `hide` it before writing to the same terminal."""

    def __init__(self) -> None:
        self.begin = time.monotonic()
        self.status: Any = None

    def __call__(self, capture: str, frames: int, octets: int) -> None:
        """Show where the run is, once it has lasted long enough."""
        if time.monotonic() - self.begin < PATIENCE:
            return
        from rich.text import Text

        text = Text(f"{escape(capture)}: {frames:,} frames, {octets / 1e6:,.0f} MB")
        if self.status is not None:
            self.status.update(text)
            return
        from rich.console import Console
        from rich.status import Status

        self.status = Status(text, console=Console(stderr=True))
        self.status.start()

    def hide(self) -> None:
        """Take the line away; the next call brings it back."""
        if self.status is not None:
            self.status.stop()
            self.status = None


def progress(quiet: bool) -> Progress | None:
    """What to tell the check to call: None unless standard error is a terminal."""
    return None if quiet or not sys.stderr.isatty() else Progress()
