"""Compiles a copy of tcplint whose core/ is machine code: the second runtime of the same source.

    python -m tools.compile_core DIRECTORY

The whole package is copied to DIRECTORY/tcplint, then every file of core/ is translated by Cython (pure Python mode, no
types yet) and built by the C compiler beside its `.py`. Python prefers the compiled file, so that with DIRECTORY first
on the search path `import tcplint.core.engine` loads machine code and everything around it stays as it is.

Built for checking, not for speed: -O0 compiles in a third of the time that -O1 takes.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "dissect" / "tcplint"
JOBS = 2


class CompileError(Exception):
    """Cython or the C compiler refused; the message is what they printed."""


def c_compiler() -> str | None:
    """The path of the C compiler of this Python, else None; None also where the headers of Python are missing."""
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return None
    return shutil.which(_linking()[0])


def compile_core(target: Path) -> Path:
    """Compiles into `target`, which is replaced, and returns it: the directory to put on the search path.

    Raises CompileError when a file does not compile.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(PACKAGE, target / "tcplint", ignore=shutil.ignore_patterns("__pycache__", "*.so", "_data"))
    sources = [path for path in sorted((target / "tcplint" / "core").rglob("*.py")) if path.name != "__init__.py"]
    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(_translate, [sources[first::JOBS] for first in range(JOBS)]))
        list(pool.map(_build, sources))
    return target


def _translate(sources: list[Path]) -> None:
    """Python to C, beside the source."""
    _run([sys.executable, "-m", "cython", "-3", *map(str, sources)])


def _build(source: Path) -> None:
    """C to a loadable module, beside the source."""
    translation = source.with_suffix(".c")
    module = source.with_suffix(str(sysconfig.get_config_var("EXT_SUFFIX")))
    include = sysconfig.get_path("include")
    _run([*_linking(), "-fPIC", "-O0", "-g0", "-w", f"-I{include}", str(translation), "-o", str(module)])
    translation.unlink()


def _linking() -> list[str]:
    """The command that makes a loadable module, as this Python was configured."""
    return str(sysconfig.get_config_var("LDSHARED") or "cc -shared").split()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise CompileError(done.stdout)


def compiled_core(cache: Path) -> Path:
    """The same, but built only if `cache` does not hold it already: found by what is compiled, and by what compiles.

    Several processes may ask at once; one builds, the others wait. Older builds are removed. Only core/ decides whether
    a build is good, so the rest of the package is linked, not copied: it is never stale.
    """
    cache.mkdir(parents=True, exist_ok=True)
    place = cache / fingerprint()
    with _locked(cache / "lock"):
        if not (place / "complete").is_file():
            for old in cache.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            compile_core(place)
            for item in (place / "tcplint").iterdir():
                if item.name != "core":
                    shutil.rmtree(item) if item.is_dir() else item.unlink()
            (place / "complete").touch()
        _link_rest(place / "tcplint")
    return place


def fingerprint() -> str:
    """A name for what would be built now."""
    digest = hashlib.sha256()
    parts = [sys.version, version("cython"), sysconfig.get_platform(), Path(__file__).read_text(encoding="utf-8")]
    for path in sorted((PACKAGE / "core").rglob("*.p[yx]*")):
        if path.suffix in (".py", ".pxd"):
            parts += [path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")]
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:16]


def _link_rest(copy: Path) -> None:
    """Links everything of the package but core/ into a build, as it is now."""
    for link in copy.iterdir():
        if link.is_symlink() and not link.exists():
            link.unlink()
    for item in PACKAGE.iterdir():
        if item.name not in ("core", "__pycache__") and not (copy / item.name).is_symlink():
            (copy / item.name).symlink_to(item)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """Compiles into the named directory; 2 without a compiler or when compiling fails."""
    if len(arguments) != 1:
        print("usage: python -m tools.compile_core DIRECTORY", file=sys.stderr)
        return 2
    if c_compiler() is None:
        print("compile_core: no C compiler, or no Python headers: install gcc and python3-dev", file=sys.stderr)
        return 2
    target = Path(arguments[0]).resolve()
    if target.exists() and any(target.iterdir()):
        print(f"compile_core: {target} is not empty", file=sys.stderr)
        return 2
    try:
        compile_core(target)
    except CompileError as error:
        print(error, file=sys.stderr)
        return 2
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
