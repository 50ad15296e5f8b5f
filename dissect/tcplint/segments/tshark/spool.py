"""A regular file for whatever a capture comes from: tshark reads the file while we read it, so a pipe will not do."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, Any, BinaryIO

from tcplint.capture import CaptureError

PIECE = 1 << 20  # octets at a time


def regular_file(source: str | BinaryIO, folder: str, limit: int) -> str:
    """The absolute path of a file with the octets of `source`: itself, or a copy in `folder` of at most `limit` octets.

    Raises CaptureError. A path that is nothing at all is given back as it is: whoever opens it says why.
    """
    if not isinstance(source, str):
        return _copy(source, getattr(source, "name", "<stream>"), folder, limit)
    if source == "-":
        if sys.stdin is None:
            raise CaptureError("-", 0, "there is no standard input")
        return _copy(sys.stdin.buffer, "-", folder, limit)
    path = Path(source)
    try:
        if path.is_file() or path.is_dir() or not path.exists():
            return str(path.absolute())
        with path.open("rb", buffering=0) as pipe:
            return _copy(pipe, source, folder, limit)
    except (OSError, ValueError):
        return source


def _copy(pipe: Any, name: object, folder: str, limit: int) -> str:
    path = Path(folder) / "spool"
    read, taken = getattr(pipe, "read1", pipe.read), 0
    try:
        with path.open("wb") as file:
            while piece := read(PIECE):
                taken += len(piece)
                if taken > limit:
                    message = f"more than {limit} octets came, the limit for what engine tshark must store first"
                    raise CaptureError(str(name), limit, message)
                file.write(piece)
    except OSError as error:
        message = f"cannot be stored for engine tshark: {error.strerror or error}"
        raise CaptureError(str(name), taken, message) from error
    return os.fspath(path)


def tail(file: IO[bytes], octets: int) -> bytes:
    """The last octets of a file that somebody else is writing."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - octets))
    return file.read(octets)
