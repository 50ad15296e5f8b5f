"""The short path (core/calm, core/calm_open) says of every segment that it takes what the long path would say."""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tcplint.core import engine, expected, flood
from tcplint.core.model import Segment
from tests.promise.mutations import mixed
from tests.promise.play import feed, new_engine, segments_of
from tests.promise.stories import THOROUGH, corpus_tales, page_tales, reuse_tales
from tests.promise.transcript import told, transcript

ROUNDS = 4 if THOROUGH else 2
SHORT = [(expected, "pass_by"), (expected, "pass_close"), (expected, "complete_opening"), (flood, "open_by_answer")]
ALL = {name for _, name in SHORT}
ITS_OWN = {"fresh", "before", "after"}  # of the short path, and the list of open connections


def captures(rounds: int) -> Iterator[list[Any]]:
    """Every story as segments, and damaged copies of it."""
    rnd = random.Random(1)
    for tale in [*page_tales(), *corpus_tales(), *reuse_tales(20)]:
        yield segments_of(tale.frames, tale.checksums)
        for _ in range(rounds):
            yield segments_of(mixed(tale.frames, rnd)[1], tale.checksums)


def never(*arguments: object) -> bool:
    """In place of a function of the short path: it takes nothing."""
    return False


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many segments each function of the short path takes from now on."""
    count: dict[str, int] = {}

    def counting(name: str, original: Callable[..., bool]) -> Callable[..., bool]:
        def function(*arguments: object) -> bool:
            took = original(*arguments)
            count[name] = count.get(name, 0) + took
            return took

        return function

    for module, name in SHORT:
        monkeypatch.setattr(module, name, counting(name, getattr(module, name)))
    return count


@contextmanager
def only_the_long_path(names: Iterable[str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module, name in SHORT:
            if name in names:
                patch.setattr(module, name, never)
        if "pass_by" in names:
            patch.setattr(engine, "settle", never)  # nor does anything else take a connection for a quiet one
        yield


def test_every_story_and_its_damaged_copies_are_told_alike_by_both_paths(taken: dict[str, int]) -> None:
    for index, capture in enumerate(captures(ROUNDS)):
        short = told(capture)
        with only_the_long_path(ALL):
            assert told(capture) == short, index
    assert min(taken[name] for _, name in SHORT) > 100


def test_random_segments_are_told_alike_by_both_paths() -> None:
    for seed in range(30):
        short = transcript(seed, 120)
        with only_the_long_path(ALL):
            assert transcript(seed, 120) == short, seed


def attributes(thing: Any) -> Any:
    """All that an object of the core holds, as plain values; the way back to what holds it is left out."""
    if isinstance(thing, (int, str, bytes, type(None))):
        return thing
    if isinstance(thing, list):
        return [attributes(one) for one in thing]
    if isinstance(thing, dict):
        return {key: attributes(one) for key, one in thing.items()}
    return {name: attributes(one) for name, one in vars(thing).items() if name not in ITS_OWN and name != "chain"}


def facts_after_each_segment(capture: list[Any]) -> list[Any]:
    """What is known of the segment's connection, and of all of them at the end."""
    told_to = new_engine()
    known = []
    for found in capture:
        if isinstance(found, Segment):
            step = attributes(told_to.observe(found))
            known.append((found.frame, step, attributes(told_to.chains.get(found.key))))
        else:
            feed(told_to, found)
    known.append((0, attributes(told_to.aggregates), attributes(told_to.census)))
    return known


def test_an_opening_leaves_the_same_facts_whichever_path_it_took(taken: dict[str, int]) -> None:
    opening = ("open_by_answer", "complete_opening")
    for index, capture in enumerate(captures(1)):
        short = facts_after_each_segment(capture)
        with only_the_long_path(opening):
            assert facts_after_each_segment(capture) == short, index
    assert min(taken[name] for name in opening) > 100
