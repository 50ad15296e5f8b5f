"""The conforming captures into which faults are put: calls drawn by chance, and the recordings of Linux."""

import random
from collections.abc import Iterator
from functools import cache

from tcplint.capture.frame import Frame
from tcplint.capture.open import open_capture
from tcplint.core.model import VIOLATES
from tcplint.ladder.frames import frames as frames_of
from tcplint.ladder.parse import parse
from tests.promise.play import SEVERITY, play
from tools.cases import cases
from tools.faults.calls import conforming_call
from tools.faults.scene import MS, Scene, scene_of

WAY = 40 * MS  # our laboratory has no distances


def called(seed: str) -> list[Frame]:
    """A call drawn by chance."""
    return frames_of(parse(conforming_call(random.Random(seed))))


@cache
def recorded() -> dict[str, list[list[Frame]]]:
    """The recordings that break no rule and open with three segments, at every point of capture, by name.

    Each is there as it was recorded and, where it still conforms, with a longer way to the client and to the server.
    """
    found = {}
    for case in cases():
        if case.origin["kind"] != "kernel":
            continue
        for path in (case.capture, *(one for one in case.variants if one.name.startswith("at-"))):
            with open_capture(path) as capture:
                frames = list(capture)
            if conforms(frames) and scene_of(case.name, frames, random.Random(0)) is not None:
                point = "" if path == case.capture else f" {path.stem}"
                found[f"{case.name}{point}"] = [frames, *_farther(frames)]
    return found


def _farther(frames: list[Frame]) -> Iterator[list[Frame]]:
    for side in (0, 1):
        scene = made("", frames, "")
        scene.stretch(side, WAY)
        if conforms(scene.frames()):
            yield scene.frames()


def conforms(frames: list[Frame]) -> bool:
    """Whether it is one connection, whole, without an error or a warning."""
    conclusions = play(frames).conclusions
    said = [one for conclusion in conclusions for one in conclusion.findings]
    if len(conclusions) != 1 or conclusions[0].evidence or conclusions[0].verdict != "conforms":
        return False
    return not any(one.verdict == VIOLATES and SEVERITY[one.code].get(one.kind, 0) > 0 for one in said)


def scenes(seed: str) -> Iterator[Scene]:
    """Scenes without end, of different captures: recordings and calls in turn, and calls when those are used up."""
    rnd = random.Random(seed)
    names = sorted(recorded())
    rnd.shuffle(names)
    number = 0
    while True:
        if number < len(names):
            yield made(names[number], rnd.choice(recorded()[names[number]]), f"{seed} {names[number]}")
        name = f"call {seed} {number}"
        yield made(name, called(name), name)
        number += 1


def made(name: str, frames: list[Frame], seed: str) -> Scene:
    """The scene of a capture that has one. Raises ValueError for another."""
    scene = scene_of(name, frames, random.Random(seed))
    if scene is None:
        raise ValueError(f"{name} is not one connection that opens with three segments")
    return scene
