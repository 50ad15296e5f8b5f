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
from tools.cases import Case, Deed

RULER = "\n---\n\n"
HEADS = ("case", "story", "handshake", "close", "verdict", "origin")
HEADS_ZH = ("案例", "经过", "建立连接", "终止连接", "结论", "来源")
ORIGINS = {"kernel": ("recorded", "录制"), "stack": ("recorded", "录制"), "crafted": ("crafted", "编写")}

INTRODUCTION = """\
# Corpus

Small captures, each with the verdict that must come out (`case.toml`) and a page that tells its story. *Recorded* cases
are connections of a real TCP stack over a wire that loses, holds and alters chosen frames; their labels come from what
programs and wire did and from the socket states that the kernel reported (`python -m tools.lab`). Beside them,
`variants/` holds the same connections as other points of capture saw them (`at-…`) and as a worse capture would:
started late, stopped early, one direction only, every frame twice. *Crafted* cases show faults that no sound stack
commits; their frames are written from `script.ladder`. Addresses are those of the documentation ranges. Everything
here is CC BY 4.0 ([LICENSE](LICENSE)).
"""
INTRODUCTION_ZH = """\
# 案例库

小型抓包，每个都附有应得的结论（`case.toml`）和讲述其经过的页面。
*录制*的案例是真实 TCP 协议栈之间的连接，中间的线路会丢失、扣留或改动选定的帧（`python -m tools.lab`）；
标签来自程序与线路的操作以及内核报告的套接字状态。
`variants/` 中是同一连接在其他抓包点的样子（`at-…`），以及较差的抓包：开始太晚、结束太早、只有一个方向、每帧重复一次。
*编写*的案例展示正确的协议栈不会犯的错误，其中的帧由 `script.ladder` 写成。
地址均属文档专用范围。全部内容以 CC BY 4.0 许可发布（[LICENSE](LICENSE)）。
"""


def page(case: Case, corpus: Path) -> str:
    """The page of one case. Its capture must exist."""
    return RULER.join("\n".join(_half(case, corpus, lang)) for lang in words.LANGUAGES)


def _half(case: Case, corpus: Path, lang: str) -> list[str]:
    shown = f"{corpus.name}/{case.name}/{case.capture.name}"
    numbers = range(len(case.connections))
    lines = [f"# {case.title[lang]}", "", f"{_origin(case, lang)} · `{shown}`", "", case.story[lang], ""]
    for number in numbers:
        lines += ["```text", *_ladder(shown, number, corpus, lang, case.checksums), "```", ""]
    for deed in case.deeds:
        lines.append(f"- {_deed(deed, lang)}")
    lines += [""] if case.deeds else []
    colon = words.said((": ", "："), lang)
    for number in numbers:
        which = f" {number}" if len(case.connections) > 1 else ""
        lines += [f"## {words.said(('What must come out', '应得的结果'), lang)}{which}", ""]
        lines += [f"- {name}{colon}{value}" for name, value in _expected(case, number, lang)]
        lines.append("")
    if case.moments:
        lines += [words.said(_MOMENTS, lang), "", *_moments(case, lang), ""]
    if case.variants:
        names = ", ".join(f"[{path.stem}](variants/{path.name})" for path in case.variants)
        lines += [
            f"{words.said(('The same connections, captured otherwise', '同一连接的其他抓包'), lang)}{colon}{names}",
            "",
        ]
    option = (" --checksums" if case.checksums else "") + (" --lang zh" if lang == "zh" else "")
    lines += [f"{words.said(('Try it: ', '试一试：'), lang)}`tcplint show {shown}{option}`", ""]
    lines += [f"{words.said(('In Wireshark: ', '在 Wireshark 中：'), lang)}`{case.wireshark}`", ""]
    return [*lines, words.said(("Licence: CC BY 4.0.", "许可：CC BY 4.0。"), lang), ""]


_MOMENTS = (
    "The states that the kernel of the recorded machine reported:",
    "录制所用机器的内核报告的状态：",
)
_MOMENT_HEADS = (("after frame", "seconds", "client", "server"), ("在此帧之后", "秒", "客户端", "服务器"))
_NOTHING = ("none", "无")


def _origin(case: Case, lang: str) -> str:
    word = words.said(ORIGINS[case.origin["kind"]], lang) + words.said((": ", "："), lang)
    if case.crafted:
        return f"{word}[{case.origin['script']}]({case.origin['script']})"
    against = words.said((" against ", "，对端为 "), lang)
    stack = case.origin["stack"] + against if case.origin["kind"] == "stack" else ""
    return f"{word}{stack}{case.origin['kernel']}, {case.origin['date']}"


_DEEDS = {
    "dropped": "丢弃",
    "held": "扣留，稍后放行",
    "delayed": "延迟",
    "doubled": "送达两次",
    "swapped": "被下一帧超过",
    "rewritten": "改动",
    "injected": "伪造并插入",
}


def _deed(deed: Deed, lang: str) -> str:
    """One line about what the wire did to a frame."""
    side = words.side(deed.side, lang)
    if lang == "zh":
        frame = f"第 {deed.frame} 帧（{side}）" if deed.frame else f"{side}的一帧（不在此抓包中）"
        return f"线路：{frame}{_DEEDS[deed.did]}"
    frame = f"frame {deed.frame} ({side})" if deed.frame else f"a frame of the {side}, not in this capture,"
    return f"the wire: {frame} was {deed.did}"


def _moments(case: Case, lang: str) -> list[str]:
    """The table of the states that the kernel reported; with several connections it says whose."""
    several = len(case.connections) > 1
    rows = [
        (
            *([str(moment.connection)] if several else []),
            str(moment.after_frame),
            f"{moment.time:.3f}",
            _state(moment.client, lang),
            _state(moment.server, lang),
        )
        for moment in case.moments
    ]
    which = [words.said(("connection", "连接"), lang)] if several else []
    return _table([*which, *_MOMENT_HEADS[lang == "zh"]], rows)


def _ladder(shown: str, number: int, corpus: Path, lang: str, checksums: bool) -> list[str]:
    """What `tcplint show` prints of a connection when it is run beside the corpus."""
    with contextlib.chdir(corpus.parent):
        trace = trace_connection(shown, number, Options(checksums=checksums))
    plain = Palette(False)
    lines = [*drawing.title(trace, plain, lang), "", *drawing.ladder(trace, plain, lang), ""]
    return [*lines, *closing.lines(trace, lang)]


def _expected(case: Case, number: int, lang: str) -> list[tuple[str, str]]:
    expect = case.connections[number]
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
        (("frames", "帧数"), str(case.frames)),
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
                ", ".join(words.handshake(expect.handshake, lang) for expect in case.connections),
                ", ".join(words.teardown(expect.teardown, lang) for expect in case.connections),
                ", ".join(words.verdict(expect.verdict, lang) for expect in case.connections),
                words.said(ORIGINS[case.origin["kind"]], lang),
            )
            for case in known
        ]
        halves.append("\n".join([introduction, *_table(heads, rows), *_crossed(known, lang), ""]))
    return RULER.join(halves)


def _crossed(known: Sequence[Case], lang: str) -> list[str]:
    """Outcome × case and rule × case, as the labels have them."""
    outcomes: dict[str, list[str]] = {}
    rules: dict[str, list[str]] = {}
    for case in known:
        for expect in case.connections:
            outcomes.setdefault(f"{expect.handshake} · {expect.teardown}", []).append(case.name)
            for rule in [*expect.notes, *(finding.rule for finding in expect.findings)]:
                rules.setdefault(rule, []).append(case.name)
    lines = []
    for heads, found in ((("outcome", "结果"), outcomes), (("rule", "规则"), rules)):
        rows = [(word, ", ".join(_link(name) for name in sorted(set(found[word])))) for word in sorted(found)]
        lines += ["", *_table((words.said(heads, lang), words.said(("cases", "案例"), lang)), rows)]
    return lines


def _link(name: str) -> str:
    """A link to the page of a case."""
    return f"[{name}]({name}/README.md)"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)]
