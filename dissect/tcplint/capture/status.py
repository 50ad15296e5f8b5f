"""What can go wrong with a capture file, and how it is told.

There are two ways out, because they mean different things to whoever reads:

- `CaptureError` is raised by `open_capture` when there is nothing to read at all: no such file, no permission, not a
  capture.
- A `Problem` is kept when reading stops early. Every frame before it has been handed over and stays true; the problem
  says where reading stopped and why. A problem never raises: half a capture is half the evidence, not none.

A `Note` is a named count of things that were passed over without stopping.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .frame import Sieve


class CaptureError(Exception):
    """Nothing could be read. `path` is as shown to users, `offset` in the decompressed file, `message` has no path."""

    def __init__(self, path: str, offset: int, message: str) -> None:
        super().__init__(path, offset, message)
        self.path = path
        self.offset = offset
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class UnknownFormat(CaptureError):  # noqa: N818 - the kind of a CaptureError
    """The octets are not a capture. A walk through a directory counts these instead of failing."""


class MissingPackage(CaptureError):  # noqa: N818
    """The file is compressed in a way that needs a package which is not installed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why reading stopped early.

    `name` is one of `truncated-file`, `record-too-long`, `bad-block`, `expand-limit`, `corrupt-compression`,
    `read-error`. `offset` is that of the first record that could not be read, or, where the octets themselves ran out
    (compression, limit, read error), the number of octets there were; both in the decompressed file.
    """

    name: str
    offset: int
    message: str  # one sentence without the offset and without a full stop


@dataclass(frozen=True, slots=True)
class Note:
    """Something passed over `count` times.

    `name` is one of `unknown-block`, `not-a-packet`, `interface-limit`, `bad-option`, `trailing-data`.
    """

    name: str
    count: int
    message: str


class Status:
    """What a reader tells about its progress: frames handed over, the problem that stopped it, notes by name."""

    __slots__ = ("_counts", "_messages", "frames", "problem", "sieve")

    def __init__(self) -> None:
        self.frames = 0
        self.problem: Problem | None = None
        self.sieve: Sieve | None = None  # takes records before they become frames
        self._counts: dict[str, int] = {}
        self._messages: dict[str, str] = {}

    def stop(self, name: str, offset: int, message: str) -> None:
        """Record why reading stops here."""
        self.problem = Problem(name, offset, message)

    def note(self, name: str, message: str, count: int = 1) -> None:
        """Count one more of `name`; the first message stays."""
        self._counts[name] = self._counts.get(name, 0) + count
        self._messages.setdefault(name, message)

    def notes(self) -> list[Note]:
        """The notes so far, in the order in which they first appeared."""
        return [Note(name, count, self._messages[name]) for name, count in self._counts.items()]
