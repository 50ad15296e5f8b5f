"""A running tshark and the text it writes. The only file that knows pyshark; no object of it leaves this file.

pyshark puts the command line together and starts the process; what it makes of the output, about a hundred packet
objects a second, is not used. Three of its habits are put right here:

- It looks for tshark by a `config.ini` of the current directory, where a stranger's captures may lie. The path is ours.
- It takes the event loop of the main thread, with calls that Python 3.14 no longer has, and cannot be used where a loop
  is running already. Each child has a loop of its own in a thread of its own; a Ctrl-C in the main thread cannot
  interrupt that loop half-way through.
- It learns of a crash or of the end in several places, sometimes not at all. Here a child ends in `close` alone: killed
  if need be, waited for, its home removed. What is open when the interpreter ends is closed then.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from typing import TYPE_CHECKING, Any

from tcplint.segments.unusable import EngineUnusableError

from .find import environment
from .layers import NESTING

if TYPE_CHECKING:
    from collections.abc import Coroutine

PIECE = 1 << 16  # octets of output at a time; more at once would get fresh memory from the system each time
PIPE = 1 << 20  # octets that may wait
LAST_WORDS = 4096  # octets kept of what it writes to standard error
PATIENCE = 10  # seconds for an end after a kill
GLANCE = 0.1  # seconds between two looks whether it has ended
ECHO = 1  # seconds for its last words after its end
ROOT = "Running as user"  # what it always says to root

# Layers whose fields are printed. Of all others one line says where they are.
PRINTED = (
    "ip", "ipv6", "tcp", "icmp", "icmpv6", "gtp", "geneve", "l2tp", "nsh", "erspan", "wlan", "wlan_aggregate", *NESTING,
)  # fmt: skip
PREFERENCES = {
    # A datagram belongs to the frame that completes it.
    "ip.defragment": "TRUE",
    "ipv6.defragment": "TRUE",
    # An IP length of 0 is segmentation offload.
    "ip.tso_support": "TRUE",
    "ipv6.tso_support": "TRUE",
    # Numbers as they are on the wire, and no work that nobody reads.
    "tcp.relative_sequence_numbers": "FALSE",
    "tcp.analyze_sequence_numbers": "FALSE",
    "tcp.track_bytes_in_flight": "FALSE",
    "tcp.calculate_timestamps": "FALSE",
    "tcp.desegment_tcp_streams": "FALSE",
    "udp.calculate_timestamps": "FALSE",
    "tcp.summary_in_tree": "FALSE",
    "ip.summary_in_tree": "FALSE",
    "ipv6.summary_in_tree": "FALSE",
    # A frame made to cost time is given up sooner than after the usual million items.
    "gui.max_tree_items": "50000",
}
# The payload of TCP is nobody's concern: with it the search would go on through all of Wireshark's applications.
DECODE_AS = {"tcp.port==0-65535": "data"}

_open: set[Child] = set()
# Names in PRINTED that tshark does not know. Those of another version are refused by Wireshark 4.4, ignored by 4.0.
_refused: set[str] = set()


class Child:
    """tshark at work on one file. `read` its output to the end, or `close` it before."""

    def __init__(self, tshark: str, path: str) -> None:
        self.code: int | None = None  # exit code, known after the end of the output; negative: the signal
        self._command = (tshark, path)
        self._words = b""
        self._listening: asyncio.Task[Any] | None = None  # to its standard error
        self._starting: asyncio.Task[Any] | None = None
        self._process: Any = None
        self._silent = True  # nothing came from it yet
        self._output = self._input = -1  # the pipe of its output: our end, its end
        self.home = tempfile.mkdtemp(prefix="tcplint-")  # its home directory
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tshark", daemon=True)
        self._thread.start()
        _open.add(self)
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def read(self) -> bytes:
        """The next piece of its output; b"" at the end, when `code` says how it ended."""
        if self not in _open:
            return b""
        pieces, wanted = [], PIECE
        while wanted > 0:
            piece = os.read(self._output, wanted)
            if not piece:
                break
            wanted -= len(piece)
            pieces.append(piece)
        if wanted < PIECE:
            self._silent = False
        elif self.code is None:
            self._wait(self._ended())
            if self._learn_names():
                self._begin()
                return self.read()
        return b"".join(pieces)

    def _begin(self) -> None:
        """Start tshark. Raises EngineUnusableError."""
        before = self._output
        self._output, self._input = _pipe()
        if before >= 0:
            os.close(before)
        self.code, self._words, self._listening = None, b"", None
        try:
            self._wait(self._start())
        except OSError as error:
            raise EngineUnusableError(f"--engine tshark: tshark does not start: {error}") from error

    def _learn_names(self) -> bool:
        """Whether it ended at once because it did not know a name that it was given."""
        told = set(self._words.decode(errors="replace").split())
        unknown = told.intersection(NESTING) - _refused
        _refused.update(unknown)
        return self._silent and bool(self.code) and bool(unknown)

    def finish(self) -> int:
        """Read what is left and give its exit code."""
        while self.read():
            pass
        return self.code or 0

    def last_words(self) -> str:
        """The last line that it wrote to standard error, or an empty text."""
        return last_line(self._words)

    @property
    def pid(self) -> int:
        """Its process number."""
        return int(self._process.pid)

    def close(self) -> None:
        """End it, whatever it is doing. May be called twice."""
        if self not in _open:
            return
        _open.discard(self)
        try:
            with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
                self._wait(asyncio.wait_for(self._end(), PATIENCE))
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(PATIENCE)
            if not self._loop.is_running():
                self._loop.close()
            if self._output >= 0:
                os.close(self._output)
            shutil.rmtree(self.home, ignore_errors=True)

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> None:
        """Let pyshark start tshark, with our environment, and as the head of a process group of its own.

        A Ctrl-C at the terminal is meant for us: we report what was read so far, and then we end tshark.
        """
        self._starting = asyncio.current_task()
        capture = _capture(*self._command, self._loop)
        original = self._loop.subprocess_exec

        def start(*arguments: Any, **keywords: Any) -> Any:
            files = {"stdin": subprocess.DEVNULL, "stdout": self._input}
            ours = {"env": environment(self.home), "cwd": self.home, "start_new_session": True}
            return original(*arguments, **(keywords | files | ours))

        setattr(self._loop, "subprocess_exec", start)  # noqa: B010 - mypy does not let a method be replaced
        # pyshark keeps one line of what tshark complains about, and stops reading at a line that is too long.
        capture._handle_process_stderr_forever = self._listen
        try:
            self._process = await capture._get_tshark_process()
        finally:
            delattr(self._loop, "subprocess_exec")
            os.close(self._input)

    async def _listen(self, stderr: asyncio.StreamReader) -> None:
        self._listening = asyncio.current_task()
        while piece := await stderr.read(LAST_WORDS):
            self._words = (self._words + piece)[-LAST_WORDS:]

    async def _end(self) -> None:
        """Kill it and wait for its end. A Ctrl-C may have come while it was being started."""
        if self._starting is not None:
            await asyncio.wait([self._starting])
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                # The kill of asyncio first looks whether the process has ended, and so takes its exit code away from
                # the thread that waits for it, which complains on standard error.
                if sys.platform == "win32":
                    process.kill()
                else:
                    os.kill(process.pid, signal.SIGKILL)
        await self._ended()
        process._transport.close()  # which is open still if something else has its standard error
        await asyncio.sleep(0)

    async def _ended(self) -> None:
        """Wait for its end, and hear its last words."""
        # asyncio waits for the end of standard error too, which whatever it has started itself may keep open.
        waiting = asyncio.ensure_future(self._process.wait())
        while self._process.returncode is None:
            await asyncio.wait([waiting], timeout=GLANCE)
        waiting.cancel()
        self.code = self._process.returncode
        if self._listening is not None:
            _, late = await asyncio.wait([self._listening], timeout=ECHO)
            for task in late:
                task.cancel()


def _pipe() -> tuple[int, int]:
    """A pipe, read without asyncio: that takes a third of the time of the whole engine to carry so much."""
    ends = os.pipe()
    if sys.platform == "linux":  # which lets a pipe hold more than 64 KiB
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, PIPE)
    return ends


def _capture(tshark: str, path: str, loop: asyncio.AbstractEventLoop) -> Any:
    """A capture of pyshark, which has not started anything yet."""
    import pyshark  # takes a third of a second

    class Capture(pyshark.FileCapture):  # type: ignore[misc]
        def _get_tshark_path(self) -> str:
            return tshark

        def _created_new_process(self, *_: Any, **__: Any) -> None:
            """It would note the process, and end it in its own way."""

    return Capture(
        path,
        keep_packets=False,
        eventloop=loop,
        override_prefs=PREFERENCES,
        decode_as=DECODE_AS,
        custom_parameters=["-j", " ".join(name for name in PRINTED if name not in _refused)],
    )


def last_line(words: bytes) -> str:
    """The last line that tells a reader something."""
    lines = [line.strip() for line in words.decode(errors="replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith(ROOT)]
    return lines[-1].removeprefix("tshark: ") if lines else ""


@atexit.register
def _close_all() -> None:
    for child in list(_open):
        child.close()
