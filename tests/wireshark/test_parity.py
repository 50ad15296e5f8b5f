"""The plugin says in tshark what `tcplint check` says: of every frame the step, the states and the findings, of its
connection the outcomes. Over the whole corpus, every ladder, connections with a fault each, and mutilated copies of
all.

`CI=true` takes more copies; `TCPLINT_PARITY=all` also every damage to one single place of every capture.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from tcplint.ladder.frames import frames as frames_of
from tcplint.ladder.parse import parse
from tests.engine.join import pieces, write
from tests.engine.tunnels import RARE
from tests.promise.mutations import single
from tests.promise.stories import CORPUS
from tests.rules.pages import LADDERS
from tests.wireshark.answers import by_command_line, by_wireshark, differences
from tests.wireshark.joined import Story, cases, corpus_stories, mutilated, told_stories, write_joined

CI = bool(os.environ.get("CI"))
ALL = os.environ.get("TCPLINT_PARITY") == "all"
COPIES = 50 if CI or ALL else 5  # of a case of the corpus
COPIES_OF_TOLD = 10 if ALL else 2
LEAST = 5000  # findings that a run must have compared
SHOWN = 10  # differences


def stories() -> Iterator[Story]:
    for captures in cases().values():
        yield from captures
    for name, captures in cases().items():
        yield from mutilated(captures, COPIES, name)
    for name, frames in told_stories():
        yield frames
        yield from mutilated([frames], COPIES_OF_TOLD, name)
    if ALL:
        for _, frames in [*corpus_stories(), *told_stories()]:
            yield from (damaged for _, damaged in single(frames))


def test_every_story_and_its_mutilated_copies_are_told_alike(plugin: Path, tmp_path: Path) -> None:
    compared, unlike = 0, []
    for capture in write_joined(list(stories()), tmp_path, "joined"):
        expected = by_command_line(capture)
        shown = by_wireshark(plugin, capture, "-2", "-Y", "tcp")
        unlike += differences(capture, shown, expected)
        compared += expected.findings
        capture.unlink()
    assert unlike[:SHOWN] == []
    assert compared >= LEAST


def test_captures_of_the_corpus_alone_are_told_alike(plugin: Path) -> None:
    """Not joined: as they are, with the clock that they have."""
    chosen = sorted(CORPUS.glob("*/*/capture.pcap*"))
    if not (CI or ALL):
        chosen = chosen[:: max(1, len(chosen) // 12)]
    unlike = []
    for capture in chosen:
        unlike += differences(capture, by_wireshark(plugin, capture, "-2", "-Y", "tcp"), by_command_line(capture))
    assert unlike[:SHOWN] == []


def test_verified_checksums_are_told_alike(plugin: Path, tmp_path: Path) -> None:
    told = [story for story in (parse(page.ladder.text) for page in LADDERS) if story.checksums]
    assert told, "no ladder asks for verified checksums"
    preference = ("-o", "tcplint.checksums:TRUE")
    for capture in write_joined([frames_of(story) for story in told], tmp_path, "checksums"):
        expected = by_command_line(capture, checksums=True)
        assert differences(capture, by_wireshark(plugin, capture, "-2", "-Y", "tcp", *preference), expected) == []


def test_frames_of_every_link_type_in_one_file_are_told_alike(plugin: Path, tmp_path: Path) -> None:
    """Wireshark tells no plugin the link type: it is found out frame by frame. Rare layers need dpkt, or deep mode.

    Nor does it tell the interface, by which two copies without link addresses are told apart: counts are left out.
    """
    known = (0, 1, 9, 12, 14, 101, 108, 113, 228, 229, 276)
    rare = tuple(f"stack: {name}" for name in RARE)
    other = ("awkward: ", "other: ")  # made to confuse readers of files, and those of rare layers
    chosen = [piece for piece in pieces() if piece.link_type in known and piece.origin not in rare]
    capture = write(tmp_path / "mixed.pcapng", [piece for piece in chosen if not piece.origin.startswith(other)])
    expected, shown = by_command_line(capture), by_wireshark(plugin, capture, "-2", "-Y", "frame")
    for answers in (expected, shown):
        answers.frames = {frame: told._replace(counts=()) for frame, told in answers.frames.items()}
    assert len(expected.frames) > 1000
    assert differences(capture, shown, expected)[:SHOWN] == []
