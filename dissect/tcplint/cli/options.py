"""Options that several verbs share, and how the reader's language is found."""

import os
import re
import sys
from collections.abc import Callable, Mapping
from shutil import get_terminal_size
from typing import Any, TextIO, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

WIDTH = 100  # columns when the output is no terminal
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Size(click.ParamType[int]):
    """A number of octets: 4096, 64K, 16M, 2G."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of octets; click reports what is none."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"([1-9][0-9]{0,12})([KMGT]?)", str(value).upper())
        if found is None:
            self.fail(f"{value!r} is no size; write octets or 64K, 16M, 2G", param, ctx)
        return int(found[1]) * _UNITS[found[2]]


def lang_option(function: F) -> F:
    """`--lang en|zh`."""
    return click.option(
        "--lang",
        type=click.Choice(("en", "zh")),
        help="Language of texts for people [default: TCPLINT_LANG, else LC_ALL, LC_MESSAGES, LANG].",
    )(function)


def color_option(function: F) -> F:
    """`--color auto|always|never`."""
    return click.option(
        "--color",
        type=click.Choice(("auto", "always", "never")),
        default="auto",
        help="Colour the output; auto heeds NO_COLOR, FORCE_COLOR and the terminal.",
    )(function)


# Reaching a limit is told in a note of the capture, never silent.
LIMITS = (
    ("--max-interfaces", 65536, "Interfaces kept for a section of a pcapng file"),
    ("--max-findings", 200, "Findings kept for one connection"),
    ("--max-lone-syns", 2_000_000, "Unanswered SYNs remembered at once"),
    ("--max-connections", 50_000, "Connections followed at once"),
)


def reading_options(function: F) -> F:
    """How captures are read: the same for every verb that reads one."""
    function = click.option(
        "--max-expand", type=Size(), default=16 << 30, metavar="SIZE",
        help="Stop reading a compressed capture that expands beyond this [default: 16G].",
    )(function)  # fmt: skip
    for name, most, what in LIMITS:
        function = click.option(
            name, type=click.IntRange(1), default=most, metavar="N", help=f"{what} [default: {most}]."
        )(function)
    function = click.option("--checksums", is_flag=True, help="Verify TCP checksums.")(function)
    return click.option(
        "--engine", type=click.Choice(("dpkt",)), default="dpkt", help="What takes frames apart [default: dpkt]."
    )(function)


def language(choice: str | None, environment: Mapping[str, str] | None = None) -> str:
    """`en` or `zh`: the option, TCPLINT_LANG, then the locale. Raises click.UsageError for another TCPLINT_LANG."""
    env = os.environ if environment is None else environment
    if choice is not None:
        return choice
    own = env.get("TCPLINT_LANG")
    if own:
        if own not in ("en", "zh"):
            raise click.UsageError(f"TCPLINT_LANG is {own!r}; languages are en, zh")
        return own
    locale = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def columns(stream: TextIO | None = None) -> int:
    """The width of the terminal that the output goes to, at least 40."""
    stream = stream or sys.stdout
    return max(40, get_terminal_size((WIDTH, 24)).columns) if stream.isatty() else WIDTH


def paths_argument(function: F) -> F:
    """`[PATH]…`, as `check` and `connections` take it."""
    return click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())(function)


def checked_paths(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths, unless standard input is asked for twice or is a keyboard."""
    if paths.count("-") > 1:
        raise click.UsageError("standard input (-) can be read only once")
    if "-" in paths and sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("standard input is a terminal; pipe a capture into it: tcpdump -w - | tcplint check -")
    return paths
