"""core/ as one Lua module that runs unchanged in Lua 5.2, 5.3 and 5.4.

The guard of the portable subset (`subset`) runs first, so only what it lets through comes here, and the kinds that it
inferred (`survey`) decide what Python leaves open: `x[i]` is an item of a list or an octet, `+` a sum or a joining.
Whatever is not known for sure is refused with file and line.

    Python                  Lua
    data[i], data[a:b]      byte(data, i + 1), sub(data, a + 1, b): octets are a Lua string
    items[i], items[-1]     items[i + 1], items[#items]: lists count from 1
    a // b                  floor(a / b), exact below 2^53, an integer in 5.4 too
    flags & MASK            band(flags, MASK): operator or library, whichever the host has
    continue                goto a label at the end of the loop, which may skip `local` there
    class Name              a function Name(…) that makes a table with every field
    engine.method(x)        Engine.method(engine, x)

One file is one `do … end`, so that its names are locals (Lua allows 200 at a time); what a file defines stands in
`core.<file>` afterwards. A function that is used in front of its definition is declared at the head of its file.
"""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from tcplint.luagen.body import Body
from tcplint.luagen.expression import Expressions, TranslateError, spelt
from tcplint.luagen.literal import INDENT, broken, comment
from tcplint.luagen.subset import CORE, check_package
from tcplint.luagen.survey import ENGINE, ENGINE_MODULE, Function, Module, Survey, read_module

MOST_LOCALS = 190  # of the 200 that Lua allows; a loop takes a few

HEAD = """\
-- The judging part of tcplint: octets of frames in, findings out. Lua 5.2, 5.3, 5.4; no input, no output, no globals.
-- Made by tools/build_lua.py from dissect/tcplint/core/: do not edit. Every function names its source.
--
-- What a file of core/ defines is in the table of that name: core.wire.decode, core.model.Settings, core.skips.QUOTE.
-- A class is a function that makes a table with all its fields; nil stands for None, lists count from 1, octets are a
-- string. Frames count from 1, connections from 0; times are whole microseconds and must be integers in Lua 5.4.
--
--   local decoder = core.decoder.Decoder()
--   local settings = core.model.Settings()        -- .severity = catalogue.severity, limits: see core.model.Settings
--   local engine = core.Engine.new(settings)
--   local code = core.wire.decode(decoder, octets, link_type, frame, time, interface, captured, original)
--   if code == core.skips.SEGMENT then
--     local step = core.Engine.observe(engine, decoder.segment)   -- core.model.Step, filled anew at the next call
--   elseif code == core.skips.QUOTE then
--     core.Engine.observe_quote(engine, decoder.quote)
--   else                                                          -- core.skips.skip_name(code): why it holds no TCP
--     core.Engine.tick(engine, time)
--   end
--   core.Engine.retired(engine)                    -- connections that can change no more, since the last call
--   core.Engine.conclude(engine, connection, time) -- core.model.Conclusion; changes nothing
--   core.Engine.take(engine)                       -- at the end: the next open connection, nil when there is none

local byte, sub, floor, min, ipairs = string.byte, string.sub, math.floor, math.min, ipairs

-- Bits that two numbers share. The operator of 5.3 is a syntax error in 5.2, whose library 5.4 has no more.
local operator = load("return function(a, b) return a & b end")
local band = operator and operator() or (bit32 or bit).band

-- The number that the octets from first to last make, network byte order.
local function unsigned(data, first, last)
  if last - first == 3 then
    local a, b, c, d = byte(data, first, last)
    if d then return ((a * 256 + b) * 256 + c) * 256 + d end
  end
  local number = 0
  for position = first, min(last, #data) do number = number * 256 + byte(data, position) end
  return number
end

local Engine = {}
local core = { Engine = Engine }
"""

CLEAR = """\

-- Takes everything out of a list or dictionary.
local function clear(items)
  for key in pairs(items) do items[key] = nil end
end
"""


def translate(directory: Path = CORE) -> str:
    """The Lua source of every file below `directory`.

    Raises TranslateError, which names file and line of each construct that has no translation; FileNotFoundError when
    there is nothing to translate.
    """
    if violations := check_package(directory):
        raise TranslateError("\n".join(map(str, violations)))
    sources = {}
    modules = []
    for path in sorted(directory.rglob("*.py")):
        name = ".".join(path.relative_to(directory).with_suffix("").parts)
        if path.stem != "__init__":
            sources[name] = path.read_text(encoding="utf-8")
            modules.append(read_module(name, str(path), ast.parse(sources[name])))
    survey = Survey(modules)
    packages = sorted({module.name.rpartition(".")[0] for module in modules} - {""})
    files = [_File(survey.modules[name], survey, directory, sources[name]).lines() for name in _order(survey)]
    clear = [CLEAR] if any("clear(" in line for lines in files for line in lines) else []
    head = [HEAD.rstrip(), *clear, *(f"core.{package} = {{}}" for package in packages)]
    return "\n".join(["\n".join(lines) + "\n" for lines in [head, *files]]) + "\nreturn core\n"


def _order(survey: Survey) -> list[str]:
    """The modules, each behind those it imports from."""
    imports = {
        name: sorted({source for source, _ in module.imports.values()}) for name, module in survey.modules.items()
    }
    return list(TopologicalSorter(imports).static_order())


class _File:
    """One file of core/."""

    def __init__(self, module: Module, survey: Survey, directory: Path, text: str) -> None:
        self.module = module
        self.survey = survey
        self.text = text
        self.place = f"{directory.name}/{Path(module.path).relative_to(directory).as_posix()}"
        self.exported: list[str] = []

    def lines(self) -> list[str]:
        module = self.module
        names = [*module.imports, *module.constants, *module.functions, *module.classes]
        if len(names) > MOST_LOCALS:
            raise TranslateError(f"{module.path}:1: {len(names)} names at the top level: Lua allows 200 locals")
        lines = [*comment(f"{self.place}: {_first_line(module.tree)}"), "do", *self.imports(), *self.forward()]
        for name, value in module.constants.items():
            text = Expressions(module, self.survey, None, self.text).expression(value)
            lines += broken(f"{INDENT}local {spelt(name)} = {text}")
            self.exported.append(name)
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                self.class_(node, lines)
            elif isinstance(node, ast.FunctionDef):
                self.function(module.functions[node.name], lines)
        if self.exported:
            table = ", ".join(f"{name} = {spelt(name)}" for name in self.exported)
            lines += ["", *broken(f"{INDENT}core.{module.name} = {{ {table} }}")]
        return [*lines, "end"]

    def imports(self) -> list[str]:
        lines: list[str] = []
        by_source: dict[str, list[str]] = {}
        for name, (source, _) in self.module.imports.items():
            by_source.setdefault(source, []).append(name)
        for source, names in by_source.items():
            lines.append(f"{INDENT}{'' if lines else 'local '}from = core.{source}")
            left, right = ", ".join(map(spelt, names)), ", ".join(f"from.{name}" for name in names)
            lines += broken(f"{INDENT}local {left} = {right}")
        return lines

    def forward(self) -> list[str]:
        """The declaration of what is used in front of its definition."""
        first_line = {name: item.node.lineno for name, item in self.module.functions.items()}
        first_line |= {name: node.lineno for name, node in self.module.classes.items() if not _is_engine(self.module)}
        early = {
            node.id
            for item in self.module.functions.values()
            for node in item.nodes
            if isinstance(node, ast.Name) and first_line.get(node.id, 0) > item.node.lineno
        }
        self.early = sorted(early, key=lambda name: first_line[name])
        return broken(f"{INDENT}local {', '.join(map(spelt, self.early))}") if early else []

    def class_(self, node: ast.ClassDef, lines: list[str]) -> None:
        is_engine = _is_engine(self.module) and node.name == ENGINE
        for item in node.body:
            if isinstance(item, ast.FunctionDef):
                function = self.module.functions[f"{node.name}.{item.name}"]
                self.function(function, lines, f"{ENGINE}." if is_engine else "")
        if not is_engine:
            self.exported.append(node.name)

    def function(self, function: Function, lines: list[str], owner: str = "") -> None:
        """One function, method or constructor with the place of its source above it."""
        node, body = function.node, Body(self.module, self.survey, function, self.text)
        is_constructor = function.is_method and node.name == "__init__"
        if len(function.locals) + 4 * sum(isinstance(item, ast.For) for item in function.nodes) > MOST_LOCALS:
            raise body.error(node, "too many local names: Lua allows 200")
        parameters = [spelt(name) for name in function.parameters]
        if is_constructor:
            name = f"{owner}new" if owner else spelt(function.owner)
            inner = body.constructor()
        else:
            name = f"{owner}{node.name}" if owner else spelt(node.name)
            parameters = ["self", *parameters] if function.is_method else parameters
            inner = body.lines()
        if not function.is_method:
            self.exported.append(node.name)
        declared = "" if owner or name in map(spelt, self.early) else "local "
        about = self.module.classes[function.owner] if is_constructor else node
        lines += ["", *comment(f"{self.place}:{node.lineno}: {_first_line(about)}", INDENT)]
        for line in [f"{declared}function {name}({', '.join(parameters)})", *inner, "end"]:
            lines += broken(INDENT + line)


def _is_engine(module: Module) -> bool:
    return module.name == ENGINE_MODULE


def _first_line(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> str:
    text = ast.get_docstring(node) or ""
    return text.partition("\n")[0]
