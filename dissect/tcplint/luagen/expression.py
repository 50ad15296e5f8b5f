"""One expression of core/ in Lua, with no more brackets than it needs.

`//` by way of a float: the quotient of two integers below 2^53, rounded to a double, never reaches the next integer, so
`floor` gives what Python gives. 5.4 has `//`, but 5.2 cannot read it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tcplint.luagen.literal import quoted
from tcplint.luagen.survey import ENGINE

if TYPE_CHECKING:
    from tcplint.luagen.survey import Function, Module, Survey

#: How tightly Lua's operators bind; what has no operator binds most tightly.
OR, AND, COMPARISON, JOINING, SUM, PRODUCT, SIGN, ATOM = range(8)

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "~=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "==", ast.IsNot: "~=",
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", SUM), ast.Sub: ("-", SUM), ast.Mult: ("*", PRODUCT), ast.Mod: ("%", PRODUCT),
}  # fmt: skip

#: Names at the head of the generated file. One of core/ that is the same gets a line behind it.
_TAKEN = frozenset({"byte", "sub", "floor", "min", "ipairs", "pairs", "band", "unsigned", "clear", "core", "operator"})


class TranslateError(ValueError):
    """A construct that has no translation; the text names file and line."""


def spelt(name: str) -> str:
    """A name of core/ as it stands in Lua."""
    return f"{name}_" if name in _TAKEN else name


class Expressions:
    """Translates the expressions of `function`, or those at the top level of a module when it is None."""

    def __init__(self, module: Module, survey: Survey, function: Function | None, text: str) -> None:
        self.module = module
        self.survey = survey
        self.function = function
        self.source = text.splitlines()

    def error(self, node: ast.AST, message: str) -> TranslateError:
        """What to raise for the line of the node."""
        return TranslateError(f"{self.module.path}:{getattr(node, 'lineno', 1)}: {message}")

    def expression(self, node: ast.expr, least: int = OR) -> str:
        """An expression, in brackets if it binds less tightly than `least`."""
        text, level = self.bound(node)
        return f"({text})" if level < least else text

    def bound(self, node: ast.expr) -> tuple[str, int]:
        """An expression and how tightly its operator binds."""
        match node:
            case ast.Constant(value=value):
                return self.constant(node, value), ATOM
            case ast.Name(id=name):
                return spelt(name), ATOM
            case ast.Attribute(value=owner, attr=name):
                return f"{self.expression(owner, ATOM)}.{name}", ATOM
            case ast.Subscript(value=owner, slice=ast.Slice(lower=ast.expr() as start, upper=ast.expr() as stop)):
                return f"sub({self.expression(owner)}, {self.moved(start, 1)}, {self.expression(stop)})", ATOM
            case ast.Subscript(value=owner, slice=index):
                return self.item(node, owner, index), ATOM
            case ast.BoolOp(op=operator, values=values):
                word, level = ("and", AND) if isinstance(operator, ast.And) else ("or", OR)
                return f" {word} ".join(self.expression(value, _part(value, level + 1)) for value in values), level
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"not {self.expression(operand, SIGN)}", SIGN
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"-{self.expression(operand, ATOM)}", SIGN
            case ast.Compare(left=left, ops=operators, comparators=rights):
                return self.comparison([left, *rights], operators)
            case ast.BinOp():
                return self.operation(node)
            case ast.Call():
                return self.call(node)
            case ast.List(elts=items):
                return "{" + ", ".join(self.expression(item) for item in items) + "}", ATOM
            case ast.Dict(keys=[]):
                return "{}", ATOM
        raise self.error(node, f"{type(node).__name__} has no translation")

    def constant(self, node: ast.Constant, value: object) -> str:
        """A literal; hexadecimal numbers stay so."""
        if isinstance(value, str):
            return quoted(value)
        if value is None or isinstance(value, bool):
            return {None: "nil", True: "true", False: "false"}[value]
        written = self.source[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode()
        return written if written.startswith("0x") and "_" not in written else str(value)

    def comparison(self, sides: list[ast.expr], operators: list[ast.cmpop]) -> tuple[str, int]:
        """One comparison, or a chain of them joined by `and`."""
        parts = []
        for left, operator, right in zip(sides, operators, sides[1:], strict=False):
            if isinstance(operator, ast.In | ast.NotIn):
                sign = "~=" if isinstance(operator, ast.In) else "=="
                parts.append(f"{self.expression(right, ATOM)}[{self.expression(left)}] {sign} nil")
            else:
                sign = _COMPARISONS[type(operator)]
                parts.append(f"{self.expression(left, JOINING)} {sign} {self.expression(right, JOINING)}")
        return " and ".join(parts), AND if len(parts) > 1 else COMPARISON

    def operation(self, node: ast.BinOp) -> tuple[str, int]:
        """Arithmetic, & and the joining of octets."""
        left, right = node.left, node.right
        if isinstance(node.op, ast.Add) and "bytes" in self.kinds(node):
            return f"{self.expression(left, JOINING)} .. {self.expression(right, JOINING)}", JOINING
        if isinstance(node.op, ast.BitAnd):
            return f"band({self.expression(left)}, {self.expression(right)})", ATOM
        if isinstance(node.op, ast.FloorDiv):
            return f"floor({self.expression(left, PRODUCT)} / {self.expression(right, SIGN)})", ATOM
        if type(node.op) not in _ARITHMETIC:
            raise self.error(node, f"{type(node.op).__name__} has no translation")
        sign, level = _ARITHMETIC[type(node.op)]
        return f"{self.expression(left, level)} {sign} {self.expression(right, level + 1)}", level

    def item(self, node: ast.Subscript, owner: ast.expr, index: ast.expr) -> str:
        """An item of a list, a value of a dictionary that is set, or an octet."""
        kinds = self.kinds(owner) - {"none"}
        items = self.expression(owner, ATOM)
        if kinds == {"bytes"} or (not kinds and self.is_sliced(owner)):
            return f"byte({items}, {self.moved(index, 1)})"
        if kinds == {"dict"}:
            return f"{items}[{self.expression(index)}]"
        if kinds != {"list"}:
            what = " or ".join(sorted(kinds)) or "nothing known"
            raise self.error(node, f"{ast.unparse(owner)} is not surely a list or octets ({what})")
        if isinstance(index, ast.UnaryOp):
            return f"{items}[#{items}]"
        return f"{items}[{self.moved(index, 1)}]"

    def moved(self, node: ast.expr, step: int) -> str:
        """The expression plus `step`, worked out as far as it is constant."""
        match node:
            case ast.Constant(value=int() as number):
                return str(number + step)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=ast.Constant(value=int() as number)):
                number = step + (number if isinstance(operator, ast.Add) else -number)
                sign = f" {'+' if number > 0 else '-'} {abs(number)}" if number else ""
                return f"{self.expression(left, SUM if number else OR)}{sign}"
            case ast.BinOp(left=ast.Constant(value=int() as number), op=ast.Sub(), right=right):
                return f"{number + step} - {self.expression(right, PRODUCT)}"
        return f"{self.expression(node, SUM)} {'+' if step > 0 else '-'} {abs(step)}"

    def call(self, node: ast.Call) -> tuple[str, int]:
        """A call of a builtin, of a method, or of a function or class of core/."""
        arguments = ", ".join(self.expression(argument) for argument in node.args)
        match node.func:
            case ast.Name(id="len"):
                return f"#{self.expression(node.args[0], ATOM)}", SIGN
            case ast.Name(id=name):
                is_engine = name == ENGINE and isinstance(self.survey.resolve(self.module, name), ast.ClassDef)
                return f"{name}.new({arguments})" if is_engine else f"{spelt(name)}({arguments})", ATOM
            case ast.Attribute(value=ast.Name(id="int"), attr="from_bytes"):
                octets = node.args[0]
                if isinstance(octets, ast.Subscript) and isinstance(octets.slice, ast.Slice):
                    return f"unsigned{self.bound(octets)[0].removeprefix('sub')}", ATOM
            case ast.Attribute(value=owner, attr="get"):
                return f"{self.expression(owner, ATOM)}[{arguments}]", ATOM
            case ast.Attribute(value=owner, attr="clear"):
                return f"clear({self.expression(owner)})", ATOM
            case ast.Attribute(value=owner, attr=name) if self.survey.method(name) is not None:
                return f"{ENGINE}.{name}({', '.join(filter(None, [self.expression(owner), arguments]))})", ATOM
        raise self.error(node, f"{ast.unparse(node.func)} gives no value in Lua: call it in a line of its own")

    def kinds(self, node: ast.expr) -> set[str]:
        """What an expression may be, see survey."""
        return self.survey.kinds(self.module, self.function, node)

    def is_sliced(self, owner: ast.expr) -> bool:
        """Whether the function takes a slice of it somewhere: only octets have slices."""
        return self.function is not None and any(
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Slice)
            and ast.dump(node.value) == ast.dump(owner)
            for node in self.function.nodes
        )


def _part(node: ast.expr, level: int) -> int:
    """`and` inside `or` gets brackets for the reader's sake."""
    return ATOM if isinstance(node, ast.BoolOp) else level
