"""Runs the commands that the READMEs show and writes down what they print.

    python -m tools.build_readme            write the outputs anew
    python -m tools.build_readme --check    only say which README is out of date; exit 1 if one is

In a fenced block marked `console` a line that begins with `$ ` is a command; what it prints follows, up to the next
command or the end of the block: standard output, then standard error. Commands run in the root of the repository, in
sh, in the C locale, without colours; `tcplint` is the one of this source tree.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh.md")

FAILED = 2  # exit code of a command that could not do what it was asked to

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_WRAPPER = '#!/bin/sh\nexec "{python}" -m tcplint "$@"\n'


def replayed(text: str) -> str:
    """The text with the output of every command as it is now.

    Raises ValueError for a block without a command, and for a command that fails: no README shows that.
    """
    with tempfile.TemporaryDirectory() as directory:
        wrapper = Path(directory, "tcplint")
        wrapper.write_text(_WRAPPER.format(python=sys.executable), encoding="utf-8")
        wrapper.chmod(0o755)
        environment = {name: value for name, value in os.environ.items() if name not in ("TCPLINT_LANG", "FORCE_COLOR")}
        environment |= {
            "PATH": f"{directory}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "dissect"),
            "LC_ALL": "C.UTF-8",
        }
        return _BLOCK.sub(lambda block: f"```console\n{_replayed_block(block[1], environment)}```", text)


def commands(text: str) -> list[str]:
    """The commands that the text shows."""
    return [line[2:] for block in _BLOCK.findall(text) for line in block.splitlines() if line.startswith("$ ")]


def _replayed_block(block: str, environment: dict[str, str]) -> str:
    found = [line for line in block.splitlines() if line.startswith("$ ")]
    if not found:
        raise ValueError(f"a console block without a command: {block!r}")
    return "".join(f"{line}\n{_output(line[2:], environment)}" for line in found)


def _output(command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8")
    if done.returncode == FAILED:
        raise ValueError(f"{command!r} failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when both READMEs are, or now are, up to date; 1 when --check finds one that is not."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.build_readme", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    chosen = parser.parse_args(arguments)
    old = 0
    for name in READMES:
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        fresh = replayed(text)
        if fresh != text:
            old += 1
            if not chosen.check:
                path.write_text(fresh, encoding="utf-8")
            print(f"{'stale' if chosen.check else 'wrote'}: {name}")
    return 1 if chosen.check and old else 0


if __name__ == "__main__":
    sys.exit(main())
