"""Where octets come from, and the window through which the readers see them.

A capture may be larger than memory and may still be growing behind a pipe, so nobody ever holds all of it. A source
hands over pieces of at most about a mebibyte; a `Window` keeps what the reader has not finished with. The window grows
past one piece only for one record that is longer, and no record may be longer than `MAX_RECORD`: that is the bound on
memory, whatever the file claims.
"""

from typing import Any, Protocol

from .status import Problem, Status

PIECE = 1 << 20  # octets asked for at a time
MAX_RECORD = 16 << 20  # octets of the longest record or block that is read, Wireshark's limit for pcapng blocks


class Source(Protocol):
    """Pieces of octets, in order. `problem` is set once the octets end before their time."""

    problem: Problem | None

    def read(self) -> bytes:
        """The next piece, never empty before the end; b"" at the end, and again after it."""


class FileSource:
    """Octets of a binary file object as they are."""

    def __init__(self, file: Any, head: bytes = b"", size: int = PIECE) -> None:
        # read1 returns what is there; read would wait for a whole piece, and frames of a live pipe would come late.
        self._read = getattr(file, "read1", file.read)
        self._head = head
        self._size = size
        self._taken = 0
        self.problem: Problem | None = None

    def read(self) -> bytes:
        """See Source.read."""
        piece: bytes | None
        if self._head:
            piece, self._head = self._head, b""
        elif self.problem:
            return b""
        else:
            try:
                piece = self._read(self._size)
            except OSError as error:
                self.problem = Problem("read-error", self._taken, f"reading failed: {error.strerror or error}")
                return b""
            if piece is None:
                self.problem = Problem("read-error", self._taken, "reading failed: the input does not wait for data")
                return b""
        self._taken += len(piece)
        return piece


class Window:
    """The part of the octets a reader works on: `data`, whose first octet is number `base` of the file."""

    __slots__ = ("base", "data", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.base = 0
        self.data = b""

    def fill(self, position: int, need: int) -> bool:
        """Let go of the octets before `position` and read until `need` octets follow it.

        Afterwards `data[0]` is the octet that was at `position`. False when the file ends before.
        """
        kept = bytearray(memoryview(self.data)[position:])
        while len(kept) < need:
            piece = self.source.read()
            if not piece:
                break
            kept += piece
        self.base += position
        self.data = bytes(kept)
        return len(kept) >= need

    def settle(self, status: Status, need: int, what: str) -> None:
        """After a `fill` that failed: the file is over. Record why, unless it ends between two records."""
        left = len(self.data)
        if self.source.problem:
            status.problem = self.source.problem
        elif left:
            message = f"the file ends inside {what}: {left} octets are there, at least {need} are needed"
            status.stop("truncated-file", self.base, message)
