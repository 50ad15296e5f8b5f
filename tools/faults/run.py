"""All faults, each in so many captures, and damaged copies of what they leave."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tools.faults.damage import DAMAGES, Damaged, damaged
from tools.faults.fault import Fault
from tools.faults.judge import CAUGHT, OPEN, Case, Said, blames_the_innocent, case_of, judged, said_of
from tools.faults.scene import NoPlaceError
from tools.faults.sources import scenes

TRIES = 60  # captures looked at for one that has a place


@dataclass
class Row:
    """What came of one fault; the counts are captures, or damaged copies of those."""

    code: str
    kind: str
    function: str
    why: str
    because: tuple[str, str]
    captures: int = 0
    recordings: int = 0  # of the captures
    caught: int = 0
    inconclusive: Counter[str] = field(default_factory=Counter)  # by reason
    missed: list[str] = field(default_factory=list)  # names of captures, with frame
    innocent: list[str] = field(default_factory=list)  # errors of somebody else
    copies: list[Damaged] = field(default_factory=list)
    accused: list[str] = field(default_factory=list)  # errors in damaged copies that the whole does not have


def try_fault(fault: Fault, captures: int, copies: int, seed: str) -> Row:
    """One fault in so many different captures, and in so many damaged copies of each."""
    row = Row(fault.code, fault.kind, fault.commit.__name__, fault.why, fault.because)
    for case in placed(fault, captures, seed):
        row.captures += 1
        row.recordings += not case.name.startswith("call ")
        said = said_of(case.frames, case.checksums)
        verdict = judged(case, said)
        where = f"{case.name}, frame {case.frame}"
        if verdict == CAUGHT:
            row.caught += 1
        elif verdict.startswith(OPEN):
            row.inconclusive[verdict.removeprefix(f"{OPEN}: ")] += 1
        else:
            row.missed.append(where)
        row.innocent += [f"{where}: {one.code} {one.kind} at {one.frame}" for one in blames_the_innocent(case, said)]
        if verdict == CAUGHT:
            _damage(row, case, said, copies)
    return row


def _damage(row: Row, case: Case, whole: list[Said], copies: int) -> None:
    rnd = random.Random(f"{case.fault} {case.name} damage")
    for damage in rnd.sample(list(DAMAGES), min(copies, len(DAMAGES))):
        one = damaged(case, whole, damage, rnd)
        row.copies.append(one)
        row.accused += [f"{case.name}, {damage}: {error}" for error in one.accused]


def placed(fault: Fault, captures: int, seed: str) -> Iterable[Case]:
    """So many captures with this fault; fewer where most captures have no place for it."""
    found = 0
    for number, scene in enumerate(scenes(f"{seed} {fault.code} {fault.commit.__name__}")):
        if found == captures or number == captures * TRIES:
            return
        try:
            blame = fault.commit(scene)
        except NoPlaceError:
            continue
        found += 1
        yield case_of(fault, scene, blame)
