"""One capture, read twice at the same time: by our reader for the frames, by tshark for what is in them.

Numbers, times, link types and octets come from our reader, which is exact about them and says where a file is damaged.
Each frame waits for what tshark says of the frame of the same number. If tshark ends before the frames do, the reading
ends with a problem, and the frames before it stay good.

tshark reads files only, so what comes through a pipe is first written to a temporary one. And it reads more kinds of
files than we do (snoop, ERF, Network Monitor …): such a file is turned into pcapng by a second tshark, on the fly, and
what our reader sees are those frames, with tshark's numbers and times.
"""

from __future__ import annotations

import contextlib
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tcplint.capture import CaptureError, open_capture

from .child import Child
from .find import ask_version, check_version, find_tshark
from .foreign import Foreign
from .layers import BadOutputError, Packet
from .pdml import PdmlReader
from .spool import regular_file

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from types import TracebackType
    from typing import BinaryIO

    from tcplint.capture import Capture, Frame, Note


@dataclass(frozen=True, slots=True)
class EngineProblem:
    """Why the reading ended early. Like capture.Problem, but a file that only tshark reads has no offsets."""

    name: str  # engine-stopped
    offset: int | None
    message: str


class Reading:
    """The frames of a capture, in order; `packet` is what tshark says of the one that came last."""

    def __init__(self, source: str | BinaryIO, max_expand: int, max_interfaces: int) -> None:
        self.frames = 0
        self.problem: Any = None
        self.packet = Packet()
        self.complaint = ""  # what tshark said when it ended with an error after the last frame
        self._waiting: list[Packet] = []  # the next one last
        self._pdml = PdmlReader()
        self._checked = False  # the version of tshark
        self._bad_output = ""  # what is wrong with it
        self._tshark = find_tshark()
        self._resources = contextlib.ExitStack()
        try:
            folder = self._resources.enter_context(tempfile.TemporaryDirectory(prefix="tcplint-"))
            path = regular_file(source, folder, max_expand)
            self._ours: Capture | Foreign = self._open(path, max_expand, max_interfaces)
            self._resources.callback(self._ours.close)
            self._child = Child(self._tshark, path)
            self._resources.callback(self._child.close)
        except OSError as error:  # of our temporary files
            self._resources.close()
            raise CaptureError(str(source), 0, f"engine tshark cannot start: {error.strerror or error}") from error
        except BaseException:
            self._resources.close()
            raise
        self._frames = self._read()

    def _open(self, path: str, max_expand: int, max_interfaces: int) -> Capture | Foreign:
        try:
            return open_capture(path, max_expand=max_expand, max_interfaces=max_interfaces)
        except CaptureError as refused:
            # Not there, not readable or empty: tshark would not see more.
            if not Path(path).is_file() or not Path(path).stat().st_size:
                raise
            return Foreign(self._tshark, path, refused, max_expand, max_interfaces)

    @property
    def format(self) -> str:
        """`pcap`, `pcapng`, or `other`: a kind of file that only tshark reads."""
        return self._ours.format

    @property
    def notes(self) -> list[Note]:
        """What our reader passed over so far."""
        return self._ours.notes

    def __iter__(self) -> Iterator[Frame]:
        return self._frames

    def __enter__(self) -> Reading:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def refuse(self, reason: str) -> None:
        """End the reading behind this frame, because what tshark says of it cannot be read."""
        self._bad_output = reason

    def close(self) -> None:
        """End both readers and remove what was written."""
        self._frames.close()
        self._resources.close()

    def _read(self) -> Generator[Frame, None, None]:
        for frame in self._ours:
            while self._waiting and self._waiting[-1].number < frame.number:
                self._waiting.pop()  # a block that Wireshark numbers but that is no packet
            if not self._waiting and not self._more(frame.number):
                self._stopped(frame)
                return
            packet = self._waiting.pop()
            if packet.number != frame.number:
                self.problem = self._problem(frame, f"tshark gives no frame {frame.number}")
                return
            self.packet = packet
            self.frames += 1
            yield frame
            if self._bad_output:
                self._stopped(frame)
                return
        self.problem = self._ours.problem
        if isinstance(self._ours, Foreign):
            failure = self._ours.failure()
            if failure or self.problem is not None:
                self.problem = EngineProblem("engine-stopped", None, f"tshark cannot read the rest: {failure}")
        if self.problem is None and self.frames and self._child.finish():
            self.complaint = self._child.last_words() or f"exit code {self._child.code}"

    def _more(self, number: int) -> bool:
        """Take packets from tshark until frame `number` is among them; False if they end before."""
        try:
            while piece := self._child.read():
                self._take(self._pdml.feed(piece), number)
                if not self._checked and self._pdml.creator:
                    check_version(self._pdml.creator)
                    self._checked = True
                if self._waiting:
                    return True
        except BadOutputError as error:
            self._bad_output = str(error)
        return bool(self._waiting)

    def _take(self, packets: list[Packet], number: int) -> None:
        self._waiting = [packet for packet in packets if packet.number >= number]
        self._waiting.reverse()

    def _stopped(self, frame: Frame) -> None:
        """tshark ended before the frames did. Raises EngineUnusableError if it could not have read any file."""
        code, words = self._child.code, self._child.last_words()
        if self._bad_output:
            reason = f"the output of tshark cannot be read: {self._bad_output}"
        elif code is not None and code < 0:
            reason = f"tshark was killed ({_signal_name(-code)})"
        elif code:
            if not self._checked:
                ask_version(self._tshark, self._child.home)
            what = "the rest" if self.frames else "this file"
            reason = f"tshark cannot read {what}: {words or f'it ended with exit code {code}'}"
        else:
            reason = "tshark ended before the file did" + (f": {words}" if words else "")
        self.problem = self._problem(frame, reason)

    def _problem(self, frame: Frame, message: str) -> EngineProblem:
        offset = None if isinstance(self._ours, Foreign) else frame.offset
        return EngineProblem("engine-stopped", offset, message)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
