"""Columns on a terminal: how wide a text is, and texts padded to a column.

A Chinese character takes two columns, a combining mark none (Unicode Standard Annex 11). Ambiguous characters, the
arrows and lines of the ladder among them, count one: that is how terminals draw them outside old Chinese locales.
"""

import re
import unicodedata
from functools import cache

NO_BREAK = "\u00a0"
CLOSERS = "，。；：、）？！”"  # never begin a line: they belong to what stands before them


@cache
def _word() -> re.Pattern[str]:
    """What a line may be broken between. Made when the first text is wrapped: it takes milliseconds."""
    return re.compile(rf"[ \t\n]+|(?:[\u1100-\uffef]|[^ \t\n\u1100-\uffef]+)[{CLOSERS}]*")


def width(text: str) -> int:
    """The number of terminal columns that `text` fills."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, columns: int, align: str = "<") -> str:
    """`text` filled with spaces to `columns`; a longer text is returned whole. `align` is `<`, `>` or `^`."""
    space = columns - width(text)
    if space <= 0:
        return text
    if align == ">":
        return " " * space + text
    if align == "^":
        return " " * (space // 2) + text + " " * (space - space // 2)
    return text + " " * space


def wrap(text: str, columns: int) -> list[str]:
    """`text` in lines of at most `columns` columns, broken at spaces and between wide characters.

    A no-break space (U+00A0) holds its words together and comes out as a plain space.
    """
    lines = [""]
    for word in _word().findall(text):
        if lines[-1] and width(lines[-1] + word.rstrip(" \t\n")) > columns:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip(" \t\n")
    return [line.replace(NO_BREAK, " ") for line in lines]
