"""Reports: one format, one file. `writer` finds the format by name and imports nothing else."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from tcplint.report.base import View, Writer

FORMATS = ("full", "concise", "jsonl")


def writer(name: str, write: Callable[[str], object], view: View) -> Writer:
    """The writer of one format. `write` takes whole lines; `name` is one of FORMATS."""
    if name not in FORMATS:
        raise ValueError(f"unknown format {name!r}")
    module = import_module(f"tcplint.report.{name}")
    return cast("Writer", module.writer(write, view))
