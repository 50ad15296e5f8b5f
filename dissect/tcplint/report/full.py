"""`-o full`, the default: each finding with the frames that prove it, drawn as a little ladder.

A linter of source code prints the line with a mark under the fault; here the ladder is that line. It is followed by
what the rule expects and where the RFC says so, a display filter to paste into Wireshark, and the command that explains
the rule. The last line of the run counts connections by verdict.
"""

import re
from collections.abc import Callable, Sequence

from tcplint.address import display_filter
from tcplint.ladder.draw import arrow, flag_names, number_text, seconds
from tcplint.ladder.width import NO_BREAK, pad, width, wrap
from tcplint.report import words
from tcplint.report.ansi import Palette
from tcplint.report.base import Totals, View, shown
from tcplint.report.escape import escape
from tcplint.results import CaptureReport, ConnectionReport, FindingReport, FrameRow

ACK = 0x010
ARROW = 20  # columns of an arrow
INDENT = "   "

_LABELS = {
    "expected": ("expected:  ", "规定：  "),
    "why": ("undecided: ", "原因：  "),
    "wireshark": ("wireshark: ", "过滤器："),
    "explain": ("explain:   ", "说明：  "),
    "here": ("here", "此处"),
    "frame": ("frame {}: ", "第 {} 帧："),
    "connection": ("connection", "连接"),
}


class Full:
    """Writes the format `full`."""

    def __init__(self, write: Callable[[str], object], view: View) -> None:
        self.write = write
        self.view = view
        self.palette = Palette(view.colour)

    def connection(self, report: ConnectionReport) -> None:
        """The findings of a connection, when any is to be shown."""
        findings = [finding for finding in report.findings if shown(finding, self.view)]
        if not findings:
            return
        place = f"{escape(report.capture)}  {self._word('connection')} {report.connection}"
        client, server = words.side("client", self.view.lang), words.side("server", self.view.lang)
        doubt = "" if report.client_certain else "?"
        ends = words.said(("{} ({}{}) → {} ({}{})", "{}（{}{}）→ {}（{}{}）"), self.view.lang).format(
            report.client, client, doubt, report.server, server, doubt
        )
        lines = [f"{self.palette.paint(place, 'bold')}  {ends}", ""]
        for finding in findings:
            lines += self._finding(report, finding)
            lines.append("")
        self.write("\n".join(lines) + "\n")

    def capture(self, report: CaptureReport) -> None:
        """Nothing: this format speaks of findings."""

    def end(self, totals: Totals) -> None:
        """The summary."""
        if not self.view.quiet:
            self.write(summary(totals, self.view.lang) + "\n")

    def _finding(self, report: ConnectionReport, finding: FindingReport) -> list[str]:
        lang, paint = self.view.lang, self.palette.paint
        level = finding.severity if finding.verdict != "inconclusive" else finding.verdict
        word = words.severity(level, lang) if level in ("error", "warning", "note") else words.verdict(level, lang)
        name = f"{finding.code} {finding.rule}"
        place = self._word("frame").format(finding.frame)
        text = f"{name}  {word}  {place}{escape(finding.text(lang))}{times(finding, lang)}"
        first, *more = wrap(text, self.view.width - len(INDENT))
        first = first.replace(f"{name}  {word}", f"{paint(name, 'bold')}  {paint(word, level)}", 1)
        lines = [first, *(INDENT + line for line in more)]
        lines += [INDENT + line for line in self._ladder(finding)]
        if finding.why is not None:
            lines += self._labelled("why", f"{words.why(finding.why, lang)} [{finding.why}]")
        lines += self._labelled("expected", expectation(finding, lang))
        frames = sorted({*finding.related, finding.frame})
        lines.append(f"{INDENT}{self._word('wireshark')}{display_filter(report.key, frames)}")
        lines.append(f"{INDENT}{self._word('explain')}tcplint rule {finding.rule}" + (" --lang zh" * (lang == "zh")))
        return lines

    def _labelled(self, name: str, text: str) -> list[str]:
        label = self._word(name)
        first, *more = wrap(text, self.view.width - len(INDENT) - width(label))
        return [f"{INDENT}{label}{first}", *(f"{INDENT}{' ' * width(label)}{line}" for line in more)]

    def _ladder(self, finding: FindingReport) -> list[str]:
        """The related frames and the frame itself, as arrows."""
        rows = finding.rows
        frame_columns = max((len(f"#{row.frame}") for row in rows), default=0)
        time_columns = max((len(seconds(row.time)) for row in rows), default=0)
        lines = []
        for row in rows:
            text = f"{f'#{row.frame}':>{frame_columns}}  {seconds(row.time):>{time_columns}}  {self._rung(row)}"
            if row.frame == finding.frame:
                text = f"{pad(text, 64)}  {self.palette.paint('◀── ' + self._word('here'), finding.severity)}"
            lines.append(text)
        return lines

    def _rung(self, row: FrameRow) -> str:
        lang = self.view.lang
        line = arrow(flag_names(row.flags), row.side == 0, ARROW)
        detail = number_text(row.seq, row.ack, row.length, bool(row.flags & ACK))
        return f"{words.side('client', lang)} {line} {words.side('server', lang)}   {detail}"

    def _word(self, name: str) -> str:
        return words.said(_LABELS[name], self.view.lang)


def expectation(finding: FindingReport, lang: str) -> str:
    """What the rule asks for, the first sentence of its page, and the clauses that say so."""
    if finding.page is None:
        return "?"
    says = " ".join(next(iter(finding.page.sections[lang].values()), "").replace("`", "").split())
    says = _CHINESE_LINE_END.sub("", says)
    end = "。" if lang == "zh" else ". "
    sentence = says.partition(end)[0].rstrip(".") or finding.page.title[lang]
    clauses = grouped(finding.page.clauses, lang)
    return words.said((f"{sentence} ({clauses})", f"{sentence}（{clauses}）"), lang)


# Where lines of Chinese prose are joined, no space stands between Chinese characters or beside their punctuation.
_CHINESE_LINE_END = re.compile(r"(?<=[\u3000-\uffef]) (?=[\u3000-\uffef])|(?<=[，。；：、）]) | (?=[，。；：、（])")


def grouped(clauses: Sequence[str], lang: str) -> str:
    """Each document once, with all its sections: `RFC 9293 §3.6, §3.10.7.4; RFC 1644 §3`; names are not broken."""
    documents: dict[str, list[str]] = {}
    for clause in clauses:
        document, mark, section = clause.replace(" ", NO_BREAK).partition(f"{NO_BREAK}§")
        documents.setdefault(document, []).append(mark + section)
    comma, semicolon = words.said((", ", "、"), lang), words.said(("; ", "；"), lang)
    return semicolon.join(
        document + comma.join(sections).replace(comma + NO_BREAK, comma) for document, sections in documents.items()
    )


def times(finding: FindingReport, lang: str) -> str:
    """How often the same was found, when more than once."""
    if finding.count < 2:
        return ""
    pattern = words.said((" ({} times, last in frame {})", "（共 {} 次，最后在第 {} 帧）"), lang)
    return pattern.format(finding.count, finding.last_frame)


def summary(totals: Totals, lang: str) -> str:
    """The last line: `4 connections: 3 conform, 1 violates, 0 inconclusive`."""
    count = {word: totals.verdicts.get(word, 0) for word in ("conforms", "violates", "warns", "inconclusive")}
    if lang == "zh":
        parts = [f"{count['conforms']:,} 个符合", f"{count['violates']:,} 个违反"]
        if count["warns"]:
            parts.append(f"{count['warns']:,} 个有警告")
        parts.append(f"{count['inconclusive']:,} 个无法判定")
        return f"{totals.connections:,} 个连接：" + "，".join(parts)
    parts = [_counted(count["conforms"], "conforms", "conform"), _counted(count["violates"], "violates", "violate")]
    if count["warns"]:
        parts.append(_counted(count["warns"], "has warnings", "have warnings"))
    parts.append(f"{count['inconclusive']:,} inconclusive")
    return f"{_counted(totals.connections, 'connection', 'connections')}: " + ", ".join(parts)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


writer = Full
