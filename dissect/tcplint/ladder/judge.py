"""Compare what tcplint said with what the ladder claims.

A finding that is claimed must be there; an error, a warning or an undecided finding that is there must be claimed. The
answers are sentences that begin with the line of the ladder, so that a failing test can be read without the code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tcplint.catalogue.load import Catalogue, UnknownRuleError
from tcplint.ladder.story import STATES, Claim, Expected, Story

VERDICTS = ("observed", "inconclusive", "violates")  # by the constants of core.model
CODE = re.compile(r"[A-Z]{2}\d{3}")
CLOSERS = {-1: "unknown", 2: "both"}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as a ladder speaks of it; `finding` is the core's own."""

    code: str
    kind: str
    verdict: str  # observed, inconclusive, violates
    why: str
    side: str  # client, server, unknown
    frame: int
    connection: int
    finding: Any

    def __str__(self) -> str:
        answer = f"{self.verdict} {self.why}".rstrip()
        return f"{self.code}/{self.kind} by {self.side}: {answer} at frame {self.frame}"


@dataclass(slots=True)
class Outcome:
    """All that tcplint said of a ladder."""

    said: list[Said] = field(default_factory=list)
    steps: dict[int, Any] = field(default_factory=dict)  # frame -> Step, a copy
    conclusions: dict[int, Any] = field(default_factory=dict)  # connection -> Conclusion
    frame_of_line: dict[int, int] = field(default_factory=dict)  # ladder line -> frame


def judge(story: Story, outcome: Outcome, catalogue: Catalogue) -> list[str]:
    """The mismatches, one sentence each; empty when everything came out as claimed."""
    return list(_mismatches(story, outcome, catalogue))


def _mismatches(story: Story, outcome: Outcome, catalogue: Catalogue) -> Iterator[str]:
    claimed: set[int] = set()
    for expected in story.expected:
        try:
            code = _code(expected, catalogue)
        except UnknownRuleError as error:
            yield f"line {expected.line}: {error}"
            continue
        if expected.at and expected.at not in outcome.frame_of_line:
            yield f"line {expected.line}: the packet of this line is not in the capture"
            continue
        matching = [index for index, said in enumerate(outcome.said) if _fits(expected, code, said, outcome)]
        if expected.absent:
            yield from (f"line {expected.line}: not silent: {outcome.said[index]}" for index in matching)
            continue
        claimed.update(matching)
        if not matching:
            near = [str(said) for said in outcome.said if said.code == code]
            instead = f"; there is {', '.join(near)}" if near else ""
            yield f"line {expected.line}: {_wanted(expected)} did not come{instead}"
    for index, said in enumerate(outcome.said):
        if index not in claimed and said.verdict != "observed":
            yield f"{_place(said.frame, outcome)}: unexpected {said}"
    for claim in story.claims:
        yield from _claim(claim, outcome)


def _code(expected: Expected, catalogue: Catalogue) -> str:
    """The code of the rule that is meant. A code without a page will do, where a finding of it must come."""
    if CODE.fullmatch(expected.rule) and expected.rule not in catalogue.by_code and not expected.absent:
        return expected.rule
    return catalogue.find(expected.rule).code


def _fits(expected: Expected, code: str, said: Said, outcome: Outcome) -> bool:
    """True when this finding is one that is meant."""
    wanted: tuple[str, ...] = ("violates", "observed")
    if expected.verdict:
        wanted = (expected.verdict,)
    elif expected.absent:
        wanted = VERDICTS
    return (
        said.code == code
        and expected.kind in ("", said.kind)
        and expected.side in ("", said.side)
        and said.verdict in wanted
        and expected.why in ("", said.why)
        and expected.connection in (-1, said.connection)
        and (not expected.at or outcome.frame_of_line.get(expected.at) == said.frame)
    )


def _claim(claim: Claim, outcome: Outcome) -> Iterator[str]:
    """Mismatches of one claim."""
    if claim.subject == "connections":
        if str(len(outcome.conclusions)) != claim.value:
            yield f"line {claim.line}: {len(outcome.conclusions)} connections instead of {claim.value}"
        return
    if claim.at:
        yield from _at_frame(claim, outcome)
        return
    chosen = [conclusion for number, conclusion in outcome.conclusions.items() if claim.connection in (-1, number)]
    if claim.connection == -1 and len(chosen) > 1:
        yield f"line {claim.line}: there are {len(chosen)} connections; say which: 'connection N: …'"
        return
    if not chosen:
        yield f"line {claim.line}: there is no such connection"
    for conclusion in chosen:
        value = _value(claim.subject, conclusion)
        if claim.value not in value if isinstance(value, list) else claim.value != value:
            yield f"line {claim.line}: {claim.subject} is {value} instead of {claim.value}"


def _at_frame(claim: Claim, outcome: Outcome) -> Iterator[str]:
    """Mismatches of a claim about one frame."""
    frame = outcome.frame_of_line.get(claim.at)
    if frame not in outcome.steps:
        yield f"line {claim.line}: the packet of this line is not in the capture, or is no segment"
        return
    step = outcome.steps[frame]
    if claim.subject == "step":
        value = f"{step.name} again" if step.again else step.name
    else:
        states = STATES[step.state0], STATES[step.state1]
        client = outcome.conclusions[step.connection].client if step.connection in outcome.conclusions else 0
        value = states[client if claim.subject == "client" else 1 - client]
    if value != claim.value:
        yield f"line {claim.line}: {claim.subject} is {value} instead of {claim.value} after frame {frame}"


def _value(subject: str, conclusion: Any) -> str | list[str]:
    """What a connection's conclusion says on one subject."""
    client = conclusion.client
    if subject in ("client", "server"):
        states = STATES[conclusion.state0], STATES[conclusion.state1]
        return states[client if subject == "client" else 1 - client]
    if subject == "active-closer":
        closer = conclusion.active_closer
        return CLOSERS.get(closer) or ("client" if closer == client else "server")
    value = getattr(conclusion, subject.replace("-", "_"))
    return list(value) if isinstance(value, list) else str(value)


def _wanted(expected: Expected) -> str:
    kind = f"/{expected.kind}" if expected.kind else ""
    side = f" by {expected.side}" if expected.side else ""
    answer = f": {expected.verdict} {expected.why}".rstrip() if expected.verdict else ""
    return f"{expected.rule}{kind}{side}{answer}"


def _place(frame: int, outcome: Outcome) -> str:
    for line, number in outcome.frame_of_line.items():
        if number == frame:
            return f"line {line}"
    return f"frame {frame}"
