"""Run a ladder: its frames through the decoder and the core, exactly as a capture file would go.

`run` gives everything that was said; `judge` compares it with what the ladder claims and answers in sentences.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tcplint.capture.frame import Frame
from tcplint.catalogue.load import Catalogue, load, severity_table
from tcplint.core.engine import Engine
from tcplint.core.model import Quote, Segment, Settings
from tcplint.ladder.frames import frame_refs
from tcplint.ladder.judge import VERDICTS, Outcome, Said, judge
from tcplint.ladder.story import Story

# What a runtime must offer: Engine(settings), and a decoder that makes a Segment, a Quote or the name of a skip.
EngineMaker = Callable[[Settings], Any]
Extractor = Callable[[Frame, int], Any]


@dataclass(slots=True)
class _Run:
    """The engine at work, and what it has said so far."""

    engine: Any
    extract: Extractor
    outcome: Outcome = field(default_factory=Outcome)

    def frame(self, frame: Frame, time: int) -> None:
        found = self.extract(frame, time)
        if isinstance(found, Segment):
            step = copy.copy(self.engine.observe(found))
            step.findings = list(step.findings)
            self.outcome.steps[frame.number] = step
        elif isinstance(found, Quote):
            self.engine.observe_quote(found)
        else:
            self.engine.tick(time)
        self.conclude(self.engine.retired(), time)

    def conclude(self, connections: list[Any], time: int) -> None:
        for connection in connections:
            conclusion = self.engine.conclude(connection, time)
            self.outcome.conclusions[conclusion.number] = conclusion
            self.outcome.said += [_said(finding, conclusion) for finding in conclusion.findings]


def run(
    story: Story, catalogue: Catalogue | None = None, engine: EngineMaker = Engine, extract: Extractor | None = None
) -> Outcome:
    """What tcplint says of the capture of this story. Other runtimes bring their own engine and decoder."""
    settings = Settings()
    settings.severity = severity_table(catalogue or load())
    settings.outside_words = True
    if extract is None:
        from tcplint.segments.dpkt import DpktEngine

        extract = DpktEngine(story.checksums).extract
    work = _Run(engine(settings), extract)
    references = frame_refs(story)
    start_ns = references[0].frame.time_ns or 0
    time = 0
    for reference in references:
        if reference.line:
            work.outcome.frame_of_line[reference.line] = reference.frame.number
        time = ((reference.frame.time_ns or 0) - start_ns + 500) // 1000  # nearest microsecond, half up
        work.frame(reference.frame, time)
    while (connection := work.engine.take()) is not None:
        work.conclude([connection], time)
    return work.outcome


def _said(finding: Any, conclusion: Any) -> Said:
    """A finding in the words that ladders use."""
    side = "unknown"
    if finding.side in (0, 1):
        side = "client" if finding.side == conclusion.client else "server"
    return Said(
        code=finding.code,
        kind=finding.kind,
        verdict=VERDICTS[finding.verdict],
        why=finding.why,
        side=side,
        frame=finding.frame,
        connection=conclusion.number,
        finding=finding,
    )


__all__ = ["Outcome", "Said", "judge", "run"]
