"""Run the benchmark: `python -m tools.bench [--segments N] [--rounds N] [--capture FILE]`."""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.bench.capture import KINDS, write_capture

ASKED_OF_TSHARK = ["-T", "fields", "-e", "tcp.stream", "-e", "tcp.completeness"]


def commands(capture: Path) -> dict[str, list[str]]:
    """What is timed, by name. A program that is not installed is left out, with a word on standard error."""
    found = {
        "tcplint check": [sys.executable, "-m", "tcplint", "check", "-o", "concise", str(capture)],
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


def installed(folder: Path) -> dict[str, str]:
    """The environment of the runs: compiled bytecode is kept, as it is wherever pip has installed a package."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def measure(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds by the clock and seconds of CPU of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, check=False)
    wall = time.perf_counter() - start
    if ended.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} failed: {ended.stderr.decode(errors='replace')}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
            print_table(best_of(asked.rounds, asked.capture, environment))
            return
        for kind in [asked.kind] if asked.kind else KINDS:
            capture = Path(folder) / f"{kind}.pcap"
            segments = write_capture(capture, asked.segments, kind)
            print(f"{kind} connections: {segments:,} segments, {capture.stat().st_size:,} octets")
            print_table(best_of(asked.rounds, capture, environment))


def best_of(rounds: int, capture: Path, environment: dict[str, str]) -> dict[str, tuple[float, float]]:
    """The best time of each program, by the clock and of CPU."""
    best: dict[str, tuple[float, float]] = {}
    for _ in range(rounds):
        for name, command in commands(capture).items():
            wall, cpu = measure(command, environment)
            had = best.get(name, (wall, cpu))
            best[name] = (min(wall, had[0]), min(cpu, had[1]))
    return best


def print_table(best: dict[str, tuple[float, float]]) -> None:
    """Seconds, and how many times those of `tcplint check`."""
    ours = best["tcplint check"]
    print(f"{'':26}{'seconds':>10}{'of CPU':>10}{'× tcplint':>12}{'× (CPU)':>10}")
    for name, (wall, cpu) in best.items():
        print(f"{name:26}{wall:10.2f}{cpu:10.2f}{wall / ours[0]:12.2f}{cpu / ours[1]:10.2f}")


if __name__ == "__main__":
    main()
