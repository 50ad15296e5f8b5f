"""The states that pass too quickly to be asked for: the kernel's tracepoint `sock/inet_sock_set_state`.

tracefs is used where it is mounted, else through a mount that has no place in the file system and ends with its
descriptor. Events go into an instance of our own, which is removed afterwards. Without tracefs there is no trace, and
nothing else changes.

What the tracepoint cannot say: TIME-WAIT, because the full socket goes to CLOSED when a small one takes its place. A
child of a listener shows as LISTEN to SYN-RECEIVED when its handshake completes. CLOSED is therefore left out, and a
path is the states from SYN-SENT or SYN-RECEIVED on. Events carry no namespace: a socket counts as ours when this
process touched it, which each does, because all frames are delivered by this process.
"""

import contextlib
import ctypes
import os
import re
from collections.abc import Iterator
from pathlib import Path

from tools.lab.end import Endpoint

_PLACES = (Path("/sys/kernel/tracing"), Path("/sys/kernel/debug/tracing"))
_FSOPEN, _FSCONFIG, _FSMOUNT = 430, 431, 432  # the same numbers on every architecture
_CMD_CREATE, _CLOEXEC = 6, 1
_NAMES = {"SYN_RECV": "SYN-RECEIVED", "FIN_WAIT1": "FIN-WAIT-1", "FIN_WAIT2": "FIN-WAIT-2"}

_EVENT = re.compile(
    r"-(?P<task>\d+) .*inet_sock_set_state: family=\S+ protocol=IPPROTO_TCP sport=(?P<sport>\d+) dport=(?P<dport>\d+) "
    r"saddr=(?P<saddr>\S+) daddr=(?P<daddr>\S+) saddrv6=(?P<saddr6>\S+) daddrv6=(?P<daddr6>\S+) "
    r"oldstate=TCP_(?P<old>\S+) newstate=TCP_(?P<new>\S+)"
)

Path_ = list[str]


class Trace:
    """The events of one story, once it is over."""

    def __init__(self) -> None:
        self.available = False
        self._text = ""

    @contextlib.contextmanager
    def following(self) -> Iterator[None]:
        """Meanwhile the kernel writes down every change of a state."""
        with contextlib.ExitStack() as keep:
            instance = keep.enter_context(_instance())
            yield
            if instance is not None:
                self.available = True
                self._text = (instance / "trace").read_text(encoding="ascii", errors="replace")

    def paths(self, local: Endpoint, remote: Endpoint) -> list[Path_]:
        """The states of this end, connection after connection; empty without a trace."""
        paths: list[Path_] = []
        for event in _EVENT.finditer(self._text):
            six = ":" in local[0]
            own, peer = (event["saddr6"], event["daddr6"]) if six else (event["saddr"], event["daddr"])
            if (own, int(event["sport"]), peer, int(event["dport"])) != (*local, *remote):
                continue
            new = event["new"]
            if (event["old"], new) in (("CLOSE", "SYN_SENT"), ("LISTEN", "SYN_RECV")):
                paths.append([])
            if paths and new not in ("CLOSE", event["old"]):
                paths[-1].append(_NAMES.get(new, new.replace("_", "-")))
        return paths


@contextlib.contextmanager
def _instance() -> Iterator[Path | None]:
    """An instance of the tracer that follows the states of sockets; None where there is no tracefs."""
    with contextlib.ExitStack() as keep:
        place = next((place for place in _PLACES if (place / "instances").is_dir()), None) or _unseen_mount(keep)
        if place is None:
            yield None
            return
        instance = place / "instances" / f"tcplint-{os.getpid()}"
        try:
            instance.mkdir()
        except OSError:
            yield None
            return
        keep.callback(instance.rmdir)
        enable = instance / "events/sock/inet_sock_set_state/enable"
        try:
            enable.write_text("1", encoding="ascii")
        except OSError:
            yield None
            return
        keep.callback(enable.write_text, "0", encoding="ascii")
        yield instance


def _unseen_mount(keep: contextlib.ExitStack) -> Path | None:
    """tracefs, mounted nowhere: reachable through a descriptor of this process only."""
    library = ctypes.CDLL(None, use_errno=True)
    context = library.syscall(_FSOPEN, b"tracefs", _CLOEXEC)
    if context < 0:
        return None
    try:
        if library.syscall(_FSCONFIG, context, _CMD_CREATE, None, None, 0) < 0:
            return None
        mount = library.syscall(_FSMOUNT, context, _CLOEXEC, 0)
    finally:
        os.close(context)
    if mount < 0:
        return None
    keep.callback(os.close, mount)
    return Path(f"/proc/self/fd/{mount}")
