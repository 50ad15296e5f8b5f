"""Changes of a crafted case that remove no evidence; each gives None where the story leaves no room for it.

Most are made of the story, so that all checksums stay right: other numbers, other addresses, more data, more options.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from ipaddress import ip_address

from tcplint.capture.frame import Frame
from tcplint.ladder.frames import default_ends, frames
from tcplint.ladder.parse import parse
from tcplint.ladder.story import Endpoint, NumbersLine, SegmentLine, Story
from tests.promise.rewrites import UNRELATED, Changed, addresses_exchanged, in_a_vlan, later
from tests.promise.richer import (
    Rest,
    changed,
    resting_places,
    segments,
    with_exchange,
    with_timestamps,
    with_unknown_option,
)

STRANGERS = 50  # connections interleaved

CaseRewrite = Callable[[Story, int], Changed | None]  # the story, and the ladder line that is wrong


def _numbers(at: int) -> CaseRewrite:
    """Initial numbers of both ends so many below the end of the number space; an end with raw numbers keeps its own."""

    def rewrite(story: Story, fault: int) -> Changed | None:
        raw = [False, False]
        for line in segments(story):
            raw[line.side] |= line.seq is not None and line.seq.raw
            raw[1 - line.side] |= line.ack is not None and line.ack.raw
        if all(raw):
            return None
        lines = list(story.lines)
        for index, line in enumerate(lines):
            if isinstance(line, NumbersLine):
                client, server = (
                    isn if kept else (2**32 - at) % 2**32
                    for isn, kept in zip((line.client, line.server), raw, strict=True)
                )
                lines[index] = replace(line, client=client, server=server)
        return changed(story, replace(story, lines=lines))

    return rewrite


def exchanged(story: Story, fault: int) -> Changed | None:
    """Client and server have each other's addresses. None where one of them is a group's: that would matter."""
    if any(_is_group(end) for ends in story.addresses.values() for end in ends):
        return None
    return addresses_exchanged(story, frames(story))


def in_the_other_protocol(story: Story, fault: int) -> Changed:
    """IPv4 as IPv6, IPv6 as IPv4; a group stays a group."""
    ipv6 = not story.ipv6
    addresses = {}
    for pair, ends in story.addresses.items():
        plain = default_ends(ord(pair) - ord("a"), ipv6)
        group = "ff02::1" if ipv6 else "224.0.0.1"
        client, server = (
            Endpoint(group if _is_group(end) else usual.address, end.port)
            for end, usual in zip(ends, plain, strict=True)
        )
        addresses[pair] = (client, server)
    return changed(story, replace(story, ipv6=ipv6, addresses=addresses))


def _is_group(end: Endpoint) -> bool:
    return ip_address(end.address).is_multicast or end.address == "255.255.255.255"


def an_hour_later(story: Story, fault: int) -> Changed:
    return later(story, frames(story))


def tagged(story: Story, fault: int) -> Changed:
    return in_a_vlan(story, frames(story))


def among_fifty(story: Story, fault: int) -> Changed:
    """Fifty unrelated connections in between, which begin one after another while the story runs."""
    return _interleaved(story, frames(story))


def _interleaved(story: Story, whole: list[Frame]) -> Changed:
    start, end = (whole[place].time_ns or 0 for place in (0, -1))
    mixed = [(frame.time_ns or 0, -1, frame) for frame in whole]
    for number, stranger in enumerate(strangers()):
        begin = start + (end - start) * number // STRANGERS
        for frame in stranger:
            time_ns = begin + (frame.time_ns or 0) - (stranger[0].time_ns or 0)
            mixed.append((time_ns, number, replace(frame, time_ns=time_ns)))
    mixed.sort(key=lambda one: one[:2])
    frame_of = [place for place, (_, number, _) in enumerate(mixed, 1) if number < 0]
    return Changed([frame for *_, frame in mixed], frame_of, story)


@cache
def strangers() -> list[list[Frame]]:
    """The frames of fifty connections of their own."""
    each = []
    for number in range(STRANGERS):
        pair = f"pair q 203.0.113.{number + 1}:{40_000 + 7 * number} > 198.51.100.{number % 3 + 2}:{443 - number % 2}"
        each.append(frames(parse(f"isn q {97_003 * number + 5} {81_000_017 * (number + 1)}\n{pair}{UNRELATED}")))
    return each


def data_before(story: Story, fault: int) -> Changed | None:
    """An exchange of data before the fault."""
    return _with_exchange(story, [place for place in resting_places(story) if story.lines[place.index].line < fault])


def data_after(story: Story, fault: int) -> Changed | None:
    """An exchange of data behind the fault."""
    return _with_exchange(story, [place for place in resting_places(story) if story.lines[place.index].line >= fault])


def _with_exchange(story: Story, places: list[Rest]) -> Changed | None:
    return changed(story, with_exchange(story, places[0])) if places else None


def unknown_option(story: Story, fault: int) -> Changed | None:
    new = with_unknown_option(story)
    return None if new is None else changed(story, new)


def timestamps(story: Story, fault: int) -> Changed | None:
    new = with_timestamps(story)
    return None if new is None else changed(story, new)


def everything(story: Story, fault: int) -> Changed:
    """Whatever can be done at once: data on both sides of the fault, options, numbers, addresses, a VLAN, strangers."""
    now = story
    for rewrite in (data_after, data_before, timestamps, unknown_option, numbers_wrap, in_the_other_protocol):
        new = rewrite(now, fault)
        now = now if new is None else new.story
    here = changed(story, now)
    tags = in_a_vlan(now, here.frames)
    mixed = _interleaved(now, tags.frames)
    return Changed(mixed.frames, [mixed.frame_of[place - 1] for place in here.frame_of], now)


numbers_wrap = _numbers(2)
numbers_wrap_in_the_data = _numbers(120)
numbers_cross_the_half = _numbers(2**31 + 40)

CASE_REWRITES: dict[str, CaseRewrite] = {
    "addresses exchanged": exchanged,
    "numbers wrap": numbers_wrap,
    "numbers wrap in the data": numbers_wrap_in_the_data,
    "numbers cross the half": numbers_cross_the_half,
    "an hour later": an_hour_later,
    "IPv6 for IPv4 and back": in_the_other_protocol,
    "in a VLAN": tagged,
    "among fifty connections": among_fifty,
    "data before": data_before,
    "data after": data_after,
    "an unknown option": unknown_option,
    "timestamps": timestamps,
    "everything at once": everything,
}


def fault_line(story: Story, frame: int) -> int:
    """The ladder line of a frame."""
    captured = [line for line in story.lines if isinstance(line, SegmentLine) and not line.lost]
    return captured[frame - 1].line
