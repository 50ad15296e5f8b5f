"""The segments seen lately, so that a finding can show the frames that it speaks of.

A finding may name a frame that passed long ago: the FIN of a connection that has been idle for minutes. Reading the
file a second time would not work on standard input, and keeping every frame would grow with the file. So plain segments
are kept in a ring, those with SYN, FIN or RST much longer, and what a finding names at the moment when it becomes
certain is kept until its connection is reported. What is forgotten is left out of the ladder, never of the finding.
"""

from typing import Any

from tcplint.results import FrameRow

PLAIN = 4096  # segments without SYN, FIN and RST
CONTROL = 65536  # segments with one of them
RELATED = 8  # frames kept for one finding


class Lately:
    """A bounded memory of segments. A row is frame, time, index of the sender, flags, seq, ack, length."""

    def __init__(self) -> None:
        self.ring: list[tuple[int, ...] | None] = [None] * PLAIN
        self.control: dict[int, tuple[int, ...]] = {}
        self.order: list[int] = [0] * CONTROL  # the frames of `control`, a ring as well
        self.place = 0
        self.kept: dict[int, dict[int, tuple[int, ...]]] = {}

    def add(self, frame: Any, segment: Any, step: Any) -> None:
        """Remember a segment, and whatever its findings name."""
        number = segment.frame
        row = (number, segment.time, step.side, segment.flags, step.seq, step.ack, segment.length)
        self.ring[number % PLAIN] = row
        if segment.flags & 0x007:
            self.keep(number, row)
        if step.findings:
            self.keep_related(step)

    def keep_related(self, step: Any) -> None:
        """Keep what the findings of this step name until their connection is reported."""
        kept = self.kept.setdefault(step.connection, {})
        for finding in step.findings:
            for other in [*finding.related[-RELATED:], finding.frame]:
                known = self.find(other)
                if known is not None:
                    kept[other] = known

    def keep(self, number: int, row: tuple[int, ...]) -> None:
        """Remember a segment with SYN, FIN or RST longer."""
        self.control.pop(self.order[self.place], None)
        self.order[self.place] = number
        self.place = (self.place + 1) % CONTROL
        self.control[number] = row

    def find(self, frame: int) -> tuple[int, ...] | None:
        """The row of a frame, if it is still remembered."""
        row = self.ring[frame % PLAIN]
        return row if row is not None and row[0] == frame else self.control.get(frame)

    def rows(self, connection: int, frames: list[int], client: int) -> list[FrameRow]:
        """The rows of `frames` that are still remembered, with sides counted from the client."""
        kept = self.kept.get(connection, {})
        rows = []
        for frame in frames:
            row = kept.get(frame) or self.find(frame)
            if row is not None:
                rows.append(FrameRow(row[0], row[1], 0 if row[2] == client else 1, *row[3:]))
        return rows

    def forget(self, connection: int) -> None:
        """Drop what was kept for a connection that is reported."""
        self.kept.pop(connection, None)
