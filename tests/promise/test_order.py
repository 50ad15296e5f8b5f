"""The facts of an orderly connection do not depend on the order in which a capture holds its frames.

Every frame is there; the times stay in place while the frames change theirs. As long as the capture begins with the
SYN, the opening comes out the same, and what is said of the close is either the same or "cannot be told": a FIN that
the capture shows behind its acknowledgment may be a second copy, and then nobody knows what the first acknowledged.
Only whether the ACK of the first FIN was a segment of its own, four segments or three, is a matter of order alone.
"""

import random
from typing import NamedTuple

import pytest

from tcplint.capture.frame import Frame
from tcplint.core.model import SIDE_UNKNOWN, UNKNOWN
from tcplint.ladder.frames import frames
from tcplint.ladder.parse import parse
from tests.promise.mutations import moved, timed
from tests.promise.play import end_of, play
from tests.promise.stories import THOROUGH

HANDSHAKE = 3  # frames
PERMUTATIONS = 600 if THOROUGH else 300

OPENING = "> S <mss 1460>\n< S. <mss 1460>\n> .\n> P. 120\n< . ack 121\n"
STORIES = {
    "four-way, closed by the client": OPENING + "> F.\n< .\n< F.\n> .",
    "four-way, closed by the server": OPENING + "< F.\n> .\n> F.\n< .",
    "three-segment": OPENING + "> F.\n< F.\n> .",
    "simultaneous": OPENING + "> F. seq 121 ack 1\n< F. seq 1 ack 121\n> . seq 122 ack 2\n< . seq 2 ack 122",
    "half-closed for a while": OPENING + "> F.\n< .\n< P. 500\n> .\n< F.\n> .",
    "the FIN repeated": OPENING + "> F.\n> F. seq 121\n< .\n< F.\n> .",
}


class Known(NamedTuple):
    """What is said at the end, by the addresses of the ends: another end may be the first to speak."""

    handshake: str
    teardown: str
    closer: object
    states: dict[bytes, int]


def known(frames_: list[Frame]) -> Known:
    """The one connection of this capture, accused of nothing."""
    played = play(frames_)
    assert played.faults == []
    (last,) = (one for one in played.conclusions if one.segments > 1)
    closer: object = last.active_closer
    if closer in (0, 1):
        closer = end_of(last.key, last.active_closer)
    states = {end_of(last.key, 0): last.state0, end_of(last.key, 1): last.state1}
    return Known(last.handshake, last.teardown, closer, states)


def agree(whole: Known, shuffled: Known) -> bool:
    """The same, or undecided where the order of frames decides."""
    closes = {whole.teardown, "orderly-unknown"}
    if whole.teardown in ("four-way", "three-segment"):
        closes |= {"four-way", "three-segment"}
    return (
        shuffled.handshake == whole.handshake
        and shuffled.teardown in closes
        and shuffled.closer in (whole.closer, SIDE_UNKNOWN)
        and all(shuffled.states[end] in (state, UNKNOWN) for end, state in whole.states.items())
    )


every_story = pytest.mark.parametrize("text", STORIES.values(), ids=STORIES)


@every_story
def test_frames_in_any_order_behind_the_handshake_tell_the_same_or_nothing(text: str) -> None:
    whole = frames(parse(text))
    expected = known(whole)
    rnd = random.Random(text)
    different = []
    for _ in range(PERMUTATIONS):
        rest = whole[HANDSHAKE:]
        rnd.shuffle(rest)
        order = whole[:HANDSHAKE] + rest
        if not agree(expected, known(timed(order, whole))):
            different.append([frame.number for frame in order])
    assert different == []


@every_story
def test_two_neighbours_swapped_leave_the_words_for_opening_and_close(text: str) -> None:
    """Also inside the handshake; only the last FIN behind its own ACK leaves open who closed first."""
    whole = frames(parse(text))
    expected = known(whole)
    undecided = 0
    for index in range(len(whole) - 1):
        swapped = known(moved(whole, index, index + 1))
        assert swapped.handshake == expected.handshake
        assert swapped == expected or (swapped.teardown == "orderly-unknown" and agree(expected, swapped))
        undecided += swapped != expected
    assert undecided <= 1


def test_crossing_fins_are_a_simultaneous_close_in_every_order() -> None:
    """Here each FIN shows by its own number that its sender did not know of the other: nothing is left open."""
    whole = frames(parse(STORIES["simultaneous"]))
    expected = known(whole)
    rnd = random.Random(0)
    for _ in range(PERMUTATIONS):
        rest = whole[1:]
        rnd.shuffle(rest)
        assert known(timed([whole[0], *rest], whole)) == expected
