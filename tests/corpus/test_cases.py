"""Every case of the corpus comes out as labelled: by what programs and wire did and by the states the kernel reported.

The label is `case.toml`; nothing in it was copied from tcplint (`tools/lab`, `tools/cases`).
"""

import subprocess
from pathlib import Path

import pytest

from tcplint.check import check
from tcplint.results import STATES, CaptureReport, ConnectionReport, FindingReport, Options, Trace, TraceRow
from tcplint.trace import trace_connection
from tools.cases import Case, CaseError, Expect, Finding, Moment, cases, load

CASES = list(cases())
RECORDED = [case for case in CASES if not case.crafted]
CONNECTIONS = [(case, number) for case in CASES for number in range(len(case.connections))]
FOLLOWED = [(case, number) for case, number in CONNECTIONS if not case.crafted]

UNTRACED = {"UNKNOWN", "LISTEN", "TIME-WAIT", "CLOSED"}  # what no path of the kernel holds


def named(value: object) -> str:
    return value.name if isinstance(value, Case) else str(value)


def checked(path: Path, checksums: bool = False) -> tuple[list[ConnectionReport], CaptureReport]:
    *connections, capture = check(path, checksums=checksums)
    assert isinstance(capture, CaptureReport)
    found = [connection for connection in connections if isinstance(connection, ConnectionReport)]
    return sorted(found, key=lambda connection: connection.connection), capture


def faults(connection: ConnectionReport) -> list[FindingReport]:
    """The warnings and errors."""
    bad = ("warning", "error")
    return [found for found in connection.findings if found.severity in bad and found.verdict == "violates"]


def visible(expect: Expect, connection: ConnectionReport) -> dict[str, tuple[str, str]]:
    """Side -> the state that the label has at the end and the reported one, for each side that the frames show."""
    both = {
        "client": (expect.client_state, connection.client_state),
        "server": (expect.server_state, connection.server_state),
    }
    return {side: states for side, states in both.items() if side not in expect.hidden}


def rows_until(trace: Trace, frame: int) -> list[TraceRow]:
    return [row for row in trace.rows if row.frame <= frame]


def shown_at(trace: Trace, moment: Moment) -> dict[str, str]:
    """Side -> state after the last segment up to the moment, for each side that the frames show."""
    row = rows_until(trace, moment.after_frame)[-1]
    both = {"client": STATES[row.client_state], "server": STATES[row.server_state]}
    return {side: state for side, state in both.items() if side not in moment.hidden}


def told_at(moment: Moment) -> dict[str, str]:
    both = {"client": moment.client, "server": moment.server}
    return {side: state for side, state in both.items() if side not in moment.hidden}


def output(*command: object) -> str:
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("case", CASES, ids=named)
def test_capture_holds_the_frames_and_the_connections_of_its_label(case: Case) -> None:
    connections, capture = checked(case.capture, case.checksums)
    assert capture.problem is None
    assert (capture.frames, len(connections)) == (case.frames, len(case.connections))


@pytest.mark.parametrize(("case", "number"), CONNECTIONS, ids=named)
def test_connection_comes_out_as_labelled(case: Case, number: int) -> None:
    expect, connection = case.connections[number], checked(case.capture, case.checksums)[0][number]
    assert (connection.handshake, connection.teardown) == (expect.handshake, expect.teardown)
    assert (connection.active_closer or "none", connection.verdict) == (expect.active_closer, expect.verdict)
    found = [Finding(one.rule, one.kind, one.severity, one.side, one.frame) for one in faults(connection)]
    assert sorted(found) == sorted(expect.findings)
    for told, shown in visible(expect, connection).values():
        assert shown == told
    assert set(expect.notes) <= {found.rule for found in connection.findings}
    assert connection.evidence == list(expect.evidence)
    if expect.client:
        assert (connection.client, connection.server) == (expect.client, expect.server)


@pytest.mark.parametrize(("case", "number"), FOLLOWED, ids=named)
def test_states_are_those_of_the_kernel_whenever_it_was_asked(case: Case, number: int) -> None:
    trace = trace_connection(case.capture, number, Options())
    moments = [moment for moment in case.moments if moment.connection == number]
    assert moments
    assert [shown_at(trace, moment) for moment in moments] == [told_at(moment) for moment in moments]


@pytest.mark.parametrize(("case", "number"), FOLLOWED, ids=named)
def test_every_state_that_is_shown_the_kernel_passed_through_in_this_order(case: Case, number: int) -> None:
    rows = trace_connection(case.capture, number, Options()).rows
    expect = case.connections[number]
    ends = (
        (expect.client_path, [STATES[row.client_state] for row in rows]),
        (expect.server_path, [STATES[row.server_state] for row in rows]),
    )
    for path, states in ends:
        if path is None:
            continue
        told = iter(path)
        traced = [state for state in states if state not in UNTRACED]
        changes = [state for before, state in zip([None, *traced], traced, strict=False) if before != state]
        assert all(state in told for state in changes), f"{changes} is not a part of {path}"


@pytest.mark.parametrize("case", RECORDED, ids=named)
def test_moment_stands_between_its_frame_and_the_next(case: Case) -> None:
    for number in range(len(case.connections)):
        rows = trace_connection(case.capture, number, Options()).rows
        for moment in case.moments:
            if moment.connection == number:
                before = [row.time for row in rows if row.frame <= moment.after_frame]
                after = [row.time for row in rows if row.frame > moment.after_frame]
                assert before[-1] < moment.time * 1e6
                assert not after or moment.time * 1e6 < after[0]


def test_wireshark_counts_the_same_frames() -> None:
    lines = output("capinfos", "-T", "-M", "-r", "-c", *(case.capture for case in CASES)).splitlines()
    counts = dict(line.rsplit("\t", 1) for line in lines)
    assert counts == {str(case.capture): str(case.frames) for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=named)
def test_display_filter_shows_something(case: Case) -> None:
    shown = output("tshark", "-n", "-r", case.capture, "-Y", case.wireshark, "-T", "fields", "-e", "frame.number")
    assert shown.split() != []


def test_the_corpus_shows_each_way_to_close_and_not_to_open() -> None:
    outcomes = {(case.connections[number].handshake, case.connections[number].teardown) for case, number in CONNECTIONS}
    assert outcomes >= {
        ("refused", "not-applicable"),
        ("refused-icmp", "not-applicable"),
        ("unanswered", "not-applicable"),
        ("simultaneous", "four-way"),
        ("three-way", "four-way"),
        ("three-way", "three-segment"),
        ("three-way", "simultaneous"),
        ("three-way", "abort"),
        ("three-way", "rst-after-fin"),
    }
    closers = {case.connections[number].active_closer for case, number in CONNECTIONS}
    assert closers >= {"client", "server", "both", "none"}


@pytest.mark.parametrize("case", CASES, ids=named)
def test_case_is_told_in_both_languages_under_a_free_licence(case: Case) -> None:
    assert case.license == "CC-BY-4.0"
    for text in (*case.title.values(), *case.story.values()):
        assert text.strip() == text != ""
    assert any("\u4e00" <= letter <= "\u9fff" for letter in case.story["zh"])


PLAIN = next(case for case in RECORDED if not case.deeds)
LABEL = (PLAIN.directory / "case.toml").read_text(encoding="utf-8")


def written(text: str, tmp_path: Path) -> Path:
    path = tmp_path / PLAIN.directory.name / "case.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("handshake = ", "handshak = ", "connection 0 must have the keys|expect must have the keys"),
        ("[origin]", "[origin]\nauthor = 1", "origin must have the keys"),
        ('kind = "kernel"', 'kind = "hearsay"', "origin.kind is 'hearsay'"),
        ("after_frame = ", "frame = ", "moment 0 must have the keys"),
        ("after_frame = ", "connection = 1\nafter_frame = ", "moment 0 is of connection 1, there are 1"),
        ('name = "', 'name = "another-', "the name is not that of the directory"),
        ("[expect]", "[expect", "at line"),
        ("[[moment]]", '[[wire]]\ndid = "dropped"\n\n[[moment]]', "wire 0 must have the keys"),
    ],
)
def test_label_with_a_slip_of_the_pen_is_refused(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert load(written(LABEL, tmp_path)).connections == PLAIN.connections
    assert old in LABEL
    path = written(LABEL.replace(old, new, 1), tmp_path)
    with pytest.raises(CaseError, match=message):
        load(path)


def test_label_of_two_connections_is_read_in_their_order(tmp_path: Path) -> None:
    head, _, rest = LABEL.partition("[expect]\n")
    frames, _, rest = rest.partition("\n")
    one = rest.partition("\n\n")[0]
    two = one.replace(f'handshake = "{PLAIN.expect.handshake}"', 'handshake = "three-way"')
    text = f"{head}[expect]\n{frames}\n\n[[connection]]\n{one}\n\n[[connection]]\n{two}\n"
    case = load(written(text, tmp_path))
    assert [expect.handshake for expect in case.connections] == [PLAIN.expect.handshake, "three-way"]
    assert (case.frames, case.moments) == (PLAIN.frames, ())
