"""Run the benchmark: `python -m tools.bench [--segments N] [--rounds N] [--capture FILE]`.

At its end the engines stand beside each other, on a fifth of the segments (tools/bench/engines.py).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tools.bench import engines
from tools.bench.capture import KINDS, write_capture
from tools.bench.timing import ASKED_OF_TSHARK, Times, best_of, installed


def commands(capture: Path) -> dict[str, list[str]]:
    """What is timed, by name. A program that is not installed is left out, with a word on standard error."""
    found = {
        "tcplint check": [sys.executable, "-m", "tcplint", "check", str(capture)],
        "tcplint check -o jsonl": [sys.executable, "-m", "tcplint", "check", "-o", "jsonl", str(capture)],
    }
    for name, command in (
        ("tshark -T fields", ["tshark", "-n", "-r", str(capture), *ASKED_OF_TSHARK]),
        ("tcpdump -w /dev/null", ["tcpdump", "-n", "-r", str(capture), "-w", os.devnull]),
    ):
        if shutil.which(command[0]):
            found[name] = command
        else:
            print(f"{command[0]} is not installed and is left out", file=sys.stderr)
    return found


def main() -> None:
    """Measure in turn, so that a busy moment of the machine strikes all alike; print the best of each."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=main.__doc__)
    parser.add_argument("--segments", type=int, default=100_000, help="size of the capture that is made")
    parser.add_argument("--rounds", type=int, default=4, help="runs of each program, of which the best counts")
    parser.add_argument("--kind", choices=sorted(KINDS), help="only this kind of capture (tools/bench/capture.py)")
    parser.add_argument("--capture", type=Path, help="time on this capture instead of making any")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = installed(Path(folder))
        if asked.capture:
            print_table(best_of(asked.rounds, commands(asked.capture), environment))
            return
        for kind in [asked.kind] if asked.kind else KINDS:
            capture = Path(folder) / f"{kind}.pcap"
            segments = write_capture(capture, asked.segments, kind)
            print(f"{kind} connections: {segments:,} segments, {capture.stat().st_size:,} octets")
            print_table(best_of(asked.rounds, commands(capture), environment))
        if shutil.which("tshark"):
            engines.compare(Path(folder), asked.rounds, asked.segments // 5)


def print_table(best: dict[str, Times]) -> None:
    """Seconds, and how many times those of `tcplint check`."""
    ours = best["tcplint check"]
    print(f"{'':26}{'seconds':>10}{'of CPU':>10}{'× tcplint':>12}{'× (CPU)':>10}")
    for name, (wall, cpu) in best.items():
        print(f"{name:26}{wall:10.2f}{cpu:10.2f}{wall / ours[0]:12.2f}{cpu / ours[1]:10.2f}")


if __name__ == "__main__":
    main()
