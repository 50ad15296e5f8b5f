"""A network namespace of our own with a TAP device in it.

A socket and a TAP stay in the namespace in which they were made, so one thread plays both ends: it enters, makes them,
and goes back. Names hold the process id, so that two laboratories at a time do not meet. Neighbours are entered by hand
and IPv6 is silent, so that no frame is on the wire but those of the story.
"""

import contextlib
import ctypes
import fcntl
import os
import select
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.lab.errors import LabError, MissingToolError

DEVICE = "tap0"

_CLONE_NEWNET = 0x40000000
_TUNSETIFF, _TUNSETOFFLOAD, _TUNSETVNETHDRSZ = 0x400454CA, 0x400454D0, 0x400454D8
_IFF_TAP, _IFF_NO_PI, _IFF_VNET_HDR = 0x0002, 0x1000, 0x4000
_TUN_F_CSUM, _TUN_F_TSO4, _TUN_F_TSO6 = 1, 2, 4
_CARD_HEADER = 10  # octets of struct virtio_net_hdr
_LARGEST = 1 << 17


class Tap:
    """A TAP device: what the kernel sends is read, what is written the kernel receives. It is gone when closed.

    With `offload` the kernel leaves checksums and the cutting into segments to the card, as it does with real ones.
    """

    def __init__(self, offload: bool) -> None:
        self._header = _CARD_HEADER if offload else 0
        self._open = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        flags = _IFF_TAP | _IFF_NO_PI | (_IFF_VNET_HDR if offload else 0)
        try:
            fcntl.ioctl(self._open, _TUNSETIFF, struct.pack("16sH22x", DEVICE.encode("ascii"), flags))
            if offload:
                fcntl.ioctl(self._open, _TUNSETVNETHDRSZ, struct.pack("i", _CARD_HEADER))
                fcntl.ioctl(self._open, _TUNSETOFFLOAD, _TUN_F_CSUM | _TUN_F_TSO4 | _TUN_F_TSO6)
        except OSError as error:
            os.close(self._open)
            raise LabError(f"the TAP device could not be made: {error}") from None

    def fileno(self) -> int:
        """For select."""
        return self._open

    def read(self) -> tuple[bytes, bytes] | None:
        """Card header and frame; None when the kernel has nothing to send."""
        if not select.select([self._open], [], [], 0)[0]:
            return None
        octets = os.read(self._open, _LARGEST)
        return octets[: self._header], octets[self._header :]

    def write(self, card: bytes, octets: bytes) -> None:
        """Give the kernel a frame; it is processed before this returns."""
        os.write(self._open, (card or bytes(self._header)) + octets)

    def close(self) -> None:
        """Remove the device."""
        os.close(self._open)


class Namespace:
    """A network namespace. `remove()` takes everything in it away."""

    def __init__(self, side: str) -> None:
        self.name = f"tcplint-{os.getpid()}-{side}"
        ip(f"netns add {self.name}")
        self._open: int | None = os.open(f"/run/netns/{self.name}", os.O_RDONLY | os.O_CLOEXEC)

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Sockets, devices and processes made inside belong to this namespace."""
        if self._open is None:
            raise LabError(f"namespace {self.name} is gone")
        back = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _set_namespace(self._open)
            yield
        finally:
            _set_namespace(back)
            os.close(back)

    def sysctl(self, name: str, value: int | str, optional: bool = False) -> None:
        """Set one, such as `net/ipv4/tcp_syn_retries`, and read it back.

        Raises LabError when the kernel refuses the value, and when it does not know the name unless `optional`.
        """
        path = Path("/proc/sys", name)
        with self.entered():
            if optional and not path.exists():
                return
            try:
                with path.open("w", encoding="ascii") as file:
                    file.write(f"{value}\n")
                now = path.read_text(encoding="ascii").split()
            except OSError as error:
                raise LabError(f"sysctl {name} = {value}: {error.strerror}") from None
        if now != str(value).split():
            raise LabError(f"sysctl {name} = {value}: the kernel made {' '.join(now)} of it")

    def run(self, *command: str, given: str = "") -> None:
        """Run a program inside, such as `nft`. Raises LabError with its words when it fails."""
        with self.entered():
            _run(command, given)

    def remove(self) -> None:
        """Remove the namespace."""
        if self._open is not None:
            os.close(self._open)
            self._open = None
            ip(f"netns delete {self.name}")


def ip(lines: str, namespace: str | None = None) -> None:
    """Commands of `ip`, one a line, in one process."""
    _run(("ip", *(("-n", namespace) if namespace else ()), "-batch", "-"), lines + "\n")


def _run(command: tuple[str, ...], given: str) -> None:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True)
    except FileNotFoundError:
        raise MissingToolError(f"the program {command[0]} is missing") from None
    if done.returncode:
        raise LabError(f"{' '.join(command)}: {' '.join(done.stderr.split())}")


def _set_namespace(descriptor: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(descriptor, _CLONE_NEWNET):
        raise LabError(f"setns: {os.strerror(ctypes.get_errno())}")
