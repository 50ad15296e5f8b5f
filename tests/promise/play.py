"""A capture through the decoder and the core, and what came out of it in a form that can be compared.

An end is named by its address and port, not by a number: in a damaged capture another end may be the first to speak.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from tcplint.capture.frame import Frame
from tcplint.catalogue.load import load, severity_table
from tcplint.core.engine import Engine
from tcplint.core.model import ERROR, VIOLATES, Quote, Segment, Settings
from tcplint.segments.dpkt import DpktEngine

CATALOGUE = load()
SEVERITY = severity_table(CATALOGUE)
NOBODY = b""  # "the source of frame N"


class Fault(NamedTuple):
    """An error-level violation."""

    code: str
    kind: str
    who: bytes  # address and port, or NOBODY
    frame: int


@dataclass
class Played:
    """Everything that was said of one capture."""

    faults: list[Fault] = field(default_factory=list)
    conclusions: list[Any] = field(default_factory=list)

    @property
    def accusations(self) -> set[tuple[str, bytes]]:
        """Which rules are broken, and by whom."""
        return {(fault.code, fault.who) for fault in self.faults}


def new_engine(make: Callable[[Settings], Any] = Engine) -> Any:
    """An engine that knows the severities of the pages."""
    settings = Settings()
    settings.severity = SEVERITY
    settings.outside_words = True
    return make(settings)


def segments_of(frames: Sequence[Frame], checksums: bool = False) -> list[Segment | Quote | int]:
    """The frames decoded and numbered anew, from 1; what is neither segment nor quotation is its time."""
    extract = DpktEngine(checksums).extract
    start = frames[0].time_ns or 0
    result: list[Segment | Quote | int] = []
    for number, frame in enumerate(frames, 1):
        time = max(0, ((frame.time_ns or 0) - start + 500) // 1000)
        found = extract(replace(frame, number=number), time)
        result.append(time if isinstance(found, str) else found)
    return result


def feed(engine: Any, found: Segment | Quote | int) -> None:
    """One frame into the engine."""
    if isinstance(found, Segment):
        engine.observe(found)
    elif isinstance(found, Quote):
        engine.observe_quote(found)
    else:
        engine.tick(found)


def play(frames: Sequence[Frame], checksums: bool = False) -> Played:
    """What tcplint says of these frames as one capture."""
    engine = new_engine()
    played = Played()
    time = 0
    for found in segments_of(frames, checksums):
        time = found if isinstance(found, int) else found.time
        feed(engine, found)
        for connection in engine.retired():
            _note(played, engine.conclude(connection, time))
    while (connection := engine.take()) is not None:
        _note(played, engine.conclude(connection, time))
    return played


def end_of(key: bytes, side: int) -> bytes:
    """Address and port of an end of the connection that end 0 sees as `key`."""
    if side not in (0, 1):
        return NOBODY
    size = (len(key) - 4) // 2
    return key[side * size : (side + 1) * size] + key[2 * size + 2 * side : 2 * size + 2 * side + 2]


def _note(played: Played, conclusion: Any) -> None:
    played.conclusions.append(conclusion)
    for finding in conclusion.findings:
        if finding.verdict == VIOLATES and SEVERITY.get(finding.code, {}).get(finding.kind) == ERROR:
            who = end_of(conclusion.key, finding.side)
            played.faults.append(Fault(finding.code, finding.kind, who, finding.frame))
