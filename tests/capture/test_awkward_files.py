"""Every awkward file is read as it was written, and as tshark reads it."""

import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from tcplint.capture import open_capture

from .awkward import AGREED, ALL, Case, Row
from .octets import ETHERNET, NULL, RAW_IP, TOKEN_RING

TSHARK = shutil.which("tshark")
FIELDS = ["number", "time_epoch", "cap_len", "len", "encap_type"]
ENCAPSULATIONS = {"1": ETHERNET, "2": TOKEN_RING, "7": RAW_IP, "15": NULL}  # Wireshark's numbers for link types


def write(folder: Path, case: Case) -> Path:
    path = folder / "file.without-a-telling-suffix"
    path.write_bytes(case.octets)
    return path


def rows_of_tshark(path: Path) -> tuple[list[Row], int]:
    command = [TSHARK or "tshark", "-n", "-r", str(path), "-T", "fields"]
    for field in FIELDS:
        command += ["-e", f"frame.{field}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    rows: list[Row] = []
    for line in run.stdout.splitlines():
        number, time, captured, original, encapsulation = line.split("\t")
        if encapsulation:  # else a record that is no packet
            nanoseconds = int(Decimal(time) * 10**9) if time else None
            rows.append((int(number), nanoseconds, int(captured), int(original), ENCAPSULATIONS[encapsulation]))
    return rows, run.returncode


@pytest.mark.parametrize("case", ALL.values(), ids=list(ALL))
def test_an_awkward_file_gives_the_frames_that_were_written(case: Case, tmp_path: Path) -> None:
    with open_capture(write(tmp_path, case)) as capture:
        frames = list(capture)
    got = [(frame.number, frame.time_ns, frame.captured, frame.original, frame.link_type) for frame in frames]
    assert got == case.frames
    assert capture.frames == len(case.frames)
    assert all(len(frame.data) == frame.captured for frame in frames)
    assert (capture.problem.name if capture.problem else None) == case.problem
    assert tuple((note.name, note.count) for note in capture.notes) == case.notes


@pytest.mark.parametrize("case", AGREED.values(), ids=list(AGREED))
@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed: nobody to compare with")
def test_an_awkward_file_gives_the_frames_that_tshark_sees(case: Case, tmp_path: Path) -> None:
    rows, code = rows_of_tshark(write(tmp_path, case))
    assert rows == case.frames
    assert (code != 0) == (case.problem is not None)


def test_frames_of_pcap_know_the_offset_of_their_record_also_inside_a_compressed_file(tmp_path: Path) -> None:
    for name in ("pcap, big-endian", "gzip", "zstd", "lz4"):
        with open_capture(write(tmp_path, ALL[name])) as capture:
            assert [frame.offset for frame in capture] == [24, 24 + 16 + 60, 24 + 2 * (16 + 60)], name


def test_frames_of_pcapng_know_the_offset_of_their_block(tmp_path: Path) -> None:
    with open_capture(write(tmp_path, ALL["pcapng with an interface block after packets"])) as capture:
        # section 28, interface 20, packet 32 + 60, interface with tsresol 20 + 8 + 4, packet
        assert [frame.offset for frame in capture] == [48, 48 + 92 + 32, 48 + 92 + 32 + 92]


def test_interfaces_are_numbered_through_all_sections(tmp_path: Path) -> None:
    with open_capture(write(tmp_path, ALL["pcapng, sections of both byte orders"])) as capture:
        assert [frame.interface for frame in capture] == [0, 2, 1]
