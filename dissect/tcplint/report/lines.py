"""One line for each connection: number, ends, how it opened and closed, verdict, states, frames."""

from collections.abc import Callable

from tcplint.ladder.width import pad, width
from tcplint.report import words
from tcplint.report.ansi import Palette
from tcplint.report.base import Totals, View
from tcplint.report.escape import escape
from tcplint.results import STATES, CaptureReport, ConnectionReport

_HEADS = (
    ("#", "#"),
    ("client → server", "客户端 → 服务器"),
    ("handshake", "建立连接"),
    ("close", "终止连接"),
    ("verdict", "结论"),
    ("states", "状态（客户端 / 服务器）"),
    ("frames", "帧"),
)
COLUMNS = (4, 41, 18, 19, 12, 24, 0)  # of each field; a longer one pushes its line to the right
COLUMNS_ZH = (4, 41, 18, 24, 12, 49, 0)


class Lines:
    """Writes the lines; with `several` captures each group of lines stands under its capture's name."""

    def __init__(self, write: Callable[[str], object], view: View, several: bool) -> None:
        self.write = write
        self.view = view
        self.several = several
        self.palette = Palette(view.colour)
        self.columns = COLUMNS_ZH if view.lang == "zh" else COLUMNS
        self.headed = view.quiet
        self.capture_name: str | None = None

    def connection(self, report: ConnectionReport) -> None:
        """The line of a connection."""
        lang = self.view.lang
        text = ""
        if not self.headed:
            self.headed = True
            text += self._line([words.said(head, lang) for head in _HEADS])
        if self.several and self.capture_name != report.capture:
            self.capture_name = report.capture
            text += self.palette.paint(escape(report.capture), "bold") + "\n"
        mark = "" if report.client_certain else " ?"
        cells = [
            f"{report.connection:>4}",
            f"{report.client} → {report.server}{mark}",
            words.handshake(report.handshake, lang),
            words.teardown(report.teardown, lang),
            words.verdict(report.verdict, lang),
            f"{self._state(report.client_state)} / {self._state(report.server_state)}",
            f"{report.first_frame}–{report.last_frame} ({report.segments})",
        ]
        self.write(text + self._line(cells, report.verdict))

    def capture(self, report: CaptureReport) -> None:
        """Nothing: captures have no line."""

    def end(self, totals: Totals) -> None:
        """Nothing."""

    def _line(self, cells: list[str], verdict: str = "") -> str:
        padded = [pad(cell, size) for cell, size in zip(cells, self.columns, strict=True)]
        if verdict:
            word = cells[4]
            padded[4] = self.palette.paint(word, verdict) + " " * max(0, self.columns[4] - width(word))
        return "  ".join(padded).rstrip() + "\n"

    def _state(self, name: str) -> str:
        return words.state_both(STATES.index(name)) if self.view.lang == "zh" else name
