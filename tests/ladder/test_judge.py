"""The judge of ladders: what agrees, and how a disagreement is put into words."""

import pytest

from tcplint.catalogue.load import load
from tcplint.core import model
from tcplint.core.model import Conclusion, Finding, Step
from tcplint.ladder.judge import Outcome, Said, judge
from tcplint.ladder.parse import parse

CATALOGUE = load()
SILENT = "> S\n< S.\n"


def said(verdict="violates", frame=1, *, code="TD004", kind="new-data", why="", side="client", connection=0):
    finding = Finding(code, kind, model.VIOLATES, 0, frame)
    return Said(code, kind, verdict, why, side, frame, connection, finding)


def outcome(*findings, **changes):
    """What an engine said of two frames of one connection, the frame of each line having the line's number."""
    result = Outcome(said=list(findings), frame_of_line={1: 1, 2: 2})
    conclusion = Conclusion()
    conclusion.handshake, conclusion.verdict, conclusion.active_closer = "three-way", "conforms", 1
    conclusion.state0, conclusion.state1 = model.ESTABLISHED, model.CLOSE_WAIT
    conclusion.evidence, conclusion.completeness = ["hole"], 7
    step = Step()
    step.connection, step.name, step.again = 0, "handshake-1", True
    step.state0, step.state1 = model.SYN_SENT, model.LISTEN
    for name, value in changes.items():
        setattr(conclusion, name, value)
    result.conclusions[0] = conclusion
    result.steps[1] = step
    return result


def mismatches(text, result):
    return judge(parse(text), result, CATALOGUE)


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        ("data-after-fin", said()),
        ("TD004", said()),
        ("td004", said("observed")),
        ("data-after-fin/new-data by client: violates", said()),
        ("data-after-fin: inconclusive", said("inconclusive", why="hole")),
        ("data-after-fin: inconclusive hole", said("inconclusive", why="hole")),
    ],
)
def test_a_finding_that_is_claimed_at_its_frame_agrees(claim, finding):
    assert mismatches(f"> S  # {claim}", outcome(finding)) == []


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        ("data-after-fin", said(frame=2)),
        ("data-after-fin", said(code="TD003")),
        ("data-after-fin", said("inconclusive", why="hole")),
        ("data-after-fin/other", said()),
        ("data-after-fin by server", said()),
        ("data-after-fin: observed", said()),
        ("data-after-fin: inconclusive order", said("inconclusive", why="hole")),
    ],
)
def test_a_finding_that_differs_in_one_respect_is_missing_and_unexpected(claim, finding):
    answers = mismatches(f"> S  # {claim}", outcome(finding))
    assert len(answers) == 2
    assert answers[0].startswith(f"line 1: {claim} did not come")
    assert "unexpected" in answers[1]


def test_a_missing_finding_names_what_came_of_the_same_rule_instead():
    answers = mismatches("> S  # data-after-fin: observed", outcome(said()))
    assert answers[0].endswith("; there is TD004/new-data by client: violates at frame 1")


@pytest.mark.parametrize("verdict", ["violates", "inconclusive"])
def test_an_accusation_or_a_doubt_that_nobody_claimed_is_a_mismatch(verdict):
    assert len(mismatches(SILENT, outcome(said(verdict)))) == 1


def test_a_note_that_nobody_claimed_is_free():
    assert mismatches(SILENT, outcome(said("observed"))) == []


def test_an_end_line_claims_a_finding_at_any_frame():
    assert mismatches(SILENT + "= data-after-fin", outcome(said(frame=2))) == []
    assert mismatches(SILENT + "= connection 0: data-after-fin", outcome(said(frame=2))) == []
    assert len(mismatches(SILENT + "= connection 1: data-after-fin", outcome(said(frame=2)))) == 2


@pytest.mark.parametrize("verdict", ["violates", "inconclusive", "observed"])
def test_no_rule_holds_against_every_verdict(verdict):
    assert mismatches(SILENT + "= no data-after-fin", outcome()) == []
    answers = mismatches(SILENT + "= no data-after-fin", outcome(said(verdict)))
    assert any("not silent" in answer for answer in answers)


def test_a_misspelt_rule_is_a_mismatch_with_a_suggestion():
    assert mismatches(SILENT + "= no data-afer-fin", outcome()) == [
        "line 3: unknown rule 'data-afer-fin'; did you mean 'data-after-fin'?"
    ]


def test_a_code_without_a_page_may_be_expected_but_not_denied():
    assert mismatches("> S  # ZZ999", outcome(said(code="ZZ999"))) == []
    assert mismatches("> S  # ZZ999", outcome()) == ["line 1: ZZ999 did not come"]
    assert mismatches(SILENT + "= no ZZ999", outcome()) == ["line 3: unknown rule 'ZZ999'"]


def test_a_claim_about_a_packet_that_was_not_captured_is_a_mismatch():
    result = outcome()
    assert "not in the capture" in mismatches("> S\n< S.\nlost > .  # TD004", result)[0]
    assert "not in the capture" in mismatches("> S\n< S.\nlost > .  # client CLOSED", result)[0]


def test_states_and_steps_after_a_frame_are_compared():
    assert mismatches("> S  # client SYN-SENT, server LISTEN, step handshake-1 again", outcome()) == []
    assert mismatches("> S  # client LISTEN", outcome()) == [
        "line 1: client is SYN-SENT instead of LISTEN after frame 1"
    ]
    assert mismatches("> S  # step data", outcome()) == [
        "line 1: step is handshake-1 again instead of data after frame 1"
    ]


def test_the_client_is_the_end_that_tcplint_names():
    assert mismatches("> S  # client LISTEN, server SYN-SENT", outcome(client=1)) == []
    assert mismatches(SILENT + "= client CLOSE-WAIT, active-closer client", outcome(client=1)) == []


def test_end_claims_are_compared_with_the_conclusion():
    right = "= handshake three-way, verdict conforms, client ESTABLISHED, server CLOSE-WAIT, active-closer server"
    assert mismatches(SILENT + right + ", evidence hole, completeness 7, connections 1", outcome()) == []
    for wrong in ("handshake split", "server CLOSED", "active-closer both", "evidence order", "completeness 3"):
        assert len(mismatches(f"{SILENT}= {wrong}", outcome())) == 1
    assert mismatches(SILENT + "= connections 2", outcome()) == ["line 3: 1 connections instead of 2"]


@pytest.mark.parametrize(("closer", "word"), [(-1, "unknown"), (2, "both"), (0, "client")])
def test_the_active_closer_has_a_word_for_every_value(closer, word):
    assert mismatches(f"{SILENT}= active-closer {word}", outcome(active_closer=closer)) == []


def test_with_several_connections_a_claim_must_say_which():
    result = outcome()
    result.conclusions[1] = Conclusion()
    assert "say which" in mismatches(SILENT + "= verdict conforms", result)[0]
    assert mismatches(SILENT + "= connection 0: verdict conforms", result) == []
    assert mismatches(SILENT + "= connection 5: verdict conforms", result) == ["line 3: there is no such connection"]
