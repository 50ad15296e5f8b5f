"""A file of a kind that only tshark reads, as the frames of a pcapng stream that tshark makes of it.

With nothing to print, tshark takes no frame apart for this, so it is fast, and numbers, times and octets of the frames
are those that tshark sees in the file. What cannot be written as pcapng is no capture of a network: to tshark a picture
is a file of one frame, too.
"""

from __future__ import annotations

import subprocess
import tempfile
from typing import TYPE_CHECKING, BinaryIO, cast

from tcplint.capture import Capture, CaptureError, open_capture

from .child import last_line
from .find import environment
from .spool import tail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcplint.capture import Frame, Note, Problem

PATIENCE = 10  # seconds for an end after a kill
LAST_WORDS = 4096  # octets


class Foreign:
    """Frames of a file that our reader refused. Raises what it said then, if tshark has no frame either."""

    format = "other"

    def __init__(self, tshark: str, path: str, refused: CaptureError, max_expand: int, max_interfaces: int) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="tcplint-")
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        self._process = subprocess.Popen(
            [tshark, "-n", "-r", path, "-F", "pcapng", "-w", "-"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._words,
            env=environment(self._home.name), cwd=self._home.name, start_new_session=True,
        )  # fmt: skip
        self._capture: Capture | None = None
        try:
            stream = cast("BinaryIO", self._process.stdout)
            self._capture = open_capture(stream, max_expand=max_expand, max_interfaces=max_interfaces)
            self._first = next(iter(self._capture))
        except (CaptureError, StopIteration):
            self.close()
            raise refused from None
        except BaseException:
            self.close()
            raise

    @property
    def problem(self) -> Problem | None:
        """Why our reader of the stream stopped early."""
        return self._capture.problem if self._capture is not None else None

    @property
    def notes(self) -> list[Note]:
        """None that would be of the file: the blocks were made by tshark."""
        return []

    def __iter__(self) -> Iterator[Frame]:
        assert self._capture is not None
        yield self._first
        yield from self._capture

    def failure(self) -> str:
        """After the last frame: why tshark ended before the file did, or an empty text."""
        return last_line(tail(self._words, LAST_WORDS)) if self._process.wait(PATIENCE) else ""

    def close(self) -> None:
        """End tshark, whatever it is doing."""
        if self._capture is not None:
            self._capture.close()
        self._process.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait(PATIENCE)
        self._words.close()
        self._home.cleanup()
