"""One end of the wire: its namespace, device, addresses, and the sockets of its program."""

import contextlib
import socket
from collections.abc import Iterable

from tools.lab.namespace import DEVICE, Namespace, Tap, ip

Endpoint = tuple[str, int]  # address, port

ADDRESSES = {
    4: {"client": "192.0.2.1", "server": "192.0.2.2"},
    6: {"client": "2001:db8::1", "server": "2001:db8::2"},
}
LINKS = {"client": "02:00:00:00:00:01", "server": "02:00:00:00:00:02"}
OTHER = {"client": "server", "server": "client"}
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}

# Usual behaviour rather than that of this kernel's build; what a kernel does not know it does not do either.
_SYSCTLS: tuple[tuple[str, int | str], ...] = (
    ("net/ipv4/tcp_syn_linear_timeouts", 0),  # 1, 2, 4 s between SYNs, as RFC 6298 §5.5 has it
    ("net/ipv4/tcp_no_metrics_save", 1),  # a second connection starts like the first
)

SocketOption = tuple[int, int, int | bytes]  # level, name, value


class End:
    """`side` is client or server, `version` that of IP. Everything made is closed by `close()`."""

    def __init__(self, side: str, version: int, offload: bool) -> None:
        self.side = side
        self.version = version
        self.address = ADDRESSES[version][side]
        self._keep = contextlib.ExitStack()
        try:
            self.namespace = Namespace(side)
            self._keep.callback(self.namespace.remove)
            with self.namespace.entered():
                self.tap = Tap(offload)
            self._keep.callback(self.tap.close)
            self._configure()
        except BaseException:
            self._keep.close()
            raise

    def _configure(self) -> None:
        peer = OTHER[self.side]
        quiet = {"disable_ipv6": 1} if self.version == 4 else {"accept_ra": 0, "addr_gen_mode": 1}
        for name, value in quiet.items():
            self.namespace.sysctl(f"net/ipv6/conf/{DEVICE}/{name}", value, optional=self.version == 4)
        for name, text in _SYSCTLS:
            self.namespace.sysctl(name, text, optional=True)
        with contextlib.suppress(Exception):  # absent where cubic is not built in; reno is the kernel's own fallback
            self.namespace.sysctl("net/ipv4/tcp_congestion_control", "cubic")
        prefix = "24" if self.version == 4 else "64 nodad"
        peer_address = ADDRESSES[self.version][peer]
        ip(
            f"link set {DEVICE} address {LINKS[self.side]}\n"
            f"address add {self.address}/{prefix} dev {DEVICE}\n"
            f"link set {DEVICE} up\n"
            f"neighbour replace {peer_address} lladdr {LINKS[peer]} dev {DEVICE} nud permanent",
            self.namespace.name,
        )

    def make_socket(
        self, kind: int = socket.SOCK_STREAM, protocol: int = 0, options: Iterable[SocketOption] = ()
    ) -> socket.socket:
        """A non-blocking socket of this end; it is closed with the end at the latest."""
        with self.namespace.entered():
            made = socket.socket(FAMILIES[self.version], kind, protocol)
        self.keep(made)
        made.setblocking(False)
        for level, name, value in options:
            made.setsockopt(level, name, value)
        return made

    def keep(self, made: socket.socket) -> None:
        """Close it with the end; nobody else needs to refer to it."""
        self._keep.push(made)

    def close(self) -> None:
        """Sockets first, then the device, then the namespace."""
        self._keep.close()
