"""What the guard of the portable subset says of a refused node, and what to write instead of it."""

import ast

#: Words that cannot be names in Lua. Those that Python keeps for itself too need no mention.
LUA_KEYWORDS = frozenset({"do", "else", "elseif", "end", "false", "function", "goto", "local", "nil", "repeat", "then"})
LUA_KEYWORDS |= {"true", "until"}

#: What to write instead of a refused node.
INSTEAD: dict[type[ast.AST], str] = {
    ast.AnnAssign: "annotation: types stand in the .pxd file",
    ast.Assert: "assert: portable code has no exceptions",
    ast.AsyncFor: "async for: use for",
    ast.AsyncFunctionDef: "async function: use def",
    ast.AsyncWith: "with: the core opens nothing",
    ast.Await: "await: the core waits for nothing",
    ast.ClassDef: "class inside a function or class: put it at the top level",
    ast.Delete: "del: use pop(key, None) or clear()",
    ast.DictComp: "comprehension: write a loop",
    ast.FormattedValue: "f-string: findings carry numbers, the catalogue has the words",
    ast.FunctionDef: "function inside a function (closure): put it at the top level",
    ast.GeneratorExp: "comprehension: write a loop",
    ast.Global: "global: keep state in an object",
    ast.IfExp: "conditional expression: write if and else",
    ast.Import: "import: use `from .module import NAME`",
    ast.ImportFrom: "import: use `from .module import NAME` at the top level, without `as` or `*`",
    ast.JoinedStr: "f-string: findings carry numbers, the catalogue has the words",
    ast.Lambda: "lambda: write a function at the top level",
    ast.ListComp: "comprehension: write a loop",
    ast.Match: "match: write if and elif",
    ast.NamedExpr: "assignment inside an expression: assign first",
    ast.Nonlocal: "nonlocal: keep state in an object",
    ast.Raise: "raise: portable code has no exceptions, return what is wrong",
    ast.Set: "set: use a dictionary or a list",
    ast.SetComp: "comprehension: write a loop",
    ast.Slice: "slice: only data[a:b] with both bounds and no step",
    ast.Starred: "starred expression: pass the arguments one by one",
    ast.Try: "try: portable code has no exceptions, test first",
    ast.TryStar: "try: portable code has no exceptions, test first",
    ast.Tuple: "tuple: use a list or an object, return one value",
    ast.With: "with: the core opens nothing",
    ast.Yield: "yield: append to a list",
    ast.YieldFrom: "yield: append to a list",
    ast.Div: "/: use // with a positive constant",
    ast.Pow: "**: use a table of powers",
    ast.LShift: "<<: multiply by a table of powers",
    ast.RShift: ">>: use // with a positive constant",
    ast.BitOr: "|: add bits that are known to be clear",
    ast.BitXor: "^: compare with == or !=",
    ast.Invert: "~: use & with the constant of the bits to keep",
    ast.MatMult: "@: no such operation",
    ast.UAdd: "unary +: leave it out",
}

#: What to write instead of a builtin function.
INSTEAD_OF_BUILTIN = {
    "abs": "write the comparison, or a function of core/sequence.py under another name",
    "max": "use larger() of core/sequence.py",
    "min": "use smaller() of core/sequence.py",
    "range": "range belongs into the head of a for",
}
