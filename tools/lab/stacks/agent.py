"""A stack in a process of its own: frames on a socketpair, commands on its standard input.

    listen PORT BACKLOG       ok
    accept                    ok N (a number for this connection) | none
    connect LOCAL REMOTE      ok N
    ready N                   ok | none | reset
    send N OCTETS             ok
    recv N                    ok OCTETS | none | eof | reset
    shut N, close N, abort N  ok

Each command is a line, each answer another; `error` and words when it could not be done. The first line that an agent
says is `ready`.
"""

import contextlib
import os
import select
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.lab.end import ADDRESSES, LINKS, OTHER
from tools.lab.errors import LabError, SpoiltError
from tools.lab.stacks.end import END_OF_STREAM, NOTHING, RESET, Talker, UnableError

if TYPE_CHECKING:
    from tools.lab.wire import Port

_BUFFER = 1 << 20
_PATIENCE = 20.0  # seconds for an answer


class SocketPort:
    """The wire's end of the socketpair."""

    def __init__(self, held: socket.socket) -> None:
        self.held = held
        held.setblocking(False)

    def fileno(self) -> int:
        """To wait for."""
        return self.held.fileno()

    def read(self) -> tuple[bytes, bytes] | None:
        """A frame; None when there is none."""
        try:
            return b"", self.held.recv(_BUFFER)
        except (BlockingIOError, ConnectionError):
            return None

    def write(self, card: bytes, octets: bytes) -> None:
        """Give the stack a frame."""
        with contextlib.suppress(OSError):  # an agent that died says so at its next command
            self.held.send(octets)


def frame_pair() -> tuple[socket.socket, socket.socket]:
    """A socketpair on which a datagram is a frame: the wire's end, the stack's end."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    return ours, theirs


class AgentTalker:
    """A connection that the agent knows by a number."""

    def __init__(self, player: "AgentPlayer", number: str) -> None:
        self._player, self._number = player, number

    def ready(self) -> bool:
        """Established, or refused."""
        return self._player.ask(f"ready {self._number}") != ["none"]

    def send(self, octets: int) -> None:
        """Hand over so many octets."""
        self._player.ask(f"send {self._number} {octets}")

    def read(self) -> int:
        """How many octets have come, or NOTHING, END_OF_STREAM, RESET."""
        told = self._player.ask(f"recv {self._number}")
        if told[0] == "ok":
            return int(told[1])
        return {"none": NOTHING, "eof": END_OF_STREAM}.get(told[0], RESET)

    def shut(self) -> None:
        """No more to send."""
        self._player.ask(f"shut {self._number}")

    def close(self) -> None:
        """Close in order."""
        self._player.ask(f"close {self._number}")

    def abort(self) -> None:
        """Close by RST."""
        self._player.ask(f"abort {self._number}")


class AgentPlayer:
    """The end that an agent plays. `command` is followed by descriptor, addresses and link addresses."""

    def __init__(self, side: str, command: Sequence[str]) -> None:
        self.side = side
        ours, theirs = frame_pair()
        self.port: Port = SocketPort(ours)
        self._ours = ours
        peer = OTHER[side]
        where = (ADDRESSES[4][side], ADDRESSES[4][peer], LINKS[side], LINKS[peer])
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._process = subprocess.Popen(
            [*command, str(theirs.fileno()), *where],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            pass_fds=[theirs.fileno()],
            process_group=0,
        )
        theirs.close()
        self._rest = b""
        if self._line() != ["ready"]:
            self.close()
            raise LabError(f"{command[0]} did not begin")

    def ask(self, line: str) -> list[str]:
        """The words of the answer. Raises LabError when the agent is gone."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode("ascii") + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise LabError(self._last_words()) from None
        return self._line()

    def _last_words(self) -> str:
        self._process.wait(1)
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").split("\n")
        return f"the agent has died ({self._process.returncode}): {lines[0]}"

    def _line(self) -> list[str]:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._rest:
            if not select.select([descriptor], [], [], _PATIENCE)[0]:
                raise LabError("the agent does not answer")
            octets = os.read(descriptor, 4096)
            if not octets:
                raise LabError(self._last_words())
            self._rest += octets
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode("ascii", "replace").split() or [""]

    def listen(self, port: int, backlog: int) -> None:
        """Listen on a port."""
        self.ask(f"listen {port} {backlog}")

    def connect(self, local: int, remote: int) -> Talker:
        """Begin to connect to the other side."""
        told = self.ask(f"connect {local} {remote}")
        if told[0] != "ok":
            raise SpoiltError(f"connect: {' '.join(told)}")
        return AgentTalker(self, told[1])

    def accept(self) -> Talker | None:
        """The next connection that has come; None when none has."""
        told = self.ask("accept")
        return AgentTalker(self, told[1]) if told[0] == "ok" else None

    def vanish(self, talker: Talker) -> None:
        """Forget a connection without a frame. Raises UnableError."""
        raise UnableError("vanish")

    def close(self) -> None:
        """Put everything away."""
        self._ours.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, 9)
        self._process.wait()
        self._complaints.close()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
