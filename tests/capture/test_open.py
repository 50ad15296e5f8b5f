"""What `open_capture` takes, what it refuses, and who closes what."""

import gc
import io
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from tcplint.capture import CaptureError, UnknownFormat, open_capture

from .awkward import PLAIN, THIRTEEN


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"nowhere\.pcap: cannot be opened: No such file") as caught:
        open_capture(tmp_path / "nowhere.pcap")
    assert not isinstance(caught.value, UnknownFormat)
    assert caught.value.path == str(tmp_path / "nowhere.pcap")
    assert caught.value.offset == 0


def test_a_directory_is_an_error_and_not_an_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="cannot be opened: Is a directory") as caught:
        open_capture(tmp_path)
    assert not isinstance(caught.value, UnknownFormat)


def test_a_path_with_a_zero_octet_is_an_error() -> None:
    with pytest.raises(CaptureError, match="cannot be opened"):
        open_capture("a\0b")


def test_an_empty_file_is_an_unknown_format(tmp_path: Path) -> None:
    (tmp_path / "empty.pcap").touch()
    with pytest.raises(UnknownFormat, match=r"empty\.pcap: is empty$"):
        open_capture(tmp_path / "empty.pcap")


@pytest.mark.parametrize(
    "octets",
    [b"#!/bin/sh\n", b"\n\r\r\n" + b"twelve octets", b"\xd4\xc3\xb2", b"\0"],
    ids=["script", "line feeds like a section", "three octets of a magic number", "one octet"],
)
def test_a_file_of_something_else_is_an_unknown_format_that_shows_its_first_octets(octets: bytes) -> None:
    with pytest.raises(UnknownFormat, match=f"is not a pcap or pcapng capture: .* {octets[:4].hex(' ')}$"):
        open_capture(io.BytesIO(octets))


def test_a_version_of_pcap_that_nobody_describes_is_refused() -> None:
    with pytest.raises(CaptureError, match=r"pcap version 1\.4 is not known") as caught:
        open_capture(io.BytesIO(PLAIN[:4] + b"\1\0" + PLAIN[6:]))
    assert (caught.value.offset, isinstance(caught.value, UnknownFormat)) == (4, False)


def test_the_suffix_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(THIRTEEN["gzip"].octets)
    with open_capture(str(path)) as capture:
        assert (capture.path, capture.format, capture.compression) == (str(path), "pcap", "gzip")
        assert len(list(capture)) == 3


@pytest.mark.parametrize("name", ["pcap in nanoseconds", "pcapng with simple packet blocks", "zstd"])
def test_standard_input_is_read_as_a_pipe(name: str) -> None:
    script = "from tcplint.capture import open_capture as o; c = o('-'); print(len(list(c)), c.path, c.problem)"
    run = subprocess.run([sys.executable, "-c", script], input=THIRTEEN[name].octets, capture_output=True, check=True)
    assert run.stdout.decode().split() == [str(len(THIRTEEN[name].frames)), "-", "None"]


def test_frames_of_a_live_pipe_come_before_the_pipe_ends() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as pipe, os.fdopen(writer, "wb", buffering=0) as tap:
        tap.write(PLAIN[: 24 + 76])
        with open_capture(pipe) as capture:
            assert next(capture).number == 1
            assert capture.frames == 1
            tap.write(PLAIN[24 + 76 : 24 + 152])
            assert next(capture).number == 2


def test_a_file_object_handed_in_stays_open_and_a_path_is_closed(tmp_path: Path) -> None:
    stream = io.BytesIO(PLAIN)
    with open_capture(stream) as capture:
        assert len(list(capture)) == 3
    assert not stream.closed
    (tmp_path / "a.pcap").write_bytes(PLAIN)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        for _ in open_capture(tmp_path / "a.pcap"):  # to the end
            pass
        with open_capture(tmp_path / "a.pcap") as capture:  # left early
            next(capture)
        open_capture(tmp_path / "a.pcap").close()  # never begun
        (tmp_path / "text").write_text("text")
        with pytest.raises(UnknownFormat):
            open_capture(tmp_path / "text")
        gc.collect()
    assert list(capture) == []


def test_a_disk_that_fails_in_the_middle_leaves_the_frames_before() -> None:
    class Failing(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 100:
                raise OSError(5, "Input/output error")
            return super().read(110)

    with open_capture(Failing(PLAIN)) as capture:
        assert [frame.number for frame in capture] == [1]
    assert capture.problem
    assert (capture.problem.name, capture.problem.offset) == ("read-error", 110)
    assert "Input/output error" in capture.problem.message


def test_a_disk_that_fails_at_once_is_an_error_and_not_an_unknown_format() -> None:
    class Failing(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(CaptureError, match="reading failed: Input/output error") as caught:
        open_capture(Failing(PLAIN))
    assert not isinstance(caught.value, UnknownFormat)


@pytest.mark.parametrize("limits", [{"max_expand": 0}, {"max_interfaces": 0}])
def test_a_limit_of_nothing_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        open_capture(io.BytesIO(PLAIN), **limits)
