"""Portable Python and its translation give the same values in every Lua; what has no translation is refused by line."""

import random
from itertools import product
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tcplint.luagen.expression import TranslateError
from tcplint.luagen.literal import WIDTH, broken, literal, quoted
from tcplint.luagen.translate import translate
from tests.lua.tellers import VERSIONS, runtime
from tests.luagen.bodies import BODIES

CLASSES = """\
MASK = 0x29
BASE = 100
POWERS = [1, 2, 4, 8]
class End:
    def __init__(self, number):
        self.number = number
        self.gaps = []
        self.seen = False
        self.after = None
class Pair:
    def __init__(self, left, right):
        self.left = left
        self.ends = [End(left), End(right)]
        self.table = {}
        if left > right:
            self.left = right
def is_large(value):
    return value > BASE
"""

LATER = """
def later(value):
    return value * BASE + 1
"""


def source(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"{CLASSES}def run(a, b, octets, pair):\n{lines}{LATER}"


def translated(directory: Path, text: str, name: str = "sample") -> str:
    folder = directory / "core"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return translate(folder)


@pytest.mark.parametrize("body", BODIES)
def test_same_values_in_python_and_in_every_lua(body: str, tmp_path: Path) -> None:
    text = source(body)
    python: dict[str, Any] = {}
    exec(text, python)
    lua_text = translated(tmp_path, text).encode()
    octets = bytes(range(1, 256, 8))
    for version in VERSIONS:
        core = runtime(version, strict=True).execute(lua_text).sample
        for a, b in product([0, 1, 2, 7, 10], [0, 3, 4, 9]):
            expected = python["run"](a, b, octets, python["Pair"](a, b))
            said = core.run(a, b, octets, core.Pair(a, b))
            expected = expected.encode() if isinstance(expected, str) else expected
            assert (type(said), said) == (type(expected), expected), (version, a, b)


@pytest.mark.parametrize("divisor", [1, 3, 7, 10, 16, 4096, 65535, 65536, 131072, 1000000, 4294967295, 4294967296])
def test_quotient_and_remainder_are_exact_up_to_the_largest_integer(divisor: int, tmp_path: Path) -> None:
    text = f"def quotient(n):\n    return n // {divisor}\ndef remainder(n):\n    return n % {divisor}\n"
    lua_text = translated(tmp_path, text).encode()
    rnd = random.Random(divisor)
    numbers = [n for n in (2**53, 2**53 - 1, divisor - 1, 0) if n >= 0]
    for _ in range(500):
        whole = rnd.randrange(2 ** rnd.randrange(1, 54)) // divisor * divisor
        numbers += [whole, whole + 1, max(whole - 1, 0)]
    for version in VERSIONS:
        core = runtime(version).execute(lua_text).sample
        assert [core.quotient(n) for n in numbers] == [n // divisor for n in numbers]
        assert [core.remainder(n) for n in numbers] == [n % divisor for n in numbers]


REFUSED = [
    ("n = a / 2", "/: use // with a positive constant"),
    ("n = [x for x in pair.ends]", "comprehension: write a loop"),
    ("n = strange[a]", "strange is not defined here"),
    ("n = b[a]", "b is not surely a list or octets (nothing known)"),
    ("n = pair.ends.append(End(a))", "pair.ends.append gives no value in Lua"),
    ("n = pair.table.pop(a, None)", "pair.table.pop gives no value in Lua"),
    ("pair.table.get(a)", "get without use of its value"),
    ("pair.ends[later(a)].number += 1", "call in the target of += or -=: it would run twice"),
    ("\n    ".join(f"n{number} = a" for number in range(200)), "too many local names: Lua allows 200"),
]


@pytest.mark.parametrize(("body", "message"), REFUSED)
def test_what_has_no_translation_is_refused_with_file_and_line(body: str, message: str, tmp_path: Path) -> None:
    text = f"{CLASSES}def run(a, b, pair):\n    c = 0\n    {body}\n{LATER}"
    line = CLASSES.count("\n") + (1 if "too many" in message else 3)
    with pytest.raises(TranslateError) as refused:
        translated(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path}/core/sample.py:{line}: ")
    assert message in str(refused.value)


def test_constructor_that_returns_early_is_refused(tmp_path: Path) -> None:
    text = "class End:\n    def __init__(self, n):\n        self.n = n\n        if n > 3:\n            return\n"
    with pytest.raises(TranslateError, match=r"sample\.py:2: return in __init__"):
        translated(tmp_path, text)


def test_file_with_more_names_than_lua_has_locals_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TranslateError, match=r"sample\.py:1: 200 names at the top level"):
        translated(tmp_path, "".join(f"NAME{number} = {number}\n" for number in range(200)))


def test_engine_has_methods_that_any_file_may_call(tmp_path: Path) -> None:
    engine = """\
        from .helper import tell
        class Engine:
            def __init__(self, start):
                self.count = start
                self.first = None
                self.add(2)
            def add(self, n):
                self.count += n
            def run(self, n):
                tell(self, n)
                return self.count
        """
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "helper.py").write_text("def tell(engine, n):\n    engine.add(n * 10)\n")
    text = translated(tmp_path, dedent(engine), "engine")
    for version in VERSIONS:
        made = runtime(version, strict=True).execute(text.encode()).Engine
        assert made.run(made.new(1), 3) == 33


def test_files_come_behind_those_they_import_from_and_packages_have_tables(tmp_path: Path) -> None:
    (tmp_path / "core" / "rules").mkdir(parents=True)
    (tmp_path / "core" / "rules" / "table.py").write_text("from ..zero import N\ndef get():\n    return N + 1\n")
    (tmp_path / "core" / "zero.py").write_text("N = 41\n")
    text = translated(tmp_path, "from .rules.table import get\nfrom .zero import N\ndef run():\n    return get() - N\n")
    for version in VERSIONS:
        core = runtime(version, strict=True).execute(text.encode())
        assert (core.rules.table.get(), core.sample.run(), core.zero.N) == (42, 1, 41)


def test_each_function_names_its_source_and_says_what_it_is_for(tmp_path: Path) -> None:
    text = translated(tmp_path, 'def twice(n):\n    """Double the number.\n\n    Always.\n    """\n    return n * 2\n')
    assert "  -- core/sample.py:1: Double the number.\n  local function twice(n)\n    return n * 2\n  end\n" in text


def test_lines_are_broken_between_operands_and_never_inside_a_text() -> None:
    line = "  return " + " and ".join(f'words[{number}] == "one, two and {number}"' for number in range(9))
    parts = broken(line)
    assert len(parts) > 1
    assert all(len(part) <= WIDTH and part.count('"') % 2 == 0 for part in parts)
    assert " ".join(part.strip() for part in parts) == line.strip()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "text", ["", 'a"b\\c', "two\nlines\n", "\nfirst", "]=]\n]]", "ends in ]=\n]", "tab\t", "\r\n", "终止", "a\0b1"]
)
def test_text_is_the_same_in_lua_whatever_it_holds(version: str, text: str) -> None:
    for written in (quoted(text), literal(text)):
        assert runtime(version).execute(f"return {written}".encode()).decode() == text


def test_tables_are_written_for_lua_and_what_cannot_be_one_is_refused() -> None:
    value = {"end": [1, True, "x"], "name": {"a-b": {}, 3: -1}}
    assert literal(value) == '{ ["end"] = { 1, true, "x" }, name = { ["a-b"] = {}, [3] = -1 } }'
    for wrong in (None, 1.5, {"a": None}, {None: 1}):
        with pytest.raises(TypeError):
            literal(wrong)
