"""Ctrl-C: stop reading, report what was found, leave with 130. A second Ctrl-C leaves at once.

The first one is only noted, so that no report is cut in the middle of a line; where the check waits for input, it is
woken by a KeyboardInterrupt.
"""

import signal
from types import FrameType, TracebackType

from tcplint.results import Stop


class Interrupts:
    """A context in which SIGINT asks the `stop` of a run."""

    def __init__(self) -> None:
        self.stop = Stop()
        self.before: object = None

    def __enter__(self) -> Stop:
        try:
            self.before = signal.signal(signal.SIGINT, self._interrupt)
        except ValueError:  # not the main thread: signals are somebody else's
            self.before = None
        return self.stop

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)  # type: ignore[arg-type]

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        again = self.stop.asked
        self.stop.asked = True
        if again or self.stop.reading:
            raise KeyboardInterrupt
