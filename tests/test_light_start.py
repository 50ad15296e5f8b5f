"""Commands that read no capture start light: they import no packet library and no terminal library."""

import json
import subprocess
import sys

import pytest

# Runs the command in a fresh interpreter and prints, last, which modules it had loaded.
PROBE = """
import json, sys
from tcplint.cli.main import main
sys.argv = ["tcplint", *json.loads(sys.argv[1])]
try:
    code = main()
except SystemExit as stop:
    code = stop.code
print()
print(json.dumps([code or 0, sorted({name.partition(".")[0] for name in sys.modules})]))
"""

HEAVY = {"asyncio", "dpkt", "lxml", "pyshark", "rich", "scapy"}


def run(*arguments: str) -> tuple[str, int, set[str]]:
    """What the command printed, its exit code, and the top-level modules it loaded."""
    probe = [sys.executable, "-c", PROBE, json.dumps(arguments)]
    done = subprocess.run(probe, capture_output=True, text=True, check=True, encoding="utf-8")
    printed, _, last = done.stdout.rstrip("\n").rpartition("\n")
    code, modules = json.loads(last)
    return printed, code, set(modules)


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("rule", "data-after-fin"), ("rule", "TD004")])
def test_command_that_reads_no_capture_loads_no_packet_or_terminal_library(arguments: tuple[str, ...]) -> None:
    printed, code, modules = run(*arguments)
    assert code == 0
    assert printed.strip()
    assert modules & HEAVY == set()


def test_version_names_the_version() -> None:
    from tcplint.__about__ import __version__

    printed, _, _ = run("--version")
    assert __version__ in printed
