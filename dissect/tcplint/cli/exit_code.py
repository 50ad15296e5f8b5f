"""The exit code of a run. It depends on what was found and what could not be read, never on the format.

| code | meaning |
|------|---------|
| 0 | clean |
| 1 | findings at or above `--fail-on` |
| 2 | usage or configuration, nothing to check, or an error of our own |
| 3 | some input could not be read to its end; the rest was checked |
| 130 | interrupted; what was found is printed |

2 outranks 3, and 3 outranks 1. `--fail-on` is inclusive. Its order is that of the verdicts: `error`, `warning`,
`inconclusive`, `note`; each includes those before it. `inconclusive` counts findings and connections that could not be
decided.
"""

from tcplint.report.base import Totals

CLEAN, FOUND, FAILED, UNREAD, INTERRUPTED = 0, 1, 2, 3, 130
FAIL_ON = ("error", "warning", "inconclusive", "note", "never")


def exit_code(
    totals: Totals, fail_on: str, *, unread: bool = False, failed: bool = False, interrupted: bool = False
) -> int:
    """`unread`: an input ended early. `failed`: nothing to check, or an error of our own."""
    if interrupted:
        return INTERRUPTED
    if failed:
        return FAILED
    if unread:
        return UNREAD
    counts = (totals.errors, totals.warnings, totals.inconclusive, totals.notes)
    included = 0 if fail_on == "never" else FAIL_ON.index(fail_on) + 1
    return FOUND if any(counts[:included]) else CLEAN
