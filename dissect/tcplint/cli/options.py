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


CONFIG = "tcplint.config"  # key of the configuration in click's `meta`


def _load_config(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """Read the configuration before other options look for their defaults; they find them in it."""
    from pathlib import Path

    from tcplint.config import Config, ConfigError, find, read

    if context.resilient_parsing:
        return
    path = Path(value) if value is not None else None
    try:
        if path is None and not context.meta.get(f"{CONFIG}.none"):
            path = find(Path.cwd())
        config = Config() if path is None else read(path)
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    context.meta[CONFIG] = config
    values = {key.replace("-", "_"): value for key, value in config.values.items()}
    context.default_map = {**(context.default_map or {}), **values}


def _no_config(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    context.meta[f"{CONFIG}.none"] = value


def config_options(function: F) -> F:
    """`--config FILE` and `--no-config`; without them the nearest configuration upward is read."""
    function = click.option(
        "--config", metavar="FILE", expose_value=False, is_eager=True, callback=_load_config,
        help="Read this configuration [default: the nearest tcplint.toml, or pyproject.toml with [tool.tcplint], "
        "here or in a folder above].",
    )(function)  # fmt: skip
    return click.option(
        "--no-config", is_flag=True, expose_value=False, is_eager=True, callback=_no_config,
        help="Look for no configuration.",
    )(function)  # fmt: skip


def rule_options(function: F) -> F:
    """`--select` and `--ignore`: which rules are reported."""
    function = click.option(
        "--ignore", multiple=True, metavar="RULE", help="Do not report this rule, group or code prefix; repeatable."
    )(function)
    return click.option(
        "--select", multiple=True, metavar="RULE", help="Report this rule, group or code prefix only; repeatable."
    )(function)


def applied(limits: dict[str, Any]) -> dict[str, Any]:
    """What the reading options and the configuration come to, as fields of tcplint.results.Options."""
    from tcplint.catalogue.load import UnknownRuleError

    config = click.get_current_context().meta[CONFIG]
    fields = dict(limits)
    select, ignore = fields.pop("select"), fields.pop("ignore")
    try:
        severity = config.severities(select or None, ignore)
    except UnknownRuleError as error:
        raise click.UsageError(f"{error}; `tcplint rule` lists them") from None
    return {**fields, "severity": severity or None, "thresholds": config.thresholds or None}


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
    function = rule_options(config_options(function))
    function = click.option("--checksums", is_flag=True, help="Verify TCP checksums.")(function)
    return click.option(
        "--engine", type=click.Choice(("dpkt", "tshark")), default="dpkt",
        help="What takes frames apart [default: dpkt]. tshark knows every encapsulation and capture format that "
        "Wireshark knows, and is slower: some 4,000 frames a second.",
    )(function)  # fmt: skip


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
