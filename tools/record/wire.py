"""Two network namespaces joined by a virtual Ethernet pair, and tcpdump at the client's end of it.

A socket stays in the namespace in which it was made, so one process plays both ends: it enters a namespace, makes its
socket, and goes back. Namespaces are named by process id, so that two recorders at a time do not meet.
"""

import array
import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

CARD = "wire0"
CLIENT_ADDRESS, SERVER_ADDRESS = "192.0.2.1", "192.0.2.2"
CLIENT_LINK, SERVER_LINK = "02:00:00:00:00:01", "02:00:00:00:00:02"

_CLONE_NEWNET = 0x40000000
_SIOCETHTOOL = 0x8946
# Receive and transmit checksums, scatter-gather, TCP segmentation, generic segmentation, generic receive offload.
_OFFLOADS = (0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C)


class WireError(Exception):
    """The wire could not be built, or lost frames; the text says which command failed and why."""


class Namespace:
    """A network namespace of our own."""

    def __init__(self, name: str) -> None:
        self.name = name
        _ip("netns", "add", name)
        self._open: int | None = os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Sockets and processes made inside belong to this namespace."""
        if self._open is None:
            raise WireError(f"namespace {self.name} is gone")
        back = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _set_namespace(self._open)
            yield
        finally:
            _set_namespace(back)
            os.close(back)

    def sysctl(self, name: str, value: int) -> None:
        """Set one, such as `net/ipv4/tcp_syn_retries`; a kernel that does not know it is left alone."""
        with self.entered():
            path = Path("/proc/sys", name)
            if path.exists():
                path.write_text(f"{value}\n", encoding="ascii")

    def remove(self) -> None:
        """Remove the namespace and the cards in it."""
        if self._open is not None:
            os.close(self._open)
            self._open = None
            _ip("netns", "delete", self.name)


class Wire:
    """The two ends and the wire between them: a context manager that leaves nothing behind."""

    client: Namespace
    server: Namespace

    def __enter__(self) -> Self:
        self._ends: list[Namespace] = []
        try:
            self.client = self._end("client")
            self.server = self._end("server")
            self._connect()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def _end(self, side: str) -> Namespace:
        end = Namespace(f"tcplint-{os.getpid()}-{side}")
        self._ends.append(end)
        for which in ("all", "default"):
            end.sysctl(f"net/ipv6/conf/{which}/disable_ipv6", 1)
        return end

    def _connect(self) -> None:
        client, server = self.client.name, self.server.name
        pair = ("link", "add", CARD, "address", CLIENT_LINK, "type", "veth", "peer", "name", CARD)
        _ip("-n", client, *pair, "address", SERVER_LINK, "netns", server)
        ends = (
            (self.client, CLIENT_ADDRESS, SERVER_ADDRESS, SERVER_LINK),
            (self.server, SERVER_ADDRESS, CLIENT_ADDRESS, CLIENT_LINK),
        )
        for end, own, peer, peer_link in ends:
            _ip("-n", end.name, "address", "add", f"{own}/24", "dev", CARD)
            with end.entered():
                _offloads_off(CARD)
            _ip("-n", end.name, "link", "set", CARD, "up")
            _ip("-n", end.name, "neighbour", "replace", peer, "lladdr", peer_link, "dev", CARD, "nud", "permanent")

    def _remove(self) -> None:
        if self._ends:
            try:
                self._ends.pop().remove()
            finally:
                self._remove()

    @contextlib.contextmanager
    def recorded(self, path: Path) -> Iterator[None]:
        """What passes the client's card meanwhile is in `path`: pcap with nanoseconds, frames whole.

        Raises WireError when tcpdump does not start or the kernel dropped frames.
        """
        command = ["tcpdump", "-i", CARD, "-n", "-U", "--immediate-mode", "-s", "65535"]
        command += ["--time-stamp-precision=nano", "-Z", "root", "-w", str(path)]
        with self.client.entered():
            tcpdump = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert tcpdump.stderr is not None
        try:
            said = before = tcpdump.stderr.readline()
            while said and "listening on" not in said:
                said = tcpdump.stderr.readline()
                before += said
            if not said:
                raise WireError(f"tcpdump did not start: {' '.join(before.split())}")
            yield
            time.sleep(0.2)
        finally:
            tcpdump.send_signal(signal.SIGINT)
            farewell = tcpdump.communicate()[1]
        if "\n0 packets dropped by kernel" not in f"\n{farewell}":
            raise WireError(f"tcpdump lost frames: {' '.join(farewell.split())}")


def _ip(*arguments: str) -> None:
    done = subprocess.run(("ip", *arguments), capture_output=True, text=True)
    if done.returncode:
        raise WireError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


def _set_namespace(descriptor: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(descriptor, _CLONE_NEWNET):
        raise WireError(f"setns: {os.strerror(ctypes.get_errno())}")


def _offloads_off(card: str) -> None:
    """Clear the flags that `ethtool -K` sets; a card that does not have one refuses it, which is as good."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for command in _OFFLOADS:
            value = array.array("I", (command, 0))
            request = struct.pack("16sP16x", card.encode("ascii"), value.buffer_info()[0])
            with contextlib.suppress(OSError):
                fcntl.ioctl(any_socket, _SIOCETHTOOL, request)
