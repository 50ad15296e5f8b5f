"""A file that ends too early gives the whole frames it has, and never anything else than frames and a problem."""

import io
import zlib

import lz4.frame
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplint.capture import Capture, CaptureError, Frame, UnknownFormat, open_capture

from . import octets as o
from .awkward import BLOCKS, FILE_HEADERS, PLAIN, THIRTEEN
from .octets import FRAMES

PCAPNG = (
    o.section()
    + o.interface()
    + o.packet(1, FRAMES[0])
    + o.block(99, b"unknown")
    + o.simple(FRAMES[1])
    + o.section(">")
    + o.interface(order=">")
    + o.obsolete(2, FRAMES[2], order=">")
)
PLAIN_FILES = {
    "pcap": PLAIN,
    "pcapng": PCAPNG,
    "Kuznetzov": THIRTEEN["pcap with the record header of Kuznetzov"].octets,
}
# Ends of records and blocks. Cut there, a file looks complete.
BORDERS = {
    "pcap": {24, 24 + 76, 24 + 152, len(PLAIN)},
    "Kuznetzov": {24, 24 + 84, 24 + 168, len(PLAIN) + 24},
    "pcapng": {28, 48, 140, 160, 236, 264, 284, len(PCAPNG)},
}
MAGICS = {case.octets[:4] for case in (FILE_HEADERS | BLOCKS | THIRTEEN).values()}


def read(octets: bytes) -> tuple[list[Frame], Capture]:
    with open_capture(io.BytesIO(octets)) as capture:
        return list(capture), capture


@pytest.mark.parametrize("name", PLAIN_FILES)
def test_a_file_cut_at_any_octet_gives_the_whole_frames_and_says_so(name: str) -> None:
    octets = PLAIN_FILES[name]
    whole, _ = read(octets)
    ends = [*(frame.offset for frame in whole[1:]), len(octets)]
    if name == "pcapng":  # two frames are followed by a block that is no packet
        ends = [140, 236, len(octets)]
    for length in range(4, len(octets) + 1):
        frames, capture = read(octets[:length])
        assert frames == [frame for frame, end in zip(whole, ends, strict=True) if end <= length], length
        if length in BORDERS[name]:
            assert capture.problem is None, length
        else:
            assert capture.problem, length
            assert capture.problem.name == "truncated-file"
            assert capture.problem.offset == max([0, *(border for border in BORDERS[name] if border < length)])


def expanded(octets: bytes) -> bytes:
    """What the first, unfinished member of a compressed file gives, by the packages themselves."""
    if octets.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(31).decompress(octets)
    if octets.startswith(b"\x04\x22"):
        return bytes(lz4.frame.LZ4FrameDecompressor().decompress(octets))
    return zstandard.ZstdDecompressor().decompressobj().decompress(octets)


@pytest.mark.parametrize("packing", ["gzip", "zstd", "lz4"])
def test_a_compressed_file_cut_at_any_octet_gives_a_beginning_of_the_frames(packing: str) -> None:
    octets = THIRTEEN[packing].octets
    whole, _ = read(octets)
    for length in range(4, len(octets)):
        try:
            frames, capture = read(octets[:length])
        except UnknownFormat:  # not even a magic number came out
            assert len(expanded(octets[:length])) < 4
            continue
        assert frames == whole[: len(frames)]
        assert capture.problem, length
        assert capture.problem.name == "truncated-file"


def consume(octets: bytes) -> None:
    """Read to the end. Anything but frames, a problem or a CaptureError is a failure."""
    try:
        frames, capture = read(octets)
    except CaptureError:
        return
    assert capture.frames == len(frames)
    for frame in frames:
        assert len(frame.data) == frame.captured
    if capture.problem:
        assert 0 <= capture.problem.offset <= len(octets) or capture.compression
        assert capture.problem.message


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(MAGICS)), st.binary(max_size=300))
def test_random_octets_after_a_magic_number_do_no_harm(magic: bytes, octets: bytes) -> None:
    consume(magic + octets)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([PLAIN, PCAPNG, *(case.octets for case in (BLOCKS | THIRTEEN).values())]),
    st.lists(st.tuples(st.integers(4, 600), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_file_with_a_few_wrong_octets_does_no_harm(octets: bytes, changes: list[tuple[int, int]]) -> None:
    changed = bytearray(octets)
    for index, value in changes:
        changed[4 + index % (len(changed) - 4)] = value
    consume(bytes(changed))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(PLAIN_FILES)),
    st.lists(st.integers(1, 50), min_size=1, max_size=40),
)
def test_a_pipe_that_gives_a_few_octets_at_a_time_gives_the_same_frames(name: str, sizes: list[int]) -> None:
    class Drip(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            step = sizes[self.tell() % len(sizes)]
            return super().read(step)

    with open_capture(Drip(PLAIN_FILES[name])) as capture:
        assert list(capture) == read(PLAIN_FILES[name])[0]
    assert capture.problem is None
