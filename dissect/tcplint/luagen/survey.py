"""What the files of core/ define, and of what kind each name is.

The portable subset has no annotations, yet some of its rules ask for kinds: a condition must be boolean, `in` needs a
dictionary, texts are not ordered. So the kinds are inferred. Every attribute of a class, local name, parameter and
result has a *slot*: the set of kinds that some assignment, call or `return` anywhere in core/ puts there. A kind is
`bool`, `int`, `str`, `bytes`, `none`, `list`, `dict`, or the name of a class. What lists and dictionaries hold has
slots of its own. The sets only grow, and are filled until nothing changes. An empty set means that nothing is known;
`{"bool"}` is a boolean for sure.

Whose attribute `x.fin` is follows from the kinds of `x`. Where nothing is known of `x`, it may be that of any class;
such places are looked at last, so that they do not blur what the others have made clear. A parameter that no call
reaches is taken to be of the class that it is named after: `arrival` is an `Arrival`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeGuard

#: The one class that may have methods besides `__init__`, and the name of its file.
ENGINE = "Engine"
ENGINE_MODULE = "engine"

#: Every other kind is the name of a class.
BUILTIN_KINDS = frozenset({"bool", "int", "str", "bytes", "none", "list", "dict", "float", "complex", "ellipsis"})

Slot = tuple[str, ...]
Kinds = set[str]


@dataclass
class Function:
    """A function, or a method under the name `Class.method`."""

    module: str
    name: str
    node: ast.FunctionDef

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of its syntax tree."""
        return list(ast.walk(self.node))

    @cached_property
    def flows(self) -> list[ast.AST]:
        """Those by which a value gets from one place to another."""
        return [node for node in self.nodes if isinstance(node, ast.Assign | ast.For | ast.Return | ast.Call)]

    @cached_property
    def locals(self) -> set[str]:
        """Names of its parameters and of what it assigns."""
        names = {node.id for node in self.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        return names | {argument.arg for argument in self.node.args.args}

    @property
    def is_method(self) -> bool:
        """Whether the first parameter is the object itself."""
        return "." in self.name

    @property
    def owner(self) -> str:
        """The class of a method."""
        return self.name.partition(".")[0]

    @property
    def parameters(self) -> list[str]:
        """Names of the positional parameters, without `self`."""
        names = [argument.arg for argument in self.node.args.args]
        return names[1:] if self.is_method else names

    def slot(self, name: str) -> Slot:
        """The slot of one of its local names, or of its result: `return`."""
        return ("local", self.module, self.name, name)


@dataclass
class Module:
    """One file: `name` is its dotted path below core/, such as `rules.reset`."""

    name: str
    path: str
    tree: ast.Module
    constants: dict[str, ast.expr] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)  # local name -> module, name


def imported_module(importer: str, node: ast.ImportFrom) -> str:
    """The dotted path below core/ that a relative import names; empty when it leads out of core/."""
    package = importer.split(".")[: -node.level] if node.level else None
    if package is None or node.module is None or node.level > importer.count(".") + 1:
        return ""
    return ".".join([*package, node.module])


def read_module(name: str, path: str, tree: ast.Module) -> Module:
    """Notes what a file defines at its top level; what else stands there is for the grammar to refuse."""
    module = Module(name, path, tree)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            source = imported_module(name, node)
            module.imports |= {alias.asname or alias.name: (source, alias.name) for alias in node.names}
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            module.constants[node.targets[0].id] = node.value
        elif isinstance(node, ast.FunctionDef):
            module.functions[node.name] = Function(name, node.name, node)
        elif isinstance(node, ast.ClassDef):
            module.classes[node.name] = node
            for item in node.body:
                if isinstance(item, ast.FunctionDef):
                    method = f"{node.name}.{item.name}"
                    module.functions[method] = Function(name, method, item)
    return module


class Survey:
    """All modules together: look-up of names, and the kinds."""

    def __init__(self, modules: list[Module]) -> None:
        self.modules = {module.name: module for module in modules}
        self.attributes: dict[str, set[str]] = {}  # name -> classes whose __init__ sets it
        for function in self._functions():
            if function.name.endswith(".__init__"):
                for target in _targets(function.node):
                    if _is_own(target):
                        self.attributes.setdefault(target.attr, set()).add(function.owner)
        self._slots: dict[Slot, Kinds] = {}
        self._guessing = False
        self._infer_all()
        self._name_parameters()
        self._infer_all()
        self._guessing = True
        self._infer_all()

    def resolve(self, module: Module, name: str) -> Function | ast.ClassDef | ast.expr | None:
        """What a top-level name of `module` stands for, through imports; None when nothing is known of it."""
        if name in module.imports:
            source, name = module.imports[name]
            if source not in self.modules or name in self.modules[source].imports:
                return None
            module = self.modules[source]
        return module.functions.get(name) or module.classes.get(name) or module.constants.get(name)

    def method(self, name: str) -> Function | None:
        """The method of the engine with that name."""
        engine = self.modules.get(ENGINE_MODULE)
        return engine.functions.get(f"{ENGINE}.{name}") if engine else None

    def callee(self, module: Module, call: ast.Call) -> Function | None:
        """The function that runs, if it is one of core/: for a class its `__init__`."""
        if isinstance(call.func, ast.Attribute):
            return self.method(call.func.attr)
        if not isinstance(call.func, ast.Name):
            return None
        found = self.resolve(module, call.func.id)
        if isinstance(found, ast.ClassDef):
            home = module.imports.get(call.func.id, (module.name, ""))[0]
            return self.modules[home].functions.get(f"{found.name}.__init__")
        return found if isinstance(found, Function) else None

    def integer(self, module: Module, node: ast.expr) -> int | None:
        """The value of an integer literal or of a named integer constant."""
        sign = 1
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            sign, node = -1, node.operand
        if isinstance(node, ast.Name) and node.id.isupper():
            found = self.resolve(module, node.id)
            value = self.integer(module, found) if isinstance(found, ast.expr) else None
            return None if value is None else sign * value
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return sign * node.value
        return None

    def kinds(self, module: Module, function: Function | None, node: ast.expr) -> Kinds:
        """The kinds that an expression may have; empty when nothing is known."""
        match node:
            case ast.Constant(value=value):
                return {"none" if value is None else type(value).__name__}
            case ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return {"bool"}
            case ast.BoolOp(values=values):
                return set().union(*(self.kinds(module, function, value) for value in values))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                sides = self.kinds(module, function, left) | self.kinds(module, function, right)
                return {"bytes"} if "bytes" in sides else {"int"}
            case ast.BinOp() | ast.UnaryOp():
                return {"int"}
            case ast.Subscript(slice=ast.Slice()):
                return {"bytes"}
            case ast.List():
                return {"list"}
            case ast.Dict():
                return {"dict"}
            case ast.Subscript(value=owner):
                return self.held(module, function, owner)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="int"), attr="from_bytes")):
                return {"int"}
            case ast.Call(func=ast.Attribute(value=owner, attr="get" | "pop")):
                return self.held(module, function, owner) | {"none"}
            case ast.Call(func=ast.Name(id="len")):
                return {"int"}
            case ast.Name(id=name) if (found := self._constant(module, function, name)) is not None:
                return self.kinds(module, None, found)
        return self._union(self._slots_of(module, function, node))

    def held(self, module: Module, function: Function | None, node: ast.expr) -> Kinds:
        """The kinds of what a list or dictionary holds."""
        if isinstance(node, ast.List):
            return set().union(*(self.kinds(module, function, item) for item in node.elts))
        if isinstance(node, ast.Name) and (found := self._constant(module, function, node.id)) is not None:
            return self.held(module, None, found)
        return self._union([("held", *slot) for slot in self._slots_of(module, function, node)])

    def owners(self, module: Module, function: Function | None, node: ast.expr) -> set[str]:
        """The classes that an object may have; empty when nothing is known."""
        return self.kinds(module, function, node) - BUILTIN_KINDS

    def _union(self, slots: list[Slot]) -> Kinds:
        return set().union(*(self._slots.get(slot, set()) for slot in slots))

    def _constant(self, module: Module, function: Function | None, name: str) -> ast.expr | None:
        if function is not None and function.slot(name) in self._slots:
            return None
        found = self.resolve(module, name)
        return found if isinstance(found, ast.expr) else None

    def _slots_of(self, module: Module, function: Function | None, node: ast.expr) -> list[Slot]:
        """Where the value of an expression is kept; empty for what is worked out on the spot."""
        match node:
            case ast.Name(id=name) if function is not None:
                return [function.slot(name)]
            case ast.Attribute(value=owner, attr=attribute):
                owners = self.owners(module, function, owner)
                if not owners and self._guessing:
                    owners = self.attributes.get(attribute, set())
                return [("attribute", owner, attribute) for owner in sorted(owners)]
            case ast.Call() if (called := self.callee(module, node)) is not None:
                return [called.slot("return")]
        return []

    def _name_parameters(self) -> None:
        """A parameter that no call reaches (a rule's, say) is of the class that it is named after."""
        named = {name.lower(): name for module in self.modules.values() for name in module.classes}
        for function in self._functions():
            for parameter in function.parameters:
                if parameter in named and not self._slots.get(function.slot(parameter)):
                    self._add(function.slot(parameter), {named[parameter]})

    def _infer_all(self) -> None:
        self._changed = True
        while self._changed:
            self._changed = False
            for function in self._functions():
                self._infer(function)

    def _infer(self, function: Function) -> None:
        """Adds what one function assigns, returns and passes on."""
        module = self.modules[function.module]
        if function.is_method:
            self._add(function.slot("self"), {function.owner})
        if function.name.endswith(".__init__"):
            self._add(function.slot("return"), {function.owner})
        elif falls_through(function.node.body):
            self._add(function.slot("return"), {"none"})
        for node in function.flows:
            match node:
                case ast.Assign(targets=[ast.Subscript(value=owner)], value=value):
                    self._hold(function, owner, self.kinds(module, function, value))
                case ast.Assign(targets=[target], value=value):
                    self._flow(function, self._slots_of(module, function, target), value)
                case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"))):
                    self._add(function.slot(name), {"int"})
                case ast.For(target=ast.Name(id=name), iter=over):
                    self._add(function.slot(name), self.held(module, function, over))
                case ast.Return(value=value) if not function.name.endswith(".__init__"):
                    self._flow(function, [function.slot("return")], value or ast.Constant(None))
                case ast.Call(func=ast.Attribute(value=owner, attr="append"), args=[item]):
                    self._hold(function, owner, self.kinds(module, function, item))
                case ast.Call() if (called := self.callee(module, node)) is not None:
                    for parameter, value in zip(called.parameters, node.args, strict=False):
                        self._flow(function, [called.slot(parameter)], value)

    def _flow(self, function: Function, slots: list[Slot], value: ast.expr) -> None:
        module = self.modules[function.module]
        for slot in slots:
            self._add(slot, self.kinds(module, function, value))
            self._add(("held", *slot), self.held(module, function, value))

    def _hold(self, function: Function, owner: ast.expr, kinds: Kinds) -> None:
        for slot in self._slots_of(self.modules[function.module], function, owner):
            self._add(("held", *slot), kinds)

    def _add(self, slot: Slot, kinds: Kinds) -> None:
        known = self._slots.get(slot, set())
        if not kinds <= known:
            self._slots[slot] = known | kinds
            self._changed = True

    def _functions(self) -> list[Function]:
        return [function for module in self.modules.values() for function in module.functions.values()]


def falls_through(body: list[ast.stmt]) -> bool:
    """Whether control can run off the end of a block, so that a function gives None without saying so."""
    match body[-1]:
        case ast.Return():
            return False
        case ast.If(body=then, orelse=otherwise):
            return not otherwise or falls_through(then) or falls_through(otherwise)
        case ast.While(test=ast.Constant(value=True)):
            return any(isinstance(node, ast.Break) for node in ast.walk(body[-1]))
    return True


def _targets(node: ast.FunctionDef) -> list[ast.expr]:
    return [target for item in ast.walk(node) if isinstance(item, ast.Assign) for target in item.targets]


def _is_own(target: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
