"""What the plugin costs in Wireshark: `python -m tools.bench.wireshark [--segments N] [--rounds N] [--kind K]`.

Measured is `tshark -n -r FILE` in one pass: without any plugin; with an empty post-dissector; with one that reads the
value of one field extractor at every packet, which any plugin does that asks Wireshark for a field; with tcplint. In
turn, so that a busy moment of the machine strikes all alike; the best of each counts. Time is that of the processor;
memory is the peak, and what lies above plain tshark is divided by the packets.

The capture lies in one busy minute, the worst case for memory: no connection is closed long enough to be let go. With
`--stretch 60` the same packets take an hour.
"""

from __future__ import annotations

import argparse
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tools.bench.capture import KINDS, write_capture

PLUGIN = Path(__file__).resolve().parent.parent.parent / "lua" / "tcplint.lua"
EMPTY = """
local proto = Proto("toy", "a post-dissector that does nothing")
function proto.dissector(tvb, pinfo, tree) end
register_postdissector(proto)
"""
ONE_FIELD = """
local stream = Field.new("tcp.stream")
local proto = Proto("toy", "a post-dissector that reads one field")
local sum = 0
function proto.dissector(tvb, pinfo, tree)
  local found = stream()
  if found then sum = sum + found.value end
end
register_postdissector(proto)
"""
PLAIN, ONE, OURS = "tshark", "one field", "tcplint"
HEAD, RECORD = 24, 16  # octets of a pcap file's header and of a record's


class Cost(NamedTuple):
    """Of one run."""

    seconds: float  # of the processor
    memory: int  # octets, peak


def run(command: list[str]) -> Cost:
    """Run it to its end. Ends the program when it fails."""
    with Path(os.devnull).open("wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed: {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def stretch(capture: Path, factor: int) -> None:
    """Let the packets take `factor` times as long."""
    data = bytearray(capture.read_bytes())
    place, start = HEAD, struct.unpack_from("<I", data, HEAD)[0]
    while place < len(data):
        seconds, fraction, captured = struct.unpack_from("<III", data, place)
        time = ((seconds - start) * 1_000_000 + fraction) * factor
        struct.pack_into("<II", data, place, start + time // 1_000_000, time % 1_000_000)
        place += RECORD + captured
    capture.write_bytes(data)


def measured(capture: Path, rounds: int, folder: Path) -> dict[str, Cost]:
    """The least time and the least peak of each variant."""
    scripts = {PLAIN: None, "empty plugin": folder / "empty.lua", ONE: folder / "one.lua", OURS: PLUGIN}
    (folder / "empty.lua").write_text(EMPTY, encoding="utf-8")
    (folder / "one.lua").write_text(ONE_FIELD, encoding="utf-8")
    best: dict[str, Cost] = {}
    for _ in range(rounds):
        for name, script in scripts.items():
            cost = run(["tshark", "-n", "-r", str(capture), *(["-X", f"lua_script:{script}"] if script else [])])
            had = best.get(name, cost)
            best[name] = Cost(min(cost.seconds, had.seconds), min(cost.memory, had.memory))
    return best


def table(best: dict[str, Cost], packets: int) -> list[str]:
    """Lines to print."""
    plain, one = best[PLAIN], best[ONE]
    lines = [f"{'':14}{'s of CPU':>10}{'× one field':>13}{'µs a packet':>13}{'MB':>8}{'B a packet':>12}"]
    for name, cost in best.items():
        more, room = (cost.seconds - plain.seconds) / packets * 1e6, (cost.memory - plain.memory) / packets
        ratio = cost.seconds / one.seconds
        lines.append(f"{name:14}{cost.seconds:10.2f}{ratio:13.2f}{more:13.1f}{cost.memory / 1e6:8.0f}{room:12.0f}")
    return lines


def main() -> None:
    """Make a capture, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.wireshark", description=__doc__)
    parser.add_argument("--segments", type=int, default=250_000, help="size of the capture that is made")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each variant, of which the best counts")
    parser.add_argument("--kind", choices=sorted(KINDS), default="mixed", help="of capture (tools/bench/capture.py)")
    parser.add_argument("--stretch", type=int, default=1, help="let the packets take so many times as long")
    asked = parser.parse_args()
    if shutil.which("tshark") is None:
        raise SystemExit("tshark is not installed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        capture = folder / "bench.pcap"
        packets = write_capture(capture, asked.segments, asked.kind)
        if asked.stretch != 1:
            stretch(capture, asked.stretch)
        print(f"{asked.kind} connections: {packets:,} packets in {asked.stretch} min")
        print("\n".join(table(measured(capture, asked.rounds, folder), packets)))


if __name__ == "__main__":
    main()
