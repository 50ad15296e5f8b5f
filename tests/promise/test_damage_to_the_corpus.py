"""The first half of the promise over the corpus: damage to a capture, recorded or crafted, adds no accusation.

Every damage to one single place, and mixtures at random: dropped, doubled, swapped, moved, cut at both ends, shortened
to 54 – 68 octets, one direction, control segments only. `TCPLINT_DAMAGES` says how many mixtures a capture gets,
`TCPLINT_SEED` makes them others than yesterday (`make promise`).
"""

import os
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.promise.accusations import new_errors
from tests.promise.mutations import Frames, mixed, single
from tests.promise.play import play
from tests.promise.stories import Tale, corpus_tales

DAMAGES = int(os.environ.get("TCPLINT_DAMAGES") or 60)
SEED = os.environ.get("TCPLINT_SEED", "")
PARTS = 8  # so that they run side by side

TALES = corpus_tales()


def damaged(tale: Tale) -> Iterator[tuple[str, Frames]]:
    rnd = random.Random(f"{SEED}{tale.name}")
    yield from single(tale.frames)
    for _ in range(DAMAGES):
        yield mixed(tale.frames, rnd)


@pytest.mark.parametrize("part", range(PARTS))
def test_damage_to_a_capture_of_the_corpus_adds_no_accusation(part: int) -> None:
    for tale in TALES[part::PARTS]:
        assert new_errors(tale, damaged(tale)) == []


def test_damage_leaves_some_of_the_crafted_errors_to_be_found() -> None:
    """Otherwise the test above would pass an engine that accuses nobody."""
    violating = [tale for tale in TALES if tale.whole.faults]
    plays = [bool(play(frames, tale.checksums).faults) for tale in violating for _, frames in single(tale.frames)]
    assert sum(plays) > len(plays) // 2
    assert len(violating) >= 70


def test_an_accusation_that_the_whole_does_not_make_is_told() -> None:
    """The comparison itself: the faults of a violating capture, held against a whole that has none."""
    tale = next(tale for tale in TALES if tale.whole.faults)
    innocent = tale._replace(whole=replace(tale.whole, faults=[]))
    told = new_errors(innocent, iter([("nothing at all", tale.frames)]))
    assert [line.split(": ")[1] for line in told] == ["nothing at all"] * len(tale.whole.faults)
