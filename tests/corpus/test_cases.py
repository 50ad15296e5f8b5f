"""Every case of the corpus comes out as labelled: by what its programs did and by the states that the kernel reported.

The label is `case.toml`; nothing in it was copied from tcplint (`tools/record`, `tools/cases`).
"""

import subprocess
from pathlib import Path

import pytest

from tcplint.check import check
from tcplint.results import STATES, CaptureReport, ConnectionReport, Options, Trace
from tcplint.trace import trace_connection
from tools.cases import Case, CaseError, Expect, Finding, cases, load

CASES = list(cases())
RECORDED = [case for case in CASES if not case.crafted]


def named(case: Case) -> str:
    return case.name


def checked(case: Case) -> tuple[ConnectionReport, CaptureReport]:
    connection, capture = check(case.capture)
    assert isinstance(connection, ConnectionReport)
    assert isinstance(capture, CaptureReport)
    return connection, capture


def states_after(trace: Trace, frame: int) -> tuple[str, str]:
    """Client and server after the last segment up to `frame`."""
    row = [row for row in trace.rows if row.frame <= frame][-1]
    return STATES[row.client_state], STATES[row.server_state]


def by_tshark(case: Case, *options: str) -> list[str]:
    command = ["tshark", "-n", "-r", str(case.capture), "-T", "fields", "-e", "frame.number", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize("case", CASES, ids=named)
def test_case_comes_out_as_labelled(case: Case) -> None:
    connection, capture = checked(case)
    findings = tuple(
        Finding(found.rule, found.kind, found.severity, found.side, found.frame)
        for found in connection.findings
        if found.severity in ("warning", "error") and found.verdict == "violates"
    )
    assert case.expect == Expect(
        frames=capture.frames,
        handshake=connection.handshake,
        teardown=connection.teardown,
        verdict=connection.verdict,
        active_closer=connection.active_closer or "none",
        client_state=connection.client_state,
        server_state=connection.server_state,
        findings=findings,
    )
    assert capture.problem is None
    assert connection.evidence == []  # these captures are whole


@pytest.mark.parametrize("case", RECORDED, ids=named)
def test_states_are_those_of_the_kernel_whenever_the_wire_is_quiet(case: Case) -> None:
    trace = trace_connection(case.capture, 0, Options())
    assert case.moments
    shown = [states_after(trace, moment.after_frame) for moment in case.moments]
    assert shown == [(moment.client, moment.server) for moment in case.moments]


@pytest.mark.parametrize("case", RECORDED, ids=named)
def test_moment_stands_between_its_frame_and_the_next(case: Case) -> None:
    rows = trace_connection(case.capture, 0, Options()).rows
    for moment in case.moments:
        before = [row.time for row in rows if row.frame <= moment.after_frame]
        after = [row.time for row in rows if row.frame > moment.after_frame]
        assert before[-1] < moment.time * 1e6
        assert not after or moment.time * 1e6 < after[0]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_tshark_counts_the_same_frames_and_takes_the_display_filter(case: Case) -> None:
    assert by_tshark(case) == [str(number + 1) for number in range(case.expect.frames)]
    assert by_tshark(case, "-Y", case.wireshark) != []


def test_the_corpus_shows_each_way_to_close_and_not_to_open() -> None:
    outcomes = {(case.expect.handshake, case.expect.teardown) for case in CASES}
    assert outcomes >= {
        ("refused", "not-applicable"),
        ("unanswered", "not-applicable"),
        ("three-way", "four-way"),
        ("three-way", "three-segment"),
        ("three-way", "abort"),
        ("three-way", "rst-after-fin"),
    }
    assert {"client", "server", "none"} <= {case.expect.active_closer for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=named)
def test_case_is_told_in_both_languages_under_a_free_licence(case: Case) -> None:
    assert case.license == "CC-BY-4.0"
    for text in (*case.title.values(), *case.story.values()):
        assert text.strip() == text != ""
    assert any("\u4e00" <= letter <= "\u9fff" for letter in case.story["zh"])


LABEL = (RECORDED[0].directory / "case.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("handshake = ", "handshak = ", "expect must have the keys"),
        ("[origin]", "[origin]\nauthor = 1", "origin must have the keys"),
        ('kind = "kernel"', 'kind = "hearsay"', "origin.kind is 'hearsay'"),
        ("after_frame = ", "frame = ", "moment 0 must have the keys"),
        ('name = "', 'name = "another-', "the name is not that of the directory"),
        ("[expect]", "[expect", "at line"),
    ],
)
def test_label_with_a_slip_of_the_pen_is_refused(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / RECORDED[0].directory.name / "case.toml"
    path.parent.mkdir()
    path.write_text(LABEL, encoding="utf-8")
    assert load(path).expect == RECORDED[0].expect
    assert old in LABEL
    path.write_text(LABEL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CaseError, match=message):
        load(path)
