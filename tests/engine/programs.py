"""Programs that are called tshark and are not, or not quite: shell scripts, put in front of PATH."""

import os
import shutil
from pathlib import Path

import pytest

REAL = shutil.which("tshark") or "tshark"
HEAD = '<?xml version="1.0"?>\\n<pdml version="0" creator="{creator}">\\n'


def script(folder: Path, text: str) -> Path:
    """An executable `tshark` in `folder`."""
    folder.mkdir(exist_ok=True)
    path = folder / "tshark"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def use(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let `folder` be searched first."""
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def running() -> set[int]:
    """The process numbers of every tshark (Linux)."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text(encoding="utf-8").strip() == "tshark":
                found.add(int(folder.name))
        except OSError:
            continue
    return found


def children(parent: int) -> set[int]:
    """The process numbers of every tshark that this process started."""
    return {pid for pid in running() if _parent(pid) == parent}


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1])
    except (OSError, ValueError):
        return -1
