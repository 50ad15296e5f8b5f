"""Plays a story in a laboratory of its own, and hands over what was captured and what the kernel said."""

import contextlib
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.lab.end import End
from tools.lab.errors import SpoiltError
from tools.lab.kernel import DisagreementError
from tools.lab.pcap import POINTS, Record
from tools.lab.scene import QUIET, Connection, Moment, Scene
from tools.lab.story import Story
from tools.lab.trace import Trace
from tools.lab.wire import Deed, Wire

TRIES = 3
_TURN = Path("/run/tcplint-lab.lock")


@dataclass(frozen=True)
class Take:
    """One recording of a story, not spoilt. `paths` has (client, server) for each connection; None: not known."""

    captures: dict[str, list[Record]]
    moments: list[Moment]
    deeds: list[Deed]
    connections: list[Connection]
    paths: list[tuple[list[str] | None, list[str] | None]]


def missing() -> str | None:
    """What this machine lacks, in one line; None when it can record."""
    if not sys.platform.startswith("linux"):
        return "network namespaces exist on Linux only"
    if os.geteuid() != 0:
        return "making network namespaces needs root"
    try:
        os.close(os.open("/dev/net/tun", os.O_RDWR))
    except OSError as error:
        return f"/dev/net/tun cannot be opened: {error.strerror}"
    if shutil.which("ip") is None:
        return "the command ip is missing (Debian: apt-get install iproute2)"
    return None


@contextlib.contextmanager
def stage(version: int = 4, offload: bool = False) -> Iterator[Scene]:
    """Two fresh ends and a wire between them; nothing is left of them afterwards.

    Laboratories of one machine take turns: the kernel's tracepoint does not tell their namespaces apart.
    """
    with contextlib.ExitStack() as keep:
        turn = keep.enter_context(_TURN.open("w"))
        fcntl.flock(turn, fcntl.LOCK_EX)
        client = keep.enter_context(contextlib.closing(End("client", version, offload)))
        server = keep.enter_context(contextlib.closing(End("server", version, offload)))
        yield Scene(client, server, Wire(client.tap, server.tap))


def play(story: Story) -> Take:
    """Play it once. Raises SpoiltError when the recording is not what the story tells, and LabError."""
    trace = Trace()
    with stage(story.version, story.offload) as scene, trace.following():
        try:
            story.play(scene)
            scene.wire.idle(QUIET)
        except (OSError, DisagreementError) as error:
            raise SpoiltError(f"the story stumbled: {error}") from error
        take = Take(scene.wire.captures, scene.moments, scene.wire.deeds, scene.connections, [])
    _examine(story, take)
    take.paths.extend(_paths(trace, take))
    return take


def record(story: Story) -> Take:
    """Play it until a recording is sound, three times at most. Raises SpoiltError of the last try, and LabError."""
    for left in reversed(range(TRIES)):
        try:
            return play(story)
        except SpoiltError as error:
            if not left:
                raise
            print(f"tools.lab: {story.name}: {error}; once more", file=sys.stderr)
    raise AssertionError("unreachable")


def _examine(story: Story, take: Take) -> None:
    records = take.captures[story.tap]
    if len(records) != story.frames:
        counts = ", ".join(f"{len(take.captures[point])} at the {point}" for point in POINTS)
        raise SpoiltError(f"{story.frames} frames expected at the {story.tap}; captured: {counts}")
    if len(take.connections) != len(story.expect):
        raise SpoiltError(f"{len(take.connections)} connections, {len(story.expect)} outcomes")
    asked = {moment.connection for moment in take.moments}
    if asked != set(range(len(take.connections))):
        raise SpoiltError("a connection without a moment")
    if take.moments[-1].after[story.tap] != story.frames:
        raise SpoiltError("frames came after the last moment")


def _paths(trace: Trace, take: Take) -> list[tuple[list[str] | None, list[str] | None]]:
    """For each connection what both ends passed through; None where the trace cannot be divided among them."""
    found = []
    connections = take.connections
    for connection in connections:
        ends = (connection.client, connection.server)
        same = [other.number for other in connections if (other.client, other.server) == ends]
        pair: list[list[str] | None] = []
        moments = [moment for moment in take.moments if moment.connection == connection.number]
        told = ([moment.client for moment in moments], [moment.server for moment in moments])
        for local, remote, states in zip(ends, ends[::-1], told, strict=True):
            paths = trace.paths(local, remote)
            if not trace.available:
                pair.append(None)
            elif not paths:
                pair.append(None if "SYN-RECEIVED" in states else [])  # a handshake has no full socket to trace
            else:
                pair.append(paths[same.index(connection.number)] if len(paths) == len(same) else None)
        found.append((pair[0], pair[1]))
    return found
