"""Wireshark as a judge: what it says of the connections of the corpus, read from tshark each time.

`tcp.completeness` is final only in the second pass (`-2`). All captures go through one tshark, so each gets addresses
of its own: Wireshark tells connections by addresses and ports alone, and the corpus uses the same ones again and again.
"""

import ipaddress
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tcplint.capture import Frame, open_capture
from tcplint.check import Run
from tcplint.core.model import ACK, FIN, RST, SYN
from tcplint.results import Options
from tests.engine.join import CORPUS, ROOT, Piece, write

FIELDS = ("frame.number", "tcp.stream", "tcp.completeness", "tcp.flags", "icmp.type", "icmpv6.type")
KINDS = ("SYN", "SYN-ACK", "FIN", "RST")

# Cases whose connections Wireshark splits otherwise, and why. A row that explains nothing any more fails a test.
NEW_STREAM = "Wireshark begins a stream at every SYN with another number, also where the old connection lives on"
SAME_STREAM = "Wireshark stays in the stream as long as the number of the SYN is not a new one"
NO_SYN = "without the SYN (only the server's side was captured) Wireshark begins no stream, not even at a new SYN-ACK"
STRAY = "a segment that answers nothing of this connection is to us one of an older connection on the same ports"
SPLIT_OTHERWISE = {
    "corpus/handshake/synack-for-another-syn/": STRAY,
    "corpus/handshake/third-step-wrong-number-split/": NEW_STREAM,
    "corpus/reset/blind-rst-in-syn-sent/": STRAY,
    "corpus/reuse/after-time-wait/": NO_SYN,
    "corpus/reuse/client-reopens-from-time-wait/": NO_SYN,
    "corpus/reuse/forged-syn/": NEW_STREAM,
    "corpus/reuse/half-open-rediscovered/": NEW_STREAM,
    "corpus/reuse/old-isn-into-time-wait/": SAME_STREAM,
    "corpus/reuse/syn-into-time-wait/": NO_SYN,
    "corpus/reuse/syn-into-time-wait-without-timestamps/": NO_SYN,
    "corpus/reuse/syn-outlives-connection/": SAME_STREAM,
    "corpus/reuse/three-in-a-row/": NO_SYN,
    "corpus/teardown/fin-before-synack-client-crossing/": NEW_STREAM,
}


@dataclass
class Connection:
    """One connection or stream: its frames in the joined file, and what they hold."""

    capture: str
    frames: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    completeness: int = -1
    first: int = 0  # control bits of its first segment

    def add(self, frame: int, flags: int) -> None:
        self.first = self.first if self.frames else flags
        self.frames.append(frame)
        self.counts["SYN"] += flags & (SYN | ACK) == SYN
        self.counts["SYN-ACK"] += flags & (SYN | ACK) == SYN | ACK
        self.counts["FIN"] += flags & FIN != 0
        self.counts["RST"] += flags & RST != 0


def case(connection: Connection) -> str:
    """The directory of its case in the corpus."""
    return "/".join(connection.capture.split("/")[:3]) + "/"


# What Wireshark sums up otherwise: a test for it, and why it may.
SUMMED_OTHERWISE: dict[str, tuple[Callable[[Connection, Connection], bool], str]] = {
    "one segment": (
        lambda ours, theirs: len(ours.frames) == 1 and ours.first & (SYN | ACK) != SYN and theirs.completeness == 0,
        "the first segment of a stream that does not begin with a SYN is counted one frame too late",
    ),
    "reset without effect": (
        lambda ours, theirs: ours.counts["RST"] > 0 and theirs.completeness == ours.completeness | 32,
        "a reset that its receiver must not accept (RFC 9293 §3.10.7) is counted by Wireshark alone",
    ),
    "others on its ports": (
        lambda ours, theirs: case(ours) in SPLIT_OTHERWISE and not ours.completeness & ~theirs.completeness,
        "what answers the SYN of another connection on the same ports is not this connection's to us",
    ),
}


class Collector:
    """Told by a run of every segment and the connection that it belongs to."""

    def __init__(self, capture: str, before: int) -> None:
        self.capture = capture
        self.before = before  # frames of the captures before
        self.connections: dict[int, Connection] = {}

    def add(self, frame: Any, segment: Any, step: Any) -> None:
        found = self.connections.setdefault(step.connection, Connection(self.capture))
        # Of a header whose length cannot be right Wireshark shows no control bits.
        found.add(self.before + segment.frame, segment.flags if segment.header_valid else 0)


def moved(frame: Frame, number: int, name: str) -> Piece:
    """The frame with addresses that only this capture has. The corpus holds Ethernet and plain IP."""
    data = bytearray(frame.data)
    version = data[14] >> 4
    assert frame.link_type == 1
    assert version in (4, 6) or data[12:14] == b"\x08\x06", name
    for address in {4: (26, 30), 6: (22, 38)}.get(version, ()):
        data[address + 1] ^= number & 255
        data[address + 2] ^= number >> 8
    return Piece(name, frame.link_type, bytes(data), frame.original)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Connection], dict[int, Connection]]:
    """Our connections, and Wireshark's streams by the number of a frame."""
    if shutil.which("tshark") is None:
        pytest.fail("tshark is needed for this test (make test installs it)")
    ours: list[Connection] = []
    joined: list[Piece] = []
    for number, path in enumerate(CORPUS, 1):
        name = str(path.relative_to(ROOT))
        collector = Collector(name, len(joined))
        run = Run(path, Options())
        for connection in run.connections(collector):
            conclusion = run.engine.conclude(connection, run.clock.latest)
            collector.connections[conclusion.number].completeness = conclusion.completeness
        ours += collector.connections.values()
        with open_capture(path) as capture:
            joined += [moved(frame, number, name) for frame in capture]
    return ours, streams(write(tmp_path_factory.mktemp("outside") / "corpus.pcapng", joined), joined)


def streams(path: Path, joined: list[Piece]) -> dict[int, Connection]:
    command = ["tshark", "-2", "-n", "-r", str(path), "-T", "fields", "-E", "occurrence=f"]
    for name in FIELDS:
        command += ["-e", name]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, Connection] = {}
    by_frame: dict[int, Connection] = {}
    for line in run.stdout.splitlines():
        frame, stream, completeness, flags, *error = line.split("\t")
        if not stream or any(error):
            continue  # an ICMP error has the stream of the segment that it quotes
        one = found.setdefault(stream, Connection(joined[int(frame) - 1].origin))
        one.add(int(frame), int(flags or "0", 16))
        one.completeness = int(completeness)
        by_frame[int(frame)] = one
    return by_frame


Both = tuple[list[Connection], dict[int, Connection]]


def alike(both: Both) -> list[tuple[Connection, Connection]]:
    """Connections that are the same frames for both."""
    ours, by_frame = both
    pairs = [(one, by_frame.get(one.frames[0])) for one in ours]
    return [(one, other) for one, other in pairs if other is not None and one.frames == other.frames]


def test_wireshark_splits_the_corpus_into_the_same_connections_but_for_known_cases(both: Both) -> None:
    ours, _ = both
    same = {id(one) for one, _ in alike(both)}
    split = {case(one) for one in ours if id(one) not in same}
    assert split == set(SPLIT_OTHERWISE), "a case that Wireshark splits otherwise is listed above with the reason"
    assert len(same) > 10


def test_completeness_is_the_final_value_of_wireshark(both: Both) -> None:
    seen = set()
    for one, other in alike(both):
        if one.completeness != other.completeness:
            reasons = [name for name, (test, _) in SUMMED_OTHERWISE.items() if test(one, other)]
            assert reasons, (one, other)
            seen.update(reasons)
    assert seen == set(SUMMED_OTHERWISE)
    assert len({one.completeness for one, _ in alike(both)}) > 4


@pytest.mark.parametrize("kind", KINDS)
def test_wireshark_counts_the_same(both: Both, kind: str) -> None:
    different = {one.capture: (one.counts, other.counts) for one, other in alike(both) if one.counts != other.counts}
    assert different == {}
    assert sum(one.counts[kind] for one, _ in alike(both)) > 5


def test_moved_addresses_stay_addresses() -> None:
    with open_capture(CORPUS[0]) as capture:
        frame = next(iter(capture))
    data = moved(frame, 258, "x").data
    start, size = (26, 4) if data[14] >> 4 == 4 else (22, 16)
    before, after = (ipaddress.ip_address(octets[start : start + size]) for octets in (frame.data, data))
    assert before != after
    assert len(data) == len(frame.data)
