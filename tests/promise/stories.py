"""The captures that are damaged: the ladder of every page, every case of the corpus, and pairs used again and again."""

import os
import random
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tcplint.capture.frame import Frame
from tcplint.capture.open import open_capture
from tcplint.ladder.frames import frames as frames_of
from tcplint.ladder.parse import parse
from tcplint.ladder.story import Story
from tests.promise.agreements import agreeing_pair
from tests.promise.mistakes import MISTAKES, mistaken
from tests.promise.option_mistakes import OPTION_MISTAKES, option_mistake
from tests.promise.play import CATALOGUE, Played, play
from tests.promise.reuse import reused_pair
from tools.cases import load

CORPUS = Path(__file__).resolve().parent.parent.parent / "corpus"
THOROUGH = bool(os.environ.get("TCPLINT_DAMAGES"))  # `make promise`: more of everything that is random


class Tale(NamedTuple):
    """A whole capture, and what tcplint says of it."""

    name: str
    frames: list[Frame]
    checksums: bool
    whole: Played
    story: Story | None = None

    def __str__(self) -> str:
        return self.name


def _tale(name: str, frames: list[Frame], checksums: bool = False, story: Story | None = None) -> Tale:
    return Tale(name, frames, checksums, play(frames, checksums), story)


@cache
def page_tales() -> list[Tale]:
    """One for each ladder."""
    tales = []
    for rule in CATALOGUE.rules:
        for ladder in rule.ladders:
            story = parse(ladder.text)
            tales.append(_tale(f"{rule.name}:{ladder.line}", frames_of(story), story.checksums, story))
    return tales


@cache
def corpus_tales() -> list[Tale]:
    """One for each capture."""
    tales = []
    for path in sorted(CORPUS.glob("*/*/capture.pcap*")):
        with open_capture(path) as capture:
            case = load(path.parent / "case.toml")
            tales.append(_tale(case.name, list(capture), case.checksums))
    return tales


@cache
def reuse_tales(count: int) -> list[Tale]:
    """Conforming connections, one after another on one pair."""
    return [_tale(f"reused pair {seed}", frames_of(parse(reused_pair(random.Random(seed))))) for seed in range(count)]


@cache
def agreement_tales(count: int) -> list[Tale]:
    """Conforming connections, one after another on one pair, each with its own choice of options."""
    return [_tale(f"agreements {seed}", frames_of(parse(agreeing_pair(random.Random(seed))))) for seed in range(count)]


@cache
def broken_tales(count: int) -> list[Tale]:
    """Connections with one fault each, `count` of every fault; the rule that names it begins the name."""
    tales = []
    for faults, write in ((MISTAKES, mistaken), (OPTION_MISTAKES, option_mistake)):
        for fault, code in faults.items():
            for seed in range(count):
                story = write(fault, random.Random(f"{fault} {seed}"))
                tales.append(_tale(f"{code} {fault} {seed}", frames_of(parse(story))))
    return tales
