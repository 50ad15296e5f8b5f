"""Frames asked for in any order, filters in between, a second file: the answers stay those of the whole capture."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wireshark.answers import by_command_line
from tests.wireshark.joined import corpus_stories, write_joined
from tests.wireshark.sharkd import Sharkd

pytestmark = pytest.mark.skipif(shutil.which("sharkd") is None, reason="no sharkd here (Debian: wireshark-common)")


@pytest.fixture
def sharkd(plugin: Path, tmp_path: Path) -> Iterator[Sharkd]:
    with Sharkd(plugin, tmp_path / "home") as running:
        yield running


@pytest.fixture
def captures(tmp_path: Path) -> list[Path]:
    told = [frames for name, frames in corpus_stories() if name.endswith("capture.pcap")]
    halves = (told[::2], told[1::2])
    return [next(iter(write_joined(half, tmp_path, f"half{index}"))) for index, half in enumerate(halves)]


def by_rule(capture: Path) -> dict[str, list[int]]:
    """The frames at which each rule has a finding."""
    frames: dict[str, set[int]] = {}
    for frame, told in by_command_line(capture).frames.items():
        for row in told.findings:
            frames.setdefault(row[0], set()).add(frame)
    return {rule: sorted(found) for rule, found in frames.items()}


def test_every_rule_filters_to_its_frames_right_after_loading(sharkd: Sharkd, captures: list[Path]) -> None:
    sharkd.load(captures[0])
    expected = by_rule(captures[0])
    assert len(expected) >= 5
    for rule, frames in list(expected.items())[:8]:
        assert sharkd.passing(f'tcplint.rule == "{rule}"') == frames


def test_frames_in_any_order_have_the_same_tree_before_and_after_filters(sharkd: Sharkd, captures: list[Path]) -> None:
    sharkd.load(captures[0])
    frames = sorted(by_command_line(captures[0]).frames)
    chosen = random.Random(0).sample(frames, min(40, len(frames)))
    first = {frame: sharkd.tree(frame) for frame in chosen}
    assert all(first.values())
    for display_filter in ("tcplint.severity", "tcp.flags.fin == 1", 'tcplint.step contains "handshake"', "tcp"):
        sharkd.passing(display_filter)
    random.Random(1).shuffle(chosen)
    assert {frame: sharkd.tree(frame) for frame in chosen} == first


def test_second_file_leaves_nothing_of_the_first(sharkd: Sharkd, captures: list[Path]) -> None:
    for capture in (captures[1], captures[0], captures[1]):
        sharkd.load(capture)
        expected = by_rule(capture)
        assert sharkd.passing("tcplint.rule") == sorted(set().union(*expected.values()))
        assert sharkd.passing("_ws.lua.error || tcplint.error") == []
