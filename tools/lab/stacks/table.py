"""The tables of docs/en/stacks.md and docs/zh/stacks.md: who played what, and stack × rule.

Written between two marks of the page, from the results that the last plays left; the words around them are written by
hand.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.promise.play import CATALOGUE
from tools.lab.stacks.roster import STACKS
from tools.lab.stacks.stories import STORIES

DOCS = Path(__file__).resolve().parents[3] / "docs"
BEGIN, END = "<!-- tables: make stacks -->", "<!-- end of tables -->"

_HEADS = {
    "en": (
        ("Stack", "Version", "Role", "Stories", "Connections", "Frames", "Damaged copies", "Errors", "Warnings"),
        ("Rule", "Severity"),
        "client",
        "server",
        "Stories of {all} in which the stack itself broke the rule; client / server is the role of the stack.",
    ),
    "zh": (
        ("协议栈", "版本", "角色", "场景", "连接", "帧", "损坏副本", "错误", "警告"),
        ("规则", "严重程度"),
        "客户端",
        "服务器",
        "共 {all} 个场景，表中是协议栈自身违反该规则的场景数；“客户端 / 服务器”指协议栈的角色。",
    ),
}


def write_tables(built: Path, docs: Path = DOCS) -> None:
    """Both pages anew. Raises ValueError for a page without the marks."""
    told = read(built)
    for language in _HEADS:
        path = docs / language / "stacks.md"
        before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise ValueError(f"{path}: the marks of the tables are missing")
        path.write_text(f"{before}{BEGIN}\n\n{tables(told, language)}\n{END}{after}", encoding="utf-8")


def read(built: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The results by stack and role, in the order of the roster."""
    found = {}
    for stack in STACKS:
        for role in ("client", "server"):
            path = built / f"{stack}-{role}" / "results.json"
            if path.exists():
                found[stack, role] = json.loads(path.read_text(encoding="utf-8"))
    return found


def tables(told: dict[tuple[str, str], dict[str, Any]], language: str) -> str:
    """Both tables as Markdown."""
    heads, rule_heads, client, server, note = _HEADS[language]
    roles = {"client": client, "server": server}
    lines = [_row(heads), _row(["---"] * len(heads))]
    for (stack, role), results in told.items():
        played = [one for one in results["results"] if one["frames"]]
        counts = [sum(one[key] for one in played) for key in ("connections", "frames", "copies")]
        own = {
            severity: len({(one["story"], said[0]) for one in played for said in one["said"] if _own(said, severity)})
            for severity in ("error", "warning")
        }
        cells = [STACKS[stack].title, results["version"], roles[role], len(played), *counts, *own.values()]
        lines.append(_row(cells))
    stacks = list(dict.fromkeys(stack for stack, _ in told))
    lines += ["", note.format(all=len(STORIES)), ""]
    lines += [_row([*rule_heads, *(STACKS[stack].title for stack in stacks)]), _row(["---"] * (2 + len(stacks)))]
    names = {rule.code: rule.name for rule in CATALOGUE.rules}
    for (rule, severity), counted in sorted(_by_rule(told).items()):
        row = [f"{counted[stack, 'client']} / {counted[stack, 'server']}" for stack in stacks]
        lines.append(_row([f"{rule} {names[rule]}", severity, *("" if cell == "0 / 0" else cell for cell in row)]))
    return "\n".join(lines) + "\n"


def _own(said: list[Any], severity: str) -> bool:
    """Whether it blames the stack; what only `the source of frame N` is blamed for is the stack's too."""
    return said[2] == severity and said[3] in ("stack", "unknown")


def _by_rule(told: dict[tuple[str, str], dict[str, Any]]) -> dict[tuple[str, str], dict[tuple[str, str], int]]:
    found: dict[tuple[str, str], dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for where, results in told.items():
        for one in results["results"]:
            for key in {(said[0], said[2]) for said in one["said"] if _own(said, said[2])}:
                found[key][where] += 1
    return found


def _row(cells: Any) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"
