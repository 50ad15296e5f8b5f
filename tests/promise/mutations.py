"""What a capture can lose or garble: frames dropped, doubled, out of place, cut off at both ends, filtered, shortened.

Every function takes a capture and gives the damaged one, never empty. Times stay where they are: a frame that changes
its place takes the time of its new place, as if the capturing machine had handed it over late.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tcplint.capture.frame import Frame
from tcplint.core.model import FIN, RST, SYN, Segment
from tests.promise.play import segments_of

Frames = list[Frame]
Mutation = Callable[[Frames, random.Random], Frames]
SHORTEST, LONGEST = 54, 68  # octets kept of a frame: from an Ethernet frame with a bare TCP header upwards


def timed(frames: Sequence[Frame], times: Sequence[Frame]) -> Frames:
    """The frames with the times of others, place by place."""
    return [replace(frame, time_ns=place.time_ns) for frame, place in zip(frames, times, strict=True)]


def without(frames: Frames, gone: set[int]) -> Frames:
    return [frame for index, frame in enumerate(frames) if index not in gone] or frames


def doubled(frames: Frames, index: int, place: int) -> Frames:
    """A copy of one frame behind the frame at `place`, at the same time as that."""
    copy = replace(frames[index], time_ns=frames[place].time_ns)
    return [*frames[: place + 1], copy, *frames[place + 1 :]]


def moved(frames: Frames, index: int, place: int) -> Frames:
    """One frame at another place."""
    rest = frames[:index] + frames[index + 1 :]
    return timed([*rest[:place], frames[index], *rest[place:]], frames)


def shortened(frames: Frames, length: int) -> Frames:
    """A smaller snapshot length."""
    return [replace(frame, data=frame.data[:length], captured=min(frame.captured, length)) for frame in frames]


def _kept(frames: Frames, keep: Callable[[Segment], bool]) -> Frames:
    """What a capture filter for certain segments leaves. What is no segment stays."""
    found = segments_of(frames)
    return [
        frame for frame, one in zip(frames, found, strict=True) if not isinstance(one, Segment) or keep(one)
    ] or frames


def one_direction(frames: Frames, rnd: random.Random) -> Frames:
    keys = [found.key for found in segments_of(frames) if isinstance(found, Segment)]
    key = rnd.choice(keys) if keys else b""
    return _kept(frames, lambda segment: segment.key == key)


def control_only(frames: Frames, rnd: random.Random) -> Frames:
    return _kept(frames, lambda segment: segment.flags & (SYN | FIN | RST) != 0)


def drop(frames: Frames, rnd: random.Random) -> Frames:
    share = rnd.choice([0.05, 0.2, 0.4])
    return without(frames, {index for index in range(len(frames)) if rnd.random() < share})


def double(frames: Frames, rnd: random.Random) -> Frames:
    index = rnd.randrange(len(frames))
    return doubled(frames, index, min(len(frames) - 1, index + rnd.choice([0, 0, 1, 2, 5])))


def swap(frames: Frames, rnd: random.Random) -> Frames:
    index = rnd.randrange(max(1, len(frames) - 1))
    return moved(frames, index, min(len(frames) - 1, index + 1))


def move(frames: Frames, rnd: random.Random) -> Frames:
    return moved(frames, rnd.randrange(len(frames)), rnd.randrange(len(frames)))


def cut(frames: Frames, rnd: random.Random) -> Frames:
    start = rnd.randrange(len(frames))
    return frames[start : rnd.randrange(start, len(frames)) + 1]


def shorten(frames: Frames, rnd: random.Random) -> Frames:
    return shortened(frames, rnd.randint(SHORTEST, LONGEST))


COMMON: list[Mutation] = [drop, drop, double, swap, swap, move, cut, shorten]
FILTERS: list[Mutation] = [one_direction, control_only]


def single(frames: Frames) -> Iterator[tuple[str, Frames]]:
    """Every damage to one single place."""
    rnd = random.Random(0)
    last = len(frames) - 1
    for index in range(len(frames)):
        if last:
            yield f"frame {index + 1} dropped", without(frames, {index})
            yield f"begins with frame {index + 1}", frames[index:]
            yield f"ends with frame {index + 1}", frames[: index + 1]
        yield f"frame {index + 1} doubled", doubled(frames, index, index)
        if index < last:
            yield f"frames {index + 1} and {index + 2} swapped", moved(frames, index, index + 1)
    for change in FILTERS:
        yield change.__name__, change(frames, rnd)
    for length in (54, 60, 66):
        yield f"snaplen {length}", shortened(frames, length)


def mixed(frames: Frames, rnd: random.Random) -> tuple[str, Frames]:
    """Several kinds of damage at once."""
    names = []
    for _ in range(rnd.choice([1, 2, 2, 3, 4])):
        change = rnd.choice(FILTERS if rnd.random() < 0.1 else COMMON)
        names.append(change.__name__)
        frames = change(frames, rnd)
    return ", ".join(names), frames
