"""The same story with more in it: another exchange of data, other options. Nothing that was said before is unsaid.

An exchange is put where the connection is at rest: both ends have acknowledged all that the other has sent, and nobody
has closed. What is written relative to the initial numbers moves up behind it. Options are added to every segment of
both ends, so that the connection stays consistent in itself; a RST does without them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from tcplint.ladder.frames import FrameRef, frame_refs
from tcplint.ladder.packets import option_octets
from tcplint.ladder.story import CLIENT, SERVER, Line, Number, NumbersLine, Option, SegmentLine, Story
from tcplint.ladder.words import FLAGS
from tests.promise.rewrites import Changed

SYN, FIN, RST, ACK, PSH = (FLAGS[letter] for letter in "SFR.P")
OCTETS = 100  # sent by each end in an exchange
LATER_NS = 100_000_000
ROOM = 40  # octets of options that a TCP header has room for
UNKNOWN = Option("raw", "4c04cafe")  # kind 76 is assigned to nobody


@dataclass
class Stream:
    """What one end has sent, and how much of it the other has acknowledged; relative numbers."""

    next: int = 0
    acked: int = 0
    opened: bool = False


def segments(story: Story) -> list[SegmentLine]:
    return [line for line in story.lines if isinstance(line, SegmentLine)]


class Rest(NamedTuple):
    """A place where the connection is at rest: behind the line with this index, at these numbers of both ends."""

    index: int
    next: tuple[int, int]


def resting_places(story: Story) -> list[Rest]:
    """Where everything sent is acknowledged and nobody has closed. Both ends go on to speak afterwards."""
    streams = [Stream(), Stream()]
    places = []
    for index, line in enumerate(story.lines):
        if not isinstance(line, SegmentLine):
            continue
        if line.flags & FIN and not _knows_nothing(line):
            break
        _follow(streams, line)
        rests = all(stream.opened and stream.acked == stream.next for stream in streams)
        behind = [later.side for later in segments(replace(story, lines=story.lines[index + 1 :])) if not _reset(later)]
        if rests and {CLIENT, SERVER} <= set(behind):
            places.append(Rest(index, (streams[CLIENT].next, streams[SERVER].next)))
    return places


def _reset(line: SegmentLine) -> bool:
    return line.flags & RST != 0


def _knows_nothing(line: SegmentLine) -> bool:
    """It acknowledges the raw number 0: sent before the peer's SYN came."""
    return line.ack is not None and line.ack.raw


def _follow(streams: list[Stream], line: SegmentLine) -> None:
    if _reset(line) or _knows_nothing(line) or "doff" in line.fields:
        return
    own, peer = streams[line.side], streams[1 - line.side]
    own.opened = own.opened or line.flags & SYN != 0
    seq = own.next if line.seq is None else line.seq.value
    own.next = max(own.next, seq + line.length + (line.flags & SYN != 0))
    if line.flags & ACK:
        peer.acked = max(peer.acked, peer.next if line.ack is None else line.ack.value)


def with_exchange(story: Story, place: Rest) -> Story:
    """Each end sends some octets and acknowledges those of the other."""
    before = story.lines[: place.index + 1]
    new = _exchange(replace(story, lines=before), place)
    lines = [*before, *new, *(_moved(line, place) for line in story.lines[place.index + 1 :])]
    runs_to = None if story.runs_to_ns is None else story.runs_to_ns + LATER_NS
    return replace(story, lines=lines, runs_to_ns=runs_to)


def _exchange(before: Story, place: Rest) -> list[Line]:
    said = segments(before)
    start = said[-1].time_ns
    numbers = list(place.next)
    new: list[Line] = []
    for step, (side, flags) in enumerate(((CLIENT, PSH | ACK), (SERVER, ACK), (SERVER, PSH | ACK), (CLIENT, ACK)), 1):
        last = next(line for line in reversed(said) if line.side == side and not _reset(line))
        line = SegmentLine(-step, start + step * 20_000_000, last.pair, side, flags)
        line.seq, line.ack = Number(numbers[side]), Number(numbers[1 - side])
        line.length = OCTETS if flags & PSH else 0
        numbers[side] += line.length
        line.fields = {"win": last.fields["win"]} if "win" in last.fields and not last.flags & SYN else {}
        stamps = [_stamp([one for one in said if one.side == each]) for each in (side, 1 - side)]
        if all(stamps):
            line.options = [Option("nop", ""), Option("nop", ""), Option("ts", "/".join(stamps))]
        new.append(line)
    return new


def _stamp(said: list[SegmentLine]) -> str:
    """The last timestamp of an end; empty if it has sent none."""
    values = [option.value.split("/")[0] for line in said for option in line.options if option.name == "ts"]
    return values[-1] if values else ""


def _moved(line: Line, place: Rest) -> Line:
    """A later line. Numbers below the exchange stay, also those that are wrong just because they are so low."""
    if isinstance(line, NumbersLine):
        return line
    line = replace(line, time_ns=line.time_ns + LATER_NS)
    if isinstance(line, SegmentLine):
        own, peer = place.next[line.side], place.next[1 - line.side]
        line.seq, line.ack = _higher(line.seq, own), _higher(line.ack, peer)
        line.options = [_blocks_moved(option, peer) for option in line.options]
    return line


def _higher(number: Number | None, least: int) -> Number | None:
    if number is None or number.raw or number.value < least:
        return number
    return Number(number.value + OCTETS)


def _blocks_moved(option: Option, least: int) -> Option:
    if option.name != "sack":
        return option
    value = re.sub(r"\d+", lambda edge: str(int(edge[0]) + OCTETS * (int(edge[0]) >= least)), option.value)
    return option._replace(value=value)


def with_unknown_option(story: Story) -> Story | None:
    """An option that nobody knows on every segment; None where one has no room for it."""
    return _with_options(story, lambda line: [UNKNOWN])


def with_timestamps(story: Story) -> Story | None:
    """Timestamps on every segment, agreed on by both SYNs; None where there are some already, or no room."""
    if any(option.name == "ts" for line in segments(story) for option in line.options):
        return None
    heard = [0, 0]

    def stamp(line: SegmentLine) -> list[Option]:
        value = 7_000_000 * (1 + line.side) + line.time_ns // 1_000_000
        echo = heard[line.side] if line.flags & ACK and not _knows_nothing(line) else 0
        if not _knows_nothing(line):
            heard[1 - line.side] = value
        return [Option("nop", ""), Option("nop", ""), Option("ts", f"{value}/{echo}")]

    return _with_options(story, stamp)


def _with_options(story: Story, new: Callable[[SegmentLine], list[Option]]) -> Story | None:
    lines = list(story.lines)
    for index, line in enumerate(lines):
        if isinstance(line, SegmentLine) and not _reset(line):
            options = [*new(line), *line.options]
            if len(option_octets(options, lambda edge: 0)) > ROOM:
                return None
            lines[index] = replace(line, options=options)
    return replace(story, lines=lines)


def changed(old: Story, new: Story) -> Changed:
    """The capture of the new story, and where each frame of the old one stands in it."""
    whole = frame_refs(new)
    places: dict[int, list[int]] = {}
    for reference in whole:
        places.setdefault(reference.line, []).append(reference.frame.number)
    return Changed([reference.frame for reference in whole], [_place(one, places) for one in frame_refs(old)], new)


def _place(reference: FrameRef, places: dict[int, list[int]]) -> int:
    return places[reference.line][0 if reference.line else -1]
