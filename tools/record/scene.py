"""What a story can do: open, send, wait, and ask the kernel for the states while the wire is quiet."""

import contextlib
import ctypes
import socket
import struct
import time
from types import TracebackType
from typing import NamedTuple, Self

from tools.record.kernel import Endpoint, socket_state, table_state
from tools.record.wire import CLIENT_ADDRESS, SERVER_ADDRESS, Namespace, Wire

CLIENT: Endpoint = (CLIENT_ADDRESS, 51000)
SERVER: Endpoint = (SERVER_ADDRESS, 4000)
DISCARD = 9  # UDP port of the unrelated datagram
QUIET = 0.1  # seconds; an acknowledgment is delayed by 0.04 s at most

_SO_ATTACH_FILTER = 26


class Moment(NamedTuple):
    """What the kernel said between `begin_ns` and `end_ns` (since the epoch)."""

    begin_ns: int
    end_ns: int
    client: str
    server: str


class DisagreementError(Exception):
    """Two sources in the kernel named different states for one end."""


class Scene:
    """Both programs of a story. Its sockets are closed when it ends."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.moments: list[Moment] = []
        self._keep = contextlib.ExitStack()
        self._held: dict[Endpoint, socket.socket] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keep.close()

    def open(self) -> tuple[socket.socket, socket.socket]:
        """An established connection: the client's socket and the server's."""
        listener = self.listen()
        client = self.caller()
        client.connect(SERVER)
        server, _ = listener.accept()
        listener.close()
        self._held[SERVER] = self._keep.enter_context(server)
        self.moment()
        return client, server

    def listen(self) -> socket.socket:
        """A listening socket of the server."""
        listener = self._made(self.wire.server, socket.SOCK_STREAM)
        listener.bind(SERVER)
        listener.listen()
        return listener

    def caller(self) -> socket.socket:
        """A socket of the client, bound to its port and not yet connected."""
        client = self._made(self.wire.client, socket.SOCK_STREAM)
        client.bind(CLIENT)
        self._held[CLIENT] = client
        return client

    def unrelated(self) -> None:
        """A datagram that has nothing to do with the connection: it shows that the capture was still running."""
        receiver = self._made(self.wire.server, socket.SOCK_DGRAM)
        receiver.bind((SERVER_ADDRESS, DISCARD))
        with self._made(self.wire.client, socket.SOCK_DGRAM) as sender:
            sender.bind((CLIENT_ADDRESS, DISCARD))
            sender.sendto(b"still running", (SERVER_ADDRESS, DISCARD))

    def moment(self) -> None:
        """Wait until the wire is quiet, then write down both states."""
        time.sleep(QUIET)
        begin = time.time_ns()
        client = self._state(self.wire.client, CLIENT, SERVER)
        server = self._state(self.wire.server, SERVER, CLIENT)
        self.moments.append(Moment(begin, time.time_ns(), client, server))

    def _state(self, namespace: Namespace, local: Endpoint, remote: Endpoint) -> str:
        with namespace.entered():
            state = table_state(local, remote)
        held = self._held.get(local)
        if held is None or held.fileno() < 0:
            return state
        seen = socket_state(held)
        if seen != state and (seen, state) != ("CLOSED", "TIME-WAIT"):  # the socket no longer takes part in TIME-WAIT
            raise DisagreementError(f"{local}: /proc/net/tcp says {state}, TCP_INFO says {seen}")
        return state

    def _made(self, namespace: Namespace, kind: socket.SocketKind) -> socket.socket:
        with namespace.entered():
            return self._keep.enter_context(socket.socket(socket.AF_INET, kind))


def drop_everything(listener: socket.socket) -> None:
    """A filter of one instruction, "keep 0 octets": whatever arrives at the listener vanishes without an answer."""
    program = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(program)))
