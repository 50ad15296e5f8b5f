"""A worse capture of a recorded connection accuses nobody, and one that holds every frame twice says the same."""

from pathlib import Path

import pytest

from tcplint.check import check
from tcplint.results import STATES, ConnectionReport, Options
from tcplint.trace import trace_connection
from tools.cases import Case, cases
from tools.lab.pcap import Record, pcap_octets, pcap_records
from tools.variants import variants

RECORDED = [case for case in cases() if not case.crafted]
VARIANTS = [(case, path) for case in RECORDED for path in case.variants]


def named(value: object) -> str:
    return value.name if isinstance(value, Case) else value.stem if isinstance(value, Path) else str(value)


def connections(path: Path) -> list[ConnectionReport]:
    found = [report for report in check(path) if isinstance(report, ConnectionReport)]
    return sorted(found, key=lambda connection: connection.connection)


def accusations(path: Path) -> list[tuple[str, str, int]]:
    return [
        (found.rule, found.kind, found.frame)
        for connection in connections(path)
        for found in connection.findings
        if (found.severity, found.verdict) == ("error", "violates")
    ]


def faults(connection: ConnectionReport, copies: int) -> list[tuple[str, str, str, str, int]]:
    """Warnings and errors; the frame is counted as in a capture that holds each once."""
    return sorted(
        (found.rule, found.kind, found.severity, found.side, (found.frame + copies - 1) // copies)
        for found in connection.findings
        if found.severity != "note" and found.verdict == "violates"
    )


def states(path: Path, number: int, copies: int) -> list[tuple[str, str]]:
    rows = trace_connection(path, number, Options()).rows
    last = {(row.frame + copies - 1) // copies: (STATES[row.client_state], STATES[row.server_state]) for row in rows}
    return list(last.values())


@pytest.mark.parametrize(("case", "path"), VARIANTS, ids=named)
def test_variant_adds_no_error(case: Case, path: Path) -> None:
    labelled = {(found.rule, found.kind) for expect in case.connections for found in expect.findings}
    assert [found for found in accusations(path) if found[:2] not in labelled] == []


@pytest.mark.parametrize("case", RECORDED, ids=named)
def test_every_frame_twice_gives_the_same_outcome_states_and_findings(case: Case) -> None:
    twice = case.directory / "variants" / "twice.pcap"
    whole, doubled = connections(case.capture), connections(twice)
    assert len(doubled) == len(whole)
    for one, two in zip(whole, doubled, strict=True):
        assert (two.handshake, two.teardown, two.verdict) == (one.handshake, one.teardown, one.verdict)
        assert (two.client, two.server, two.active_closer) == (one.client, one.server, one.active_closer)
        assert (two.client_state, two.server_state) == (one.client_state, one.server_state)
        assert faults(two, 2) == faults(one, 1)
        assert states(twice, one.connection, 2) == states(case.capture, one.connection, 1)


@pytest.mark.parametrize("case", RECORDED, ids=named)
def test_recording_has_its_variants(case: Case) -> None:
    made = set(variants(case.capture.read_bytes()))
    there = {path.name for path in case.variants}
    assert made <= there
    assert there - made <= {"at-client.pcap", "at-middle.pcap", "at-server.pcap"} - {f"at-{case.origin['tap']}.pcap"}


CLIENT, SERVER = bytes(6) + bytes.fromhex("020000000001"), bytes(6) + bytes.fromhex("020000000002")
FRAMES = [Record(1_000_000_000 + 500 * n, (CLIENT, SERVER)[n % 2] + bytes([n])) for n in range(5)]


def frames_of(name: str, records: list[Record]) -> list[int]:
    return [record.octets[-1] for record in pcap_records(variants(pcap_octets(records))[f"{name}.pcap"])]


def test_each_variant_keeps_the_frames_that_its_name_says() -> None:
    assert frames_of("starts-late", FRAMES) == [1, 2, 3, 4]
    assert frames_of("stops-early", FRAMES) == [0, 1, 2, 3]
    assert frames_of("client-only", FRAMES) == [0, 2, 4]
    assert frames_of("server-only", FRAMES) == [1, 3]
    assert frames_of("twice", FRAMES) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_copy_comes_before_the_next_frame() -> None:
    times = [record.time_ns for record in pcap_records(variants(pcap_octets(FRAMES))["twice.pcap"])]
    assert times == sorted(times)
    assert [later - earlier for earlier, later in zip(times[::2], times[1::2], strict=True)] == [250] * 4 + [1000]


def test_variant_without_a_frame_is_not_made() -> None:
    assert "server-only.pcap" not in variants(pcap_octets(FRAMES[:1]))
    assert "starts-late.pcap" not in variants(pcap_octets(FRAMES[:1]))
