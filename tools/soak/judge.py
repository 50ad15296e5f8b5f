"""What tcplint says of a batch: of its three captures whole, and of damaged copies of what each pair of ports has left.

Both ends are Linux, so every error-level finding is a wrong one.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tcplint.capture.frame import Frame
from tcplint.core.model import VIOLATES
from tests.promise.mutations import mixed
from tests.promise.play import CATALOGUE, SEVERITY, Fault, Played, play
from tools.lab.end import LINKS
from tools.lab.pcap import CLIENT, POINTS, Record
from tools.soak.crowd import Batch
from tools.soak.wire import Pair, ports_of

_ETHERNET = 1
_CLIENT_LINK = bytes.fromhex(LINKS[CLIENT].replace(":", ""))
_SEVERITIES = {0: "note", 1: "warning", 2: "error"}


@dataclass(frozen=True)
class Accusation:
    """An error, and the frames that give it. `pair` is None for a whole capture."""

    batch: Batch
    point: str
    pair: Pair | None
    damage: str
    frames: list[Frame]
    faults: tuple[Fault, ...]


@dataclass
class Tally:
    """Figures of a soak. `said` counts the findings of whole captures by (code, name, severity)."""

    connections: int = 0
    frames: int = 0  # at all three points
    copies: int = 0
    copied_frames: int = 0
    said: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)  # handshake, teardown
    accused: Counter[str] = field(default_factory=Counter)  # code, in whole captures and copies


def frames_of(records: list[Record]) -> list[Frame]:
    """The frames of a capture as tcplint reads them."""
    return [
        Frame(number, one.time_ns, _ETHERNET, 0, len(one.octets), len(one.octets), 0, one.octets)
        for number, one in enumerate(records, 1)
    ]


def by_pair(frames: list[Frame]) -> dict[Pair, list[Frame]]:
    """The frames of each pair of ports, in their order."""
    found: dict[Pair, list[Frame]] = defaultdict(list)
    for frame in frames:
        source, target = ports_of(frame.data) or (0, 0)
        found[(source, target) if frame.data[6:12] == _CLIENT_LINK else (target, source)].append(frame)
    return found


def judge(batch: Batch, copies: int, tally: Tally) -> Iterator[Accusation]:
    """Every error in the captures of a batch and in `copies` damaged copies. The dice are those of the batch."""
    tally.connections += batch.connections
    pairs = []
    for point in POINTS:
        frames = frames_of(batch.captures[point])
        if not frames:
            continue
        tally.frames += len(frames)
        played = play(frames)
        _count(played, tally)
        if played.faults:
            yield from _divide(batch, point, frames, played, tally)
        pairs += [(point, pair, part) for pair, part in by_pair(frames).items()]
    rnd = random.Random(f"{batch.name} damage")
    for number in range(copies if pairs else 0):
        point, pair, part = rnd.choice(pairs)
        seed = f"{batch.name} {number}"
        damage, copy = mixed(part, random.Random(seed))
        tally.copies += 1
        tally.copied_frames += len(copy)
        faults = play(copy).faults
        if faults:
            tally.accused.update({fault.code for fault in faults})
            yield Accusation(batch, point, pair, f"copy {number}: {damage}", copy, tuple(faults))


def _divide(batch: Batch, point: str, frames: list[Frame], played: Played, tally: Tally) -> Iterator[Accusation]:
    """The pairs that are accused in a whole capture; the whole itself where only all of it together gives the error."""
    tally.accused.update(fault.code for fault in played.faults)
    alone = []
    for pair, part in by_pair(frames).items():
        faults = play(part).faults
        if faults:
            alone.append(Accusation(batch, point, pair, "none", part, tuple(faults)))
    if sum(len(one.faults) for one in alone) < len(played.faults):
        yield Accusation(batch, point, None, "none", frames, tuple(played.faults))
    yield from alone


def _count(played: Played, tally: Tally) -> None:
    for conclusion in played.conclusions:
        tally.outcomes[f"{conclusion.handshake}, {conclusion.teardown}"] += 1
        for finding in conclusion.findings:
            severity = "inconclusive"
            if finding.verdict == VIOLATES:
                severity = _SEVERITIES[SEVERITY.get(finding.code, {}).get(finding.kind, 0)]
            elif finding.verdict == 0:
                severity = "note"
            tally.said[(finding.code, _NAMES.get(finding.code, ""), severity)] += 1


_NAMES = {rule.code: rule.name for rule in CATALOGUE.rules}
