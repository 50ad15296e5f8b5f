"""A connection as a ladder of text: client left, server right, one rung a segment.

    frame      time  client                                      server        step
        1  0.000000  SYN-SENT      ─── SYN seq 0 ─────────────▶  LISTEN        handshake 1/3
        2  0.020000  SYN-SENT      ◀──── SYN,ACK seq 0 ack 1 ──  SYN-RECEIVED  handshake 2/3

Here is only the geometry: what stands on a rung comes as text, in any language, and is measured in terminal columns.
The arrow takes what the terminal leaves between the other columns; numbers that do not fit on it go to the line below.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tcplint.ladder.width import pad, width

ARROW_LEAST, ARROW_MOST = 22, 56  # columns; with the least, a ladder of usual numbers fits into 80

_FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE")


class Rung(NamedTuple):
    """One segment in words. A rung without `flags` is a line of text by itself."""

    frame: str
    time: str
    client: str  # state of the client after it
    to_right: bool  # sent by the client
    flags: str
    numbers: str
    server: str
    step: str
    marks: Sequence[str] = ()  # lines that stand below it


def draw(heads: Rung, rungs: Sequence[Rung], columns: int) -> list[str]:
    """The ladder as lines without line ends, for a terminal of `columns` columns; `heads` names the columns."""
    every = [heads, *rungs]
    frame, time, client, server, step = (
        max(width(cell) for cell in cells)
        for cells in zip(*((rung.frame, rung.time, rung.client, rung.server, rung.step) for rung in every), strict=True)
    )
    rest = columns - (frame + time + client + server + step + 9)
    length = min(ARROW_MOST, max(ARROW_LEAST, rest))
    indent = " " * (frame + 1)
    lines = []
    for rung in every:
        label = f" {rung.flags} {rung.numbers} "
        fits = width(label) + 4 <= length
        line = arrow(label if fits else f" {rung.flags} ", rung.to_right, length) if rung.flags else " " * length
        left = f"{pad(rung.frame, frame, '>')} {pad(rung.time, time, '>')}  {pad(rung.client, client)}"
        lines.append(f"{left}  {line}  {pad(rung.server, server)}  {rung.step}")
        if rung.flags and not fits:
            lines.append(" " * (frame + time + client + 5) + pad(rung.numbers, length, "^"))
        lines += [indent + mark for mark in rung.marks]
    return [line.rstrip() for line in lines]


def arrow(label: str, to_right: bool, columns: int) -> str:
    """`label` on an arrow of `columns` columns; a label that is too long makes it longer."""
    fill = "─" * max(1, columns - width(label) - 3)
    return f"──{label}{fill}▶" if to_right else f"◀{fill}{label}──"


def flag_names(flags: int) -> str:
    """The control bits of core/model by name, `SYN,ACK`; `no flags` when none is set."""
    names = [name for bit, name in enumerate(_FLAGS) if flags & 1 << bit]
    return ",".join(names) or "no flags"


def number_text(seq: int, ack: int, length: int, has_ack: bool) -> str:
    """The relative numbers of a segment: `seq 1 ack 1 len 120`."""
    parts = [f"seq {seq}"]
    if has_ack:
        parts.append(f"ack {ack}")
    if length:
        parts.append(f"len {length}")
    return " ".join(parts)


def seconds(time: int) -> str:
    """Microseconds as seconds with six places: `-0.000250`, `12.500000`."""
    sign = "-" if time < 0 else ""
    whole, rest = divmod(abs(time), 1_000_000)
    return f"{sign}{whole}.{rest:06d}"
