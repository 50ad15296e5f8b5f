"""The inside of one function in Lua: statements, expressions, and where its local names are declared.

Python declares nothing; in Lua a name without `local` would be global. A name is declared where it is first assigned,
if that assignment stands in front of everything else that speaks of the name, in the innermost block that holds all of
it; else at the head of the statement that speaks of it first. In a loop that keeps a value from one turn to the next,
it is declared in front of the loop.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tcplint.luagen.expression import Expressions, spelt
from tcplint.luagen.literal import INDENT

if TYPE_CHECKING:
    from tcplint.luagen.survey import Function, Module, Survey

ONE_LINE = 88  # columns of an `if` that stands on one line, without what it is set in by
_SHORT = (ast.Return, ast.Break, ast.Continue, ast.Assign, ast.AugAssign)


class Body(Expressions):
    """Translates what stands in `function`."""

    def __init__(self, module: Module, survey: Survey, function: Function, text: str) -> None:
        super().__init__(module, survey, function, text)
        self.own = function
        self.before: dict[ast.stmt, list[str]] = {}  # names to declare in front of a statement
        self.declaring: set[ast.stmt] = set()  # assignments that declare their target
        self.labels: list[str] = []  # of the loops around, innermost last
        self.jumps: set[str] = set()  # labels that something jumps to

    # Functions

    def lines(self) -> list[str]:
        """The statements of the function."""
        body = [node for node in self.own.node.body if not _is_docstring(node)]
        self.declare(body)
        return self.block(body)

    def constructor(self) -> list[str]:
        """The statements of an `__init__`: one table with as many fields as can be given at once."""
        body = [node for node in self.own.node.body if not _is_docstring(node)]
        fields: dict[str, str] = {}
        for node in body:
            match node:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value):
                    if name in fields or "self" in _names(value):
                        break
                    fields[name] = self.expression(value)
                case _:
                    break
        rest = body[len(fields) :]
        if any(isinstance(item, ast.Return) for node in rest for item in ast.walk(node)):
            raise self.error(self.own.node, "return in __init__: set all attributes instead")
        self.declare(rest)
        table = [f"{INDENT * 2}{name} = {value}," for name, value in fields.items()]
        head = f"{INDENT}{'local self =' if rest else 'return'} {{"
        tail = [*self.block(rest), f"{INDENT}return self"] if rest else []
        return [head, *table, f"{INDENT}}}", *tail]

    def declare(self, body: list[ast.stmt]) -> None:
        """Finds the place of declaration of every local name."""
        loops = set().union(*(_names(node.target) for node in self.own.nodes if isinstance(node, ast.For)))
        for name in sorted(self.own.locals - loops - {item.arg for item in self.own.node.args.args}):
            self.place(body, name, fresh=False)

    def place(self, body: list[ast.stmt], name: str, *, fresh: bool) -> bool:
        """Declares the name somewhere in the block; False when `fresh`, a value for each turn, is impossible there."""
        speaking = [node for node in body if name in _names(node)]
        if not speaking:
            return True
        first = speaking[0]
        match first:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name and name not in _names(value):
                self.declaring.add(first)
                return True
            case ast.If() | ast.While() | ast.For() if len(speaking) == 1:
                inner = [block for block in (first.body, first.orelse) if any(name in _names(node) for node in block)]
                heads = [first.iter if isinstance(first, ast.For) else first.test]
                is_loop = not isinstance(first, ast.If)
                alone = len(inner) == 1 and not any(name in _names(head) for head in heads)
                if alone and self.place(inner[0], name, fresh=fresh or is_loop):
                    return True
        if not fresh:
            self.before.setdefault(first, []).append(name)
        return not fresh

    # Statements

    def block(self, body: list[ast.stmt], label: str = "") -> list[str]:
        """The statements, set in by one step; `label` stands at the end if something jumps there."""
        lines = []
        for position, node in enumerate(body):
            if node in self.before:
                lines.append(f"local {', '.join(map(spelt, self.before[node]))}")
            new = self.statement(node)
            if isinstance(node, ast.Return) and (position < len(body) - 1 or label in self.jumps):
                new = [f"do {new[0]} end"]
            lines += new
        if label in self.jumps:
            lines.append(f"::{label}::")
        return [INDENT + line for line in lines]

    def statement(self, node: ast.stmt) -> list[str]:
        """One statement."""
        match node:
            case ast.Pass():
                return []
            case ast.Break():
                return ["break"]
            case ast.Continue():
                self.jumps.add(self.labels[-1])
                return [f"goto {self.labels[-1]}"]
            case ast.Return(value=None):
                return ["return"]
            case ast.Return(value=ast.expr() as value):
                return [f"return {self.expression(value)}"]
            case ast.Assign(targets=[target], value=value):
                local = "local " if node in self.declaring else ""
                return [f"{local}{self.expression(target)} = {self.expression(value)}"]
            case ast.AugAssign(target=target, op=operator, value=value):
                if any(isinstance(item, ast.Call) for item in ast.walk(target)):
                    raise self.error(node, "call in the target of += or -=: it would run twice")
                total = self.expression(ast.copy_location(ast.BinOp(target, operator, value), node))
                return [f"{self.expression(target)} = {total}"]
            case ast.If():
                return self.branches(node)
            case ast.While(test=test, body=body):
                return [f"while {self.expression(test)} do", *self.loop(node, body), "end"]
            case ast.For(target=ast.Name(id=name), body=body):
                return [f"for {self.turns(spelt(name), node.iter)} do", *self.loop(node, body), "end"]
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr="append"), args=[item])):
                items = self.expression(owner)
                return [f"{items}[#{items} + 1] = {self.expression(item)}"]
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr="pop"), args=[key, _])):
                return [f"{self.expression(owner)}[{self.expression(key)}] = nil"]
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="get"))):
                raise self.error(node, "get without use of its value: leave it out")
            case ast.Expr(value=ast.Call() as call):
                return [self.expression(call)]
        raise self.error(node, f"{type(node).__name__} has no translation")

    def branches(self, node: ast.If) -> list[str]:
        """if, elseif and else; on one line what has one short statement and nothing else."""
        lines = [f"if {self.expression(node.test)} then", *self.block(node.body)]
        line = f"{lines[0]} {lines[-1].strip()} end"
        if len(lines) == 2 and not node.orelse and isinstance(node.body[0], _SHORT) and len(line) <= ONE_LINE:
            return [line]
        while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and node.orelse[0] not in self.before:
            node = node.orelse[0]
            lines += [f"elseif {self.expression(node.test)} then", *self.block(node.body)]
        return [*lines, *(["else", *self.block(node.orelse)] if node.orelse else []), "end"]

    def loop(self, node: ast.stmt, body: list[ast.stmt]) -> list[str]:
        """The inside of a loop; its label is named after its line in the source."""
        self.labels.append(f"next_{node.lineno}")
        lines = self.block(body, self.labels[-1])
        self.labels.pop()
        return lines

    def turns(self, name: str, over: ast.expr) -> str:
        """What stands between `for` and `do`."""
        match over:
            case ast.Call(func=ast.Name(id="range"), args=[stop]):
                return f"{name} = 0, {self.moved(stop, -1)}"
            case ast.Call(func=ast.Name(id="range"), args=[start, stop]):
                return f"{name} = {self.expression(start)}, {self.moved(stop, -1)}"
            case ast.Call(func=ast.Name(id="range"), args=[start, stop, step]):
                back = 1 if (self.survey.integer(self.module, step) or 0) < 0 else -1
                return f"{name} = {self.expression(start)}, {self.moved(stop, back)}, {self.expression(step)}"
        return f"_, {name} in ipairs({self.expression(over)})"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _names(node: ast.AST) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
