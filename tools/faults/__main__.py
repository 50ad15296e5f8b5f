"""The command: every fault in many captures, damaged copies of them, and the tables."""

import argparse
import sys
import time
from collections.abc import Sequence

from tools.faults import __doc__ as theory
from tools.faults.every import every_fault
from tools.faults.run import Row, try_fault
from tools.faults.table import SEVERITIES, sums, write_tables
from tools.faults.weigh import ENOUGH, bad


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when everything that can be proved was caught, 1 when a fault was missed or an innocent end accused."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.faults", description=theory, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rules", nargs="*", metavar="RULE", help="codes, or CODE/kind [default: all]")
    parser.add_argument("--captures", type=int, default=120, metavar="N", help="for a fault [default: %(default)s]")
    parser.add_argument("--copies", type=int, default=3, metavar="N", help="of a capture [default: %(default)s]")
    parser.add_argument("--seed", default="1", metavar="TEXT", help="[default: %(default)s]")
    parser.add_argument("--docs", action="store_true", help="write the tables of docs/*/faults.md")
    chosen = parser.parse_args(arguments)
    faults = [one for one in every_fault() if not chosen.rules or {one.code, str(one)} & set(chosen.rules)]
    if not faults:
        parser.error(f"no fault of {' '.join(chosen.rules)}")
    begun = time.monotonic()
    rows = []
    for fault in faults:
        row = try_fault(fault, chosen.captures, chosen.copies, chosen.seed)
        rows.append(row)
        print(_line(row), flush=True)
    print(f"\n{sums(rows)}\n{time.monotonic() - begun:.0f} s")
    wrong = [line for row in rows for line in bad(row, min(ENOUGH, chosen.captures))]
    for line in wrong:
        print(f"WRONG: {line}")
    if chosen.docs:
        write_tables(rows)
    return 1 if wrong else 0


def _line(row: Row) -> str:
    parts = [f"{row.captures} captures", f"{row.caught} caught"]
    parts += [f"{count} inconclusive ({why})" for why, count in sorted(row.inconclusive.items())]
    parts += [f"{len(row.missed)} silent"] if row.missed else []
    if row.copies:
        parts.append(f"{len(row.copies)} copies, {sum(one.said == 'caught' for one in row.copies)} caught")
    return f"{row.code}/{row.kind} {SEVERITIES[row.code, row.kind]} {row.function}: {', '.join(parts)}"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("tools.faults: interrupted", file=sys.stderr)
        sys.exit(130)
