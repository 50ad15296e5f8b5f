"""A real tshark or Wireshark in a home of its own: the user's plugins, profiles and preferences are not there."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tcplint.wireshark import ask
from tcplint.wireshark.errors import WiresharkError

ROOT = Path(__file__).resolve().parent.parent.parent
PLUGIN = ROOT / "lua" / "tcplint.lua"
SAID_TO_ROOT = "Running as user"


def environment(home: Path) -> dict[str, str]:
    """The variables of a program whose user has this home, and nothing in it but what a test put there."""
    left_out = ("WIRESHARK_", "XDG_", "TCPLINT_", "LANG", "LC_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return kept | {"HOME": str(home), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT / "dissect")}


def need_tshark() -> str:
    """tshark's path. Skips where there is none that loads personal plugins."""
    try:
        tshark = ask.find()
    except WiresharkError as error:
        pytest.skip(str(error))
    if os.geteuid() == 0 and tshark.skips_root:
        pytest.skip(f"tshark {tshark.version} loads no personal plugins for root; run the tests as another user")
    return tshark.path


def need_plugin() -> bytes:
    """The built plugin. Skips where it was not built."""
    if not PLUGIN.exists():
        pytest.skip("lua/tcplint.lua is not built (make lua)")
    return PLUGIN.read_bytes()


def tshark(home: Path, *arguments: str | Path) -> tuple[list[str], str]:
    """What tshark prints with this home, as lines, and what it writes to standard error besides its word to root."""
    command = [need_tshark(), *(str(argument) for argument in arguments)]
    done = subprocess.run(
        command, env=environment(home), cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith(SAID_TO_ROOT)]
    assert done.returncode == 0, said
    return done.stdout.splitlines(), "\n".join(said)


def need_program(name: str) -> str:
    """A program's path. Skips where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (make gui)")
    return found
