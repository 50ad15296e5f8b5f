"""The pages of the corpus in words: one of each case, and the table of all. English first, then Chinese.

Nothing is decided here: the ladder is what `tcplint show` draws of the capture, the rest is what `case.toml` says.
"""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from tcplint.report import closing, words
from tcplint.report import ladder as drawing
from tcplint.report.ansi import Palette
from tcplint.results import STATES, Options
from tcplint.trace import trace_connection
from tools.cases import Case

RULER = "\n---\n\n"
HEADS = ("case", "story", "handshake", "close", "verdict", "origin")
HEADS_ZH = ("案例", "经过", "建立连接", "终止连接", "结论", "来源")
ORIGINS = {"kernel": ("recorded", "录制"), "crafted": ("crafted", "编写")}

INTRODUCTION = """\
# Corpus

Small captures, each with the verdict that must come out (`case.toml`) and a page that tells its story. *Recorded* cases
are connections of a real TCP stack between two network namespaces; their labels come from what the programs did and
from the socket states that the kernel reported (`python -m tools.record`). *Crafted* cases show faults that no sound
stack commits; their frames are written from `script.ladder`. Addresses are those of the documentation ranges.
Everything here is CC BY 4.0 ([LICENSE](LICENSE)).
"""
INTRODUCTION_ZH = """\
# 案例库

小型抓包，每个都附有应得的结论（`case.toml`）和讲述其经过的页面。
*录制*的案例是真实 TCP 协议栈在两个网络命名空间之间的连接（`python -m tools.record`）；
标签来自程序的操作和内核报告的套接字状态。
*编写*的案例展示正确的协议栈不会犯的错误，其中的帧由 `script.ladder` 写成。
地址均属文档专用范围。全部内容以 CC BY 4.0 许可发布（[LICENSE](LICENSE)）。
"""


def page(case: Case, corpus: Path) -> str:
    """The page of one case. Its capture must exist."""
    return RULER.join("\n".join(_half(case, corpus, lang)) for lang in words.LANGUAGES)


def _half(case: Case, corpus: Path, lang: str) -> list[str]:
    shown = f"{corpus.name}/{case.name}/{case.capture.name}"
    lines = [f"# {case.title[lang]}", "", f"{_origin(case, lang)} · `{shown}`", "", case.story[lang], ""]
    lines += ["```text", *_ladder(shown, corpus, lang), "```", ""]
    lines += [f"## {words.said(('What must come out', '应得的结果'), lang)}", ""]
    lines += [f"- {name}{words.said((': ', '：'), lang)}{value}" for name, value in _expected(case, lang)]
    lines.append("")
    if case.moments:
        lines += [words.said(_MOMENTS, lang), ""]
        moments = [
            (str(moment.after_frame), f"{moment.time:.3f}", _state(moment.client, lang), _state(moment.server, lang))
            for moment in case.moments
        ]
        lines += [*_table(_MOMENT_HEADS[lang == "zh"], moments), ""]
    option = " --lang zh" if lang == "zh" else ""
    lines += [f"{words.said(('Try it: ', '试一试：'), lang)}`tcplint show {shown}{option}`", ""]
    lines += [f"{words.said(('In Wireshark: ', '在 Wireshark 中：'), lang)}`{case.wireshark}`", ""]
    return [*lines, words.said(("Licence: CC BY 4.0.", "许可：CC BY 4.0。"), lang), ""]


_MOMENTS = (
    "The states that the kernel of the recorded machine reported while the wire was quiet:",
    "线路安静时，录制所用机器的内核报告的状态：",
)
_MOMENT_HEADS = (("after frame", "seconds", "client", "server"), ("在此帧之后", "秒", "客户端", "服务器"))
_NOTHING = ("none", "无")


def _origin(case: Case, lang: str) -> str:
    word = words.said(ORIGINS[case.origin["kind"]], lang) + words.said((": ", "："), lang)
    if case.crafted:
        return f"{word}[{case.origin['script']}]({case.origin['script']})"
    return f"{word}{case.origin['kernel']}, {case.origin['date']}"


def _ladder(shown: str, corpus: Path, lang: str) -> list[str]:
    """What `tcplint show` prints of the first connection when it is run beside the corpus."""
    with contextlib.chdir(corpus.parent):
        trace = trace_connection(shown, 0, Options())
    plain = Palette(False)
    lines = [*drawing.title(trace, plain, lang), "", *drawing.ladder(trace, plain, lang), ""]
    return [*lines, *closing.lines(trace, lang)]


def _expected(case: Case, lang: str) -> list[tuple[str, str]]:
    expect = case.expect
    nobody = expect.active_closer == "none"
    findings = [
        f"{words.severity(found.severity, lang)} `{found.rule}` ({words.side(found.side, lang)}, "
        + f"{words.said(('frame', '帧'), lang)} {found.frame})"
        for found in expect.findings
    ]
    rows = [
        (("handshake", "建立连接"), words.handshake(expect.handshake, lang)),
        (("close", "终止连接"), words.teardown(expect.teardown, lang)),
        (("verdict", "结论"), words.verdict(expect.verdict, lang)),
        (
            ("closed first", "先关闭的一方"),
            words.said(_NOTHING, lang) if nobody else words.side(expect.active_closer, lang),
        ),
        (("client at the end", "客户端最终状态"), _state(expect.client_state, lang)),
        (("server at the end", "服务器最终状态"), _state(expect.server_state, lang)),
        (("frames", "帧数"), str(expect.frames)),
        (("warnings and errors", "警告与错误"), ", ".join(findings) or words.said(_NOTHING, lang)),
    ]
    return [(words.said(name, lang), value) for name, value in rows]


def _state(name: str, lang: str) -> str:
    return words.state_both(STATES.index(name)) if lang == "zh" else name


def index(known: Sequence[Case]) -> str:
    """The table of all cases."""
    halves = []
    for introduction, heads, lang in ((INTRODUCTION, HEADS, "en"), (INTRODUCTION_ZH, HEADS_ZH, "zh")):
        rows = [
            (
                f"[{case.name}]({case.name}/README.md)",
                case.title[lang],
                words.handshake(case.expect.handshake, lang),
                words.teardown(case.expect.teardown, lang),
                words.verdict(case.expect.verdict, lang),
                words.said(ORIGINS[case.origin["kind"]], lang),
            )
            for case in known
        ]
        halves.append("\n".join([introduction, *_table(heads, rows), ""]))
    return RULER.join(halves)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)]
