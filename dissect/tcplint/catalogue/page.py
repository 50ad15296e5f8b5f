"""One rule page: TOML between `+++` lines, then Markdown with fixed sections.

The English page is the rule: its identity, its kinds and severities, its clauses and its ladders.

    name        kebab-case, the file's name; reads after "allow …"
    code        two letters of the group and three digits, never given to another rule
    title       at most 72 columns
    kinds       what the rule can find, each with its severity: { new-data = "error" }
    clauses     where it stands: ["RFC 9293 §3.10.2"]
    numbers     names for the up to three numbers of a finding, for use in messages, see catalogue.load
    messages    one clause for each kind, see catalogue.load
    yields-to   codes of rules that speak instead when they fire at the same frame
    aliases     what other programs call it: { suricata = ["stream.…"], snort = ["129:3"] }; empty where none has a word
    no-fires, no-silent, no-undecided   why the page has no ladder in that section, when none can exist

The Chinese page holds a title, messages and prose, and speaks of the same ladders in words. Ladders stand in fenced
blocks marked `ladder` under "Fires", "Stays silent" and "Not decided"; the tests run every one of them. A key that
nobody reads is an error, so that a misspelt one cannot be lost.
"""

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

SECTIONS = {
    "en": (
        "What it says",
        "Why it matters",
        "Fires",
        "Stays silent",
        "Not decided",
        "What could fake it",
        "In Wireshark",
    ),
    "zh": ("规则内容", "为什么重要", "触发", "不触发", "无法判定", "什么会造成假象", "在 Wireshark 中"),
}
SEVERITIES = ("note", "warning", "error")  # by the constants of core.model

# Programs that have words of their own for what a rule finds, and how a word of each looks.
PEERS = {
    "suricata": re.compile(r"(stream|decoder\.tcp|tcp)\.[a-z0-9_]+|tcpv[46]-csum"),
    "zeek": re.compile(r"conn_state=[A-Z0-9]+|[A-Za-z_]+"),
    "wireshark": re.compile(r"(mp)?tcp(\.[a-z_]+)+"),
    "snort": re.compile(r"[0-9]+:[0-9]+"),
}

# Keys of the front matter and the type of each value.
ENGLISH_KEYS: dict[str, type] = {
    "name": str,
    "code": str,
    "title": str,
    "kinds": dict,
    "clauses": list,
    "numbers": list,
    "messages": dict,
    "yields-to": list,
    "aliases": dict,
    "no-fires": str,
    "no-silent": str,
    "no-undecided": str,
}
CHINESE_KEYS: dict[str, type] = {"title": str, "messages": dict}
ENGLISH_NEEDED = ("name", "code", "title", "kinds", "clauses", "messages")
CHINESE_NEEDED = ("title", "messages")


class PageError(ValueError):
    """A page that cannot be read; the text names the file, the key or line, and what is wrong."""


class Ladder(NamedTuple):
    """An executable story: the English section it stands in, its text, the line of the page it begins on."""

    section: str
    text: str
    line: int


class Page:
    """One language of a rule: its front matter, its prose by section (with the fences), its ladders.

    Prose and ladders are looked for when they are first asked for: a check of captures needs neither.
    """

    def __init__(self, path: Path, front: dict[str, Any], body: str, first_line: int) -> None:
        self.path = path
        self.front = front
        self._body = body
        self._first_line = first_line  # line of the page that the body begins on

    @cached_property
    def _parts(self) -> tuple[dict[str, str], list[Ladder]]:
        return _parts(self.path, self._body, self._first_line)

    @property
    def sections(self) -> dict[str, str]:
        """Heading -> Markdown. Raises PageError."""
        return self._parts[0]

    @property
    def ladders(self) -> list[Ladder]:
        """In the order of the page. Raises PageError."""
        return self._parts[1]


def read_page(path: Path, lang: str) -> Page:
    """Read the front matter of one page. Raises PageError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PageError(f"{path}: there is no such page; every rule has one in each language") from None
    opening, _, rest = text.partition("\n")
    front_text, fence, body = rest.partition("\n+++\n")
    if opening != "+++" or not fence:
        raise PageError(f"{path}: the page does not begin with TOML between two lines of +++")
    try:
        front = tomllib.loads(front_text)
    except tomllib.TOMLDecodeError as error:
        raise PageError(f"{path}: front matter: {error}") from None
    if lang == "en":
        _check(path, front, ENGLISH_KEYS, ENGLISH_NEEDED)
    else:
        _check(path, front, CHINESE_KEYS, CHINESE_NEEDED)
    return Page(path, front, body, front_text.count("\n") + 4)


def _check(path: Path, front: dict[str, Any], known: dict[str, type], needed: tuple[str, ...]) -> None:
    for key, value in front.items():
        if key not in known:
            raise PageError(f"{path}: unknown key {key!r}; known are {', '.join(known)}")
        if not isinstance(value, known[key]):
            raise PageError(f"{path}: key {key!r} must be a {known[key].__name__}, not {value!r}")
        members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if key == "aliases":
            _check_aliases(path, front["aliases"])
        elif not all(isinstance(member, str) for member in members):
            raise PageError(f"{path}: key {key!r} must hold texts only, not {value!r}")
    for key in needed:
        if key not in front:
            raise PageError(f"{path}: key {key!r} is missing")
    for kind, severity in front.get("kinds", {}).items():
        if severity not in SEVERITIES:
            raise PageError(f"{path}: key 'kinds': {kind!r} is {severity!r}; severities are {', '.join(SEVERITIES)}")


def _check_aliases(path: Path, aliases: dict[str, Any]) -> None:
    for peer, words in aliases.items():
        if peer not in PEERS:
            raise PageError(f"{path}: key 'aliases': unknown program {peer!r}; known are {', '.join(PEERS)}")
        if not isinstance(words, list) or not words:
            raise PageError(f"{path}: key 'aliases': {peer} must hold a list of words, not {words!r}")
        for word in words:
            if not isinstance(word, str) or PEERS[peer].fullmatch(word) is None:
                raise PageError(f"{path}: key 'aliases': {word!r} is no word of {peer}")


def _parts(path: Path, body: str, first_line: int) -> tuple[dict[str, str], list[Ladder]]:
    """Prose by section and the ladders in it; `first_line` is the line of the page that the body begins on."""
    sections: dict[str, list[str]] = {}
    ladders: list[Ladder] = []
    title = ""
    fence = -1  # index of the line that opened the present fenced block
    lines = body.split("\n")
    for index, line in enumerate(lines):
        if line.startswith("```"):
            if fence >= 0 and lines[fence] == "```ladder":
                ladders.append(Ladder(title, "\n".join(lines[fence + 1 : index]), first_line + fence + 1))
            fence = index if fence < 0 else -1
        if fence < 0 and line.startswith("## "):
            title = line[3:].strip()
            sections[title] = []
        elif title:
            sections[title].append(line)
        elif line.strip():
            raise PageError(f"{path}: line {first_line + index}: text before the first section")
    if fence >= 0:
        raise PageError(f"{path}: line {first_line + fence}: this fenced block is never closed")
    return {name: "\n".join(text).strip() for name, text in sections.items()}, ladders
