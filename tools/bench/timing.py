"""The time that a program takes, by the clock and of CPU, and the best of several rounds."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ASKED_OF_TSHARK = ["-T", "fields", "-e", "tcp.stream", "-e", "tcp.completeness"]


class Times(NamedTuple):
    """Of one program, in seconds."""

    wall: float
    cpu: float


def installed(folder: Path) -> dict[str, str]:
    """The environment of the runs: compiled bytecode is kept, as it is wherever pip has installed a package."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def measure(command: list[str], environment: dict[str, str]) -> Times:
    """Seconds by the clock and seconds of CPU of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, check=False)
    wall = time.perf_counter() - start
    if ended.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} failed: {ended.stderr.decode(errors='replace')}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Times(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def best_of(rounds: int, commands: Mapping[str, list[str]], environment: dict[str, str]) -> dict[str, Times]:
    """The best time of each program. They run in turn, so that a busy moment of the machine strikes all alike."""
    best: dict[str, Times] = {}
    for _ in range(rounds):
        for name, command in commands.items():
            wall, cpu = measure(command, environment)
            had = best.get(name, Times(wall, cpu))
            best[name] = Times(min(wall, had.wall), min(cpu, had.cpu))
    return best
