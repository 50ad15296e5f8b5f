"""The state of a connection's end as the kernel tells it.

`/proc/net/tcp` has a line for every socket of a namespace, also for connections in TIME-WAIT and for those that their
program has closed already; a connection without a line is CLOSED. TCP_INFO begins with the state of a live socket.
"""

import socket
import struct
from pathlib import Path

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

Endpoint = tuple[str, int]  # address, port


def table_state(local: Endpoint, remote: Endpoint) -> str:
    """The state of this end of the connection in the namespace that the thread is in.

    Without a line of its own an end is LISTEN when a listening socket waits on its port, else CLOSED.
    """
    own, peer, anybody = _as_printed(local), _as_printed(remote), _as_printed(("0.0.0.0", 0))
    listening = False
    for line in Path("/proc/thread-self/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        _, at, to, number = line.split()[:4]
        if (at, to) == (own, peer):
            return STATES[int(number, 16)]
        listening |= (at, to) == (own, anybody)
    return "LISTEN" if listening else "CLOSED"


def socket_state(end: socket.socket) -> str:
    """The state of a socket that its program still holds."""
    return STATES[end.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]]


def _as_printed(endpoint: Endpoint) -> str:
    """The kernel prints the four octets of an address as one number of this machine's byte order."""
    (number,) = struct.unpack("=I", socket.inet_aton(endpoint[0]))
    return f"{number:08X}:{endpoint[1]:04X}"
