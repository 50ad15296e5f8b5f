"""What a story can do: open, send, close, vanish, and ask the kernel for the states.

Everything happens in one thread. A call such as `close()` puts frames into the sender's device at once; they reach the
other end when the wire runs: in `run`, `idle`, `until`, `moment` and in what waits for something (`answered`, `read`).

Sockets are plain Python sockets, non-blocking; they may be used directly (`shutdown`, `setsockopt`). The story need not
keep them: they are closed when it ends. close() with unread data is an abort, so read first.
"""

import contextlib
import select
import socket
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tools.lab.end import ADDRESSES, FAMILIES, OTHER, End, Endpoint, SocketOption
from tools.lab.errors import MissingToolError, SpoiltError
from tools.lab.kernel import state
from tools.lab.pcap import POINTS
from tools.lab.wire import Wire

CLIENT_PORT, SERVER_PORT = 51000, 4000
DISCARD = 9  # UDP port of the unrelated datagram
QUIET = 0.1  # seconds; an acknowledgment is delayed by 0.04 s at most

QUESTION = b"How many segments does a close take?\n"
ANSWER = b"Four, or three when nothing is left to say.\n"

Prepare = Callable[[socket.socket], None]  # what is done to a socket before it is bound

TCP_REPAIR = 19
TCP_FASTOPEN, TCP_FASTOPEN_CONNECT = 23, 30
MPTCP = 262  # protocol number for `listen` and `call`


@dataclass
class Connection:
    """A connection of the story: its two endpoints and the sockets that its programs hold."""

    number: int  # from 0, in the order in which they open
    client: Endpoint
    server: Endpoint
    held: dict[str, socket.socket] = field(default_factory=dict)  # side -> socket
    begun: set[str] = field(default_factory=set)  # sides that have left LISTEN for good

    def endpoint(self, side: str) -> Endpoint:
        """Address and port of a side."""
        return self.client if side == "client" else self.server


@dataclass(frozen=True)
class Moment:
    """What the kernel said when `after` frames had been captured at each point; `time_ns` since the epoch."""

    connection: int
    after: dict[str, int]
    time_ns: int
    client: str
    server: str
    hidden: tuple[str, ...]


class Scene:
    """Both programs of a story, and the wire between them."""

    def __init__(self, client: End, server: End, wire: Wire) -> None:
        self.client, self.server, self.wire = client, server, wire
        self.moments: list[Moment] = []
        self.connections: list[Connection] = []
        self.connection()

    # Connections.

    @property
    def current(self) -> Connection:
        """The connection that `listen`, `call` and `moment` are about."""
        return self.connections[-1]

    def connection(self, client_port: int = CLIENT_PORT, server_port: int = SERVER_PORT) -> Connection:
        """From here on the story is about another connection, on the same pair of ports or on others.

        A scene begins with one. Call it when the frames of the new one are about to come.
        """
        addresses = ADDRESSES[self.client.version]
        client, server = (addresses["client"], client_port), (addresses["server"], server_port)
        self.connections.append(Connection(len(self.connections), client, server))
        return self.current

    def listen(
        self,
        backlog: int = 16,
        options: Iterable[SocketOption] = (),
        side: str = "server",
        protocol: int = 0,
        prepare: Prepare | None = None,
    ) -> socket.socket:
        """A listening socket on the server's endpoint. `options` and `prepare` take effect before it listens."""
        listener = self._bound(side, options, protocol, prepare)
        listener.listen(backlog)
        return listener

    def call(
        self,
        options: Iterable[SocketOption] = (),
        side: str = "client",
        data: bytes | None = None,
        protocol: int = 0,
        prepare: Prepare | None = None,
    ) -> socket.socket:
        """A socket bound to its endpoint that has begun to connect: its SYN waits in the device.

        With `data` it is a fast open: the octets travel in the SYN when the kernel has a cookie, else it asks for one
        and they are not sent at all (send them again after the handshake).
        """
        caller = self._bound(side, options, protocol, prepare)
        self.current.held[side] = caller
        target = self.current.endpoint(OTHER[side])
        with contextlib.suppress(BlockingIOError):
            if data is None:
                caller.connect(target)
            else:
                caller.sendto(data, socket.MSG_FASTOPEN, target)
        return caller

    def answered(self, listener: socket.socket, side: str = "server") -> socket.socket:
        """The accepted socket of the current connection; the wire runs until there is one."""
        self.wire.until(lambda: _readable(listener), "accept")
        accepted, _ = listener.accept()
        accepted.setblocking(False)
        self._end(side).keep(accepted)
        self.current.held[side] = accepted
        return accepted

    def open(self, listener: socket.socket | None = None) -> tuple[socket.socket, socket.socket]:
        """An established connection, three frames: the client's socket and the server's.

        Without a `listener` of the story one is made and closed again.
        """
        waiting = listener or self.listen()
        client = self.call()
        server = self.answered(waiting)
        if listener is None:
            waiting.close()
        self.moment("ESTABLISHED", "ESTABLISHED")
        return client, server

    # Deeds of a program.

    def send(self, sender: socket.socket, octets: bytes, more: bool = False) -> None:
        """Hand octets to the kernel, all of them; the wire runs while its buffer is full.

        With `more` they wait for company (at most 0.2 s): a close right behind puts the FIN into the same segment.
        """
        flags = socket.MSG_MORE if more else 0
        while octets:
            with contextlib.suppress(BlockingIOError):
                octets = octets[sender.send(octets, flags) :]
            if octets:
                self.wire.run(0.005)

    def read(self, reader: socket.socket, size: int = 65536) -> bytes:
        """What has arrived, at most `size` octets; the wire runs until there is something, or the end (b"")."""
        self.wire.until(lambda: _readable(reader), "data to read")
        return reader.recv(size)

    def talk(self, client: socket.socket, server: socket.socket) -> None:
        """A question, an answer, and both acknowledgments: four frames. Nothing is left unread."""
        for sender, reader, octets in ((client, server, QUESTION), (server, client, ANSWER)):
            self.send(sender, octets)
            self.read(reader)
            self.moment("ESTABLISHED", "ESTABLISHED")

    def abort(self, end: socket.socket) -> None:
        """SO_LINGER with time 0 makes close an abort: RST instead of FIN."""
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.close()

    def vanish(self, end: socket.socket) -> None:
        """The end forgets the connection without a frame, like a machine that lost its power."""
        end.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        end.close()

    def keep_alive(self, end: socket.socket, idle: int = 1, interval: int = 1, count: int = 3) -> None:
        """Probe the peer after `idle` seconds of silence, `count` times, `interval` seconds apart."""
        end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle)
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, interval)
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, count)

    def slow_ack(self, end: socket.socket) -> None:
        """From now on this end delays acknowledgments by 0.04 s, so that an answer may carry them."""
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)

    def sign(self, end: socket.socket, peer: Endpoint, key: bytes) -> None:
        """Segments to and from `peer` carry the MD5 signature of RFC 2385; use it in `prepare` of both ends."""
        address = peer[0]
        if ":" in address:
            where = struct.pack("=HHI16sI", FAMILIES[6], 0, 0, socket.inet_pton(FAMILIES[6], address), 0)
        else:
            where = struct.pack("=HH4s", FAMILIES[4], 0, socket.inet_aton(address))
        option = struct.pack("=128sBBHi80s", where, 0, 0, len(key), 0, key)
        try:
            end.setsockopt(socket.IPPROTO_TCP, 14, option)  # TCP_MD5SIG
        except OSError as error:
            raise MissingToolError(f"this kernel has no TCP MD5 signatures: {error.strerror}") from None

    def unrelated(self) -> None:
        """A datagram that has nothing to do with the connection: it shows that the capture was still running."""
        receiver = self.server.make_socket(socket.SOCK_DGRAM)
        receiver.bind((self.server.address, DISCARD))
        sender = self.client.make_socket(socket.SOCK_DGRAM)
        sender.bind((self.client.address, DISCARD))
        sender.sendto(b"still running", (self.server.address, DISCARD))
        self.wire.idle()
        sender.close()
        receiver.close()

    # The machine of an end.

    def sysctl(self, side: str, name: str, value: int | str, optional: bool = False) -> None:
        """Set `net/ipv4/<name>` (also for IPv6) at `client`, `server` or `both`, and read it back."""
        for each in (self.client, self.server):
            if side in (each.side, "both"):
                each.namespace.sysctl(f"net/ipv4/{name}", value, optional)

    def firewall(self, side: str, *rules: str) -> None:
        """Rules of nft for what arrives at an end, such as `tcp dport 4000 reject with icmp port-unreachable`."""
        lines = ["table inet wall {", "chain input {", "type filter hook input priority 0;", *rules, "}", "}"]
        try:
            self._end(side).namespace.run("nft", "-f", "-", given="\n".join(lines) + "\n")
        except MissingToolError as error:
            raise MissingToolError(f"{error} (Debian: apt-get install nftables)") from None

    # Time and truth.

    def run(self, seconds: float) -> None:
        """Let the wire run."""
        self.wire.run(seconds)

    def idle(self) -> None:
        """Let the wire run until nothing moves."""
        self.wire.idle()

    def moment(
        self,
        client: str,
        server: str,
        quiet: float = QUIET,
        hidden: tuple[str, ...] = (),
        of: Connection | None = None,
    ) -> None:
        """Wait until the wire has been quiet for `quiet` seconds, then write down what the kernel says of both ends.

        `client` and `server` are the states that the story expects; another answer spoils the recording. `hidden` are
        the sides whose state cannot be told from the frames captured so far (see Outcome). A server that has not
        accepted anything and whose socket listens is LISTEN; once it had a connection it is CLOSED.
        """
        connection = of or self.current
        self.wire.idle(quiet)
        for _ in range(5):
            told = self._asked(connection)
            if not self.wire.pending():
                break
            self.wire.idle(quiet)  # a frame left while the kernel was asked: ask again
        else:
            raise SpoiltError("frames kept leaving while the kernel was asked for the states")
        if told != (client, server):
            raise SpoiltError(f"the kernel says {' and '.join(told)}, the story {client} and {server}")
        after = {point: len(self.wire.captures[point]) for point in POINTS}
        self.moments.append(Moment(connection.number, after, self.wire.clock.now(), *told, hidden))

    def _asked(self, connection: Connection) -> tuple[str, str]:
        return self._state(self.client, connection), self._state(self.server, connection)

    def _state(self, end: End, connection: Connection) -> str:
        """What the kernel says; a listener that still waits on the port is no part of a connection that was there."""
        side = end.side
        local, remote = connection.endpoint(side), connection.endpoint(OTHER[side])
        told = state(end, local, remote, connection.held.get(side))
        if self._followed(connection, side):  # only one of a pair's connections can be alive, and that is the later
            return told if told == "TIME-WAIT" else "CLOSED"
        if side in connection.held or told not in ("LISTEN", "SYN-RECEIVED", "CLOSED"):
            connection.begun.add(side)
        return "CLOSED" if told == "LISTEN" and side in connection.begun else told

    def _followed(self, connection: Connection, side: str) -> bool:
        """Whether a program of this side has opened a later connection on the same pair of endpoints."""
        pair = (connection.client, connection.server)
        later = self.connections[connection.number + 1 :]
        return any(side in each.held and (each.client, each.server) == pair for each in later)

    def _bound(
        self, side: str, options: Iterable[SocketOption], protocol: int, prepare: Prepare | None
    ) -> socket.socket:
        reuse = (socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made = self._end(side).make_socket(protocol=protocol, options=(reuse, *options))
        if prepare is not None:
            prepare(made)
        made.bind(self.current.endpoint(side))
        return made

    def _end(self, side: str) -> End:
        return self.client if side == "client" else self.server


def _readable(end: socket.socket) -> bool:
    return bool(select.select([end], [], [], 0)[0])
