"""The state of a connection's end as the kernel tells it.

`/proc/net/tcp` has a line for every socket of a namespace, also for connections in TIME-WAIT and for those that their
program has closed already; a connection without a line is CLOSED. TCP_INFO begins with the state of a live socket.
"""

import socket
import struct
from pathlib import Path

from tools.lab.end import End, Endpoint

# Index: the kernel's number (include/net/tcp_states.h); 12 is a SYN-RECEIVED that has no full socket yet.
STATES = (
    "",
    "ESTABLISHED",
    "SYN-SENT",
    "SYN-RECEIVED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "TIME-WAIT",
    "CLOSED",
    "CLOSE-WAIT",
    "LAST-ACK",
    "LISTEN",
    "CLOSING",
    "SYN-RECEIVED",
)


class DisagreementError(Exception):
    """Two sources in the kernel named different states for one end."""


def state(end: End, local: Endpoint, remote: Endpoint, held: socket.socket | None) -> str:
    """The state of `end`'s side of the connection; `held` is its socket while the program still has one.

    Raises DisagreementError.
    """
    with end.namespace.entered():
        table = "".join(Path(f"/proc/thread-self/net/{name}").read_text("ascii") for name in _tables(end.version))
    told = table_state(table, local, remote)
    if held is None or held.fileno() < 0:
        return told
    seen = socket_state(held)
    if seen != told and (seen, told) not in _NO_LONGER_PART:
        raise DisagreementError(f"{local}: /proc/net/tcp says {told}, TCP_INFO says {seen}")
    return told


# A socket that its program still holds takes no part in TIME-WAIT, and when it is dead its port may have a listener.
_NO_LONGER_PART = {("CLOSED", "TIME-WAIT"), ("CLOSED", "LISTEN")}


def table_state(table: str, local: Endpoint, remote: Endpoint) -> str:
    """The state that the text of /proc/net/tcp or tcp6 gives to this end of the connection.

    Without a line of its own an end is LISTEN when a listening socket waits on its port, else CLOSED. A connection that
    waits in TIME-WAIT may have a living one beside it; then that one is meant.
    """
    own, peer = _as_printed(local), _as_printed(remote)
    port, found = f":{local[1]:04X}", []
    listening = False
    for line in table.splitlines():
        _, at, to, number = line.split()[:4]
        if at == "local_address":
            continue
        if (at, to) == (own, peer):
            found.append(STATES[int(number, 16)])
        listening |= at.endswith(port) and STATES[int(number, 16)] == "LISTEN"
    alive = [state for state in found if state != "TIME-WAIT"]
    return (alive or found or ["LISTEN" if listening else "CLOSED"])[0]


def socket_state(end: socket.socket) -> str:
    """The state of a socket that its program still holds."""
    return STATES[end.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]]


def _tables(version: int) -> tuple[str, ...]:
    return ("tcp",) if version == 4 else ("tcp6",)


def _as_printed(endpoint: Endpoint) -> str:
    """The kernel prints each four octets of an address as one number of this machine's byte order."""
    family = socket.AF_INET6 if ":" in endpoint[0] else socket.AF_INET
    octets = socket.inet_pton(family, endpoint[0])
    words = struct.unpack(f"={len(octets) // 4}I", octets)
    return f"{''.join(f'{word:08X}' for word in words)}:{endpoint[1]:04X}"
