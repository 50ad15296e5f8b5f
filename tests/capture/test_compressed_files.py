"""Compressed captures: every member is read, nothing expands without bound, nothing before a fault is lost."""

import gzip
import io
import sys
import tracemalloc
from collections.abc import Callable
from itertools import accumulate

import lz4.frame
import pytest
import zstandard

from tcplint.capture import Capture, CaptureError, Frame, MissingPackage, UnknownFormat, open_capture

from . import octets as o
from .awkward import PLAIN
from .octets import FRAMES

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
    "lz4": lambda octets: lz4.frame.compress(octets, content_checksum=True),
}
every_packing = pytest.mark.parametrize("name", PACKERS)


def read(octets: bytes, **limits: int) -> tuple[list[Frame], Capture]:
    with open_capture(io.BytesIO(octets), **limits) as capture:
        return list(capture), capture


PLAIN_FRAMES = read(PLAIN)[0]


@every_packing
def test_a_file_of_two_members_cut_inside_a_record_is_one_capture(name: str) -> None:
    pack = PACKERS[name]
    frames, capture = read(pack(PLAIN[:70]) + pack(b"") + pack(PLAIN[70:]))
    assert frames == PLAIN_FRAMES
    assert (capture.compression, capture.format, capture.problem) == (name, "pcap", None)


@pytest.mark.parametrize("name", ["zstd", "lz4"])
def test_a_skippable_frame_between_two_members_is_passed_over(name: str) -> None:
    pack = PACKERS[name]
    frames, capture = read(pack(PLAIN[:70]) + b"\x53\x2a\x4d\x18\x05\0\0\0hello" + pack(PLAIN[70:]))
    assert frames == PLAIN_FRAMES
    assert capture.problem is None


@every_packing
def test_octets_behind_the_compressed_data_are_noted_and_cost_no_frame(name: str) -> None:
    frames, capture = read(PACKERS[name](PLAIN) + b"signature")
    assert frames == PLAIN_FRAMES
    assert [(note.name, note.count) for note in capture.notes] == [("trailing-data", 1)]
    assert capture.problem is None


def test_zeros_behind_gzip_data_are_padding() -> None:
    frames, capture = read(gzip.compress(PLAIN) + bytes(512))
    assert frames == PLAIN_FRAMES
    assert (capture.notes, capture.problem) == ([], None)


@every_packing
def test_a_large_file_comes_through_whole(name: str) -> None:
    records = [o.record(1, part, FRAMES[part % 3] * 20) for part in range(4000)]  # 5 MB: several pieces
    frames, capture = read(PACKERS[name](o.pcap(*records)))
    assert [frame.data for frame in frames] == [record[16:] for record in records]
    assert [frame.offset for frame in frames] == [24 + at for at in accumulate(map(len, records[:-1]), initial=0)]
    assert capture.problem is None


@every_packing
def test_a_bomb_stops_at_the_limit_and_the_frames_before_it_are_kept(name: str) -> None:
    bomb = PACKERS[name](PLAIN + bytes(64 << 20))
    tracemalloc.start()
    try:
        frames, capture = read(bomb, max_expand=len(PLAIN) + 100)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert frames[:3] == PLAIN_FRAMES
    assert capture.problem
    assert (capture.problem.name, capture.problem.offset) == ("expand-limit", len(PLAIN) + 100)
    assert peak < 40 << 20


@every_packing
def test_a_file_that_expands_exactly_to_the_limit_is_whole(name: str) -> None:
    frames, capture = read(PACKERS[name](PLAIN), max_expand=len(PLAIN))
    assert frames == PLAIN_FRAMES
    assert capture.problem is None


@pytest.mark.parametrize("name", ["zstd", "lz4"])
def test_a_wrong_checksum_of_data_read_in_one_step_is_told(name: str) -> None:
    octets = bytearray(PACKERS[name](PLAIN))
    octets[-1] ^= 0xFF
    with pytest.raises(CaptureError, match=f"the {name} data is corrupt"):
        open_capture(io.BytesIO(octets))


def test_gzip_data_cut_before_its_checksum_gives_every_frame_also_where_a_step_of_1_mib_ends() -> None:
    # With some of these sizes zlib has taken all the input and still holds output when a step is full.
    for beyond in range(1, 60, 13):
        octets = o.pcap(o.record(1, 1, bytes((1 << 20) - 24 - 16 + beyond)))
        frames, capture = read(gzip.compress(octets)[:-8])
        assert [frame.captured for frame in frames] == [len(octets) - 40]
        assert capture.problem
        assert (capture.problem.name, capture.problem.offset) == ("truncated-file", len(octets))


def test_gzip_data_with_a_fault_gives_every_frame_before_it() -> None:
    octets = bytearray(gzip.compress(PLAIN))
    octets[-5] ^= 0xFF  # the checksum
    frames, capture = read(bytes(octets))
    assert frames == PLAIN_FRAMES
    assert capture.problem
    assert (capture.problem.name, capture.problem.offset) == ("corrupt-compression", len(PLAIN))


@pytest.mark.parametrize("name", ["zstd", "lz4"])
def test_a_fault_in_the_second_member_leaves_the_frames_of_the_first(name: str) -> None:
    second = bytearray(PACKERS[name](bytes(100)))
    second[-1] ^= 0xFF
    frames, capture = read(PACKERS[name](PLAIN) + bytes(second))
    assert frames == PLAIN_FRAMES
    assert capture.problem
    assert (capture.problem.name, capture.problem.offset) == ("corrupt-compression", len(PLAIN))


@every_packing
def test_compressed_text_is_no_capture(name: str) -> None:
    with pytest.raises(
        UnknownFormat, match=rf"<stream>: is {name} data, but what it holds is not a pcap .* 74 65 78 74"
    ):
        open_capture(io.BytesIO(PACKERS[name](b"text, and nothing else")))


@every_packing
def test_compressed_nothing_is_no_capture(name: str) -> None:
    with pytest.raises(UnknownFormat, match="holds nothing"):
        open_capture(io.BytesIO(PACKERS[name](b"")))


@pytest.mark.parametrize(
    ("name", "module", "package"), [("zstd", "zstandard", "zstandard"), ("lz4", "lz4.frame", "lz4")]
)
def test_where_a_package_is_missing_the_error_names_it(
    name: str, module: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPackage, match=f"compressed with {name}: install the Python package {package}"):
        open_capture(io.BytesIO(PACKERS[name](PLAIN)))


def zstd_frame(window: int) -> bytes:
    """The capture as one raw block of a frame that asks for a window of 2^`window` octets (RFC 8878 §3.1.1)."""
    block = (1 | len(PLAIN) << 3).to_bytes(3, "little")  # last block, raw
    return b"\x28\xb5\x2f\xfd" + bytes([0, (window - 10) << 3]) + block + PLAIN


def test_zstd_data_may_ask_for_a_window_of_128_mib_and_not_for_more() -> None:
    assert read(zstd_frame(27))[0] == PLAIN_FRAMES
    with pytest.raises(CaptureError, match=r"the zstd data is corrupt: .*too much memory"):
        open_capture(io.BytesIO(zstd_frame(28)))
