"""Texts, tables and long lines as Lua 5.2 to 5.4 write them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence

from tcplint.luagen.wording import LUA_KEYWORDS

WIDTH = 120
INDENT = "  "

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_KEYWORDS = LUA_KEYWORDS | {"and", "break", "for", "if", "in", "not", "or", "return", "while"}
#: A run without a blank outside of quotation marks: a line may be broken between two of them.
_UNBREAKABLE = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^\s"])+')


def quoted(text: str) -> str:
    """A text in quotation marks. What is not ASCII stays as it is: Lua texts are octets, the file is UTF-8."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\0", "\\000")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def long_text(text: str) -> str:
    """A text of several lines as they are, in long brackets that do not occur in it. Lua skips the first line break."""
    bars = "="
    while f"]{bars}]" in text or text.endswith(f"]{bars}"):
        bars += "="
    return f"[{bars}[\n{text}]{bars}]"


def is_name(text: str) -> bool:
    """Whether the text can stand as a name in Lua, so that `table.text` reads the field."""
    return _NAME.fullmatch(text) is not None and text not in _KEYWORDS


def literal(value: object, depth: int = 0) -> str:
    """A value made of mappings, sequences, texts, integers and booleans.

    A table that fits into a line stands on one. Raises TypeError for any other value, None among them: a table cannot
    hold nil.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return long_text(value) if "\n" in value and "\r" not in value else quoted(value)
        case Mapping():
            items = [f"{_key(key)} = {literal(item, depth + 1)}" for key, item in value.items()]
        case Sequence():
            items = [literal(item, depth + 1) for item in value]
        case _:
            raise TypeError(f"no Lua literal for a {type(value).__name__}: {value!r}")
    line = "{ " + ", ".join(items) + " }" if items else "{}"
    if len(line) + len(INDENT) * depth < WIDTH - 20 and "\n" not in line:
        return line
    inner, outer = INDENT * (depth + 1), INDENT * depth
    return "{\n" + "".join(f"{inner}{item},\n" for item in items) + outer + "}"


def _key(key: object) -> str:
    if isinstance(key, str):
        return key if is_name(key) else f"[{quoted(key)}]"
    if isinstance(key, int):
        return f"[{key}]"
    raise TypeError(f"no Lua key for a {type(key).__name__}: {key!r}")


def broken(line: str) -> list[str]:
    """A statement on as many lines as it needs, broken behind a comma or an operator; the others are set in twice."""
    if len(line) <= WIDTH:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    lines = [""]
    piece = ""
    for run in [*_UNBREAKABLE.findall(line), ""]:
        if piece and (not run or piece.endswith((",", " and", " or", " ..", " +", " -", " then", "{"))):
            if lines[-1] and len(lines[-1]) + 1 + len(piece) > WIDTH:
                lines.append("")
            lines[-1] += f" {piece}" if lines[-1] else indent + INDENT * (2 * (len(lines) > 1)) + piece
            piece = ""
        piece += f" {run}" if piece else run
    return lines


def comment(text: str, indent: str = "") -> list[str]:
    """A comment on as many lines as it needs."""
    return textwrap.wrap(text, WIDTH, initial_indent=f"{indent}-- ", subsequent_indent=f"{indent}-- ")
