"""Copies of a broken capture that lack something, and the frames that are to blame when tcplint falls silent.

Frames keep their numbers, so that what is wrong with a copy can be told: frames that are gone, cut short, out of place,
or there twice. When the fault is not caught any more, frames are put back, each once. One that alone brings the fault
back explains the silence; where none does, the fewest that do it together are looked for, by taking one after another
away again. Of a copy with every frame in its place that is silent all the same the fault is missed.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tcplint.capture.frame import Frame
from tcplint.core.model import ERROR
from tests.promise import mutations
from tests.promise.accusations import OVERLAP
from tools.faults.judge import CAUGHT, OPEN, Case, Said, judged, said_of
from tools.faults.packet import ACK, FIN, RST, SYN, read

Frames = list[Frame]

AT_FAULT = "the frame at fault"


def drop_one(frames: Frames, rnd: random.Random) -> Frames:
    """One frame is missing."""
    return mutations.without(frames, {rnd.randrange(len(frames))})


def begin_late(frames: Frames, rnd: random.Random) -> Frames:
    """The capture begins with some frame."""
    return frames[rnd.randrange(len(frames)) :]


def end_early(frames: Frames, rnd: random.Random) -> Frames:
    """The capture ends with some frame."""
    return frames[: rnd.randrange(len(frames)) + 1]


DAMAGES: dict[str, Callable[[Frames, random.Random], Frames]] = {
    "one frame dropped": drop_one,
    "several frames dropped": mutations.drop,
    "begins late": begin_late,
    "ends early": end_early,
    "one direction": mutations.one_direction,
    "SYN, FIN, RST alone": mutations.control_only,
    "54 to 68 octets of a frame": mutations.shorten,
    "one frame doubled": mutations.double,
    "two frames swapped": mutations.swap,
}


@dataclass(frozen=True)
class Damaged:
    """What became of a fault in a damaged copy. `missing` are the frames that explain why it was not caught."""

    damage: str
    said: str  # "caught", "inconclusive", or "" where the rule is silent
    missing: tuple[int, ...] = ()
    what: tuple[str, ...] = ()  # the missing frames in words
    accused: tuple[str, ...] = ()  # errors that the whole capture does not have

    @property
    def missed(self) -> bool:
        """Not caught, and nothing is missing that would explain it."""
        return self.said != CAUGHT and not self.missing

    @property
    def silent_beside_it(self) -> bool:
        """The rule says nothing, though the frame at fault is there, whole and in its place."""
        return self.said == "" and AT_FAULT not in self.what


def damaged(case: Case, whole: list[Said], damage: str, rnd: random.Random) -> Damaged:
    """One copy, and what explains its silence. `whole` is what is said of the capture before."""
    copy = DAMAGES[damage](case.frames, rnd)
    said = said_of(copy, case.checksums)
    accused = tuple(f"{one.code} {one.kind} at frame {one.frame}" for one in said if new_error(one, whole))
    verdict = judged(case, said, anywhere=True)
    if verdict == CAUGHT:
        return Damaged(damage, CAUGHT, accused=accused)
    missing = explanation(case, copy)
    words = tuple(role(case, number) for number in missing)
    return Damaged(damage, OPEN if verdict.startswith(OPEN) else "", missing, words, accused)


def new_error(one: Said, whole: list[Said]) -> bool:
    """Whether it is an error that nobody was accused of in the whole capture."""
    names = OVERLAP if one.code in OVERLAP else {one.code}
    return one.severity == ERROR and not any(
        other.severity == ERROR and other.code in names and other.who == one.who for other in whole
    )


def explanation(case: Case, copy: Frames) -> tuple[int, ...]:
    """The frames that must be put back for the fault to be caught; () where all are there."""
    there: dict[int, Frames] = {}
    for frame in copy:
        there.setdefault(frame.number, []).append(frame)
    lacks = [frame.number for frame in case.frames if there.get(frame.number) != [frame]]
    if case.frame in lacks:
        lacks.remove(case.frame)
        lacks.insert(0, case.frame)
    for number in lacks:
        if _caught_with(case, copy, [number]):
            return (number,)
    if not lacks or not _caught_with(case, copy, lacks):
        return ()
    needed = list(lacks)
    for number in lacks:
        rest = [one for one in needed if one != number]
        if _caught_with(case, copy, rest):
            needed = rest
    return tuple(sorted(needed))


def _caught_with(case: Case, copy: Frames, numbers: Sequence[int]) -> bool:
    said = said_of(put_back(case.frames, copy, numbers), case.checksums)
    return judged(case, said, anywhere=True) == CAUGHT


def put_back(whole: Frames, copy: Frames, numbers: Sequence[int]) -> Frames:
    """The copy with these frames of the whole at their places again."""
    frames = [frame for frame in copy if frame.number not in numbers]
    for number in sorted(numbers):
        place = next((at for at, frame in enumerate(frames) if frame.number > number), len(frames))
        frames.insert(place, whole[number - 1])
    return frames


def role(case: Case, number: int) -> str:
    """What a frame is, in words."""
    if number == case.frame:
        return AT_FAULT
    packet = read(case.frames[number - 1].data, 0)
    if not packet.head:
        return "a later frame"
    for bits, name in ((SYN | ACK, "SYN-ACK"), (SYN, "SYN"), (RST, "RST"), (FIN, "FIN")):
        if packet.has(bits):
            return name
    return "data" if packet.payload else "ACK"
