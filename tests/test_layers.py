"""Who may import whom: the path of the data is the layout, and nothing reaches back up it."""

import ast
from pathlib import Path

import pytest

import tcplint

PACKAGE = Path(tcplint.__path__[0])

# What each part may import of ours, besides itself. `report`, `ladder` and `cli` stand above `check`.
BELOW = {
    "core": set(),
    "capture": set(),
    "segments": {"capture", "core"},
    "data": set(),
    "address": set(),
    "catalogue": {"core", "data"},
    "results": {"catalogue"},
    "lately": {"results"},
    "wireshark": {"data", "segments"},
    "thresholds": set(),
    "config": {"catalogue", "thresholds"},
    "check": {"address", "capture", "catalogue", "core", "data", "lately", "results", "segments", "thresholds"},
    "luagen": {"catalogue", "core", "data"},
}


def parts_imported(path: Path, root: Path = PACKAGE) -> set[str]:
    """The parts of tcplint that a file imports, wherever in the file it does."""
    package = ["tcplint", *path.relative_to(root).parts[:-1]]
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = [*base, *(node.module or "").split(".")] if node.module else base
            names += [".".join([*module, alias.name]) for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("tcplint.")}


def files_of(part: str) -> list[Path]:
    return sorted((PACKAGE / part).rglob("*.py")) or [PACKAGE / f"{part}.py"]


@pytest.mark.parametrize("part", sorted(BELOW))
def test_part_imports_only_what_stands_below_it(part: str) -> None:
    allowed = BELOW[part] | {part, "__about__"}
    reaching = {
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in files_of(part)
        for name in parts_imported(path) - allowed
    }
    assert reaching == set()


def test_core_imports_nothing_outside_itself_not_even_the_standard_library() -> None:
    outside = set()
    for path in files_of("core"):
        depth = len(path.relative_to(PACKAGE).parts) - 1
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not 1 <= node.level <= depth):
                outside.add(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert outside == set()


@pytest.mark.parametrize("part", ["report", "ladder", "trace"])
def test_what_shows_a_verdict_does_not_import_commands(part: str) -> None:
    assert [path.name for path in files_of(part) if "cli" in parts_imported(path)] == []


def test_the_source_root_is_no_package_because_its_name_belongs_to_others() -> None:
    if PACKAGE.parent.name == "dissect":
        assert not (PACKAGE.parent / "__init__.py").exists()


def test_every_way_to_import_is_counted_as_the_part_it_leads_to(tmp_path: Path) -> None:
    file = tmp_path / "core" / "bad.py"
    file.parent.mkdir()
    file.write_text("from ..capture import Frame\nfrom .. import cli\nimport tcplint.report.full\n")
    with file.open("a") as more:
        more.write("from .model import FIN\nfrom tcplint import data\ndef late():\n    import tcplint.ladder\n")
    assert parts_imported(file, tmp_path) == {"capture", "cli", "report", "core", "data", "ladder"}
