"""A stack without an interface for programs: it translates between the wire and sockets of its own namespace.

Towards the wire it is a TCP of its own; behind it stands a Linux program on 127.0.0.1. As the server it connects there
when a SYN has come; as the client it opens towards the wire when somebody connects to a port that it forwards, from a
port of its own choice. Simultaneous opens, and a choice of the client's port, are beyond it.
"""

import contextlib
import select
import socket
import struct
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.lab.end import ADDRESSES, LINKS, OTHER
from tools.lab.errors import LabError
from tools.lab.namespace import Namespace, ip
from tools.lab.stacks.agent import SocketPort, frame_pair
from tools.lab.stacks.bout import SERVER_PORT
from tools.lab.stacks.end import LinuxTalker, Talker, UnableError
from tools.lab.wire import Port

FORWARDED, FORWARDS = 5000, 4  # ports of 127.0.0.1 that lead to SERVER_PORT of the other side


class BetweenPlayer:
    """`start` gives the port for the wire and the process, which is begun inside the namespace."""

    def __init__(self, side: str, start: Callable[["BetweenPlayer"], tuple[Port, subprocess.Popen[bytes]]]) -> None:
        self.side = side
        self.guest = ADDRESSES[4][OTHER[side]]
        self.host = ADDRESSES[4][side]
        self.link = LINKS[side]
        self._keep = contextlib.ExitStack()
        self._listeners: list[socket.socket] = []
        self._calls = 0
        try:
            self.folder = Path(self._keep.enter_context(tempfile.TemporaryDirectory()))
            self.namespace = Namespace(f"{side}-app")
            self._keep.callback(self.namespace.remove)
            ip("link set lo up", self.namespace.name)
            with self.namespace.entered():
                self.port, process = start(self)
            self._keep.callback(_end, process)
        except BaseException:
            self._keep.close()
            raise

    def listen(self, port: int, backlog: int) -> None:
        """Listen on a port."""
        made = self._socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
        made.listen(backlog)
        self._listeners.append(made)

    def connect(self, local: int, remote: int) -> Talker:
        """Begin to connect to the other side."""
        if remote != SERVER_PORT or self._calls == FORWARDS:
            raise UnableError("it cannot choose this pair of ports")
        made = self._socket()
        with contextlib.suppress(BlockingIOError):
            made.connect(("127.0.0.1", FORWARDED + self._calls))
        self._calls += 1
        return LinuxTalker(made)

    def accept(self) -> Talker | None:
        """The next connection that has come; None when none has."""
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                accepted, _ = listener.accept()
                accepted.setblocking(False)
                self._keep.push(accepted)
                return LinuxTalker(accepted)
        return None

    def vanish(self, talker: Talker) -> None:
        """Forget a connection without a frame. Raises UnableError."""
        raise UnableError("vanish")

    def close(self) -> None:
        """Put everything away."""
        self._keep.close()

    def _socket(self) -> socket.socket:
        with self.namespace.entered():
            made = socket.socket()
        self._keep.push(made)
        made.setblocking(False)
        return made


def slirp(program: Path) -> Callable[[BetweenPlayer], tuple[Port, subprocess.Popen[bytes]]]:
    """libslirp, by its agent."""

    def start(player: BetweenPlayer) -> tuple[Port, subprocess.Popen[bytes]]:
        ours, theirs = frame_pair()
        words = [player.guest, player.host, str(FORWARDED), str(SERVER_PORT), str(FORWARDS), str(theirs.fileno())]
        process = subprocess.Popen(
            [program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[theirs.fileno()]
        )
        theirs.close()
        assert process.stdout is not None
        if not select.select([process.stdout], [], [], 10)[0] or process.stdout.readline() != b"ready\n":
            _end(process)
            raise LabError("slirp did not begin")
        return SocketPort(ours), process

    return start


class StreamPort:
    """passt's socket: a stream in which four octets of length stand before each frame."""

    def __init__(self, held: socket.socket) -> None:
        self._held = held
        self._rest = b""
        held.setblocking(False)

    def fileno(self) -> int:
        """To wait for."""
        return self._held.fileno()

    def read(self) -> tuple[bytes, bytes] | None:
        """A frame; None when there is none."""
        with contextlib.suppress(BlockingIOError):
            self._rest += self._held.recv(1 << 20)
        if len(self._rest) < 4:
            return None
        length = struct.unpack_from("!I", self._rest)[0]
        if len(self._rest) < 4 + length:
            return None
        frame, self._rest = self._rest[4 : 4 + length], self._rest[4 + length :]
        return b"", frame

    def write(self, card: bytes, octets: bytes) -> None:
        """Give the stack a frame."""
        self._held.setblocking(True)
        with contextlib.suppress(OSError):
            self._held.sendall(struct.pack("!I", len(octets)) + octets)
        self._held.setblocking(False)


def passt(player: BetweenPlayer) -> tuple[Port, subprocess.Popen[bytes]]:
    """passt. It wants a route, so there is a veth pair; it learns the guest's link address from a frame."""
    name = player.namespace.name
    ip("link add out0 type veth peer name out1\naddress add 198.51.100.1/24 dev out0\nlink set out0 up", name)
    ip("link set out1 up\nroute add default via 198.51.100.2 dev out0", name)
    path = player.folder / "frames"
    forwards = ",".join(f"{FORWARDED + number}:{SERVER_PORT}" for number in range(FORWARDS))
    guest = f"-a {player.guest} -n 24 -g {player.host} -M {player.link}"
    words = f"passt -f -4 -q -s {path} {guest} -t {forwards} --runas 0".split()
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    held = socket.socket(socket.AF_UNIX)
    for _ in range(100):
        try:
            held.connect(str(path))
            break
        except OSError:
            select.select([], [], [], 0.05)
    else:
        _end(process)
        raise LabError("passt did not begin")
    port = StreamPort(held)
    port.write(b"", _request(LINKS[OTHER[player.side]], player.guest, player.host))
    for _ in range(100):  # its answer says that it has learnt the address: before, it would speak to everybody
        select.select([port], [], [], 0.02)
        if port.read() is not None:
            return port, process
    held.close()
    _end(process)
    raise LabError("passt does not answer")


def _request(link: str, own: str, asked: str) -> bytes:
    """An ARP request."""
    octets = bytes.fromhex(link.replace(":", ""))
    head = b"\xff" * 6 + octets + b"\x08\x06" + struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1)
    return head + octets + socket.inet_aton(own) + bytes(6) + socket.inet_aton(asked) + bytes(18)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()
