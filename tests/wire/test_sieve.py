"""The sieve takes records before they become frames, and nothing that is reported changes by it."""

import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tcplint.capture import open_capture
from tcplint.capture.frame import Frame
from tcplint.check import check_capture
from tcplint.results import Options
from tcplint.segments import dpkt
from tests.promise.mutations import mixed
from tests.promise.stories import CORPUS
from tools.bench.capture import write_capture


def reports(path: Path, options: Options) -> list[str]:
    """Everything that is said of a capture, the rows of its findings included."""
    return [repr(report) for report in said(path, options)]


def said(path: Path, options: Options) -> Iterator[Any]:
    for report in check_capture(path, options):
        if report.type == "connection":
            report.findings = [
                tuple((name, value) for name, value in vars_of(finding).items() if name not in ("text", "page"))
                for finding in report.findings
            ]
        yield report


def vars_of(finding: Any) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in type(finding).__dataclass_fields__}


def write(path: Path, frames: list[Frame]) -> None:
    """As a pcap file with nanoseconds; all frames of the link type of the first."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 1 << 18, frames[0].link_type))
        for frame in frames:
            seconds, part = divmod(frame.time_ns or 0, 1_000_000_000)
            file.write(struct.pack("<IIII", seconds, part, len(frame.data), frame.original) + frame.data)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many records the sieves take from now on; none after `taken["open"] = 0`."""
    count = {"records": 0, "open": 1}
    make = dpkt.make_sieve

    def counting(*arguments: Any) -> Any:
        sieve = make(*arguments)

        def count_taken(*record: Any) -> bool:
            took = bool(count["open"]) and sieve(*record)
            count["records"] += took
            return took

        return count_taken

    monkeypatch.setattr(dpkt, "make_sieve", counting)
    return count


def both_ways(path: Path, options: Options, taken: dict[str, int]) -> tuple[list[str], list[str]]:
    taken["open"] = 1
    sifted = reports(path, options)
    taken["open"] = 0
    return sifted, reports(path, options)


@pytest.mark.parametrize("ladders", [False, True])
def test_busy_capture_is_reported_alike_with_and_without_the_sieve(
    ladders: bool, tmp_path: Path, taken: dict[str, int]
) -> None:
    capture = tmp_path / "busy.pcap"
    segments = write_capture(capture, 6000, "mixed")
    options = Options(ladders=ladders, note_ladders=True, outside_words=True)
    sifted, unsifted = both_ways(capture, options, taken)
    assert sifted == unsifted
    assert taken["records"] > segments // 2


def test_real_captures_and_damaged_copies_are_reported_alike_with_and_without_the_sieve(
    tmp_path: Path, taken: dict[str, int]
) -> None:
    rnd = random.Random(3)
    options = Options(ladders=True, note_ladders=True, outside_words=True)
    for path in sorted(CORPUS.glob("*/*/capture.pcap*")):
        with open_capture(path) as capture:
            frames = [frame for frame in capture if frame.time_ns is not None]
        copy = tmp_path / "copy.pcap"
        for damaged in (frames, mixed(frames, rnd)[1]):
            if damaged:
                write(copy, damaged)
                sifted, unsifted = both_ways(copy, options, taken)
                assert sifted == unsifted, path
        sifted, unsifted = both_ways(path, options, taken)
        assert sifted == unsifted, path
    assert taken["records"] > 200


def test_headers_with_one_octet_changed_are_read_alike_with_and_without_the_sieve(
    tmp_path: Path, taken: dict[str, int]
) -> None:
    capture = tmp_path / "changed.pcap"
    write_capture(capture, 4000, "mixed")
    octets = bytearray(capture.read_bytes())
    rnd = random.Random(4)
    position = 24
    while position < len(octets):
        captured = int.from_bytes(octets[position + 8 : position + 12], "little")
        if rnd.random() < 0.2:
            octets[position + 16 + rnd.randrange(min(captured, 70))] = rnd.choice((0, 1, 5, 8, 16, 17, 69, 255))
        position += 16 + captured
    capture.write_bytes(octets)
    sifted, unsifted = both_ways(capture, Options(outside_words=True), taken)
    assert sifted == unsifted
    assert taken["records"] > 500
