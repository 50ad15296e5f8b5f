"""The second half of the promise over the corpus: each crafted violation is found again after every change that
removes no evidence, with the same rule and kind, the same end, the same frame; and it is a violation, never undecided.

What must be found stands in the label of the case, not in what tcplint said before the change.
"""

from functools import cache
from pathlib import Path

import pytest

from tcplint.catalogue.load import load
from tcplint.core.model import INCONCLUSIVE
from tcplint.ladder.frames import frames
from tcplint.ladder.parse import parse
from tcplint.ladder.story import Story
from tests.promise.corpus_rewrites import CASE_REWRITES, fault_line
from tests.promise.play import Played, play
from tests.promise.rewrites import Changed, ends, through_pcapng
from tools.cases import Case, cases

CRAFTED = [case for case in cases() if case.crafted]
CATALOGUE = load()
LEAST = 35  # cases that each change has to fit
FEWEST = 7  # changes that each case leaves room for

every_case = pytest.mark.parametrize("case", CRAFTED, ids=lambda case: case.name)

Named = tuple[str, str, str, int]


@cache
def story_of(case_name: str, directory: Path) -> Story:
    return parse((directory / "script.ladder").read_text(encoding="utf-8"))


def changes(case: Case, name: str) -> Changed | None:
    story = story_of(case.name, case.directory)
    first = min(found.frame for found in case.expect.findings)
    return CASE_REWRITES[name](story, fault_line(story, first))


def labelled(case: Case, frame_of: list[int]) -> set[Named]:
    """The errors of the label, at the frames that they have now."""
    return {
        (CATALOGUE.find(found.rule).code, found.kind, _end(found.side), frame_of[found.frame - 1])
        for found in case.expect.findings
        if found.severity == "error"
    }


def _end(side: str) -> str:
    return "nobody" if side == "unknown" else f"a {side}"


def named(played: Played, story: Story) -> set[Named]:
    names = ends(story)
    return {(fault.code, fault.kind, names.get(fault.who, "nobody"), fault.frame) for fault in played.faults}


def undecided(played: Played, codes: set[str]) -> list[tuple[str, int]]:
    """Findings of these rules that were left open."""
    return [
        (finding.code, finding.frame)
        for conclusion in played.conclusions
        for finding in conclusion.findings
        if finding.verdict == INCONCLUSIVE and finding.code in codes
    ]


def wrong(case: Case, change: Changed) -> str:
    """What is not as labelled after the change; empty if all is."""
    played = play(change.frames, change.story.checksums)
    expected = labelled(case, change.frame_of)
    if (found := named(played, change.story)) != expected:
        return f"{sorted(found)} instead of {sorted(expected)}"
    verdicts = sorted(conclusion.verdict for conclusion in played.conclusions if conclusion.verdict != "conforms")
    open_ones = undecided(played, {code for code, *_ in expected})
    return "" if verdicts == ["violates"] and not open_ones else f"verdicts {verdicts}, undecided {open_ones}"


@every_case
def test_a_crafted_violation_is_found_again_after_every_change_that_removes_no_evidence(case: Case) -> None:
    made = {name: change for name in CASE_REWRITES if (change := changes(case, name)) is not None}
    assert len(made) >= FEWEST
    assert {name: said for name, change in made.items() if (said := wrong(case, change))} == {}


@every_case
def test_a_crafted_violation_is_found_again_in_a_pcapng_file(case: Case, tmp_path: Path) -> None:
    story = story_of(case.name, case.directory)
    again = through_pcapng(frames(story), tmp_path / "a.pcapng")
    assert wrong(case, Changed(again, list(range(1, len(again) + 1)), story)) == ""


@pytest.mark.parametrize("name", CASE_REWRITES)
def test_each_change_fits_many_cases_and_changes_the_frames(name: str) -> None:
    fitting = [(case, change) for case in CRAFTED if (change := changes(case, name)) is not None]
    assert len(fitting) >= LEAST
    for case, change in fitting:
        assert change.frames != frames(story_of(case.name, case.directory)), case.name
