"""When colour is used: the option, NO_COLOR, FORCE_COLOR, the terminal, in this order."""

import io

import pytest

from tcplint.report.ansi import Palette, use_colour


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "environment", "terminal", "expected"),
    [
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"TERM": "dumb"}, True, False),
    ],
)
def test_colour_is_decided_by_option_then_environment_then_terminal(
    choice: str, environment: dict[str, str], terminal: bool, expected: bool
) -> None:
    stream = Terminal() if terminal else io.StringIO()
    assert use_colour(choice, stream, environment) is expected


def test_painted_text_without_its_colour_is_the_same_text() -> None:
    assert Palette(False).paint("error", "error") == "error"
    assert Palette(True).paint("error", "error") == "\x1b[1;31merror\x1b[0m"
