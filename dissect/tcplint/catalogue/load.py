"""The rules as their pages tell them: `<group>/<name>.md` in English, `<name>.zh.md` beside it in Chinese.

`load` reads the front matter of the English pages once, all else when it is asked for. The classes are plain, and only
the standard library is imported, because the catalogue is read at the start of every run.

A message is one clause without a capital at the start and a stop at the end ("{side} sent {bytes} bytes after its own
FIN (frame {related})"). It may name `{side}`, `{other}` (the peer), `{frame}`, `{related}` and the rule's own numbers.
What stands in square brackets is left out when a value in it is not known: "the SYN of its peer[ (frame {related})]".
A number whose name is or ends with `microseconds` is printed as a span of time with its unit ("20.4 ms"), so the
message names none. Where the kinds of a rule mean different things by the same number, it has a name for each, parted
by a bar: `numbers = ["microseconds|connection"]`.
"""

import re
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import Any

from tcplint.catalogue.duration import duration
from tcplint.catalogue.page import PEERS, SEVERITIES, Ladder, Page, PageError, read_page

LANGUAGES = ("en", "zh")
MISSING = {"Fires": "no-fires", "Stays silent": "no-silent", "Not decided": "no-undecided"}
GROUPS = ("handshake", "teardown", "reset", "options", "header", "reuse", "capture")
UNKNOWN = "?"  # in the place of a value that a finding does not have
VIOLATES_OR_OBSERVED = (0, 2)  # verdicts of core.model that are decided


class UnknownRuleError(KeyError):
    """No rule, group or code prefix of this name; the text suggests the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


class Rule:
    """One rule. Texts are by language, `en` and `zh`; what only readers want is read when it is first asked for."""

    def __init__(self, path: Path) -> None:
        """Read the English front matter. Raises PageError, here or when a text is asked for."""
        self.path = path  # of the English page
        self._english = read_page(path, "en")
        front = self._english.front
        self.name: str = front["name"]
        self.code: str = front["code"]
        self.group = path.parent.name
        if self.group not in GROUPS:
            raise PageError(f"{path}: {self.group!r} is no group; groups are {', '.join(GROUPS)}")
        self.kinds: dict[str, str] = front["kinds"]  # kind -> error, warning, note
        self.clauses: list[str] = front["clauses"]
        self.numbers: list[str] = front.get("numbers", [])  # names of n1, n2, n3; `a|b` is two names of one number
        self.yields_to: list[str] = front.get("yields-to", [])  # codes of the rules that speak first at a frame
        self.aliases: dict[str, list[str]] = front.get("aliases", {})  # suricata, zeek, wireshark, snort -> its words
        # Ladder section that this rule cannot have -> reason.
        self.missing: dict[str, str] = {name: front[key] for name, key in MISSING.items() if key in front}

    @cached_property
    def _pages(self) -> dict[str, Page]:
        return {"en": self._english, "zh": read_page(self.path.with_name(self.path.stem + ".zh.md"), "zh")}

    @cached_property
    def title(self) -> dict[str, str]:
        """By language."""
        return {lang: page.front["title"] for lang, page in self._pages.items()}

    @cached_property
    def messages(self) -> dict[str, dict[str, str]]:
        """Language -> kind -> text."""
        return {lang: page.front["messages"] for lang, page in self._pages.items()}

    @cached_property
    def sections(self) -> dict[str, dict[str, str]]:
        """Language -> heading -> Markdown."""
        return {lang: page.sections for lang, page in self._pages.items()}

    @property
    def ladders(self) -> list[Ladder]:
        """Those of the English page; the Chinese one speaks of the same."""
        return self._english.ladders

    @property
    def severity(self) -> str:
        """The highest severity that a finding of this rule can have."""
        return max(self.kinds.values(), key=SEVERITIES.index)

    @property
    def number_names(self) -> list[list[str]]:
        """The names of each number that a finding carries."""
        return [names.split("|") for names in self.numbers]


class Catalogue:
    """All rules, in the order of their codes within the order of the groups."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = sorted(rules, key=lambda rule: (GROUPS.index(rule.group), rule.code))
        self.by_name: dict[str, Rule] = {}
        self.by_code: dict[str, Rule] = {}
        for rule in self.rules:
            twin = self.by_name.get(rule.name) or self.by_code.get(rule.code)
            if twin is not None:
                raise PageError(f"{rule.path}: name or code is already that of {twin.path}")
            self.by_name[rule.name] = rule
            self.by_code[rule.code] = rule

    def find(self, word: str) -> Rule:
        """The rule of this name or code. Raises UnknownRuleError."""
        rule = self.by_name.get(word.lower()) or self.by_code.get(word.upper())
        if rule is None:
            raise UnknownRuleError(f"unknown rule {word!r}{self._nearest(word)}")
        return rule

    def select(self, selector: str) -> list[Rule]:
        """The rules of a selector: name, code, group, code prefix, `all`, or a word of another program.

        Raises UnknownRuleError.
        """
        word = selector.lower()
        if word == "all":
            return list(self.rules)
        if word in GROUPS:
            return [rule for rule in self.rules if rule.group == word]
        if word in self.by_name:
            return [self.by_name[word]]
        chosen = [rule for rule in self.rules if word and rule.code.lower().startswith(word)]
        chosen = chosen or self.called(selector)
        if not chosen:
            raise UnknownRuleError(f"unknown rule {selector!r}{self._nearest(selector)}")
        return chosen

    def called(self, alias: str) -> list[Rule]:
        """The rules that another program calls so: `129:3`, `suricata:stream.fin_syn`, also `suricata:` alone."""
        peer, _, word = alias.lower().partition(":")
        if peer not in PEERS:
            return [rule for rule in self.rules if alias.lower() in _folded(rule.aliases.values())]
        rules = [rule for rule in self.rules if peer in rule.aliases]
        return [rule for rule in rules if not word or word in _folded([rule.aliases[peer]])]

    def _nearest(self, word: str) -> str:
        import difflib

        words = [*self.by_name, *GROUPS, *(code.lower() for code in self.by_code)]
        words += [alias for rule in self.rules for aliases in rule.aliases.values() for alias in aliases]
        near = difflib.get_close_matches(word.lower(), words, 1)
        if not near:
            return ""
        code = near[0].upper()
        return f"; did you mean {code if code in self.by_code else near[0]!r}?"


def _folded(words: Iterable[list[str]]) -> set[str]:
    """The words in small letters, those of a scheme also without it: `sf` for `conn_state=SF`."""
    small = {word.lower() for some in words for word in some}
    return small | {word.partition("=")[2] for word in small if "=" in word}


def load_whole(folder: Path) -> Catalogue:
    """As `load`, with every text of every page read: what is wrong in one of them is told here."""
    catalogue = load(folder)
    for rule in catalogue.rules:
        _ = rule.title, rule.messages, rule.sections, rule.ladders
    return catalogue


@cache
def load(folder: Path = Path(__file__).parent) -> Catalogue:
    """The catalogue in this folder, read once. Raises PageError, which names the file and what is wrong in it.

    What is wrong in a Chinese page, or behind the front matter, is told by whoever asks for it; `load_whole` asks.
    """
    return Catalogue(Rule(path) for path in folder.glob("*/*.md") if not path.name.endswith(".zh.md"))


def severity_table(catalogue: Catalogue) -> dict[str, dict[str, int]]:
    """Code -> kind -> NOTE, WARNING or ERROR of core.model, for Settings.severity."""
    return {
        rule.code: {kind: SEVERITIES.index(severity) for kind, severity in rule.kinds.items()}
        for rule in catalogue.rules
    }


def message(finding: Any, catalogue: Catalogue, lang: str = "en", client_side: int = 0) -> str:
    """What a finding (core.model.Finding) says, in `en` or `zh`; `client_side` is the index of the client's end.

    An undecided finding says what cannot be told; a report adds which evidence is missing (`finding.why`). Numbers that
    are not known are printed as `?`. A code or kind without a page gives the bare words instead.
    """
    rule = catalogue.by_code.get(finding.code)
    template = rule.messages[lang].get(finding.kind) if rule is not None else None
    if rule is None or template is None:
        return f"{finding.code} {finding.kind}"
    side, other = _sides(finding, lang, client_side)
    words = {
        "side": side,
        "other": other,
        "frame": str(finding.frame),
        "related": ("、" if lang == "zh" else ", ").join(str(frame) for frame in finding.related) or UNKNOWN,
    }
    for names, value in zip(rule.number_names, (finding.n1, finding.n2, finding.n3), strict=False):
        words |= {name: _number(name, value, lang) for name in names}
    text = _complete(template, words).format_map(words)
    if lang == "en":
        text = _ONE_OF_MANY.sub(r"\1 \2", text)
    if finding.verdict in VIOLATES_OR_OBSERVED:
        return text
    return f"无法判定是否属实：{text}" if lang == "zh" else f"cannot tell whether {text}"


_ONE_OF_MANY = re.compile(r"(?<![\w.,-])(1(?: more)?) (byte|segment|time|SACK block)s\b")
_OPTIONAL = re.compile(r"\[([^\]]*)\]")


def _complete(template: str, words: dict[str, str]) -> str:
    """The message without the optional parts that a value is missing for, and without the brackets of the others."""

    def part(match: re.Match[str]) -> str:
        values = [words[name] for _, name, _, _ in Formatter().parse(match[1]) if name]
        return "" if UNKNOWN in values else match[1]

    return _OPTIONAL.sub(part, template)


def _number(name: str, value: int, lang: str) -> str:
    if value == -1:
        return UNKNOWN
    return duration(value, lang) if is_duration(name) else str(value)


def is_duration(name: str) -> bool:
    """Whether a number of this name is a span of time in microseconds."""
    return name.endswith("microseconds")


def _sides(finding: Any, lang: str, client_side: int) -> tuple[str, str]:
    """The words for the side of a finding and for its peer."""
    known = finding.side in (0, 1)
    if lang == "zh":
        names = ("客户端", "服务器") if known else (f"第 {finding.frame} 帧的发送者", "对端")
    else:
        names = ("client", "server") if known else (f"the source of frame {finding.frame}", "its peer")
    return names if not known or finding.side == client_side else (names[1], names[0])
