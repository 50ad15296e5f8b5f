"""The guard of the portable subset: every forbidden construct is refused on its line, every allowed one passes."""

from pathlib import Path
from textwrap import dedent

import pytest

from tcplint.luagen import subset
from tcplint.luagen.subset import CORE, check_package, check_source

CLASSES = """\
from .sequence import larger, unwrap
MASK = 15
MODULUS = 4294967296
POWER = [1, 2, 4, 8]
class End:
    def __init__(self, number):
        self.number = number
        self.first = 0
        self.key = None
        self.seen = False
        self.gaps = []
        self.table = {}
class Pair:
    def __init__(self):
        self.ends = [End(0), End(1)]
        self.first = End(2)
def is_large(value):
    return value > 100
def run(end1, data, n):
"""

BODIES_REFUSED = [
    # conditions
    ("if n:\n    pass", "condition n is not surely boolean"),
    ("if n & MASK:\n    pass", "condition n & MASK is not boolean"),
    ("while data:\n    pass", "condition data is not surely boolean"),
    ("if end1.first:\n    pass", "condition end1.first is not surely boolean (End or int)"),
    ("if not end1.gaps:\n    pass", "condition end1.gaps is not surely boolean (list)"),
    ("if n > 1 and n:\n    pass", "condition n is not surely boolean"),
    ("if unwrap(n, n):\n    pass", "condition unwrap(n, n) is not surely boolean"),
    ("if 1:\n    pass", "condition 1 is not boolean"),
    ("if '':\n    pass", "condition '' is not boolean"),
    ("n = n or 5", "condition n is not surely boolean"),
    ("n = 1 if n > 2 else 3", "conditional expression"),
    # comparisons
    ("n = end1.key == None", "comparison with None"),
    ("n = None != end1.key", "comparison with None"),
    ("n = end1.key is n", "is: only `is None`"),
    ("n = n is True", "is: only `is None`"),
    ("n = n in [1, 2]", "in: only `key in dictionary`"),
    ("n = n in end1.gaps", "in: only `key in dictionary` (list here)"),
    ("n = n in (1, 2)", "tuple"),
    ("n = 'a' < 'b'", "order of things that are not numbers"),
    ("n = data[0:2] <= data[2:4]", "order of things that are not numbers"),
    ("n = end1.gaps == []", "equality of lists"),
    ("n = End(1) == End(1)", "equality of lists, dictionaries or objects"),
    ("n = end1.seen == 1", "comparison of a boolean with a number"),
    ("n = 0 <= len(data) < 5", "chain of comparisons"),
    ("n = 0 == n == 1", "chain of comparisons"),
    # arithmetic
    ("n = n / 2", "/: use //"),
    ("n = n // n", "positive constant"),
    ("n = n // 0", "positive constant"),
    ("n = n % -3", "positive constant"),
    ("n = n % len(data)", "positive constant"),
    ("n = n ** 2", "**: use a table"),
    ("n = n << 2", "<<: multiply"),
    ("n = n >> 2", ">>: use //"),
    ("n = n | 2", "|: add bits"),
    ("n = n ^ 2", "^: compare"),
    ("n = ~n", "~: use &"),
    ("n = +n", "unary +"),
    ("n = -(n + 1)", "minus in front of an expression"),
    ("n = n @ n", "@: no such operation"),
    ("n = n & n", "&: one side must be a constant"),
    ("n = n & 2147483648", "&: one side must be a constant"),
    ("n = n & MODULUS", "&: one side must be a constant"),
    ("n = n & -2", "&: one side must be a constant"),
    ("n = 'a' + 'b'", "not a number"),
    ("n = [0] * 3", "not a number"),
    ("n = n + True", "not a number"),
    ("n = n + None", "not a number"),
    ("n = 9007199254740993", "number beyond 2^53"),
    ("n = -9007199254740993", "number beyond 2^53"),
    ("n = 1.0", "float literal"),
    ("n = 1j", "complex literal"),
    ("n = b'a'", "bytes literal"),
    ("n = ...", "ellipsis literal"),
    ("n *= 2", "augmented assignment"),
    ("n |= 2", "augmented assignment"),
    ("n += 'a'", "not a number"),
    ("end1.table[n] += 1", "dictionary[key]: use get"),
    # items and slices
    ("n = data[-2]", "negative index"),
    ("n = data[1:]", "slice: only data[a:b]"),
    ("n = data[:4]", "slice: only data[a:b]"),
    ("n = data[0:4:2]", "slice: only data[a:b]"),
    ("n = data[0:-1]", "negative bound"),
    ("data[0:2] = data", "assignment to a slice"),
    ('n = int.from_bytes(data, "big")', "int.from_bytes: only"),
    ('n = int.from_bytes(data[0:2], "little")', "int.from_bytes: only"),
    ("n = end1.table[n]", "dictionary[key]: use get"),
    ("n = len(end1.table)", "len of a dictionary"),
    ("end1.table[n] = None", "None in a list or dictionary"),
    ("end1.gaps.append(None)", "None in a list or dictionary"),
    ("n = [None]", "None in a list or dictionary"),
    ("n = [[1]]", "list or dictionary inside a list"),
    ("n = {1: 2}", "dictionary display"),
    ("n = {1}", "set: use"),
    ("n = is_large(1).first", "attribute or item of an expression"),
    # several values, several targets
    ("return 1, 2", "tuple"),
    ("n, data = data, n", "tuple"),
    ("n = data = 1", "several targets"),
    ("n: int = 1", "annotation"),
    ("n = [*data]", "starred expression"),
    ("if (m := n) > 1:\n    pass", "assignment inside an expression"),
    # loops
    ("for a, b in end1.gaps:\n    pass", "target of for"),
    ("for key in end1.table:\n    pass", "iteration over something that is not a list"),
    ("for key in [1, 2]:\n    pass", "iteration: over range"),
    ("for key in end1.table.items():\n    pass", "iteration: over range"),
    ("for i in range(9, 0, n):\n    pass", "step of range"),
    ("for i in range(9):\n    pass\nelse:\n    pass", "else of a loop"),
    ("while n > 1:\n    n -= 1\nelse:\n    pass", "else of a loop"),
    ("n = range(3)", "range belongs into the head of a for"),
    # statements
    ("try:\n    pass\nexcept ValueError:\n    pass", "try: portable code"),
    ("raise ValueError", "raise: portable code"),
    ("assert n > 1", "assert: portable code"),
    ("with n:\n    pass", "with: the core opens nothing"),
    ("del n", "del: use pop"),
    ("global MASK", "global: keep state"),
    ("nonlocal n", "nonlocal: keep state"),
    ("import os", "import: use"),
    ("from .model import FIN", "import: use"),
    ("def inner():\n    pass", "closure"),
    ("class Inner:\n    pass", "class inside"),
    ("match n:\n    case 1:\n        pass", "match: write if"),
    ("n > 1", "expression without effect"),
    ("'a text in the middle'\nn = 1\n'another'", "expression without effect"),
    ("yield n", "yield: append"),
    ("yield from n", "yield: append"),
    # expressions
    ("n = [x for x in data]", "comprehension"),
    ("n = {x for x in data}", "comprehension"),
    ("n = {x: 1 for x in data}", "comprehension"),
    ("n = is_large(x for x in data)", "comprehension"),
    ("n = lambda: 1", "lambda"),
    ("n = f'{n}'", "f-string"),
    # calls
    ("n = min(n, 1)", "call of min: use smaller()"),
    ("n = max(n, 1)", "call of max: use larger()"),
    ("n = abs(n)", "call of abs: write the comparison"),
    ("n = sorted(data)", "call of sorted"),
    ("print(n)", "call of print"),
    ("n = int(n)", "call of int"),
    ("n()", "call of n"),
    ("n = is_large(value=1)", "keyword argument"),
    ("n = is_large(*data)", "starred expression"),
    ("n = is_large(1, 2)", "2 arguments where 1 belong"),
    ("n = End()", "0 arguments where 1 belong"),
    ("n = len(data, n)", "2 arguments where 1 belong"),
    ("n = is_large(1)(2)", "call of an expression"),
    ("n = end1.table.get(n, 0)", "2 arguments where 1 belong"),
    ("n = end1.table.pop(n)", "pop: only pop(key, None)"),
    ("n = end1.table.pop(n, 0)", "pop: only pop(key, None)"),
    ("n = end1.gaps.pop()", "pop: only pop(key, None)"),
    ("end1.gaps.sort()", "method sort"),
    ("end1.gaps.extend(data)", "method extend"),
    ("n = end1.table.keys()", "method keys"),
    ("n = 'a'.join(data)", "method join"),
    ("n = data.hex()", "method hex"),
    # names
    ("n = undefined", "undefined is not defined here"),
    ("n = end1.frist", "attribute frist is set by no __init__"),
    ("end1.frist = 1", "attribute frist is set by no __init__"),
    ("pair = Pair()\nn = pair.number", "attribute number is not one of Pair"),
    ("nil = 1", "nil is a keyword of Lua"),
    ("n = end1.until", "until is a keyword of Lua"),
    ("MASK = 3", "local MASK hides the MASK of the module"),
    ("for i in range(3):\n    n = i\nn = i", "loop variable i outside its loop"),
    ("for i in range(3):\n    i = 5", "assignment to the loop variable i"),
]

FILES_REFUSED = [
    ("import os", 1, "import: use"),
    ("from os import path", 1, "import: use"),
    ("from .model import *", 1, "import: use"),
    ("from .model import FIN as F", 1, "import: use"),
    ("from . import model", 1, "import: use"),
    ("from .model import nil", 1, "nil is a keyword of Lua"),
    ("LIMIT: int = 5", 1, "annotation"),
    ("A = B = 5", 1, "top-level assignment"),
    ("A, B = 5, 6", 1, "top-level assignment"),
    ("limit = 5", 1, "constants are written in capitals"),
    ("A = 1 + 1", 1, "top-level value"),
    ("A = {}", 1, "top-level value"),
    ("A = None", 1, "top-level value"),
    ("A = 5\nA = 6", 2, "A is defined a second time"),
    ("A = 5\nA += 1", 2, "AugAssign at the top level"),
    ("print(1)", 1, "Expr at the top level"),
    ("if True:\n    A = 1", 1, "If at the top level"),
    ("def f(a=1):\n    pass", 1, "default argument"),
    ("def f(*, a=1):\n    pass", 1, "default argument"),
    ("def f(*a):\n    pass", 1, "parameters: plain positional"),
    ("def f(**a):\n    pass", 1, "parameters: plain positional"),
    ("def f(a, /):\n    pass", 1, "parameters: plain positional"),
    ("def f(a, *, b):\n    pass", 1, "parameters: plain positional"),
    ("def f(a: int):\n    pass", 1, "annotation"),
    ("def f() -> int:\n    pass", 1, "annotation"),
    ("@cached\ndef f():\n    pass", 2, "decorator"),
    ("async def f():\n    pass", 1, "async function"),
    ("def repeat():\n    pass", 1, "repeat is a keyword of Lua"),
    ("def f(local):\n    pass", 1, "local is a keyword of Lua"),
    ("def f(n):\n    return f(n)", 1, "recursion: f calls itself"),
    ("def f(n):\n    return g(n)\ndef g(n):\n    return f(n)", 3, "recursion: g calls itself"),
    ("class A(B):\n    def __init__(self):\n        self.x = 1", 1, "inheritance"),
    ("class A(metaclass=B):\n    def __init__(self):\n        self.x = 1", 1, "inheritance"),
    ("@frozen\nclass A:\n    def __init__(self):\n        self.x = 1", 2, "decorator"),
    ("class A:\n    pass", 1, "class without __init__"),
    ("class A:\n    x = 1\n    def __init__(self):\n        self.x = 1", 2, "only __init__"),
    ("class A:\n    def __init__(self):\n        self.x = 1\n    def get(self):\n        return 1", 4, "method get"),
    ("class A:\n    def __init__(this):\n        pass", 2, "its first parameter is self"),
    ("class A:\n    def __init__(self):\n        self.function = 1", 3, "function is a keyword of Lua"),
    ("def f(:", 1, "not Python"),
]

ALLOWED = """
n += 1
n -= MASK
end1.first -= 1
POWER_OF_N = n * POWER[n]
n = unwrap(n, larger(n, 3)) % MODULUS // 16 - -n
if n & MASK == 0 and not end1.seen or is_large(n):
    return -1
elif 0 <= n < MASK <= end1.number:
    return end1.gaps[-1]
else:
    pass
joined = data[0:4]
joined = joined + data[n:n + 4]
joined = data[0:4] + data[8:12] + joined
if joined != end1.key and end1.key is not None:
    end1.key = joined
while True:
    if n > 9007199254740992:
        break
    n += 1
for gap in end1.gaps:
    if gap == 3:
        continue
    end1.table[gap] = n
for i in range(len(data) - 1, 0, -1):
    end1.gaps.append(data[i])
end1.gaps[0] = 7
end1.gaps.clear()
pair = Pair()
if pair.ends[0].seen:
    pair.ends[1].table.clear()
known = end1.table.get(n)
if known is None or n not in end1.table:
    end1.table.pop(n, None)
name = "fin"
sure = n > 2 and name == "fin"
if sure:
    return 1
return [n, -1, sure]
"""


def in_function(body: str) -> str:
    indented = "".join(f"    {line}\n" for line in body.strip("\n").splitlines())
    return CLASSES + indented


@pytest.mark.parametrize(("body", "message"), BODIES_REFUSED, ids=[body for body, _ in BODIES_REFUSED])
def test_forbidden_construct_in_a_function_is_refused_on_its_line(body: str, message: str) -> None:
    first = CLASSES.count("\n") + 1
    found = [violation for violation in check_source(in_function(body), "end.py") if message in violation.message]
    assert found, f"{body!r} gave {check_source(in_function(body), 'end.py')}"
    assert first <= found[0].line < first + body.count("\n") + 1


@pytest.mark.parametrize(("text", "line", "message"), FILES_REFUSED, ids=[text for text, _, _ in FILES_REFUSED])
def test_forbidden_construct_at_the_top_level_is_refused_on_its_line(text: str, line: int, message: str) -> None:
    found = [(violation.line, violation.message) for violation in check_source(text, "model.py")]
    assert any(at == line and message in said for at, said in found), found


def test_every_allowed_construct_passes() -> None:
    assert check_source(in_function(ALLOWED), "end.py") == []


def test_methods_belong_to_the_engine_of_engine_py_alone() -> None:
    text = dedent("""\
        class Engine:
            def __init__(self):
                self.count = 0
            def observe(self, number):
                self.count += number
                return self.is_busy()
            def is_busy(self):
                return self.count > 0
        def run(engine):
            if engine.observe(1):
                return True
            return engine.is_busy()
    """)
    assert check_source(text, "engine.py") == []
    assert [v.line for v in check_source(text, "facts.py") if "only Engine of engine.py" in v.message] == [4, 7]


def test_method_of_the_engine_called_on_another_object_is_refused() -> None:
    text = "class Engine:\n    def __init__(self):\n        self.x = 1\n    def go(self):\n        pass\n"
    text += "def run(thing):\n    thing.go()\n"
    assert [str(violation)[:12] for violation in check_source(text, "engine.py")] == ["engine.py:7:"]


def write_package(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        directory.joinpath(f"{name}.py").write_text(text)
    return directory


def test_import_of_what_a_module_does_not_define_is_refused(tmp_path: Path) -> None:
    write_package(tmp_path, model="FIN = 1\n", facts="from .model import FIN, FNI\n")
    assert ["import of FNI" in str(violation) for violation in check_package(tmp_path)] == [True]


def test_import_from_outside_core_is_refused(tmp_path: Path) -> None:
    write_package(tmp_path, facts="from ..capture import Frame\n", wire="from .frames import Frame\n")
    found = check_package(tmp_path)
    assert [Path(violation.path).name for violation in found] == ["facts.py", "wire.py"]
    assert all("core/ imports nothing outside itself" in violation.message for violation in found)


def test_condition_on_an_imported_function_needs_that_every_return_is_boolean(tmp_path: Path) -> None:
    boolean = "def holds(n):\n    if n > 1:\n        return True\n    return n == 0\n"
    falls = "def falls(n):\n    if n > 1:\n        return True\n"
    use = "from .guards import holds\nfrom .other import falls\ndef run(n):\n    if holds(n):\n        n = 1\n"
    use += "    if falls(n):\n        n = 2\n    return n\n"
    write_package(tmp_path, guards=boolean, other=falls, use=use)
    assert [(violation.line, violation.message) for violation in check_package(tmp_path)] == [
        (6, "condition falls(n) is not surely boolean (bool or none): compare it")
    ]


def test_boolean_parameter_is_known_from_its_calls_across_files(tmp_path: Path) -> None:
    write_package(
        tmp_path,
        facts="def learn(n, early):\n    if early:\n        return n\n    return 0\n",
        engine="from .facts import learn\ndef run(n):\n    return learn(n, n > 3)\n",
    )
    assert check_package(tmp_path) == []


def test_attribute_is_judged_by_the_class_of_its_owner(tmp_path: Path) -> None:
    model = "class Arrival:\n    def __init__(self):\n        self.fin = False\n"
    model += "class Closing:\n    def __init__(self):\n        self.fin = -1\n"
    rules = "def first(arrival):\n    if arrival.fin:\n        return 1\n    return 0\n"
    rules += "def second(closing):\n    if closing.fin:\n        return 1\n    return 0\n"
    write_package(tmp_path, model=model, rules=rules)
    assert [(violation.line, violation.message) for violation in check_package(tmp_path)] == [
        (6, "condition closing.fin is not surely boolean (int): compare it")
    ]


def test_recursion_through_two_files_is_refused_in_both(tmp_path: Path) -> None:
    write_package(
        tmp_path,
        one="from .two import pong\ndef ping(n):\n    return pong(n)\n",
        two="from .one import ping\ndef pong(n):\n    return ping(n)\n",
    )
    assert ["recursion" in violation.message for violation in check_package(tmp_path)] == [True, True]


def test_command_names_file_and_line_and_exits_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_package(tmp_path, bad="A = 1\nimport os\n")
    assert subset.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith(f"{tmp_path / 'bad.py'}:2: import: use")


def test_command_without_files_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert subset.main([str(tmp_path)]) == 2
    assert "no Python files" in capsys.readouterr().err


def test_the_core_stays_in_the_portable_subset() -> None:
    assert [str(violation) for violation in check_package(CORE)] == []
