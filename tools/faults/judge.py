"""Is a fault caught? What tcplint says of a capture, compared with whom the fault blames."""

from collections.abc import Sequence
from dataclasses import dataclass

from tcplint.capture.frame import Frame
from tcplint.core.model import INCONCLUSIVE, VIOLATES
from tests.promise.play import NOBODY, SEVERITY, end_of, play
from tools.faults.fault import Blame, Fault
from tools.faults.scene import Scene

CAUGHT, OPEN, MISSED = "caught", "inconclusive", "missed"


@dataclass(frozen=True)
class Case:
    """A capture with one fault, and what must be found: rule, kind, who, frame."""

    fault: Fault
    name: str
    frames: list[Frame]
    checksums: bool
    who: bytes
    frame: int


@dataclass(frozen=True)
class Said:
    """One finding, in a form that can be compared."""

    code: str
    kind: str
    verdict: int
    why: str
    who: bytes
    frame: int

    @property
    def severity(self) -> int:
        """ERROR or WARNING of what violates, else NOTE."""
        return SEVERITY.get(self.code, {}).get(self.kind, 0) if self.verdict == VIOLATES else 0


def case_of(fault: Fault, scene: Scene, blame: Blame) -> Case:
    """The capture of a scene in which a fault was committed."""
    who = blame.who if blame.who is not None else NOBODY
    if blame.side is not None:
        at = next(one for one in scene.packets if one.side == blame.side)
        who = at.who
    return Case(fault, scene.name, scene.frames(), scene.checksums, who, scene.number(blame.packet))


def said_of(frames: Sequence[Frame], checksums: bool = False) -> list[Said]:
    """All findings. Frames keep the number they were given, not their place."""
    numbers = [frame.number for frame in frames]
    return [
        Said(one.code, one.kind, one.verdict, one.why, end_of(conclusion.key, one.side), numbers[one.frame - 1])
        for conclusion in play(frames, checksums).conclusions
        for one in conclusion.findings
    ]


def judged(case: Case, said: list[Said], anywhere: bool = False) -> str:
    """CAUGHT, MISSED, or OPEN with the reasons that tcplint gives.

    `anywhere`: the frame does not matter. A finding that waits for the last copy of a segment stands at an earlier one
    where that was lost.
    """
    code, kind = case.fault.code, case.fault.kind
    mine = [one for one in said if one.code == code]
    hits = [one for one in mine if one.verdict == VIOLATES and one.kind == kind and one.who == case.who]
    if any(anywhere or one.frame == case.frame for one in hits):
        return CAUGHT
    reasons = {one.why for one in mine if one.verdict == INCONCLUSIVE}
    return f"{OPEN}: {', '.join(sorted(reasons))}" if reasons else MISSED


def blames_the_innocent(case: Case, said: list[Said]) -> list[Said]:
    """Errors of others than the guilty: what nobody in particular is blamed for is not counted."""
    return [one for one in said if one.severity == 2 and one.who not in (case.who, NOBODY)]
