"""The translated core says what the interpreted one says, frame by frame: in Lua 5.2, 5.3 and 5.4, about every ladder,
every capture of the corpus, damaged octets and random segments. Every field and every message is compared.
"""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from tcplint.capture import open_capture
from tcplint.capture.frame import Frame
from tcplint.check import Clock
from tcplint.core.model import Quote
from tcplint.ladder.frames import frame_refs
from tcplint.ladder.parse import parse
from tests.lua.tellers import VERSIONS, LuaTeller, PythonTeller, told_differently
from tests.promise.mutations import mixed
from tests.promise.sequences import random_segments
from tests.promise.stories import THOROUGH, page_tales
from tests.promise.test_runtimes_agree import scratched
from tests.rules.pages import LADDERS
from tools.cases import CORPUS

RANDOM = 20_000 if THOROUGH else 2_000  # sequences of segments, and frames
PARTS = 10  # in which they are tried
LENGTHS = [2, 3, 4, 5, 6]  # of a sequence; one in 200 has SEGMENTS
COMPARED = ("5.2", "5.4")  # 5.3 is between them; the stories above are told in it too
SEGMENTS = 120
CAPTURES = sorted(CORPUS.rglob("capture.pcap*"))

versions = pytest.mark.parametrize("version", VERSIONS)


def timed(frames: list[Frame]) -> list[tuple[Frame, int]]:
    """Each frame with its time in microseconds since the first."""
    clock = Clock()
    return [(frame, clock.read(frame.time_ns)) for frame in frames]


def read(path: Path) -> list[tuple[Frame, int]]:
    with open_capture(str(path)) as frames:
        return timed(list(frames))


@pytest.mark.parametrize("page", LADDERS, ids=str)
def test_ladder_of_a_page_is_told_alike_by_python_and_lua(page):
    story = parse(page.ladder.text)
    frames = timed([reference.frame for reference in frame_refs(story)])
    assert told_differently(frames, story.checksums) == []


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.parent.name)
def test_capture_of_the_corpus_is_told_alike_by_python_and_lua(path):
    assert told_differently(read(path)) == []


def test_captures_of_the_corpus_with_verified_checksums_are_told_alike():
    assert [path for path in CAPTURES if told_differently(read(path), checksums=True)] == []


def test_damaged_octets_of_every_story_are_read_alike_and_make_nothing_fail():
    rnd = random.Random(0)
    for tale in page_tales():
        _, frames = mixed(tale.frames, rnd)
        assert told_differently(timed([scratched(frame, rnd) for frame in frames])) == []


def test_frames_cut_at_every_octet_are_read_alike():
    rnd = random.Random(1)
    for tale in page_tales()[:: 1 if THOROUGH else 4]:
        frame = rnd.choice(tale.frames)
        cut = [
            Frame(size + 1, None, frame.link_type, 0, size, frame.original, 0, frame.data[:size])
            for size in range(len(frame.data) + 1)
        ]
        assert told_differently([(each, 0) for each in cut]) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_random_sequences_of_segments_are_told_alike_by_python_and_lua(part):
    for seed in range(part, RANDOM, PARTS):
        rnd = random.Random(seed)
        found = random_segments(rnd, SEGMENTS if seed // PARTS % 200 == 0 else rnd.choice(LENGTHS))
        python = PythonTeller()
        expected = [*map(python.made, found), python.finish(found[-1].time)]
        for version in COMPARED:
            lua = LuaTeller(version)
            assert [*map(lua.made, found), lua.finish(found[-1].time)] == expected, (seed, version)


@pytest.mark.parametrize("part", range(PARTS))
def test_random_frames_are_told_alike_by_python_and_lua(part):
    """Frames of all stories in any order, half of them damaged, and now and then octets of chance."""
    rnd = random.Random(part)
    known = [frame for tale in page_tales() for frame in tale.frames]
    frames = [scratched(frame, rnd) if rnd.random() < 0.5 else frame for frame in rnd.choices(known, k=RANDOM // PARTS)]
    for place in range(0, len(frames), 20):
        octets = frames[place].data[:14] + rnd.randbytes(rnd.randrange(100))
        size = len(octets)
        frames[place] = Frame(1, None, frames[place].link_type, 0, size, size, 0, octets)
    numbered = [replace(frame, number=number) for number, frame in enumerate(frames, 1)]
    assert told_differently([(frame, 1000 * frame.number) for frame in numbered], versions=COMPARED) == []


@versions
def test_concluding_every_connection_twice_at_every_frame_changes_nothing_in_lua(version):
    for seed in range(5):
        plain, nosy = LuaTeller(version), LuaTeller(version, nosy=True)
        for found in random_segments(random.Random(seed), SEGMENTS):
            assert nosy.made(found) == plain.made(found)
        assert nosy.finish(found.time) == plain.finish(found.time)


def test_random_segments_and_pages_bring_findings_quotations_and_skips():
    """Otherwise the tests above would compare little."""
    tellers = [PythonTeller() for _ in range(20)]
    found = [random_segments(random.Random(seed), SEGMENTS) for seed in range(20)]
    texts = [teller.made(each) for teller, story in zip(tellers, found, strict=True) for each in story]
    texts += [teller.finish(story[-1].time) for teller, story in zip(tellers, found, strict=True)]
    texts += [PythonTeller().frame(frame, time) for path in CAPTURES for frame, time in read(path)]
    said = "\n".join(texts)
    codes = {line.split()[1] for line in said.splitlines() if line.startswith("Finding ")}
    assert len(codes) >= 30, sorted(codes)
    assert any(isinstance(each, Quote) for story in found for each in story)
    for part in ("Conclusion ", "Step ", "Options ", "cannot tell whether", "无法判定是否属实", "not-tcp"):
        assert part in said
