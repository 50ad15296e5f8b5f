"""Opening a capture: what it is, is decided by its first octets, never by its name.

    with open_capture("a.pcapng.gz") as capture:
        for frame in capture:
            ...
    if capture.problem:
        ...  # reading stopped early; the frames before it were handed over

An empty file is not a capture (`UnknownFormat`, "is empty"), although `tshark` 4.0 reads it as one without packets: a
recording that failed at once looks like that, and "no violations" would be the wrong answer to it. A file that ends
inside its own header is one, with the problem `truncated-file`.
"""

import contextlib
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO

from . import pcap, pcapng
from .expand import PACKAGE, PACKED_PIECE, ExpandedSource, compression, member_maker
from .frame import Frame, Sieve
from .source import FileSource, Source, Window
from .status import CaptureError, MissingPackage, Note, Problem, Status, UnknownFormat

DEFAULT_MAX_EXPAND = 16 << 30  # octets
DEFAULT_MAX_INTERFACES = 1 << 16  # in one section

MAGIC_OCTETS = 4


class Capture:
    """A capture that is being read: iterate over it once for its frames, in file order.

    Made by `open_capture`. The file is closed at the end of the frames, by `close`, or by leaving a `with` block.
    """

    def __init__(
        self,
        path: str,
        format_name: str,
        compression_name: str | None,
        frames: Iterator[Frame],
        status: Status,
        file: IO[bytes] | None,
    ) -> None:
        self.path = path  # as shown to users; may hold any character a file name can
        self.format = format_name  # "pcap" or "pcapng"
        self.compression = compression_name  # None, "gzip", "zstd" or "lz4"
        self._status = status
        self._file = file  # None when somebody else closes it
        self._frames: Generator[Frame, None, None] = self._until_closed(frames)

    def sift(self, sieve: Sieve) -> None:
        """Show every record to `sieve` first. To be called before the first frame is asked for."""
        self._status.sieve = sieve

    @property
    def frames(self) -> int:
        """How many frames were handed over so far, or taken by the sieve."""
        return self._status.frames

    @property
    def problem(self) -> Problem | None:
        """Why reading stopped early, or None. Final when the iteration has ended."""
        return self._status.problem

    @property
    def notes(self) -> list[Note]:
        """What was passed over so far."""
        return self._status.notes()

    def __iter__(self) -> Iterator[Frame]:
        # The generator itself, not self: one call less for each frame.
        return self._frames

    def __next__(self) -> Frame:
        return next(self._frames)

    def __enter__(self) -> "Capture":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the iteration and close the file, unless it was handed in open."""
        self._frames.close()
        self._release()

    def _release(self) -> None:
        if self._file is not None:
            self._file.close()

    def _until_closed(self, frames: Iterator[Frame]) -> Generator[Frame, None, None]:
        try:
            yield from frames
        finally:
            self._release()


def open_capture(
    source: str | os.PathLike[str] | BinaryIO,
    *,
    max_expand: int = DEFAULT_MAX_EXPAND,
    max_interfaces: int = DEFAULT_MAX_INTERFACES,
) -> Capture:
    """Open a pcap or pcapng file, plain or compressed with gzip, zstd or lz4.

    `source` is a path, the text "-" for standard input, or a binary file object, which stays open. `max_expand` bounds
    the octets a compressed file may expand to (problem `expand-limit`), `max_interfaces` (at least 1) the interfaces
    kept for one section of a pcapng file (note `interface-limit`).

    Raises CaptureError when there is nothing to read, and of its kinds UnknownFormat when the octets are not a capture,
    MissingPackage when the file is compressed with zstd or lz4 and the package for it is not installed.
    """
    if max_expand < 1 or max_interfaces < 1:
        raise ValueError("max_expand and max_interfaces must be at least 1")
    with contextlib.ExitStack() as on_failure:
        path, file, ours = _open_file(source)
        if ours:
            on_failure.callback(file.close)
        capture = _recognise(path, file, ours, max_expand, max_interfaces)
        on_failure.pop_all()
    return capture


def _open_file(source: str | os.PathLike[str] | BinaryIO) -> tuple[str, Any, bool]:
    """The name to show, the file object, and whether closing it is our business."""
    if isinstance(source, str) and source == "-":
        if sys.stdin is None:
            raise CaptureError("-", 0, "there is no standard input")
        return "-", sys.stdin.buffer, False
    if isinstance(source, (str, os.PathLike)):
        path = os.fsdecode(source)
        try:
            return path, Path(path).open("rb", buffering=0), True
        except (OSError, ValueError) as error:  # ValueError: a zero octet in the path
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise CaptureError(path, 0, f"cannot be opened: {reason}") from error
    name = getattr(source, "name", None)
    return (name if isinstance(name, str) else "<stream>"), source, False


def _recognise(path: str, file: Any, ours: bool, max_expand: int, max_interfaces: int) -> Capture:
    """The capture in an open file. Raises as `open_capture` does."""
    status = Status()
    window = Window(FileSource(file))
    window.fill(0, MAGIC_OCTETS)
    packed = compression(window.data)
    if packed:
        window = Window(_expanded(path, file, window.data, packed, max_expand, status))
    window.fill(0, MAGIC_OCTETS)
    frames: Iterator[Frame]
    if pcap.recognise(window.data):
        name = "pcap"
        try:
            frames = pcap.frames(window, status)
        except pcap.UnsupportedVersionError as error:
            raise CaptureError(path, MAGIC_OCTETS, str(error)) from error
    elif pcapng.recognise(window):
        name = "pcapng"
        frames = pcapng.frames(window, status, max_interfaces)
    else:
        raise _not_a_capture(path, packed, window)
    return Capture(path, name, packed, frames, status, file if ours else None)


def _expanded(path: str, file: Any, head: bytes, name: str, limit: int, status: Status) -> Source:
    """The expanded octets of a file whose first octets, `head`, are read already."""
    try:
        make = member_maker(name)
    except ImportError as error:
        message = f"is compressed with {name}: install the Python package {PACKAGE[name]} to read it"
        raise MissingPackage(path, 0, message) from error
    return ExpandedSource(FileSource(file, head, PACKED_PIECE), name, make, limit, status)


def _not_a_capture(path: str, packed: str | None, window: Window) -> CaptureError:
    """Why the octets in `window`, which begin with no known magic number, are refused."""
    problem, head = window.source.problem, window.data[:MAGIC_OCTETS]
    if problem and problem.name == "read-error":
        return CaptureError(path, problem.offset, problem.message)
    if problem and len(head) < MAGIC_OCTETS:
        return UnknownFormat(path, problem.offset, f"holds no capture that can be recognised: {problem.message}")
    if not head:
        return UnknownFormat(path, 0, f"is {packed} data that holds nothing" if packed else "is empty")
    what = f"is {packed} data, but what it holds is not" if packed else "is not"
    return UnknownFormat(path, 0, f"{what} a pcap or pcapng capture: it begins with the octets {head.hex(' ')}")
