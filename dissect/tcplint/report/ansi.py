"""Colour on a terminal: six looks and no library.

Colour repeats what the words say and never says anything alone, so a report without it loses nothing. Whether to use it
is decided in this order: `--color always|never`, NO_COLOR, FORCE_COLOR (each when set and not empty), and then whether
the output is a terminal (https://no-color.org).
"""

from collections.abc import Mapping
from typing import TextIO

_LOOKS = {
    "error": "1;31",
    "violates": "1;31",
    "warning": "33",
    "warns": "33",
    "note": "36",
    "inconclusive": "35",
    "conforms": "32",
    "bold": "1",
    "dim": "2",
}


class Palette:
    """Paints texts, or leaves them as they are."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def paint(self, text: str, look: str) -> str:
        """The text in a look, such as `error` or `dim`; an unknown look changes nothing."""
        code = _LOOKS.get(look) if self.colour and text else None
        return f"\x1b[{code}m{text}\x1b[0m" if code else text


def use_colour(choice: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to colour what goes to `stream`. `choice` is auto, always or never."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"
