"""The command: records stories into the corpus, or verifies that they come out as committed."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.lab import __doc__ as theory
from tools.lab.case import files, write
from tools.lab.errors import LabError, MissingToolError, SpoiltError
from tools.lab.play import missing, record
from tools.lab.story import Story, load
from tools.lab.verify import differences

CORPUS = Path(__file__).resolve().parent.parent.parent / "corpus"


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every story is recorded or verified, 1 when one failed or differs, 2 when this machine cannot record."""
    stories = load()
    parser = argparse.ArgumentParser(
        prog="python -m tools.lab", description=theory, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stories", nargs="*", metavar="STORY", help="group/case or a group [default: all]")
    parser.add_argument("--into", type=Path, default=CORPUS, metavar="DIRECTORY", help="[default: corpus/]")
    parser.add_argument("--verify", action="store_true", help="write nothing; compare with what is in DIRECTORY")
    parser.add_argument("--list", action="store_true", help="name the stories")
    chosen = parser.parse_args(arguments)
    if chosen.list:
        print("\n".join(f"{name}  {story.title[0]}" for name, story in stories.items()))
        return 0
    picked: dict[str, Story] = {}
    for asked in chosen.stories or [""]:
        fitting = {name: story for name, story in stories.items() if asked in ("", name, name.partition("/")[0])}
        if not fitting:
            parser.error(f"no story {asked}; there are {', '.join(stories)}")
        picked |= fitting
    lacking = missing()
    if lacking is not None:
        print(f"tools.lab: {lacking}", file=sys.stderr)
        return 2
    outcomes = [_one(story, chosen.into / name, chosen.verify) for name, story in picked.items()]
    return 0 if all(outcomes) else 1


def _one(story: Story, directory: Path, verify: bool) -> bool:
    try:
        made = files(story, record(story))
        if not verify:
            write(directory, made)
            print(f"recorded {story.name}", flush=True)
            return True
        told = differences(directory, made)
    except MissingToolError as error:
        print(f"tools.lab: {story.name}: left out: {error}", file=sys.stderr)
        return True
    except (LabError, SpoiltError, OSError) as error:
        print(f"tools.lab: {story.name}: {error}", file=sys.stderr)
        return False
    for line in told:
        print(f"tools.lab: {story.name}: {line}", file=sys.stderr)
    if not told:
        print(f"the same {story.name}", flush=True)
    return not told


def entry() -> int:
    """The command as a process: Ctrl-C ends it with 130, after everything was put away."""
    try:
        return main()
    except KeyboardInterrupt:
        print("tools.lab: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(entry())
