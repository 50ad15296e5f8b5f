"""Both engines on the same frames, in one run of tshark."""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tcplint.core.model import Quote, Segment
from tcplint.segments.dpkt import DpktEngine
from tcplint.segments.tshark import TsharkEngine
from tests.engine.join import Piece, write

LIMITS = {"max_expand": 1 << 34, "max_interfaces": 65536}
Found = Segment | Quote | str


class Row(NamedTuple):
    """A frame and what the engines make of it."""

    piece: Piece
    tshark: Found
    dpkt: Found
    differs: bool  # tshark contradicts our decoder

    def __str__(self) -> str:
        return f"{self.piece.origin}: tshark {show(self.tshark)}, dpkt {show(self.dpkt)}"


def attributes(found: Found) -> dict[str, object]:
    """All of a segment or quotation, its options spread out."""
    if isinstance(found, str):
        return {"skip": found}
    facts = dict(vars(found))
    if isinstance(found, Segment):
        facts["options"] = dict(vars(found.options))
    return {"kind": type(found).__name__, **facts}


def show(found: Found) -> str:
    return found if isinstance(found, str) else str(attributes(found))


def read(path: Path, joined: Sequence[Piece], *, checksums: bool = False) -> list[Row]:
    """Write the frames to `path` and read them with both engines."""
    write(path, joined)
    ours, other = TsharkEngine(checksums), DpktEngine(checksums)
    rows = []
    with ours.open(str(path), **LIMITS) as reading:
        for frame in reading:
            assert frame.time_ns is not None
            time, before = frame.time_ns // 1000, ours.notes.get("tshark-differs", 0)
            found = copy.copy(ours.extract(frame, time)), copy.copy(other.extract(frame, time))
            rows.append(Row(joined[len(rows)], *found, ours.notes.get("tshark-differs", 0) > before))
    assert reading.problem is None
    assert len(rows) == len(joined)
    return rows
