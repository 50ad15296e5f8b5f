"""Changes of a story that remove no evidence: other addresses, other numbers, another time, another wrapping.

Each takes the story of a ladder and its frames as they are, and gives the changed capture together with the frame that
each old one has become.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from tcplint.capture.frame import Frame
from tcplint.capture.open import open_capture
from tcplint.ladder.frames import default_ends, frames
from tcplint.ladder.parse import parse
from tcplint.ladder.story import NumbersLine, SegmentLine, Story
from tcplint.ladder.words import CLIENT_ISN, SERVER_ISN
from tests.capture.octets import interface, packet, section

VLAN = b"\x81\x00\x00\x07"
HOUR_NS = 3_600_000_000_000
UNRELATED = """
0.000 q> S  <mss 1460>
0.010 q< S. <mss 1460>
0.020 q> .
0.030 q> P. 50
0.040 q< .
0.050 q> F.
0.060 q< F.
0.070 q> .
"""


class Changed(NamedTuple):
    """The changed capture; `frame_of[n - 1]` is the number that frame n has now."""

    frames: list[Frame]
    frame_of: list[int]
    story: Story  # whose addresses these frames bear


Rewrite = Callable[[Story, list[Frame]], Changed]


def _same_places(story: Story, changed: list[Frame]) -> Changed:
    return Changed(changed, list(range(1, len(changed) + 1)), story)


def pairs(story: Story) -> set[str]:
    return {line.pair for line in story.lines if isinstance(line, SegmentLine)}


def ends(story: Story) -> dict[bytes, str]:
    """Address and port of every end, as the segment's key has them, and whose they are in the ladder."""
    from ipaddress import ip_address

    names = {}
    for pair in sorted(pairs(story)):
        both = story.addresses.get(pair) or default_ends(ord(pair) - ord("a"), story.ipv6)
        for role, endpoint in zip(("client", "server"), both, strict=True):
            names[ip_address(endpoint.address).packed + endpoint.port.to_bytes(2, "big")] = f"{pair} {role}"
    return names


def addresses_exchanged(story: Story, whole: list[Frame]) -> Changed:
    """What the client's address was is the server's."""
    given = {}
    for pair in pairs(story):
        client, server = story.addresses.get(pair) or default_ends(ord(pair) - ord("a"), story.ipv6)
        given[pair] = (server, client)
    changed = replace(story, addresses=given)
    return _same_places(changed, frames(changed))


def has_raw_numbers(story: Story) -> bool:
    """Numbers written as they stand in the header (`seq =0`) mean themselves: they cannot be shifted."""
    segments = [line for line in story.lines if isinstance(line, SegmentLine)]
    return any(number is not None and number.raw for line in segments for number in (line.seq, line.ack))


def numbers_wrap(story: Story, whole: list[Frame]) -> Changed:
    """All numbers shifted, so that both ends pass 2^32 one octet into their streams."""
    by = {pair: _shift(pair, story) for pair in pairs(story)}
    lines = list(story.lines)
    for index, line in enumerate(lines):
        if isinstance(line, NumbersLine) and line.pair in by:
            client, server = by[line.pair]
            lines[index] = replace(line, client=(line.client + client) % 2**32, server=(line.server + server) % 2**32)
    for pair in sorted(by):
        client, server = _first_numbers(pair)
        shift = by[pair]
        lines.insert(0, NumbersLine(0, pair, (client + shift[0]) % 2**32, (server + shift[1]) % 2**32))
    changed = replace(story, lines=lines)
    return _same_places(changed, frames(changed))


def _first_numbers(pair: str) -> tuple[int, int]:
    """The initial numbers of a pair before any `isn` line."""
    index = ord(pair) - ord("a")
    return (CLIENT_ISN + 7_654_321 * index * index) % 2**32, (SERVER_ISN + 8_765_432 * index * index) % 2**32


def _shift(pair: str, story: Story) -> tuple[int, int]:
    """What brings the initial numbers that this pair begins with just below the end of the number space."""
    client, server = _first_numbers(pair)
    for line in story.lines:
        if isinstance(line, NumbersLine) and line.pair == pair:
            client, server = line.client, line.server
            break
        if isinstance(line, SegmentLine) and line.pair == pair:
            break
    return (2**32 - 2 - client) % 2**32, (2**32 - 2 - server) % 2**32


def later(story: Story, whole: list[Frame]) -> Changed:
    """An hour later, behind an unrelated frame with an odd number of nanoseconds between."""
    first = whole[0]
    tick = frames(parse("tick\n> S"))[0]
    shifted = [replace(frame, time_ns=(frame.time_ns or 0) + HOUR_NS) for frame in whole]
    before = replace(tick, time_ns=(first.time_ns or 0) + HOUR_NS - 1_234_567, link_type=first.link_type)
    return Changed([before, *shifted], [number + 1 for number in range(1, len(whole) + 1)], story)


def as_ipv6(story: Story, whole: list[Frame]) -> Changed:
    """The same segments in IPv6."""
    changed = replace(story, ipv6=True)
    return _same_places(changed, frames(changed))


def in_a_vlan(story: Story, whole: list[Frame]) -> Changed:
    """An 802.1Q tag on every frame."""
    tagged = [
        replace(
            frame,
            data=frame.data[:12] + VLAN + frame.data[12:],
            captured=frame.captured + 4,
            original=frame.original + 4,
        )
        for frame in whole
    ]
    return _same_places(story, tagged)


def among_others(story: Story, whole: list[Frame]) -> Changed:
    """Frames of an unrelated connection in between."""
    rnd = random.Random(len(whole))
    others = frames(parse(UNRELATED))
    mixed: list[Frame] = []
    frame_of = []
    for frame in whole:
        while others and rnd.random() < 0.5:
            mixed.append(replace(others.pop(0), time_ns=frame.time_ns))
        mixed.append(frame)
        frame_of.append(len(mixed))
    return Changed(mixed, frame_of, story)


REWRITES: list[Rewrite] = [addresses_exchanged, numbers_wrap, later, as_ipv6, in_a_vlan, among_others]


def through_pcapng(frames: list[Frame], path: Path) -> list[Frame]:
    """Written as pcapng with nanoseconds, and read again."""
    links = sorted({frame.interface for frame in frames})
    parts = [section(), *(interface(tsresol=9) for _ in range(links[-1] + 1))]
    for frame in frames:
        parts.append(packet(frame.time_ns or 0, frame.data, on=frame.interface, original=frame.original))
    path.write_bytes(b"".join(parts))
    with open_capture(path) as capture:
        return list(capture)
