"""No message speaks of a frame that is not known: what would name it is left out (catalogue/load: square brackets)."""

import random

import pytest

from tcplint.catalogue.load import LANGUAGES, load, message
from tcplint.ladder.frames import frames
from tcplint.ladder.parse import parse
from tests.promise.mutations import mixed
from tests.promise.play import play
from tests.rules.pages import LADDERS

CATALOGUE = load()
DAMAGES = 4  # of each ladder
UNKNOWN_FRAME = {"en": "frame ?", "zh": "第 ? 帧"}


def captures():
    """Every ladder of every page as frames, and some damaged copies: there the frame that explains most often lacks."""
    rnd = random.Random(0)
    for page in LADDERS:
        whole = list(frames(parse(page.ladder.text)))
        yield whole
        for _ in range(DAMAGES):
            yield mixed(whole, rnd)[1]


def said(capture):
    """What tcplint finds in these frames."""
    return [finding for each in play(capture).conclusions for finding in each.findings]


FOUND = [finding for capture in captures() if capture for finding in said(capture)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_finding_names_a_frame_that_it_does_not_know(lang):
    texts = {(finding.code, finding.kind, message(finding, CATALOGUE, lang)) for finding in FOUND}
    assert sorted(text for text in texts if UNKNOWN_FRAME[lang] in text[2]) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_bracket_of_an_optional_part_is_left_in_a_message(lang):
    for finding in FOUND:
        text = message(finding, CATALOGUE, lang)
        assert "[" not in text
        assert "]" not in text


def test_findings_that_know_no_other_frame_are_among_those_that_were_read():
    """Otherwise the tests above read nothing that could go wrong."""
    optional = {("HS011", "no-answer"), ("HS009", "refused"), ("OP010", "not-permitted"), ("TD019", "early-fin")}
    assert optional <= {(finding.code, finding.kind) for finding in FOUND if not finding.related}
