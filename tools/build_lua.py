"""Makes the Lua side of tcplint: the core and the catalogue translated, and the one file that Wireshark loads.

    python -m tools.build_lua            write what is out of date
    python -m tools.build_lua --check    only say what is out of date; exit 1 if anything is

    lua/src/core.lua        dissect/tcplint/core/, translated
    lua/src/catalogue.lua   the rule pages and the words of the reports
    lua/src/*.lua           the others are written by hand: messages (words), analysis, what Wireshark shows and calls
    lua/tcplint.lua         all of them in one file; PARTS says in which order, and what each is given

Everything runs unchanged in Lua 5.2 (Wireshark 4.0 and 4.2) and 5.4 (later).
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tcplint.catalogue.load import LANGUAGES, load
from tcplint.catalogue.page import SEVERITIES, PageError
from tcplint.luagen.expression import TranslateError
from tcplint.luagen.pages import catalogue_module
from tcplint.luagen.translate import translate
from tcplint.report import words
from tcplint.results import STATES, VERDICTS

LUA = Path(__file__).resolve().parent.parent / "lua"

STEPS = ["handshake-1", "handshake-2", "handshake-3", "close-1", "close-2", "close-3", "close-4", "close-2+3", "reset"]
STEPS += ["data", "ack", "keep-alive", "duplicate", "foreign", "invalid"]
SIDES = ("client", "server", "both", "unknown")

# The modules of lua/src/ in the order in which they are loaded, each with the modules that are its arguments.
PARTS = {
    "core": "",
    "catalogue": "",
    "words": "catalogue",
    "short": "core",
    "frames": "core, short",
    "analysis": "core, catalogue, frames, short",
    "answers": "core, analysis",
    "settings": "catalogue, words",
    "tree": "catalogue, words, analysis, answers, settings",
    "ladder": "core, words, analysis, answers",
    "windows": "catalogue, words, answers, settings, tree, ladder",
    "deep": "core",
    "shell": "core, catalogue, words, short, analysis, answers, settings, tree, ladder, windows, deep",
}

HEAD = """\
-- tcplint for Wireshark: judges how TCP connections open and close against RFC 9293. Wireshark 4.0 or later.
-- Made by tools/build_lua.py from lua/src/: do not edit.
"""


def made(root: Path = LUA) -> Iterator[tuple[Path, str]]:
    """Every file that is made, with its text. Raises TranslateError and PageError."""
    parts = {"core": translate(), "catalogue": catalogue_module(load(), word_tables())}
    for name, text in parts.items():
        yield root / "src" / f"{name}.lua", text
    for name in PARTS.keys() - parts.keys():
        parts[name] = (root / "src" / f"{name}.lua").read_text(encoding="utf-8")
    yield root / "tcplint.lua", joined(parts)


def joined(parts: dict[str, str]) -> str:
    """All modules in one: each is a function of its own, because Lua allows 200 locals in one."""
    lines = [HEAD]
    for name, arguments in PARTS.items():
        result = "" if name == "shell" else f"local {name} = "
        lines += [f"local function load_{name}(...)", parts[name].rstrip(), "end", ""]
        lines += [f"{result}load_{name}({arguments})", ""]
    return "\n".join(lines)


def word_tables() -> dict[str, object]:
    """The words of report/words.py by language. A word that is its own text is left out."""
    return {lang: _tables(lang) for lang in LANGUAGES}


def _tables(lang: str) -> dict[str, object]:
    again = words.step("data", True, lang).removeprefix(words.step("data", lang=lang))
    tables = {
        "steps": {name: words.step(name, lang=lang) for name in STEPS},
        "handshakes": {name: words.handshake(name, lang) for name in words.OUTCOMES_ZH},
        "teardowns": {name: words.teardown(name, lang) for name in words.OUTCOMES_ZH},
        "verdicts": {name: words.verdict(name, lang) for name in (*VERDICTS, "warns", "conforms")},
        "severities": {name: words.severity(name, lang) for name in SEVERITIES},
        "sides": {name: words.side(name, lang) for name in SIDES},
        "whys": {name: words.why(name, lang) for name in words.WHYS},
    }
    differing = {name: {key: text for key, text in table.items() if key != text} for name, table in tables.items()}
    return {"again": again, "states": {number: words.state(number, lang) for number in range(len(STATES))}, **differing}


def stale(root: Path = LUA) -> list[Path]:
    """The files that are missing or not as they would be made now."""
    return [path for path, text in made(root) if not holds(path, text)]


def holds(path: Path, text: str) -> bool:
    """Whether the file is there and says just this."""
    return path.exists() and path.read_bytes() == text.encode("utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when all is, or now is, up to date; 1 when --check finds something stale; 2 for what has no translation."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.build_lua", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    chosen = parser.parse_args(arguments)
    old = 0
    try:
        for path, text in made():
            if holds(path, text):
                continue
            old += 1
            if not chosen.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode("utf-8"))
            print(f"{'stale' if chosen.check else 'wrote'}: {path.relative_to(LUA.parent)}")
    except (TranslateError, PageError) as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if chosen.check and old else 0


if __name__ == "__main__":
    sys.exit(main())
