"""The first half of the promise: whatever a capture loses or garbles, nobody is accused who was not accused before.

A capture may be cut, filtered, shortened, thinned out, doubled and shuffled; an error-level finding may disappear, but
no rule may blame an end that it did not blame in the whole capture.
"""

import random
from collections.abc import Iterator

import pytest

from tests.promise.accusations import new_errors
from tests.promise.mutations import Frames, mixed, single
from tests.promise.play import play
from tests.promise.stories import (
    THOROUGH,
    Tale,
    agreement_tales,
    broken_tales,
    page_tales,
    reuse_tales,
)

MIXTURES = 60 if THOROUGH else 30  # a story, besides every damage to one single place
REUSED_PAIRS = 90 if THOROUGH else 60
AGREEMENTS = 90 if THOROUGH else 40
BROKEN = 12 if THOROUGH else 6  # connections with each kind of fault
PARTS = 8  # so that they run side by side

TALES = [
    *page_tales(),
    *reuse_tales(REUSED_PAIRS),
    *agreement_tales(AGREEMENTS),
    *broken_tales(BROKEN),
]
CONFORMING = [tale for tale in TALES if not tale.whole.faults]
VIOLATING = [tale for tale in TALES if tale.whole.faults]


def damaged(tale: Tale) -> Iterator[tuple[str, Frames]]:
    yield from single(tale.frames)
    rnd = random.Random(tale.name)
    for _ in range(MIXTURES):
        yield mixed(tale.frames, rnd)


@pytest.mark.parametrize("part", range(PARTS))
def test_damage_to_a_conforming_capture_accuses_nobody(part: int) -> None:
    assert [error for tale in CONFORMING[part::PARTS] for error in new_errors(tale, damaged(tale))] == []


@pytest.mark.parametrize("part", range(PARTS))
def test_damage_to_a_violating_capture_adds_no_accusation(part: int) -> None:
    assert [error for tale in VIOLATING[part::PARTS] for error in new_errors(tale, damaged(tale))] == []


def test_damage_leaves_some_of_the_errors_to_be_found() -> None:
    """Otherwise the two tests above would pass an engine that accuses nobody."""
    kept = total = 0
    for tale in VIOLATING:
        for _, frames in single(tale.frames):
            total += 1
            kept += bool(play(frames, tale.checksums).faults)
    assert kept > total // 4


def test_a_reused_pair_is_conforming_as_a_whole() -> None:
    assert [str(tale) for tale in reuse_tales(REUSED_PAIRS) if tale.whole.faults] == []


def test_options_that_were_agreed_on_or_given_up_are_no_fault() -> None:
    assert [str(tale) for tale in agreement_tales(AGREEMENTS) if tale.whole.faults] == []


def test_a_connection_with_a_mistake_breaks_the_rule_that_names_it_and_one_end_is_blamed() -> None:
    for tale in broken_tales(BROKEN):
        assert tale.name[:5] in {fault.code for fault in tale.whole.faults}, tale
        assert len({fault.who for fault in tale.whole.faults}) == 1, tale


def test_there_are_stories_of_every_kind() -> None:
    assert len(CONFORMING) > 200
    assert len(VIOLATING) > 30
    assert {fault.code for tale in VIOLATING for fault in tale.whole.faults} >= {"HS002", "HS003", "TD004", "RS005"}
