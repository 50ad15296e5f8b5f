"""The command: plays every story with every stack that is here, in both roles, and writes the table."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tools.lab.play import missing
from tools.lab.stacks import __doc__ as theory
from tools.lab.stacks.play import Result, perform
from tools.lab.stacks.roster import BUILD, STACKS
from tools.lab.stacks.stories import STORIES
from tools.lab.stacks.table import write_tables


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when everything was played, 2 when this machine cannot: no namespaces, or a stack that was named is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.lab.stacks", description=theory, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stacks", nargs="*", metavar="STACK", help=f"of {', '.join(STACKS)} [default: all]")
    parser.add_argument("--role", choices=("client", "server"), help="what the stack plays [default: both]")
    parser.add_argument("--story", action="append", choices=sorted(STORIES), metavar="NAME", help="[default: all]")
    parser.add_argument("--into", type=Path, default=BUILD, metavar="DIRECTORY", help="[default: build/stacks]")
    parser.add_argument("--docs", action="store_true", help="write the tables of docs/*/stacks.md from what is there")
    parser.add_argument("--packages", action="store_true", help="name the Debian packages that are needed, and end")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.stacks) - set(STACKS)
    if unknown:
        parser.error(f"no stack {', '.join(sorted(unknown))}; there are {', '.join(STACKS)}")
    picked = [stack for name, stack in STACKS.items() if name in (chosen.stacks or STACKS)]
    if chosen.packages:
        print(" ".join(sorted({package for stack in picked for package in stack.packages})))
        return 0
    lacking = missing()
    if lacking is not None:
        print(f"tools.lab.stacks: {lacking}", file=sys.stderr)
        return 2
    for stack in picked:
        version = stack.version()
        if version is None:
            print(f"tools.lab.stacks: {stack.title} is not here; it needs {' '.join(stack.packages)}", file=sys.stderr)
            if stack.name in chosen.stacks:
                return 2
            continue
        for role in stack.roles:
            if chosen.role in (None, role):
                begun = time.monotonic()
                folder = chosen.into / f"{stack.name}-{role}"
                results = [perform(stack, role, name, folder) for name in chosen.story or STORIES]
                _keep(results, version, folder, whole=chosen.story is None)
                _tell(results, f"{stack.title} {version} as {role}, {time.monotonic() - begun:.0f} s")
    if chosen.docs:
        write_tables(chosen.into)
    return 0


def _keep(results: list[Result], version: str, folder: Path, whole: bool) -> None:
    if whole:
        text = json.dumps({"version": version, "results": [asdict(one) for one in results]}, indent=1)
        (folder / "results.json").write_text(text + "\n", encoding="utf-8")


def _tell(results: list[Result], head: str) -> None:
    played = [one for one in results if one.frames]
    print(f"{head}: {len(played)} stories, {sum(one.connections for one in played)} connections", flush=True)
    for one in results:
        if one.left_out:
            print(f"  {one.story}: {one.left_out}")
        places: dict[str, list[str]] = {}
        for said in one.said:
            line = f"{said.severity} {said.rule} {said.kind}, {said.whom}"
            places.setdefault(line, []).append(f"{said.point}:{said.frame}")
        for line, where in sorted(places.items()):
            print(f"  {one.story}: {line} at {' '.join(where)}")
        for damage in one.accused_by_damage:
            print(f"  {one.story}: DAMAGE {damage}")


if __name__ == "__main__":
    sys.exit(main())
