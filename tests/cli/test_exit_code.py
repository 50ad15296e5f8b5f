"""The exit code is one function of what was found and what could not be read."""

import pytest

from tcplint.cli.exit_code import FAIL_ON, exit_code
from tcplint.report.base import Totals

ERROR, WARNING, OPEN, NOTE = Totals(errors=1), Totals(warnings=1), Totals(inconclusive=1), Totals(notes=1)


@pytest.mark.parametrize(
    ("totals", "fail_on", "code"),
    [
        (Totals(), "error", 0),
        (Totals(), "note", 0),
        (ERROR, "error", 1),
        (ERROR, "warning", 1),
        (ERROR, "inconclusive", 1),
        (ERROR, "note", 1),
        (ERROR, "never", 0),
        (WARNING, "error", 0),
        (WARNING, "warning", 1),
        (WARNING, "inconclusive", 1),
        (WARNING, "note", 1),
        (WARNING, "never", 0),
        (OPEN, "error", 0),
        (OPEN, "warning", 0),
        (OPEN, "inconclusive", 1),
        (OPEN, "note", 1),
        (OPEN, "never", 0),
        (NOTE, "error", 0),
        (NOTE, "warning", 0),
        (NOTE, "inconclusive", 0),
        (NOTE, "note", 1),
        (NOTE, "never", 0),
    ],
)
def test_findings_at_or_above_the_rank_fail_and_those_below_do_not(totals: Totals, fail_on: str, code: int) -> None:
    assert exit_code(totals, fail_on) == code


@pytest.mark.parametrize("fail_on", FAIL_ON)
def test_failure_of_ours_outranks_unread_input_which_outranks_findings(fail_on: str) -> None:
    assert exit_code(ERROR, fail_on, unread=True) == 3
    assert exit_code(ERROR, fail_on, unread=True, failed=True) == 2
    assert exit_code(Totals(), fail_on, failed=True) == 2
    assert exit_code(ERROR, fail_on, unread=True, failed=True, interrupted=True) == 130
