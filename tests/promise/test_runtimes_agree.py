"""Random segments: the interpreted and the compiled core say the same, word for word, and asking changes nothing."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tcplint.capture.frame import Frame
from tests.promise.mutations import mixed
from tests.promise.play import play
from tests.promise.stories import THOROUGH, page_tales
from tests.promise.transcript import digest, transcript
from tools import compile_core

ROOT = Path(__file__).resolve().parent.parent.parent
SEEDS = 300 if THOROUGH else 100
SEGMENTS = 120

needs_compiler = pytest.mark.skipif(
    compile_core.c_compiler() is None, reason="no C compiler or no Python.h here (Debian: gcc, python3-dev)"
)


@needs_compiler
def test_random_segments_are_told_alike_by_the_interpreted_and_the_compiled_core() -> None:
    overlay = compile_core.compiled_core(ROOT / "build" / "compiled")
    search = os.pathsep.join([str(overlay), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    program = f"import tcplint.core.engine as e; assert not e.__file__.endswith('.py'); {RUN}"
    done = subprocess.run(
        [sys.executable, "-c", program, str(SEEDS), str(SEGMENTS)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": search}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    compiled = done.stdout.split()
    assert [seed for seed in range(SEEDS) if digest(seed, SEGMENTS) != compiled[seed]] == []


RUN = "import sys; from tests.promise.transcript import main; main(sys.argv[1:])"


@pytest.mark.parametrize("seed", range(40 if THOROUGH else 15))
def test_concluding_every_connection_twice_at_every_frame_changes_nothing(seed: int) -> None:
    assert transcript(seed, SEGMENTS, nosy=True) == transcript(seed, SEGMENTS)


def test_random_segments_meet_most_of_the_rules() -> None:
    """Otherwise the two tests above would compare little."""
    said = {word for seed in range(60) for line in transcript(seed, SEGMENTS) for word in line.split()}
    codes = {word.removeprefix("code=") for word in said if word.startswith("code=")}
    assert len(codes) >= 40, sorted(codes)


def test_damaged_octets_of_every_story_make_nothing_fail() -> None:
    rnd = random.Random(0)
    for tale in page_tales():
        _, frames = mixed(tale.frames, rnd)
        play([scratched(frame, rnd) for frame in frames], checksums=rnd.random() < 0.5)


def scratched(frame: Frame, rnd: random.Random) -> Frame:
    """A few octets changed, behind the link header so that it is still IP."""
    data = bytearray(frame.data)
    for _ in range(rnd.choice([0, 1, 1, 3])):
        data[rnd.randrange(14, len(data))] = rnd.randrange(256)
    return Frame(
        frame.number, frame.time_ns, frame.link_type, frame.interface, len(data), frame.original, frame.offset,
        bytes(data),
    )  # fmt: skip
