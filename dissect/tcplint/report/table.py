"""The table that textbooks print beside the three-way handshake and the four-way close.

    step           sender  SYN ACK FIN  seq     ack     …
    handshake 1/3  client   1   0   0   x
    handshake 2/3  server   1   1   0   y       x+1
    handshake 3/3  client   0   1   0   x+1     y+1

The letters are those of Chinese textbooks: x and y are the initial sequence numbers of client and server; u is the
number of the active closer's FIN, v that of the passive closer's acknowledgment, w that of the passive closer's FIN.
Each symbol is computed, not assumed: a number is the letter plus the distance that the capture shows, so a handshake
that breaks the rule shows `x+2`. The relative and the raw numbers stand beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcplint.core.model import ACK, FIN, SYN
from tcplint.ladder.width import pad, width
from tcplint.report import words

if TYPE_CHECKING:
    from tcplint.results import Trace, TraceRow

SIDES = ("client", "server")
NEAR = 65536  # a letter names numbers that are no further away

_HEADS = (
    ("frame", "帧"),
    ("step", "步骤"),
    ("sender", "发送方"),
    ("SYN", "SYN"),
    ("ACK", "ACK"),
    ("FIN", "FIN"),
    ("seq", "seq"),
    ("ack", "ack"),
    ("relative", "相对序号"),
    ("raw", "实际序号"),
    ("state after: client", "之后的状态：客户端"),
    ("server", "服务器"),
)


def table(trace: Trace, lang: str = "en") -> list[str]:
    """The steps of handshake and close, one a line, under a head; only the head when the capture shows no step."""
    rows = [row for row in trace.rows if row.step.startswith(("handshake-", "close-"))]
    letters = Letters(trace)
    cells = [[words.said(head, lang) for head in _HEADS]]
    for row in rows:
        cells.append(
            [
                str(row.frame),
                words.step(row.step, row.again, lang),
                words.side(SIDES[row.side], lang),
                *("1" if row.flags & flag else "0" for flag in (SYN, ACK, FIN)),
                letters.seq(row),
                letters.ack(row),
                _pair(row.seq, row.ack, row),
                _pair(row.raw_seq, row.raw_ack, row),
                words.state_both(row.client_state) if lang == "zh" else words.state(row.client_state),
                words.state_both(row.server_state) if lang == "zh" else words.state(row.server_state),
            ]
        )
    columns = [max(width(line[index]) for line in cells) for index in range(len(_HEADS))]
    lines = ["  ".join(pad(cell, size) for cell, size in zip(line, columns, strict=True)).rstrip() for line in cells]
    return [lines[0], "─" * max(width(line) for line in lines), *lines[1:]]


class Letters:
    """Which letter names which number: an anchor is a letter with the relative number that it stands for."""

    def __init__(self, trace: Trace) -> None:
        self.opening: list[list[tuple[str, int]]] = [[("x", 0)], [("y", 0)]]
        self.closing: list[list[tuple[str, int]]] = [[], []]
        closer = trace.report.active_closer
        active = SIDES.index(closer) if closer in SIDES else 0
        for row in trace.rows:
            fin = row.seq + row.length
            if row.flags & FIN:
                _anchor(self.closing[row.side], "u" if row.side == active else "w", fin)
            elif row.step == "close-2":
                _anchor(self.closing[row.side], "v", row.seq)

    def seq(self, row: TraceRow) -> str:
        """The letter of a segment's number; of a FIN with data, that of the FIN itself."""
        return self._name(row, row.side, row.seq + (row.length if row.flags & FIN else 0))

    def ack(self, row: TraceRow) -> str:
        """The letter of its acknowledgment number, or nothing without the ACK bit."""
        return self._name(row, 1 - row.side, row.ack) if row.flags & ACK else ""

    def _name(self, row: TraceRow, side: int, number: int) -> str:
        anchors = self.opening[side] if row.step.startswith("handshake-") else self.closing[side]
        if row.step == "close-3" or row.step == "close-4":
            anchors = [anchor for anchor in anchors if anchor[0] != "v"]  # v is the name before w is sent
        best = min((anchor for anchor in anchors), key=lambda anchor: abs(number - anchor[1]), default=None)
        if best is None or abs(number - best[1]) > NEAR:
            return str(number)
        letter, value = best
        return letter if number == value else f"{letter}{number - value:+d}"


def _anchor(anchors: list[tuple[str, int]], letter: str, number: int) -> None:
    """The first place of a letter counts; copies and moved segments are measured from it."""
    if all(known != letter for known, _ in anchors):
        anchors.append((letter, number))


def _pair(seq: int, ack: int, row: TraceRow) -> str:
    return f"{seq} / {ack}" if row.flags & ACK else str(seq)
