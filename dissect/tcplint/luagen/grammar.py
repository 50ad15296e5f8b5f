"""The white list of the portable subset: statements and expressions that mean the same in Python, Cython and Lua.

Nothing is let through by default. A node that no case below names is refused, and so is a node whose kind is not the
one that its place asks for. What makes the strictness necessary:

- In Lua `0`, `""` and empty tables are true, so a condition has to be boolean for sure.
- A name or attribute that does not exist is nil there, and a wrong number of arguments is no error.
- Numbers of Lua 5.2 are doubles: exact to 2^53; bit operations work below 2^31; `%` and `//` agree with Python's for a
  positive divisor.
- A list with None in it has no length, a dictionary has none at all, and equality of tables is identity.
- The variable of a `for` does not outlive its loop.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tcplint.luagen.survey import ENGINE, Function, Module, Survey
from tcplint.luagen.wording import INSTEAD, INSTEAD_OF_BUILTIN, LUA_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 2**53
LARGEST_MASK = 2**31

ORDERING = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)

#: Methods of lists and dictionaries: number of arguments.
CONTAINER_METHODS = {"append": 1, "get": 1, "clear": 0, "pop": 2}


class Grammar:
    """Checks the body of one function; `function` is None for expressions at the top level of a module."""

    def __init__(
        self, module: Module, survey: Survey, function: Function | None, refuse: Callable[[ast.AST, str], None]
    ) -> None:
        self.module = module
        self.survey = survey
        self.function = function
        self.refuse = refuse

    def kinds(self, node: ast.expr) -> set[str]:
        """The kinds that an expression may have in this function."""
        return self.survey.kinds(self.module, self.function, node)

    # Statements

    def block(self, body: list[ast.stmt]) -> None:
        """Checks statements one after the other."""
        for node in body:
            self.statement(node)

    def statement(self, node: ast.stmt) -> None:
        """Checks one statement and all inside it."""
        match node:
            case ast.Pass() | ast.Break() | ast.Continue() | ast.Return(value=None):
                pass
            case ast.Return(value=ast.expr() as value):
                self.expression(value)
            case ast.Assign(targets=[target], value=value):
                self.target(target, value)
                self.expression(value)
            case ast.Assign():
                self.refuse(node, "several targets: assign one by one")
            case ast.AugAssign(target=target, op=ast.Add() | ast.Sub(), value=value):
                self.target(target, value)
                self.operation(ast.copy_location(ast.BinOp(target, node.op, value), node))
            case ast.AugAssign():
                self.refuse(node, "augmented assignment: only += and -=, write x = x … otherwise")
            case ast.If(test=test, body=then, orelse=otherwise):
                self.condition(test)
                self.block(then)
                self.block(otherwise)
            case ast.While(test=test, body=body, orelse=[]):
                self.condition(test)
                self.block(body)
            case ast.For(target=ast.Name() as target, iter=over, body=body, orelse=[]):
                self.target(target, None)
                self.iteration(over)
                self.block(body)
            case ast.For(orelse=[]):
                self.refuse(node, "target of for: one plain name")
            case ast.For() | ast.While():
                self.refuse(node, "else of a loop: keep a boolean")
            case ast.Expr(value=ast.Call() as call):
                self.expression(call)
            case ast.Expr(value=value) if type(value) not in INSTEAD:
                self.refuse(node, "expression without effect: call, assign or return")
            case ast.Expr(value=value):
                self.unlisted(value)
            case _:
                self.unlisted(node)

    def target(self, node: ast.expr, value: ast.expr | None) -> None:
        """Checks what is assigned to; `value` goes there."""
        match node:
            case ast.Name(id=name):
                self.identifier(node, name)
                if self.function is not None and self.survey.resolve(self.module, name) is not None:
                    self.refuse(node, f"local {name} hides the {name} of the module: take another name")
            case ast.Attribute():
                self.expression(node)
            case ast.Subscript(slice=ast.Slice()):
                self.refuse(node, "assignment to a slice: assign items one by one")
            case ast.Subscript():
                self.expression(node, stored=True)
                if isinstance(value, ast.Constant) and value.value is None:
                    self.refuse(node, "None in a list or dictionary: pop the key, or store -1 or an object")
            case _:
                self.unlisted(node)

    def iteration(self, node: ast.expr) -> None:
        """Checks what a `for` runs over: range(…) or a list."""
        match node:
            case ast.Call(func=ast.Name(id="range"), args=bounds, keywords=[]) if 1 <= len(bounds) <= 3:
                for bound in bounds:
                    self.expression(bound)
                if len(bounds) == 3 and not self.survey.integer(self.module, bounds[2]):
                    self.refuse(node, "step of range: a constant other than 0")
            case ast.Name() | ast.Attribute() | ast.Subscript():
                self.expression(node)
                if self.kinds(node) - {"list", "none"}:
                    self.refuse(node, "iteration over something that is not a list: keep a list beside it")
            case _:
                self.refuse(node, "iteration: over range(…) or a list that has a name")

    # Conditions

    def condition(self, node: ast.expr) -> None:
        """Checks an expression whose truth decides."""
        match node:
            case ast.BoolOp(values=values):
                for value in values:
                    self.condition(value)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.condition(operand)
            case ast.Compare() | ast.Constant(value=True | False):
                self.expression(node)
            case ast.Name() | ast.Attribute() | ast.Call():
                self.expression(node)
                if (kinds := self.kinds(node)) != {"bool"}:
                    known = " or ".join(sorted(kinds)) or "nothing known"
                    self.refuse(node, f"condition {ast.unparse(node)} is not surely boolean ({known}): compare it")
            case _ if type(node) in INSTEAD:
                self.unlisted(node)
            case _:
                self.refuse(node, f"condition {ast.unparse(node)} is not boolean: compare it")

    def comparison(self, node: ast.Compare) -> None:
        """Checks one comparison or a chain of them."""
        sides = [node.left, *node.comparators]
        if len(sides) > 2:
            plain = all(isinstance(side, ast.Name | ast.Constant | ast.Attribute | ast.UnaryOp) for side in sides)
            if not plain or not all(isinstance(operator, ORDERING) for operator in node.ops):
                self.refuse(node, "chain of comparisons: only <, <=, >, >= between names and constants")
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            self.compared(node, left, operator, right)
        for side in sides:
            self.expression(side)

    def compared(self, node: ast.Compare, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> None:
        """Checks that two operands may be compared so."""
        kinds = self.kinds(left) | self.kinds(right)
        unordered = any(known and "int" not in known for known in (self.kinds(left), self.kinds(right)))
        if isinstance(operator, ast.Is | ast.IsNot):
            if not _is_none(right):
                self.refuse(node, "is: only `is None` and `is not None`")
        elif _is_none(left) or _is_none(right):
            self.refuse(node, "comparison with None: use `is None` or `is not None`")
        elif isinstance(operator, ast.In | ast.NotIn):
            if (unfit := self.kinds(right) - {"dict", "none"}) or not isinstance(right, ast.Name | ast.Attribute):
                self.refuse(node, f"in: only `key in dictionary` ({' or '.join(sorted(unfit)) or 'no name'} here)")
        elif isinstance(operator, ORDERING):
            if unordered:
                self.refuse(node, "order of things that are not numbers: compare with == or !=")
        elif kinds - {"bool", "int", "str", "bytes", "none"}:
            self.refuse(node, "equality of lists, dictionaries or objects: compare their numbers")
        elif {"bool", "int"} <= kinds:
            self.refuse(node, "comparison of a boolean with a number: they are never equal in Lua")

    # Expressions

    def expression(self, node: ast.expr, *, stored: bool = False) -> None:
        """Checks one expression and all inside it; `stored` says that it is the target of an assignment."""
        match node:
            case ast.Constant(value=value):
                self.constant(node, value)
            case ast.Name(id=name):
                self.name(node, name)
            case ast.Attribute(value=ast.Name() | ast.Attribute() | ast.Subscript() as owner, attr=attribute):
                self.expression(owner)
                self.attribute(node, owner, attribute)
            case ast.Subscript(value=ast.Name() | ast.Attribute() | ast.Subscript() as owner, slice=index):
                self.expression(owner)
                self.subscript(node, owner, index, stored=stored)
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                self.condition(node)
            case ast.Compare():
                self.comparison(node)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() | ast.Name() | ast.Attribute() as operand):
                self.expression(operand)
            case ast.UnaryOp(op=ast.USub()):
                self.refuse(node, "minus in front of an expression: subtract from 0")
            case ast.UnaryOp(op=operator):
                self.unlisted(operator, node)
            case ast.BinOp():
                self.operation(node)
            case ast.Call():
                self.call(node)
            case ast.List(elts=items):
                for item in items:
                    self.item(item)
            case ast.Dict(keys=[]):
                pass
            case ast.Dict():
                self.refuse(node, "dictionary display: start from {} and set the keys")
            case ast.Attribute() | ast.Subscript():
                self.refuse(node, "attribute or item of an expression: give the expression a name first")
            case _:
                self.unlisted(node)

    def constant(self, node: ast.Constant, value: object) -> None:
        """Checks a literal."""
        if type(value) is int and not -LARGEST <= value <= LARGEST:
            self.refuse(node, "number beyond 2^53: Lua's numbers are doubles")
        elif not isinstance(value, int | str | None):
            self.refuse(node, f"{type(value).__name__} literal: use integers, texts, True, False or None")

    def name(self, node: ast.Name, name: str) -> None:
        """Checks that a name that is read means something."""
        self.identifier(node, name)
        local = self.function is not None and name in self.function.locals
        if local or name in self.module.imports or self.survey.resolve(self.module, name) is not None:
            return
        self.refuse(node, f"{name} is not defined here: import or assign it")

    def attribute(self, node: ast.AST, owner: ast.expr, name: str) -> None:
        """Checks that an attribute exists in the class of its owner, or at least in one."""
        self.identifier(node, name)
        classes = self.survey.attributes.get(name, set())
        owners = self.survey.owners(self.module, self.function, owner)
        if not classes:
            self.refuse(node, f"attribute {name} is set by no __init__ of core/: set it there")
        elif owners and not owners & classes:
            self.refuse(node, f"attribute {name} is not one of {' or '.join(sorted(owners))}: set it in __init__")

    def identifier(self, node: ast.AST, name: str) -> None:
        """Refuses names that Lua keeps for itself."""
        if name in LUA_KEYWORDS:
            self.refuse(node, f"{name} is a keyword of Lua: take another name")

    def subscript(self, node: ast.Subscript, owner: ast.expr, index: ast.expr, *, stored: bool) -> None:
        """Checks list[i], list[-1], data[i], data[a:b] and dictionary[k] = v."""
        match index:
            case ast.Slice(lower=ast.expr() as lower, upper=ast.expr() as upper, step=None):
                self.bound(lower)
                self.bound(upper)
                return
            case ast.Slice():
                self.unlisted(index, node)
                return
            case ast.UnaryOp(op=ast.USub()) if self.survey.integer(self.module, index) != -1:
                self.refuse(node, "negative index: only [-1]")
            case _:
                self.expression(index)
        if "dict" in self.kinds(owner) and not stored:
            self.refuse(node, "dictionary[key]: use get(key) and test for None")

    def bound(self, node: ast.expr) -> None:
        """Checks one bound of a slice."""
        if isinstance(node, ast.UnaryOp):
            self.refuse(node, "negative bound of a slice: count from the start")
        self.expression(node)

    def operation(self, node: ast.BinOp) -> None:
        """Checks arithmetic, & with a constant, and the joining of bytes."""
        left, right = node.left, node.right
        self.expression(left)
        self.expression(right)
        constant = self.survey.integer(self.module, right)
        match node.op:
            case ast.Add() if _has_slice(left) or _has_slice(right):
                pass
            case ast.Add() if self.kinds(left) == {"bytes"} == self.kinds(right):
                pass
            case ast.Add() | ast.Sub() | ast.Mult():
                if any(known and "int" not in known for known in (self.kinds(left), self.kinds(right))):
                    self.refuse(node, "arithmetic with something that is not a number")
            case ast.Mod() | ast.FloorDiv():
                if constant is None or constant <= 0:
                    self.refuse(node, "% and //: the right side must be a positive constant")
            case ast.BitAnd():
                masks = [constant, self.survey.integer(self.module, left)]
                if not any(mask is not None and 0 <= mask < LARGEST_MASK for mask in masks):
                    self.refuse(node, "&: one side must be a constant from 0 to 2^31 - 1")
            case _:
                self.unlisted(node.op, node)

    def item(self, node: ast.expr) -> None:
        """Checks one item of a list display or one argument of append."""
        if isinstance(node, ast.List | ast.Dict):
            self.refuse(node, "list or dictionary inside a list: append it by name")
        elif _is_none(node):
            self.refuse(node, "None in a list or dictionary: pop the key, or store -1 or an object")
        self.expression(node)

    # Calls

    def call(self, node: ast.Call) -> None:
        """Checks who is called, with how many arguments."""
        if node.keywords:
            self.refuse(node, "keyword argument: pass by position")
        match node.func:
            case ast.Attribute(value=ast.Name(id="int"), attr="from_bytes"):
                self.number_of_octets(node)
            case ast.Attribute(value=owner, attr=name):
                self.method_call(node, owner, name)
            case ast.Name(id="len"):
                self.arguments(node, 1)
                if node.args and self.kinds(node.args[0]) & {"dict"}:
                    self.refuse(node, "len of a dictionary: keep a count beside it")
            case ast.Name(id=name) if self.is_callable(name):
                called = self.survey.callee(self.module, node)
                self.arguments(node, len(called.parameters) if called else None)
            case ast.Name(id=name):
                instead = INSTEAD_OF_BUILTIN.get(name, "call what core/ defines or imports")
                self.refuse(node, f"call of {name}: {instead}")
            case _:
                self.refuse(node, "call of an expression: call a function by its name")

    def number_of_octets(self, node: ast.Call) -> None:
        """Checks int.from_bytes(data[a:b], "big"), the one way to read a number of several octets at a stroke."""
        match node.args:
            case [ast.Subscript(slice=ast.Slice()) as octets, ast.Constant(value="big")]:
                self.expression(octets)
            case _:
                self.refuse(node, 'int.from_bytes: only int.from_bytes(data[a:b], "big")')

    def is_callable(self, name: str) -> bool:
        """Whether a name stands for a function or class of core/ (for one file alone: is imported)."""
        found = self.survey.resolve(self.module, name)
        return isinstance(found, Function | ast.ClassDef) or (found is None and name in self.module.imports)

    def method_call(self, node: ast.Call, owner: ast.expr, name: str) -> None:
        """Checks a call of a method of a list, of a dictionary, or of the engine."""
        self.expression(owner)
        if name in CONTAINER_METHODS:
            self.arguments(node, CONTAINER_METHODS[name])
            if name == "pop" and not (len(node.args) == 2 and _is_none(node.args[1])):
                self.refuse(node, "pop: only pop(key, None)")
            if name == "append" and node.args:
                self.item(node.args[0])
            return
        method = self.survey.method(name)
        ours = owner.id in ("self", ENGINE.lower()) if isinstance(owner, ast.Name) else _is_engine(owner)
        if not ours or method is None:
            self.refuse(node, f"method {name}: only append, get(key), clear, pop(key, None) and the engine's own")
            return
        self.arguments(node, len(method.parameters))

    def arguments(self, node: ast.Call, number: int | None) -> None:
        """Checks the arguments; `number` is None when it is not known how many belong there."""
        for argument in node.args:
            self.expression(argument)
        if number is not None and len(node.args) != number:
            self.refuse(node, f"{len(node.args)} arguments where {number} belong")

    def unlisted(self, node: ast.AST, place: ast.AST | None = None) -> None:
        """Refuses a node that the white list does not name."""
        self.refuse(place or node, INSTEAD.get(type(node), f"{type(node).__name__} is not in the portable subset"))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_engine(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == ENGINE.lower()


def _has_slice(node: ast.expr) -> bool:
    """Whether an operand of + is a slice of bytes, or a sum with one in it."""
    match node:
        case ast.Subscript(slice=ast.Slice()):
            return True
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _has_slice(left) or _has_slice(right)
    return False
