"""The short path (core/calm) says of every segment that it takes what the long path would say."""

import random

import pytest

from tcplint.core import calm, engine
from tests.promise.mutations import mixed
from tests.promise.play import segments_of
from tests.promise.stories import THOROUGH, corpus_tales, page_tales, reuse_tales
from tests.promise.transcript import told, transcript

ROUNDS = 12 if THOROUGH else 3


def never(connection: object) -> None:
    """In place of `settle`: no connection is calm, so every segment takes the long path."""


def test_every_story_and_its_damaged_copies_are_told_alike_by_both_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    rnd = random.Random(1)
    captures = []
    for tale in [*page_tales(), *corpus_tales(), *reuse_tales(20)]:
        captures.append(segments_of(tale.frames, tale.checksums))
        captures += [segments_of(mixed(tale.frames, rnd)[1], tale.checksums) for _ in range(ROUNDS)]
    taken = counted(monkeypatch)
    short = [told(capture) for capture in captures]
    assert taken["advance_calm"] > 300
    assert taken["advance_close"] > 300
    monkeypatch.setattr(engine, "settle", never)
    taken.clear()
    differing = [capture for capture, lines in zip(captures, short, strict=True) if told(capture) != lines]
    assert differing == []
    assert taken == {}


def test_random_segments_are_told_alike_by_both_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    short = [transcript(seed, 120) for seed in range(30)]
    monkeypatch.setattr(engine, "settle", never)
    assert [transcript(seed, 120) for seed in range(30)] == short


def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many segments each function of the short path takes from now on."""
    taken: dict[str, int] = {}

    def count(name: str) -> None:
        original = getattr(calm, name)

        def counting(*arguments: object) -> bool:
            took: bool = original(*arguments)
            if took:
                taken[name] = taken.get(name, 0) + 1
            return took

        monkeypatch.setattr(engine, name, counting)

    count("advance_calm")
    count("advance_close")
    return taken
