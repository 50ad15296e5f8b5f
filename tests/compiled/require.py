"""A pytest plugin that stops the run at once when any file of core/ is loaded as Python instead of machine code.

    PYTHONPATH=OVERLAY python -m pytest -p tests.compiled.require …
"""

import importlib
from pathlib import Path

import pytest

import tcplint.core


def pytest_sessionstart() -> None:
    root = Path(tcplint.core.__path__[0])
    sources = [path for path in sorted(root.rglob("*.py")) if path.name != "__init__.py"]
    names = [".".join(("tcplint.core", *path.relative_to(root).with_suffix("").parts)) for path in sources]
    interpreted = [name for name in names if str(importlib.import_module(name).__file__).endswith(".py")]
    if interpreted or "tcplint.core.engine" not in names:
        pytest.exit(f"not compiled: {', '.join(interpreted) or 'tcplint.core.engine is missing'}", returncode=3)
