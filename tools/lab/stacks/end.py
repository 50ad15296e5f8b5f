"""What a story asks of an end, whoever plays it, and the end that Linux plays."""

import contextlib
import socket
import struct
from typing import Protocol

from tools.lab.end import LINKS, OTHER, End
from tools.lab.scene import TCP_REPAIR
from tools.lab.wire import Port

NOTHING, END_OF_STREAM, RESET = 0, -1, -2  # what `read` gives besides a number of octets


class UnableError(Exception):
    """This stack has no such deed; the story is left out for it."""


class Talker(Protocol):
    """One connection of a program."""

    def ready(self) -> bool:
        """Established, or refused."""

    def send(self, octets: int) -> None:
        """Hand over so many octets."""

    def read(self) -> int:
        """How many octets have come, or NOTHING, END_OF_STREAM, RESET."""

    def shut(self) -> None:
        """No more to send."""

    def close(self) -> None:
        """Close in order."""

    def abort(self) -> None:
        """Close by RST."""


class Player(Protocol):
    """One end of the wire: its program and its stack."""

    side: str
    port: Port

    def listen(self, port: int, backlog: int) -> None:
        """Listen on a port."""

    def connect(self, local: int, remote: int) -> Talker:
        """Begin to connect to the other side."""

    def accept(self) -> Talker | None:
        """The next connection that has come; None when none has."""

    def vanish(self, talker: Talker) -> None:
        """Forget a connection without a frame. Raises UnableError."""

    def close(self) -> None:
        """Put everything away."""


class LinuxTalker:
    """A socket."""

    def __init__(self, held: socket.socket) -> None:
        self.held = held

    def ready(self) -> bool:
        """Established, or refused."""
        return self.held.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 2  # no more SYN-SENT

    def send(self, octets: int) -> None:
        """Hand over so many octets."""
        with contextlib.suppress(OSError):  # the other side may have reset it
            self.held.send(b"x" * octets)

    def read(self) -> int:
        """How many octets have come, or NOTHING, END_OF_STREAM, RESET."""
        try:
            return len(self.held.recv(1 << 20)) or END_OF_STREAM
        except BlockingIOError:
            return NOTHING
        except OSError:
            return RESET

    def shut(self) -> None:
        """No more to send."""
        with contextlib.suppress(OSError):
            self.held.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close in order."""
        self.held.close()

    def abort(self) -> None:
        """Close by RST."""
        self.held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.held.close()


class LinuxPlayer:
    """The kernel, in a namespace of its own."""

    def __init__(self, side: str) -> None:
        self.side = side
        self.end = End(side, 4, offload=False)
        self.port: Port = self.end.tap
        self._listeners: list[socket.socket] = []
        self.peer = {"client": "192.0.2.1", "server": "192.0.2.2"}[OTHER[side]]
        self.link = LINKS[side]

    def listen(self, port: int, backlog: int) -> None:
        """Listen on a port."""
        made = self._bound(port)
        made.listen(backlog)
        self._listeners.append(made)

    def connect(self, local: int, remote: int) -> Talker:
        """Begin to connect to the other side."""
        made = self._bound(local)
        with contextlib.suppress(BlockingIOError):
            made.connect((self.peer, remote))
        return LinuxTalker(made)

    def accept(self) -> Talker | None:
        """The next connection that has come; None when none has."""
        for listener in self._listeners:
            try:
                accepted, _ = listener.accept()
            except OSError:
                continue
            accepted.setblocking(False)
            self.end.keep(accepted)
            return LinuxTalker(accepted)
        return None

    def vanish(self, talker: Talker) -> None:
        """Forget a connection without a frame. Raises UnableError."""
        if not isinstance(talker, LinuxTalker):
            raise UnableError("vanish")
        talker.held.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        talker.held.close()

    def close(self) -> None:
        """Put everything away."""
        self.end.close()

    def _bound(self, port: int) -> socket.socket:
        made = self.end.make_socket(options=[(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)])
        made.bind((self.end.address, port))
        return made
