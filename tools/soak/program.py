"""The programs at both ends: each is a generator that performs a script and says what it waits for.

Whoever drives it sends True when what it waits for has come, and False when time ran out.
"""

import random
import socket
import struct
from collections.abc import Generator
from dataclasses import dataclass

from tools.lab.end import Endpoint
from tools.lab.scene import TCP_REPAIR
from tools.soak.plan import Script

READ, WRITE = 1, 4  # EPOLLIN, EPOLLOUT

PATIENCE = 2.5  # seconds that a program waits for anything
_OCTETS = b"The quick brown fox jumps over the lazy dog. " * 1000
_THIN_LINEAR = 16  # TCP_THIN_LINEAR_TIMEOUTS
_SLOW_ACK = (socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)

OPTIONS: dict[str, list[tuple[int, int, int]]] = {
    "no-delay": [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
    "small-receive": [(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)],
    "small-send": [(socket.SOL_SOCKET, socket.SO_SNDBUF, 4608)],
    "small-mss": [(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 500)],
    "slow-ack": [_SLOW_ACK],
    "user-timeout": [(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 700)],  # ms
    "short-linger": [(socket.IPPROTO_TCP, socket.TCP_LINGER2, 1)],
    "keep-alive": [
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1),
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1),
        (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 2),
    ],
    "thin": [(socket.IPPROTO_TCP, _THIN_LINEAR, 1)],
}


@dataclass(slots=True)
class Wait:
    """Until `end` can be read or written, at most `seconds`; without an end just that long."""

    end: socket.socket | None
    event: int
    seconds: float = PATIENCE


Program = Generator[Wait, bool, None]


def connect(end: socket.socket, target: Endpoint, opening: str) -> Program:
    """Connect, or begin to and give up. Raises OSError."""
    try:
        if opening == "fast":
            end.sendto(_OCTETS[:60], socket.MSG_FASTOPEN, target)
        else:
            end.connect(target)
    except BlockingIOError:
        pass
    if opening in ("abandoned", "aborted"):
        yield Wait(None, 0, 0.002)
        if opening == "aborted":
            abort(end)
        end.close()
        return
    yield from _ready(end, WRITE)
    error = end.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, "connect")


def perform(end: socket.socket, script: Script, dice: random.Random) -> Program:
    """Play the script. An error of the socket ends it; who waits in vain closes or aborts."""
    try:
        for name, amount in script:
            if end.fileno() < 0 or name == "leave":
                return
            yield from _step(end, name, amount)
    except TimeoutError:
        if dice.random() < 0.5:
            abort(end)
        end.close()
    except OSError:
        end.close()


def _step(end: socket.socket, name: str, amount: float) -> Program:
    if name in ("send", "last"):
        yield from _send(end, int(amount), socket.MSG_MORE if name == "last" else 0)
    elif name in ("read", "drain"):
        yield from _read(end, int(amount) if name == "read" else 1 << 40)
    elif name == "pause":
        if amount:
            yield Wait(None, 0, amount)
    elif name == "shut":
        end.shutdown(socket.SHUT_WR)
    elif name == "rdwr":
        end.shutdown(socket.SHUT_RDWR)
    elif name == "close":
        end.close()
    elif name == "abort":
        abort(end)
    elif name == "vanish":
        vanish(end)
    else:
        raise ValueError(f"no step is called {name}")


def _send(end: socket.socket, left: int, flags: int) -> Program:
    while left:
        try:
            left -= end.send(_OCTETS[:left], flags)
        except BlockingIOError:
            yield from _ready(end, WRITE)


def _read(end: socket.socket, left: int) -> Program:
    while left > 0:
        try:
            octets = end.recv(min(left, 65536))
        except BlockingIOError:
            yield from _ready(end, READ)
        else:
            if not octets:
                return
            left -= len(octets)


def _ready(end: socket.socket, event: int) -> Program:
    if not (yield Wait(end, event)):
        raise TimeoutError


def abort(end: socket.socket) -> None:
    """RST instead of FIN."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()


def vanish(end: socket.socket) -> None:
    """The end forgets the connection without a frame. Raises OSError where the kernel cannot (multipath TCP)."""
    end.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    end.close()
