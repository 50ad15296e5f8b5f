"""The tables of docs/en/faults.md and docs/zh/faults.md, written between two marks of the pages.

The words around them are written by hand.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.promise.play import CATALOGUE, SEVERITY
from tools.faults.damage import DAMAGES, Damaged
from tools.faults.run import Row

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
BEGIN, END = "<!-- tables: make faults -->", "<!-- end of tables -->"

_WORDS = {1: "warning", 2: "error"}
SEVERITIES = {
    (code, kind): _WORDS.get(grade, "note") for code, kinds in SEVERITY.items() for kind, grade in kinds.items()
}
NAMES = {rule.code: rule.name for rule in CATALOGUE.rules}

_HEADS = {
    "en": (
        ("Rule", "Kind", "Severity", "Captures", "Caught", "Inconclusive", "Missed"),
        (
            "Damage",
            "Copies",
            "Caught",
            "Inconclusive",
            "Silent",
            "of these beside the frame at fault",
            "Explained by one frame",
            "by several",
            "Missed",
            "Errors added",
        ),
        ("Rule", "Kind", "Copies", "Caught", "Inconclusive", "Silent", "Missing, where not caught"),
        ("Rule", "Kind", "Captures", "Answer", "Why no capture proves it"),
        ("All", "silent"),
    ),
    "zh": (
        ("规则", "种类", "严重程度", "抓包", "抓到", "无法判定", "漏掉"),
        (
            "损坏",
            "副本",
            "抓到",
            "无法判定",
            "沉默",
            "其中犯错的帧仍在",
            "由一帧解释",
            "由多帧解释",
            "漏掉",
            "增加的错误",
        ),
        ("规则", "种类", "副本", "抓到", "无法判定", "沉默", "未抓到时缺少的帧"),
        ("规则", "种类", "抓包", "回答", "为何任何抓包都无法证明"),
        ("合计", "沉默"),
    ),
}
_CHINESE = {
    "error": "错误",
    "warning": "警告",
    "one frame dropped": "丢一帧",
    "several frames dropped": "丢多帧",
    "begins late": "开始得晚",
    "ends early": "结束得早",
    "one direction": "只有一个方向",
    "SYN, FIN, RST alone": "只有 SYN、FIN、RST",
    "54 to 68 octets of a frame": "每帧只留 54 至 68 字节",
    "one frame doubled": "一帧重复",
    "two frames swapped": "两帧交换",
    "the frame at fault": "犯错的帧本身",
    "a later frame": "之后的帧",
    "data": "数据",
}


def sums(rows: Iterable[Row]) -> str:
    """The figures in a few lines."""
    rows = list(rows)
    provable = [row for row in rows if not row.because[0]]
    beyond = [row for row in rows if row.because[0]]
    copies = [one for row in provable for one in row.copies]
    kinds = len({(row.code, row.kind) for row in provable})
    said = {word: _said(copies, word) for word in ("caught", "inconclusive", "")}
    lines = [
        f"faults {len(provable)} of {kinds} kinds, captures {sum(row.captures for row in provable)}"
        f" ({sum(row.recordings for row in provable)} recordings): caught {sum(row.caught for row in provable)},"
        f" inconclusive {sum(row.inconclusive.total() for row in provable)},"
        f" missed {sum(len(row.missed) for row in provable)}",
        f"damaged copies {len(copies)}: caught {said['caught']}, inconclusive {said['inconclusive']},"
        f" silent {said['']} (beside the frame at fault {sum(one.silent_beside_it for one in copies)});"
        f" explained by one frame {sum(len(one.missing) == 1 for one in copies)},"
        f" by several {sum(len(one.missing) > 1 for one in copies)}, missed {sum(one.missed for one in copies)}",
        f"beyond proof {len(beyond)}, captures {sum(row.captures for row in beyond)}:"
        f" accused in {sum(row.caught for row in beyond)}",
        f"errors of innocent ends {sum(len(row.innocent) for row in rows)},"
        f" errors that damage added {sum(len(row.accused) for row in rows)}",
    ]
    return "\n".join(lines)


def _said(copies: Iterable[Damaged], word: str) -> int:
    return sum(one.said == word for one in copies)


def write_tables(rows: list[Row], docs: Path = DOCS) -> None:
    """Both pages anew. Raises ValueError for a page without the marks."""
    for language in _HEADS:
        path = docs / language / "faults.md"
        before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise ValueError(f"{path}: the marks of the tables are missing")
        path.write_text(f"{before}{BEGIN}\n\n{tables(rows, language)}\n\n{END}{after}", encoding="utf-8")


def tables(rows: list[Row], language: str) -> str:
    """The four tables as Markdown, a heading before each."""
    heads = _HEADS[language]
    titles = {
        "en": ("## Whole captures", "## Damaged copies", "### Rule by rule", "## What no capture proves"),
        "zh": ("## 完整的抓包", "## 损坏的副本", "### 逐条规则", "## 任何抓包都无法证明的"),
    }[language]
    provable = [row for row in rows if not row.because[0]]
    parts = [
        _table(heads[0], [*(_whole(row, language) for row in provable), _whole_sum(provable, heads[4][0])]),
        _table(heads[1], _damages(provable, language, heads[4][0])),
        _table(heads[2], [_by_rule(row, language) for row in provable]),
        _table(heads[3], [_beyond(row, language) for row in rows if row.because[0]]),
    ]
    return "\n\n".join(f"{title}\n\n{part}" for title, part in zip(titles, parts, strict=True))


def _rule(row: Row) -> str:
    return f"{row.code} {NAMES[row.code]}"


def _whole(row: Row, language: str) -> list[object]:
    severity = _in(language, SEVERITIES[row.code, row.kind])
    reasons = ", ".join(f"{count} {why}" for why, count in sorted(row.inconclusive.items())) or 0
    return [_rule(row), row.kind, severity, row.captures, row.caught, reasons, len(row.missed)]


def _whole_sum(rows: list[Row], word: str) -> list[object]:
    inconclusive, missed = sum(row.inconclusive.total() for row in rows), sum(len(row.missed) for row in rows)
    counts = [sum(row.captures for row in rows), sum(row.caught for row in rows), inconclusive, missed]
    return [word, len(rows), "", *(f"{count:,}" for count in counts)]


def _damages(rows: list[Row], language: str, word: str) -> list[list[object]]:
    lines: list[list[object]] = []
    for damage in [*DAMAGES, ""]:
        copies = [one for row in rows for one in row.copies if damage in ("", one.damage)]
        counts = [
            len(copies),
            *(_said(copies, said) for said in ("caught", "inconclusive", "")),
            sum(one.silent_beside_it for one in copies),
            sum(len(one.missing) == 1 for one in copies),
            sum(len(one.missing) > 1 for one in copies),
            sum(one.missed for one in copies),
            sum(len(one.accused) for one in copies),
        ]
        lines.append([_in(language, damage) if damage else word, *(f"{count:,}" for count in counts)])
    return lines


def _by_rule(row: Row, language: str) -> list[object]:
    lacking = Counter(word for one in row.copies for word in set(one.what))
    words = ", ".join(f"{_in(language, word)} {count}" for word, count in lacking.most_common(3))
    counts = (_said(row.copies, said) for said in ("caught", "inconclusive", ""))
    return [_rule(row), row.kind, len(row.copies), *counts, words]


def _beyond(row: Row, language: str) -> list[object]:
    answer = f"inconclusive: {row.why}" if row.why else _HEADS[language][4][1]
    return [_rule(row), row.kind, row.captures, answer, row.because[language == "zh"]]


def _in(language: str, word: str) -> str:
    return _CHINESE.get(word, word) if language == "zh" else word


def _table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    return "\n".join(_row(one) for one in (head, ["---"] * len(head), *lines))


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"
