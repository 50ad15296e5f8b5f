"""Guards the portable subset: refuses whatever core/ may not contain, with file and line.

    python -m tcplint.luagen.subset [DIRECTORY]

The same files run in CPython, compiled by Cython, and translated to Lua (docs/decisions/0002-portable-subset.md). This
file checks the frame: what stands at the top level of a file, in a class, in the head of a function, and that nothing
calls itself. `grammar` checks what stands inside functions, `survey` knows what names mean.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

from tcplint.luagen.grammar import Grammar
from tcplint.luagen.survey import ENGINE, ENGINE_MODULE, Function, Module, Survey, imported_module, read_module
from tcplint.luagen.wording import INSTEAD

CORE = Path(__file__).resolve().parent.parent / "core"


@dataclass(frozen=True, order=True)
class Violation:
    """One place that leaves the subset; `line` counts from 1."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def check_source(text: str, path: str) -> list[Violation]:
    """Checks one file by itself. Of what it imports nothing is known but the names.

    The file name decides whether the class `Engine` may have methods: only in `engine.py`.
    """
    return _check({Path(path).stem: (path, text)}, alone=True)


def check_package(directory: Path) -> list[Violation]:
    """Checks every Python file below `directory` against all the others.

    Raises FileNotFoundError when there is none, UnicodeDecodeError when one is not UTF-8.
    """
    paths = sorted(directory.rglob("*.py"))
    if not paths:
        raise FileNotFoundError(f"{directory}: no Python files here")
    sources = {}
    for path in paths:
        name = ".".join(path.relative_to(directory).with_suffix("").parts)
        sources[name] = (str(path), path.read_text(encoding="utf-8"))
    return _check(sources, alone=False)


def _check(sources: dict[str, tuple[str, str]], *, alone: bool) -> list[Violation]:
    """Checks files, given by dotted name; `alone` says that imported files are not among them."""
    violations: set[Violation] = set()
    modules = []
    for name, (path, text) in sources.items():
        try:
            tree = ast.parse(text, path)
        except (SyntaxError, ValueError) as error:
            line = (error.lineno if isinstance(error, SyntaxError) else None) or 1
            violations.add(Violation(path, line, f"not Python: {error}"))
            continue
        modules.append(read_module(name, path, tree))
    survey = Survey(modules)
    for module in modules:
        violations |= _Frame(module, survey, alone=alone).check()
    violations |= _recursion(survey)
    return sorted(violations)


class _Frame:
    """Checks one file: its top level, its classes, the heads of its functions."""

    def __init__(self, module: Module, survey: Survey, *, alone: bool) -> None:
        self.module = module
        self.survey = survey
        self.alone = alone
        self.violations: set[Violation] = set()

    def refuse(self, node: ast.AST, message: str) -> None:
        self.violations.add(Violation(self.module.path, getattr(node, "lineno", 1), message))

    def check(self) -> set[Violation]:
        seen: set[str] = set()
        for position, node in enumerate(self.module.tree.body):
            if position == 0 and _is_docstring(node):
                continue
            for name in _defined(node):
                if name in seen:
                    self.refuse(node, f"{name} is defined a second time: give each thing its own name")
                seen.add(name)
            self.top_level(node)
        return self.violations

    def top_level(self, node: ast.stmt) -> None:
        grammar = Grammar(self.module, self.survey, None, self.refuse)
        match node:
            case ast.ImportFrom():
                self.imported(node, grammar)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                grammar.identifier(node, name)
                if not name.isupper():
                    self.refuse(node, f"top-level name {name}: constants are written in capitals")
                grammar.expression(value)
                if not self.is_constant(value):
                    self.refuse(node, "top-level value: an integer, a text, True, False, or a list of such")
            case ast.FunctionDef():
                self.function(self.module.functions[node.name])
            case ast.ClassDef():
                self.class_(node, grammar)
            case ast.Assign():
                self.refuse(node, "top-level assignment: NAME = constant, one by one")
            case _ if type(node) in INSTEAD:
                grammar.unlisted(node)
            case _:
                self.refuse(node, f"{type(node).__name__} at the top level: only imports, constants, classes and def")

    def is_constant(self, value: ast.expr) -> bool:
        if isinstance(value, ast.List):
            return all(self.is_constant(item) for item in value.elts)
        if isinstance(value, ast.Constant):
            return value.value is not None
        return self.survey.integer(self.module, value) is not None

    def imported(self, node: ast.ImportFrom, grammar: Grammar) -> None:
        if not node.level or node.module is None or any(alias.asname or alias.name == "*" for alias in node.names):
            grammar.unlisted(node)
            return
        for alias in node.names:
            grammar.identifier(node, alias.name)
        if self.alone:
            return
        source = imported_module(self.module.name, node)
        if source not in self.survey.modules:
            self.refuse(node, f"import from {'.' * node.level}{node.module}: core/ imports nothing outside itself")
            return
        for alias in node.names:
            if self.survey.resolve(self.module, alias.name) is None:
                self.refuse(node, f"import of {alias.name}: core/{source.replace('.', '/')}.py does not define it")

    def class_(self, node: ast.ClassDef, grammar: Grammar) -> None:
        grammar.identifier(node, node.name)
        if node.bases or node.keywords:
            self.refuse(node, "inheritance: give the class all its attributes")
        if node.decorator_list:
            self.refuse(node, "decorator: leave it out")
        is_engine = node.name == ENGINE and self.module.name.split(".")[-1] == ENGINE_MODULE
        if not any(isinstance(item, ast.FunctionDef) and item.name == "__init__" for item in node.body):
            self.refuse(node, "class without __init__: it sets every attribute")
        for position, item in enumerate(node.body):
            if position == 0 and _is_docstring(item):
                continue
            if not isinstance(item, ast.FunctionDef):
                self.refuse(item, "in a class: only __init__, which sets every attribute")
                continue
            if item.name != "__init__" and not is_engine:
                self.refuse(item, f"method {item.name}: write a function; only {ENGINE} of {ENGINE_MODULE}.py has some")
            self.function(self.module.functions[f"{node.name}.{item.name}"])

    def function(self, function: Function) -> None:
        node, arguments = function.node, function.node.args
        grammar = Grammar(self.module, self.survey, function, self.refuse)
        grammar.identifier(node, node.name)
        if node.decorator_list:
            self.refuse(node, "decorator: leave it out")
        if arguments.defaults or any(arguments.kw_defaults):
            self.refuse(node, "default argument: pass every argument")
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
            self.refuse(node, "parameters: plain positional ones only")
        if node.returns or any(argument.annotation for argument in arguments.args):
            self.refuse(node, "annotation: types stand in the .pxd file")
        if function.is_method and (not arguments.args or arguments.args[0].arg != "self"):
            self.refuse(node, "method: its first parameter is self")
        for argument in arguments.args:
            grammar.target(ast.copy_location(ast.Name(argument.arg, ast.Store()), argument), None)
        body = node.body[1:] if _is_docstring(node.body[0]) else node.body
        grammar.block(body)
        self.loop_variables(node)

    def loop_variables(self, node: ast.FunctionDef) -> None:
        """Refuses a loop variable that is used outside its loop: in Lua it is gone, or another variable."""
        loops = [item for item in ast.walk(node) if isinstance(item, ast.For)]
        names = {loop.target.id for loop in loops if isinstance(loop.target, ast.Name)}
        inside = {id(item) for loop in loops for item in ast.walk(loop) if _is_variable_of(item, loop)}
        for item in ast.walk(node):
            if isinstance(item, ast.Name) and item.id in names and id(item) not in inside:
                self.refuse(item, f"loop variable {item.id} outside its loop: keep what you need under another name")
        for loop in loops:
            for item in [inner for statement in loop.body for inner in ast.walk(statement)]:
                if _is_variable_of(item, loop) and isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
                    self.refuse(item, f"assignment to the loop variable {item.id}: use another name")


def _recursion(survey: Survey) -> set[Violation]:
    """Refuses every function from which calls lead back to itself."""
    calls: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for module in survey.modules.values():
        for function in module.functions.values():
            found = [survey.callee(module, node) for node in function.flows if isinstance(node, ast.Call)]
            calls[module.name, function.name] = {(called.module, called.name) for called in found if called}
    violations = set()
    for start in calls:
        reached: set[tuple[str, str]] = set()
        waiting = [start]
        while waiting:
            waiting += calls.get(waiting.pop(), set()) - reached
            reached |= set(waiting)
        if start in reached:
            module = survey.modules[start[0]]
            line = module.functions[start[1]].node.lineno
            violations.add(Violation(module.path, line, f"recursion: {start[1]} calls itself, write a loop"))
    return violations


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _defined(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
        case ast.ImportFrom(names=names):
            return [alias.asname or alias.name for alias in names]
    return []


def _is_variable_of(node: ast.AST, loop: ast.For) -> bool:
    return isinstance(node, ast.Name) and isinstance(loop.target, ast.Name) and node.id == loop.target.id


def main(arguments: list[str]) -> int:
    """Prints what is refused in a directory (core/ unless named); 1 if there is anything, 2 if it cannot be read."""
    directory = Path(arguments[0]) if arguments else CORE
    try:
        violations = check_package(directory)
    except (OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
