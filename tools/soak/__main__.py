"""The command: batch after batch, until there are as many connections and damaged copies as were asked for."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tools.lab.errors import LabError
from tools.lab.play import missing
from tools.soak import __doc__ as theory
from tools.soak.crowd import Batch, draw_batch, run_batch
from tools.soak.evidence import write
from tools.soak.judge import Tally, judge

INTO = Path(__file__).resolve().parent.parent.parent / "build" / "soak"
BATCH = 800  # connections planned for one
MOST = 20  # folders for the same accusation; what is beyond is only counted


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when nobody was accused, 1 when somebody was, 2 when this machine cannot make namespaces."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.soak", description=theory, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--connections", type=int, default=300, metavar="N", help="[default: %(default)s]")
    parser.add_argument("--copies", type=int, metavar="N", help="damaged copies [default: 10 a connection]")
    parser.add_argument("--seed", default="1", metavar="TEXT", help="[default: %(default)s]")
    parser.add_argument("--batch", type=int, metavar="N", help="this batch alone")
    parser.add_argument("--batch-size", type=int, default=BATCH, metavar="N", help="connections [default: %(default)s]")
    parser.add_argument("--into", type=Path, default=INTO, metavar="DIRECTORY", help="[default: build/soak]")
    parser.add_argument("--if-possible", action="store_true", help="say so and exit 0 where namespaces cannot be made")
    parser.add_argument("--keep", action="store_true", help="write the three captures of each batch, too")
    chosen = parser.parse_args(arguments)
    lacking = missing()
    if lacking is not None:
        print(f"tools.soak: not run, nobody was tried: {lacking}", file=sys.stderr)
        return 0 if chosen.if_possible else 2
    tally = Tally()
    ratio = 10.0 if chosen.copies is None else chosen.copies / max(1, chosen.connections)
    begun, wired = time.monotonic(), 0.0
    found = 0
    written: Counter[str] = Counter()
    number = 0 if chosen.batch is None else chosen.batch
    while tally.connections < chosen.connections:
        # Some that are planned will not begin in time; a batch of two would take as long as a full one.
        lacks = (chosen.connections - tally.connections) * 5 // 4 + 10
        batch = draw_batch(chosen.seed, number, min(chosen.batch_size, lacks))
        try:
            run_batch(batch)
        except LabError as error:
            print(f"tools.soak: batch {number}: {error}", file=sys.stderr)
            return 2
        wired += batch.seconds
        if chosen.keep:
            _keep(batch, chosen.into)
        for accusation in judge(batch, round(ratio * batch.connections), tally):
            found += 1
            words = _words(accusation.faults)
            written[words] += 1
            if written[words] <= MOST:
                print(f"accused: {write(accusation, chosen.into)}: {words}", flush=True)
        print(
            f"batch {number}: {batch.connections} connections in {batch.seconds:.1f} s, {tally.copies} copies so far;"
            f" {batch.climate}",
            flush=True,
        )
        if chosen.batch is not None:
            break
        number += 1
    _report(tally, wired, time.monotonic() - begun, found)
    return 1 if found else 0


def _words(faults: Sequence[tuple[str, str, bytes, int]]) -> str:
    return ", ".join(sorted({f"{code} {kind}" for code, kind, _, _ in faults}))


def _keep(batch: Batch, into: Path) -> None:
    from tools.lab.pcap import pcap_octets

    into.mkdir(parents=True, exist_ok=True)
    for point, records in batch.captures.items():
        (into / f"{batch.name}-{point}.pcap").write_bytes(pcap_octets(records))


def _report(tally: Tally, wired: float, seconds: float, found: int) -> None:
    print(f"\nconnections            {tally.connections} ({tally.connections / max(wired, 0.001):.0f} a second)")
    print(f"frames, three points   {tally.frames}")
    print(f"damaged copies         {tally.copies} ({tally.copied_frames} frames)")
    print(f"time                   {seconds:.0f} s, {wired:.0f} s of it on the wire")
    print(f"errors                 {found}" + "".join(f", {code} {n}" for code, n in sorted(tally.accused.items())))
    for severity in ("error", "warning", "inconclusive", "note"):
        said = [f"{code} {name} {n}" for (code, name, kind), n in sorted(tally.said.items()) if kind == severity]
        print(f"{severity:<13} in whole captures: {'; '.join(said) or 'none'}")
    print("outcomes: " + "; ".join(f"{name} {n}" for name, n in tally.outcomes.most_common()))


def entry() -> int:
    """The command as a process: Ctrl-C ends it with 130, after everything was put away."""
    try:
        return main()
    except KeyboardInterrupt:
        print("tools.soak: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(entry())
