"""The thresholds of the core: every number that a rule compares with and that a user may want to change.

A threshold is a named constant in core/, with its source (an RFC, a measurement, "not calibrated") in the comment
beside it. There it is at hand for who reads the rule, costs nothing at run time, and means the same in Cython and Lua.
This file finds the constants by reading core/, so that a new one is listed without being entered anywhere.

To change one, `use` binds the name anew in the module that defines it and in those that import it. That holds for the
whole process: two checks with different thresholds run one after the other, not at the same time
(docs/decisions/0012-configuration.md).
"""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

CORE = Path(__file__).parent / "core"
PACKAGE = "tcplint.core"
LARGEST = 2**53  # what the core can count

# What no user has a reason to change: codes, states, bits, field sizes, numbers of formats.
FORMAT_MODULES = frozenset(
    {"calm_open", "conntrack", "internet", "layers", "lone", "model", "offer", "options", "outside", "seen", "skips"}
    | {"tell", "zeek", "rules.address"}
)
FORMAT_NAMES = re.compile(
    r"sequence\.(MODULUS|HALF|LIFT)|decoder\.LAYER_\w+|fragments\.(WAITING|COMPLETE|SPOILED|KEPT|MAX_DATAGRAM)"
    r"|tcp\.SHORTEST|calm\.(DEFAULT_MSS|STAMPS_LENGTH)|rules\.extensions\.MP_\w+|rules\.checksum\.PLACE"
    r"|rules\.probe\.(ACK_AND_RST|FIN_ALONE|FIN_AND_RST)|rules\.payload\.(DEFAULT_MSS_6|JUMBO|LARGEST_MSS\w*)"
)

_LINE = re.compile(r"([A-Z][A-Z0-9_]*) = ([0-9]+)(?:  # (.*))?")  # masks are written in base 16
_TIME = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(us|µs|ms|s|min|h|d)")
_MICROSECONDS = {"us": 1, "µs": 1, "ms": 10**3, "s": 10**6, "min": 60 * 10**6, "h": 3600 * 10**6, "d": 86400 * 10**6}


class Threshold(NamedTuple):
    """One constant. `key` is its name in a configuration: `teardown-end.linger`."""

    key: str
    module: str  # below tcplint.core
    name: str
    default: int
    source: str  # what its comment says; "" for none
    line: int
    users: tuple[str, ...]  # modules that import it

    @property
    def is_time(self) -> bool:
        """Whether it is a span of time in microseconds."""
        return self.source.startswith("µs")

    @property
    def place(self) -> str:
        """The file and line of the constant, from the package."""
        return f"core/{self.module.replace('.', '/')}.py:{self.line}"


@cache
def thresholds() -> dict[str, Threshold]:
    """All of them by key, in the order of files and lines. Empty where the sources of core/ are not installed."""
    sources = {_module(path): path.read_text(encoding="utf-8") for path in sorted(CORE.rglob("*.py"))}
    users = _users(sources)
    found: dict[str, Threshold] = {}
    for module, text in sources.items():
        if module in FORMAT_MODULES:
            continue
        lines = text.split("\n")
        for number, line in enumerate(lines, 1):
            match = _LINE.fullmatch(line)
            if match is None or FORMAT_NAMES.fullmatch(f"{module}.{match[1]}"):
                continue
            source = match[3] or _block_above(lines, number - 1)
            key = f"{module.removeprefix('rules.')}.{match[1]}".lower().replace("_", "-")
            found[key] = Threshold(
                key, module, match[1], int(match[2]), source, number, tuple(users.get((module, match[1]), ()))
            )
    return found


def _block_above(lines: list[str], index: int) -> str:
    """The comment that ends just above a line, as one text."""
    start = index
    while start > 0 and lines[start - 1].startswith("# "):
        start -= 1
    return " ".join(line[2:] for line in lines[start:index])


def _module(path: Path) -> str:
    return ".".join(path.relative_to(CORE).with_suffix("").parts)


def _users(sources: Mapping[str, str]) -> dict[tuple[str, str], list[str]]:
    """(module, name) -> the modules that import this name from there."""
    users: dict[tuple[str, str], list[str]] = {}
    for module, text in sources.items():
        folder = module.split(".")[:-1]
        for node in ast.parse(text).body:
            if isinstance(node, ast.ImportFrom) and node.level:
                base = folder[: len(folder) - node.level + 1]
                origin = ".".join([*base, node.module or ""])
                for alias in node.names:
                    users.setdefault((origin, alias.name), []).append(module)
    return users


def parse(threshold: Threshold, value: object) -> int:
    """A value as a configuration writes it: a number, or for a span of time also `"90 s"`, `"500 ms"`, `"2 min"`.

    Raises ValueError with a sentence that says what is wrong.
    """
    number = value
    if isinstance(value, str) and threshold.is_time:
        match = _TIME.fullmatch(value.strip())
        if match is None:
            raise ValueError(f"{value!r} is no span of time; write microseconds, or like '500 ms', '90 s', '2 min'")
        number = round(float(match[1]) * _MICROSECONDS[match[2]])
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError(f"{value!r} is no whole number")
    if not 1 <= number < LARGEST:
        raise ValueError(f"{value!r} is out of range; it must be 1 or more, and below 2^53")
    return number


_used: dict[str, int] = {}  # what differs from the defaults now


def in_use() -> Mapping[str, int]:
    """The thresholds that differ from their defaults now."""
    return _used


def use(values: Mapping[str, int]) -> None:
    """Set these thresholds, by key, and all others to their defaults, in this process.

    Raises KeyError for a key that is none, before anything changes.
    """
    if values == _used:
        return
    known = thresholds()
    changes = {known[key]: value for key, value in values.items()}
    for threshold in [known[key] for key in _used if key not in values]:
        changes[threshold] = threshold.default
    for threshold, value in changes.items():
        for module in (threshold.module, *threshold.users):
            setattr(importlib.import_module(f"{PACKAGE}.{module}"), threshold.name, value)
    _used.clear()
    _used.update({key: value for key, value in values.items() if value != known[key].default})
