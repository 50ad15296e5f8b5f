"""The ladder of `tcplint show`: a traced connection in words, for ladder/draw to lay out.

The states beside a rung are those that the facts known after that segment prove. Findings stand under their frame. A
Chinese ladder prints the Chinese state beside the English one where there is room, and otherwise a legend of those that
occur.
"""

from tcplint.core.model import ACK
from tcplint.ladder.draw import Rung, draw, flag_names, number_text, seconds
from tcplint.ladder.width import width, wrap
from tcplint.report import words
from tcplint.report.ansi import Palette
from tcplint.report.escape import escape
from tcplint.results import FindingReport, Trace, TraceRow

ROOM_FOR_BOTH = 128  # columns from which on the Chinese states stand beside the English ones

_HEADS = {"frame": ("frame", "帧"), "time": ("time", "时间"), "step": ("step", "步骤")}
_LEFT_OUT = ("⋮ {:,} segments left out (--rows shows more)", "⋮ 省略 {:,} 个报文段（--rows 可显示更多）")
_GUESS = (
    "  No SYN was captured: which end is the client is a guess by the ports.",
    "  没有捕获到 SYN，哪一端是客户端按端口推测。",
)


def title(trace: Trace, palette: Palette, lang: str = "en") -> list[str]:
    """Whose connection it is, how it opened and closed, and the verdict on each."""
    report = trace.report
    colon, comma = words.said((": ", "："), lang), words.said((", ", "，"), lang)
    place = f"{escape(report.capture)}  {words.said(('connection', '连接'), lang)} {report.connection}"
    ends = words.said(("{} ({}) → {} ({})", "{}（{}）→ {}（{}）"), lang).format(
        report.client, words.side("client", lang), report.server, words.side("server", lang)
    )
    handshake = words.said(("handshake", "建立连接"), lang) + colon + words.handshake(report.handshake, lang)
    close = words.said(("close", "终止连接"), lang) + colon + words.teardown(report.teardown, lang)

    def judged(verdict: str) -> str:
        return palette.paint(words.verdict(verdict, lang), verdict)

    parts = [
        f"{handshake}{comma}{judged(report.handshake_verdict)}",
        close if report.teardown == "not-applicable" else f"{close}{comma}{judged(report.teardown_verdict)}",
        f"{words.said(('verdict', '结论'), lang)}{colon}{judged(report.verdict)}",
    ]
    lines = [f"{palette.paint(place, 'bold')}  {ends}", " · ".join(parts)]
    lines += [f"  {evidence}{colon}{words.why(evidence, lang)}" for evidence in report.evidence]
    if not report.client_certain:
        lines.append(words.said(_GUESS, lang))
    return lines


def ladder(trace: Trace, palette: Palette, lang: str = "en", columns: int = 100) -> list[str]:
    """The ladder as lines without line ends, for a terminal of `columns` columns."""
    both = lang == "zh" and columns >= ROOM_FOR_BOTH
    heads = Rung(
        frame=_head("frame", lang),
        time=_head("time", lang),
        client=words.side("client", lang),
        to_right=True,
        flags="",
        numbers="",
        server=words.side("server", lang),
        step=_head("step", lang),
    )
    lines = draw(heads, [_rung(row, both, columns, palette, lang) for row in trace.rows], columns)
    if lang == "zh" and not both:
        lines += ["", *legend(trace, columns)]
    return lines


def legend(trace: Trace, columns: int) -> list[str]:
    """The Chinese names of the states that occur."""
    seen = {state for row in trace.rows for state in (row.client_state, row.server_state)}
    lines = ["状态："]
    for state in sorted(seen):
        name = words.state_both(state)
        if width(f"{lines[-1]}{name}，") > columns:
            lines.append(" " * width(lines[0][:3]))
        lines[-1] += name + "，"
    return [*lines[:-1], lines[-1].removesuffix("，")]


def _rung(row: TraceRow, both: bool, columns: int, palette: Palette, lang: str) -> Rung:
    name = words.state_both if both else words.state
    room = columns - 12
    marks = [line for finding in row.findings for line in _mark(finding, room, palette, lang)]
    if row.left_out_after:
        marks.append(words.said(_LEFT_OUT, lang).format(row.left_out_after))
    return Rung(
        frame=str(row.frame),
        time=seconds(row.time),
        client=name(row.client_state),
        to_right=row.side == 0,
        flags=flag_names(row.flags),
        numbers=number_text(row.seq, row.ack, row.length, bool(row.flags & ACK)),
        server=name(row.server_state),
        step=words.step(row.step, row.again, lang),
        marks=marks,
    )


def _mark(finding: FindingReport, columns: int, palette: Palette, lang: str) -> list[str]:
    why = f" [{finding.why}]" if finding.why else ""
    if finding.verdict == "inconclusive":
        level, word = "inconclusive", words.verdict("inconclusive", lang)
    else:
        level, word = finding.severity, words.severity(finding.severity, lang)
    head = f"{word} {finding.code} {finding.rule}"
    text = f"└─ {head}{words.said((': ', '：'), lang)}{escape(finding.text(lang))}{why}"
    first, *more = wrap(text, columns)
    return [first.replace(head, palette.paint(head, level)), *(f"   {line}" for line in more)]


def _head(name: str, lang: str) -> str:
    return words.said(_HEADS[name], lang)
