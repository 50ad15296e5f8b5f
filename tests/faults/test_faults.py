"""Whoever breaks a rule is found: a sample of `make faults`, small enough for every run of the tests."""

import os
import random
from collections import Counter
from dataclasses import replace

import pytest

from tcplint.core.model import NOTE
from tcplint.ladder.parse import parse
from tests.promise.play import CATALOGUE, SEVERITY
from tools.faults.damage import DAMAGES, damaged, put_back
from tools.faults.every import every_fault
from tools.faults.fault import Blame, Fault
from tools.faults.judge import CAUGHT, MISSED, Case, case_of, judged, said_of
from tools.faults.run import Row, placed, try_fault
from tools.faults.scene import Scene
from tools.faults.sources import called, conforms, made, recorded
from tools.faults.table import tables
from tools.faults.weigh import bad

CAPTURES = 4 if os.environ.get("CI") else 3
COPIES = 1
PARTS = 8  # so that they run side by side
FAULTS = every_fault()


@pytest.mark.parametrize("part", range(PARTS))
def test_a_fault_in_a_conforming_capture_is_caught_and_nobody_else_is_accused(part: int) -> None:
    rows = [try_fault(fault, CAPTURES, COPIES, "test") for fault in FAULTS[part::PARTS]]
    assert [line for row in rows for line in bad(row, CAPTURES)] == []
    assert all(row.caught == CAPTURES for row in rows if not row.because[0])


def test_every_error_and_warning_of_the_catalogue_has_a_fault() -> None:
    grave = {(code, kind) for code, kinds in SEVERITY.items() for kind, grade in kinds.items() if grade > NOTE}
    assert grave == {(fault.code, fault.kind) for fault in FAULTS if fault.provable}


def test_the_reason_why_nothing_is_proved_is_given_in_both_languages() -> None:
    assert all(all(fault.because) for fault in FAULTS if not fault.provable)


def test_a_page_has_a_ladder_for_every_doubt_that_is_claimed() -> None:
    for fault in FAULTS:
        if fault.why:
            rule = next(rule for rule in CATALOGUE.rules if rule.code == fault.code)
            claims = [one for ladder in rule.ladders for one in parse(ladder.text).expected]
            doubts = {one.why for one in claims if one.verdict == "inconclusive" and one.rule in (rule.name, rule.code)}
            assert doubts & {"", fault.why}, fault


@pytest.mark.parametrize("number", range(20))
def test_a_call_drawn_by_chance_conforms(number: int) -> None:
    assert conforms(called(f"test {number}"))


def test_recordings_are_kept_as_they_were_recorded() -> None:
    assert len(recorded()) >= 100
    for name, (frames, *_) in recorded().items():
        assert [frame.data for frame in made(name, frames, "").frames()] == [frame.data for frame in frames]


def test_a_changed_segment_of_a_recording_has_right_checksums() -> None:
    whole = [name for name, (frames, *_) in recorded().items() if made(name, frames, "").finished_sums]
    assert len(whole) >= 90  # all but those whose sums a network card was to finish


def test_captures_of_a_fault_are_all_different() -> None:
    cases = list(placed(_fault("TD004"), 12, "test"))
    assert len({case.name for case in cases}) == 12
    assert {case.name.startswith("call ") for case in cases} == {True, False}


def test_a_fault_that_does_nothing_is_missed() -> None:
    """The judge itself: without a fault nothing is caught."""
    idle = replace(_fault("TD004"), commit=_idle)
    row = try_fault(idle, 4, 0, "test")
    assert (row.caught, len(row.missed)) == (0, 4)
    assert len(bad(row, 4)) == 4


def test_blaming_the_wrong_end_or_the_wrong_frame_is_no_catch() -> None:
    case = next(iter(placed(_fault("TD004"), 1, "test")))
    said = said_of(case.frames)
    assert judged(case, said) == CAUGHT
    assert judged(replace(case, frame=case.frame + 1), said) == MISSED
    assert judged(replace(case, who=b"\x01" * 6), said) == MISSED


def test_an_innocent_end_that_is_accused_is_told() -> None:
    case = next(iter(placed(_fault("TD004"), 1, "test")))
    row = Row("TD004", "new-data", "nothing", "", ("", ""), captures=1, caught=1, innocent=[f"{case.name}: TD003"])
    assert bad(row, 1) == [f"TD004/new-data nothing: an innocent end is accused: {case.name}: TD003"]


def test_the_frame_at_fault_explains_the_silence_of_a_copy_without_it() -> None:
    case = next(iter(placed(_fault("HS002"), 1, "test")))
    DAMAGES["the frame at fault dropped"] = lambda frames, rnd: [one for one in frames if one.number != case.frame]
    try:
        found = damaged(case, said_of(case.frames), "the frame at fault dropped", random.Random(0))
    finally:
        del DAMAGES["the frame at fault dropped"]
    assert (found.said != CAUGHT, found.missing, found.what) == (True, (case.frame,), ("the frame at fault",))


def test_all_frames_put_back_are_the_whole_capture() -> None:
    case = next(iter(placed(_fault("HS006"), 1, "test")))
    numbers = [frame.number for frame in case.frames]
    for damage, change in DAMAGES.items():
        copy = change(case.frames, random.Random(damage))
        assert put_back(case.frames, copy, numbers) == case.frames


def test_copies_of_a_case_are_caught_or_explained() -> None:
    said: Counter[str] = Counter()
    for case in placed(_fault("TD002"), 4, "test"):
        said.update(_copies(case))
    assert said["missed"] == 0
    assert said["caught"] > 0
    assert said["explained"] > 0


def test_the_tables_hold_every_kind_in_both_languages() -> None:
    row = try_fault(_fault("TD004"), 2, 2, "test")
    for language, word in (("en", "error"), ("zh", "错误")):
        assert f"| TD004 data-after-fin | new-data | {word} | 2 | 2 | 0 | 0 |" in tables([row], language)


def _copies(case: Case) -> list[str]:
    whole = said_of(case.frames, case.checksums)
    found = [damaged(case, whole, damage, random.Random(damage)) for damage in DAMAGES]
    return ["missed" if one.missed else "caught" if one.said == CAUGHT else "explained" for one in found]


def _fault(code: str) -> Fault:
    return next(fault for fault in FAULTS if fault.code == code and fault.provable)


def _idle(scene: Scene) -> Blame:
    return Blame(0, scene.packets[scene.third])


def test_a_scene_gives_the_case_that_its_fault_names() -> None:
    scene = made("call", called("test"), "test")
    case = case_of(_fault("TD004"), scene, _idle(scene))
    assert case.frame == scene.third + 1
    assert case.who == scene.packets[scene.syn].who
