"""The table that textbooks print beside the three-way handshake and the four-way close.

    #  step           sender  SYN ACK FIN  seq  ack  …
    1  handshake 1/3  client  1   0   0    x
    2  handshake 2/3  server  1   1   0    y    x+1
    3  handshake 3/3  client  0   1   0    x+1  y+1

The letters are those of Chinese textbooks: x and y are the initial sequence numbers of client and server; u is the
number of the active closer's FIN, v that of the passive closer's acknowledgment, w that of the passive closer's FIN.
Each symbol is computed, not assumed: a number is the letter plus the distance that the capture shows, so a handshake
that breaks the rule shows `x+2`. The relative and the raw numbers stand beside it, where there is room for them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tcplint.core.model import ACK, FIN, RST, SYN
from tcplint.ladder.width import pad, width
from tcplint.report import words
from tcplint.report.ladder import legend

if TYPE_CHECKING:
    from collections.abc import Collection

    from tcplint.results import Trace, TraceRow

SIDES = ("client", "server")
NEAR = 65536  # a letter names numbers that are no further away

FLAGS = (("SYN", SYN), ("ACK", ACK), ("FIN", FIN), ("RST", RST))

_HEADS = {
    "frame": ("#", "帧"),
    "step": ("step", "步骤"),
    "sender": ("sender", "发送方"),
    **{name: (name, name) for name, _ in FLAGS},
    "seq": ("seq", "seq"),
    "ack": ("ack", "ack"),
    "relative": ("relative", "相对序号 / 确认号"),
    "raw": ("raw", "实际序号 / 确认号"),
    "client": ("client then", "客户端状态"),
    "server": ("server then", "服务器状态"),
}
# What is given up, step by step, until a table fits: `both` is the Chinese name beside the English one.
_GIVEN_UP = ((), ("raw",), ("raw", "both"), ("raw", "both", "relative"))
_NARROW = (
    "A wider terminal, a file or a pipe also gets the {} numbers.",
    "在更宽的终端上，或输出到文件、管道时，还会显示{}。",
)
_NAMES = {"raw": ("raw", "实际序号"), "relative": ("relative", "相对序号")}


def table(trace: Trace, lang: str = "en", columns: int = 0) -> list[str]:
    """The steps of handshake and close, and resets, one a line, under a head; fitted to `columns` if that is not 0."""
    lines: list[str] = []
    for without in _GIVEN_UP:
        lines = _laid_out(trace, lang, without)
        if columns == 0 or max(width(line) for line in lines) <= columns:
            break
    if lang == "zh" and "both" in without:
        lines += ["", *legend(trace, columns)]
    missing = [words.said(_NAMES[name], lang) for name in _NAMES if name in without]
    if missing:
        lines += ["", words.said(_NARROW, lang).format(words.said((" and ", "和"), lang).join(missing))]
    return lines


def _laid_out(trace: Trace, lang: str, without: Collection[str]) -> list[str]:
    rows = [row for row in trace.rows if row.step.startswith(("handshake-", "close-")) or row.step == "reset"]
    letters = Letters(trace)
    resets = any(row.flags & RST for row in rows)
    shown = [name for name in _HEADS if name not in without and (name != "RST" or resets)]
    cells = [[words.said(_HEADS[name], lang) for name in shown]]
    for row in rows:
        values = _values(row, letters, lang, both=lang == "zh" and "both" not in without)
        cells.append([values[name] for name in shown])
    sizes = [max(width(line[index]) for line in cells) for index in range(len(shown))]
    gaps = [" " if name in ("SYN", "ACK", "FIN") and after in ("ACK", "FIN", "RST") else "  "
            for name, after in pairwise([*shown, ""])]  # fmt: skip
    lines = [
        "".join(pad(cell, size) + gap for cell, size, gap in zip(line, sizes, gaps, strict=True)).rstrip()
        for line in cells
    ]
    return [lines[0], "─" * max(width(line) for line in lines), *lines[1:]]


def _values(row: TraceRow, letters: Letters, lang: str, both: bool) -> dict[str, str]:
    state = words.state_both if both else words.state
    return {
        "frame": str(row.frame),
        "step": words.step(row.step, row.again, lang),
        "sender": words.side(SIDES[row.side], lang),
        **{name: "1" if row.flags & flag else "0" for name, flag in FLAGS},
        "seq": letters.seq(row),
        "ack": letters.ack(row),
        "relative": _pair(row.seq, row.ack, row),
        "raw": _pair(row.raw_seq, row.raw_ack, row),
        "client": state(row.client_state),
        "server": state(row.server_state),
    }


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
        if not row.flags & ACK:
            return ""
        if row.step == "reset" and row.ack == 1:  # it answers the SYN
            return "y+1" if row.side == 0 else "x+1"
        return self._name(row, 1 - row.side, row.ack)

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
