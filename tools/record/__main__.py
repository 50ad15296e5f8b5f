"""The command: records stories into the corpus."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.record import __doc__ as theory
from tools.record.case import SpoiltError, describe, frame_times, write
from tools.record.scene import DisagreementError, Scene
from tools.record.stories import STORIES, Story
from tools.record.wire import Wire, WireError

CORPUS = Path(__file__).resolve().parent.parent.parent / "corpus"


def missing() -> str | None:
    """What this machine lacks, in one line; None when it can record."""
    if not sys.platform.startswith("linux"):
        return "network namespaces exist on Linux only"
    if os.geteuid() != 0:
        return "making network namespaces needs root"
    for command in ("ip", "tcpdump"):
        if shutil.which(command) is None:
            return f"the command {command} is missing (Debian: apt-get install iproute2 tcpdump)"
    return None


def record(name: str, story: Story, directory: Path) -> None:
    """Play one story and write its case into `directory`.

    Raises WireError, DisagreementError or SpoiltError; then nothing is written.
    """
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "capture.pcap")
        with Wire() as wire, Scene(wire) as scene, wire.recorded(path):
            story.play(scene)
        octets = path.read_bytes()
    write(directory, octets, describe(name, story, scene.moments, frame_times(octets)))


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every story is recorded, 1 when one failed, 2 when this machine cannot record."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.record", description=theory, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stories", nargs="*", metavar="STORY", help=f"one of {', '.join(STORIES)} [default: all]")
    parser.add_argument("--into", type=Path, default=CORPUS, metavar="DIRECTORY", help="[default: corpus/]")
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.stories if name not in STORIES]
    if unknown:
        parser.error(f"no story {unknown[0]}; there are {', '.join(STORIES)}")
    lacking = missing()
    if lacking is not None:
        print(f"tools.record: {lacking}", file=sys.stderr)
        return 2
    failed = False
    for name in chosen.stories or STORIES:
        try:
            record(name, STORIES[name], chosen.into / name)
        except (WireError, DisagreementError, SpoiltError, OSError) as error:
            print(f"tools.record: {name}: {error}", file=sys.stderr)
            failed = True
        else:
            print(f"recorded {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
