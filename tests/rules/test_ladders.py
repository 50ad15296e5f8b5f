"""Every ladder of every rule page, run: what the page says is what tcplint does."""

import pytest

from tcplint.catalogue.load import load
from tcplint.ladder.parse import parse
from tcplint.ladder.run import judge, run
from tests.rules.pages import LADDERS

CATALOGUE = load()


def ladders(section=""):
    """The test runs for every ladder, or for those of one section."""
    chosen = [page for page in LADDERS if section in ("", page.ladder.section)]
    return pytest.mark.parametrize("page", chosen, ids=str)


def play(page):
    """The ladder, read and run."""
    story = parse(page.ladder.text)
    return story, run(story, CATALOGUE)


def own_verdicts(page, outcome):
    """The verdicts that the page's own rule gave anywhere in the ladder."""
    return [said.verdict for said in outcome.said if said.code == page.rule.code]


def undecided_at_the_end(story, outcome):
    """True when the ladder claims that a phase or the whole is inconclusive; `judge` has checked that it is."""
    phases = ("handshake-verdict", "teardown-verdict", "verdict")
    return any(claim.subject in phases and claim.value == "inconclusive" for claim in story.claims)


@ladders()
def test_the_ladder_comes_out_as_its_page_says(page):
    story, outcome = play(page)
    mismatches = judge(story, outcome, CATALOGUE)
    assert mismatches == [], f"{page.rule.path}, ladder at line {page.ladder.line}"


@ladders("Fires")
def test_a_fires_ladder_expects_its_own_rule_and_gets_it(page):
    story, outcome = play(page)
    expected = [CATALOGUE.find(each.rule).code for each in story.expected if not each.absent]
    assert page.rule.code in expected
    assert {"violates", "observed"} & set(own_verdicts(page, outcome))


@ladders("Stays silent")
def test_a_silent_ladder_never_names_its_own_rule(page):
    _, outcome = play(page)
    assert own_verdicts(page, outcome) == []


@ladders("Not decided")
def test_an_undecided_ladder_accuses_nobody_and_says_so(page):
    story, outcome = play(page)
    verdicts = own_verdicts(page, outcome)
    assert not {"violates", "observed"} & set(verdicts)
    assert "inconclusive" in verdicts or undecided_at_the_end(story, outcome)


@ladders()
def test_a_ladder_stands_in_a_section_that_tests_it(page):
    assert page.ladder.section in ("Fires", "Stays silent", "Not decided")
