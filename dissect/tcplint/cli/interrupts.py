"""Ctrl-C: stop reading, report what was found, leave with 130. A second Ctrl-C leaves at once.

The first one is only noted; the check looks at the note between two frames, so nothing is cut in half. Only a pipe or a
device can keep a check waiting for octets: those are opened here, as files that say when they wait, and only then the
handler also raises KeyboardInterrupt to wake the check.
"""

import signal
import stat
import sys
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, BinaryIO, cast

from tcplint.results import Stop


class Interrupts:
    """A context in which SIGINT asks the `stop` of a run."""

    def __init__(self) -> None:
        self.stop = Stop()
        self.waiting = False  # for octets of a pipe or device
        self.before: Any = None

    def __enter__(self) -> "Interrupts":
        try:
            self.before = signal.signal(signal.SIGINT, self._interrupt)
        except ValueError:  # not the main thread: signals are somebody else's
            self.before = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        again = self.stop.asked
        self.stop.asked = True
        if again or self.waiting:
            raise KeyboardInterrupt

    def open(self, path: str) -> str | BinaryIO:
        """What to read for a path: the path itself, or a Waiting for standard input, a pipe or a device."""
        if path == "-":
            return cast("BinaryIO", Waiting(sys.stdin.buffer, path, self)) if sys.stdin is not None else path
        try:
            if stat.S_ISREG(Path(path).stat().st_mode):
                return path
            return cast("BinaryIO", Waiting(Path(path).open("rb", buffering=0), path, self))
        except (OSError, ValueError):  # the reader of captures says it better
            return path


class Waiting:
    """A binary file that tells the Interrupts when it may be waiting."""

    def __init__(self, file: Any, name: str, interrupts: Interrupts) -> None:
        self.name = name
        self._file = file
        self._read = getattr(file, "read1", file.read)
        self._interrupts = interrupts

    def read1(self, size: int) -> bytes:
        """What is there, at most `size` octets; waits for the first of them."""
        self._interrupts.waiting = True
        try:
            return bytes(self._read(size))
        finally:
            self._interrupts.waiting = False

    read = read1

    def close(self) -> None:
        """Close the file, unless it is standard input."""
        if self.name != "-":
            self._file.close()
