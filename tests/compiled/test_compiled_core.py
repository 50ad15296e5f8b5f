"""The core compiled by Cython gives what the interpreted core gives: the ladders and the decoder's tests, run again.

The build is kept under build/compiled/ by the content of core/, so that only a change of core/ costs a compilation.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import compile_core

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / "build" / "compiled"

needs_compiler = pytest.mark.skipif(
    compile_core.c_compiler() is None, reason="no C compiler or no Python.h here (Debian: gcc, python3-dev)"
)


@pytest.fixture(scope="session")
def overlay() -> Path:
    """The directory to put first on the search path."""
    return compile_core.compiled_core(CACHE)


def run_in(overlay: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest in a fresh interpreter that finds the compiled core first."""
    search = os.pathsep.join([str(overlay), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "tests.compiled.require", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        command, cwd=ROOT, env=environment | {"PYTHONPATH": search}, capture_output=True, text=True, check=False
    )


@needs_compiler
@pytest.mark.parametrize("directory", ["tests/rules", "tests/wire"])
def test_compiled_core_passes_the_tests_that_the_interpreted_core_passes(overlay: Path, directory: str) -> None:
    done = run_in(overlay, directory)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert re.search(r"^[1-9]\d* passed", done.stdout, re.MULTILINE), done.stdout[-500:]


@needs_compiler
def test_interpreted_file_in_the_overlay_stops_the_run(overlay: Path, tmp_path: Path) -> None:
    for item in (overlay / "tcplint").iterdir():
        if item.name != "core":
            (tmp_path / "tcplint").mkdir(exist_ok=True)
            (tmp_path / "tcplint" / item.name).symlink_to(item.resolve())
    (tmp_path / "tcplint" / "core").symlink_to(compile_core.PACKAGE / "core")
    done = run_in(tmp_path, "tests/rules")
    assert done.returncode == 3
    said = done.stdout + done.stderr
    assert "not compiled: tcplint.core." in said
    assert "tcplint.core.calm, tcplint.core.calm_open, " in said


@needs_compiler
def test_file_that_does_not_compile_is_an_error_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "source" / "core").mkdir(parents=True)
    (tmp_path / "source" / "core" / "broken.py").write_text("def f(:\n")
    monkeypatch.setattr(compile_core, "PACKAGE", tmp_path / "source")
    with pytest.raises(compile_core.CompileError, match=r"broken\.py:1:6"):
        compile_core.compile_core(tmp_path / "target")


def test_build_is_found_again_until_a_file_of_core_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source" / "core" / "rules"
    source.mkdir(parents=True)
    (source / "reset.py").write_text("A = 1\n")
    monkeypatch.setattr(compile_core, "PACKAGE", tmp_path / "source")
    before = compile_core.fingerprint()
    (tmp_path / "source" / "check.py").write_text("changed")
    assert compile_core.fingerprint() == before
    (source / "reset.pxd").write_text("changed")
    assert compile_core.fingerprint() != before
