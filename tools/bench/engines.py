"""The engines beside each other: `python -m tools.bench.engines [--segments N] [--rounds N] [--capture FILE]`.

In the same run: tcplint with each of its engines, tshark writing for itself what engine tshark reads from it, tshark
printing two fields, and dpkt parsing every frame and doing nothing with it. Frames a second are of the best round.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tcplint.segments.tshark.child import DECODE_AS, PREFERENCES, PRINTED
from tcplint.segments.tshark.find import find_tshark
from tools.bench.capture import write_capture
from tools.bench.timing import ASKED_OF_TSHARK, best_of, installed

BARE_DPKT = """
import sys, dpkt
frames = segments = 0
with open(sys.argv[1], "rb") as file:
    for _, data in dpkt.pcap.Reader(file):
        frames += 1
        segments += isinstance(getattr(dpkt.ethernet.Ethernet(data).data, "data", None), dpkt.tcp.TCP)
"""


def commands(capture: Path) -> dict[str, list[str]]:
    """What is timed, by name."""
    check = [sys.executable, "-m", "tcplint", "check", "-o", "concise", "--fail-on", "never", str(capture)]
    tshark = [find_tshark(), "-n", "-r", str(capture)]
    options = [word for name, value in PREFERENCES.items() for word in ("-o", f"{name}:{value}")]
    options += [word for layer, protocol in DECODE_AS.items() for word in ("-d", f"{layer},{protocol}")]
    return {
        "tcplint, engine dpkt": [*check, "--engine", "dpkt"],
        "tcplint, engine tshark": [*check, "--engine", "tshark"],
        "tshark, as that engine runs it": [*tshark, "-l", "-T", "pdml", "-j", " ".join(PRINTED), *options],
        "tshark, two fields": [*tshark, *ASKED_OF_TSHARK],
        "dpkt, bare parsing": [sys.executable, "-c", BARE_DPKT, str(capture)],
    }


def main() -> None:
    """Measure in turn, so that a busy moment of the machine strikes all alike; print the best of each."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.engines", description=main.__doc__)
    parser.add_argument("--segments", type=int, default=20_000, help="size of the capture that is made")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each program, of which the best counts")
    parser.add_argument("--capture", type=Path, help="time on this pcap file of Ethernet frames instead of making one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), asked.rounds, asked.segments, asked.capture)


def compare(folder: Path, rounds: int, segments: int, given: Path | None = None) -> None:
    """Print the times of all on the capture `given`, or on one of ordinary connections, written into `folder`."""
    capture = (given or folder / "engines.pcap").absolute()
    frames = count(capture) if given else write_capture(capture, segments, "mixed")
    print(f"the engines: {frames:,} frames, {capture.stat().st_size:,} octets, {os.cpu_count()} processors")
    best = best_of(rounds, commands(capture), installed(folder))
    print(f"{'':32}{'seconds':>10}{'of CPU':>10}{'frames/s':>12}")
    for name, (wall, cpu) in best.items():
        print(f"{name:32}{wall:10.2f}{cpu:10.2f}{frames / wall:12,.0f}")


def count(capture: Path) -> int:
    """The frames of a capture."""
    from tcplint.capture import open_capture

    with open_capture(capture) as frames:
        return sum(1 for _ in frames)


if __name__ == "__main__":
    main()
