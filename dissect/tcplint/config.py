"""The configuration: `tcplint.toml`, or the table `[tool.tcplint]` of `pyproject.toml`.

    fail-on = "warning"
    ignore = ["CA", "lingering-half-close"]
    max-findings = 500

    [severity]
    no-close-seen = "warning"            # every kind of a rule
    "TD018/lingering" = "off"            # one kind

    [thresholds]
    "teardown-end.linger" = "2 min"

It is looked for in the working directory and in those above it; the nearest one counts, `tcplint.toml` before
`pyproject.toml`. An option on the command line outranks it. Whatever is not understood is an error that names file,
line and the nearest name that would be: a misspelt key that did nothing would be worse.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 dataclasses read it
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from tcplint.catalogue.load import UnknownRuleError, load
from tcplint.catalogue.page import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILES = ("tcplint.toml", "pyproject.toml")
OFF = "off"
UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class ConfigError(Exception):
    """A configuration that cannot be used; the text names file, line and what is wrong."""


class Setting(NamedTuple):
    """One key at the top of a configuration. `kind`: choice, flag, count, size, rules."""

    kind: str
    default: Any
    help: str
    choices: tuple[str, ...] = ()


SETTINGS: dict[str, Setting] = {
    "fail-on": Setting(
        "choice", "error", "exit 1 for findings of this rank", ("error", "warning", "inconclusive", "note", "never")
    ),
    "notes": Setting("flag", False, "also show notes"),
    "lang": Setting("choice", None, "language of texts for people; else the locale", ("en", "zh")),
    "color": Setting("choice", "auto", "colour the output", ("auto", "always", "never")),
    "engine": Setting("choice", "dpkt", "what takes frames apart", ("dpkt", "tshark")),
    "checksums": Setting("flag", False, "verify TCP checksums"),
    "select": Setting("rules", ["all"], "rules that are reported: names, codes, groups, prefixes"),
    "ignore": Setting("rules", [], "rules that are not"),
    "max-connections": Setting("count", 50_000, "connections followed at once"),
    "max-lone-syns": Setting("count", 2_000_000, "unanswered SYNs remembered at once"),
    "max-findings": Setting("count", 200, "findings kept for one connection"),
    "max-interfaces": Setting("count", 65_536, "interfaces kept for a section of a pcapng file"),
    "max-expand": Setting("size", 16 << 30, "octets that a compressed capture may expand to"),
}
TABLES = ("severity", "thresholds")


@dataclass
class Config:
    """What a configuration says, checked. Lines count from 1."""

    path: Path | None = None  # None: there is none
    values: dict[str, Any] = field(default_factory=dict)  # key of SETTINGS -> value
    severity: dict[str, dict[str, str]] = field(default_factory=dict)  # code -> kind -> error, warning, note, off
    thresholds: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)  # key, or key of a threshold -> line

    def value(self, key: str) -> Any:
        """What the configuration says, else the default."""
        return self.values.get(key, SETTINGS[key].default)

    def origin(self, key: str) -> str:
        """Where a value comes from: `default`, or file and line."""
        if key not in self.lines or self.path is None:
            return "default"
        return f"{self.path}:{self.lines[key]}"

    def severities(self, select: Iterable[str] | None = None, ignore: Iterable[str] | None = None) -> dict[str, Any]:
        """Code -> kind -> severity, of what differs from the catalogue; `off` for rules that are not reported.

        `select` and `ignore` stand in for those of the configuration.
        """
        catalogue = load()
        chosen = {rule.code for word in select or self.value("select") for rule in catalogue.select(word)}
        kept_out = self.value("ignore") if ignore is None else ignore
        chosen -= {rule.code for word in kept_out for rule in catalogue.select(word)}
        changed = {code: dict(kinds) for code, kinds in self.severity.items()}
        for rule in catalogue.rules:
            if rule.code not in chosen:
                changed[rule.code] = dict.fromkeys(rule.kinds, OFF)
        return changed


def find(start: Path) -> Path | None:
    """The nearest configuration at or above a directory. A pyproject.toml counts only with a table for us."""
    for folder in (start, *start.parents):
        for name in FILES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or _speaks_of_us(path)):
                return path
    return None


def _speaks_of_us(path: Path) -> bool:
    try:
        return "tcplint" in tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError):
        return False  # somebody else's file: not ours to complain about


def read(path: Path) -> Config:
    """Read and check a configuration. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is no UTF-8 text") from None
    try:
        table: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
    head = ""
    if path.name == "pyproject.toml":
        head = "tool.tcplint"
        table = table.get("tool", {}).get("tcplint", {})
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: [tool.tcplint] must be a table")
    return _Reader(path, text, head).read(table)


class _Reader:
    """Checks one table, and knows where in the text a key stands."""

    def __init__(self, path: Path, text: str, head: str) -> None:
        self.text = text.split("\n")
        self.head = head
        self.config = Config(path)

    def read(self, table: Mapping[str, Any]) -> Config:
        for key, value in table.items():
            if key in TABLES:
                if not isinstance(value, dict):
                    self._fail("", key, f"{key!r} must be a table: [{self._below(key)}]")
                for inner, setting in value.items():
                    self._severity(inner, setting) if key == "severity" else self._threshold(inner, setting)
            elif key in SETTINGS:
                self.config.values[key] = self._setting(key, value)
                self.config.lines[key] = self._line("", key)
            else:
                self._fail("", key, f"unknown key {key!r}{nearest(key, [*SETTINGS, *TABLES])}")
        return self.config

    def _setting(self, key: str, value: Any) -> Any:
        setting = SETTINGS[key]
        if setting.kind == "choice" and value not in setting.choices:
            self._fail("", key, f"{key!r} is {value!r}; it is one of {', '.join(setting.choices)}")
        if setting.kind == "flag" and not isinstance(value, bool):
            self._fail("", key, f"{key!r} is {value!r}; it is true or false")
        if setting.kind == "count" and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            self._fail("", key, f"{key!r} is {value!r}; it is a number, 1 or more")
        if setting.kind == "size":
            match = re.fullmatch(r"([1-9][0-9]{0,12})([KMGT]?)", str(value).upper())
            if match is None or isinstance(value, bool):
                self._fail("", key, f"{key!r} is {value!r}; it is a number of octets, or like '64K', '16M', '2G'")
            return int(match[1]) * UNITS[match[2]]
        if setting.kind == "rules":
            if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
                self._fail("", key, f"{key!r} is {value!r}; it is a list of rules, groups, codes or prefixes")
            for word in value:
                self._rules("", key, word)
        return value

    def _rules(self, table: str, key: str, word: str) -> list[Any]:
        try:
            return load().select(word)
        except UnknownRuleError as error:
            self._fail(table, key, f"{key!r}: {error}" if not table else str(error))

    def _severity(self, key: str, value: Any) -> None:
        if value not in (*SEVERITIES, OFF):
            self._fail("severity", key, f"{key!r} is {value!r}; severities are {', '.join((*SEVERITIES, OFF))}")
        word, _, kind = key.partition("/")
        for rule in self._rules("severity", key, word):
            if kind and kind not in rule.kinds:
                self._fail("severity", key, f"{rule.name} has no kind {kind!r}{nearest(kind, rule.kinds)}")
            kinds = self.config.severity.setdefault(rule.code, {})
            kinds.update(dict.fromkeys([kind] if kind else rule.kinds, value))
        self.config.lines[key] = self._line("severity", key)

    def _threshold(self, key: str, value: Any) -> None:
        from tcplint.thresholds import parse, thresholds

        known = thresholds()
        if isinstance(value, dict):  # `teardown-end.linger = …` without quotes is a table in TOML
            for inner, inner_value in value.items():
                self._threshold(f"{key}.{inner}", inner_value)
            return
        if key not in known:
            near = nearest(key, known)
            self._fail("thresholds", key, f"unknown threshold {key!r}{near} (`tcplint config` lists them)")
        try:
            self.config.thresholds[key] = parse(known[key], value)
        except ValueError as error:
            self._fail("thresholds", key, f"{key!r}: {error}")
        self.config.lines[key] = self._line("thresholds", key)

    def _below(self, table: str) -> str:
        return ".".join(part for part in (self.head, table) if part)

    def _line(self, table: str, key: str) -> int:
        """The line of a key, or of its table where it cannot be found there."""
        wanted = self._below(table)
        name = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
        last = re.compile(rf"""\s*["']?{re.escape(key.rpartition(".")[2])}["']?\s*=""")
        inner = f"{wanted}.{key.rpartition('.')[0]}"  # [thresholds.teardown-end]
        section, at = "", 1
        for number, line in enumerate(self.text, 1):
            header = re.fullmatch(r"\s*\[([^\[\]]+)\]\s*(#.*)?", line)
            if header is not None:
                section = re.sub(r"[\s\"']", "", header[1])
                at = number if section == wanted else at
            elif (section == wanted and name.match(line)) or (section == inner and last.match(line)):
                return number
        return at

    def _fail(self, table: str, key: str, complaint: str) -> NoReturn:
        raise ConfigError(f"{self.config.path}:{self._line(table, key)}: {complaint}")


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing."""
    import difflib

    near = difflib.get_close_matches(word, list(known), 1, 0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
