"""Lengths that cannot be, blocks that contradict themselves, limits: reading stops there, and says where."""

import io
import struct
import tracemalloc

import pytest

from tcplint.capture import Capture, Frame, open_capture

from . import octets as o
from .awkward import PLAIN, US
from .octets import FRAMES

BEGIN = o.section() + o.interface() + o.packet(US, FRAMES[0])
HUGE = 0xFFFFFFF0
MIB_16 = 16 << 20


def read(octets: bytes, **limits: int) -> tuple[list[Frame], Capture]:
    with open_capture(io.BytesIO(octets), **limits) as capture:
        return list(capture), capture


def odd_block() -> bytes:
    """A packet block of 93 octets."""
    length = struct.pack("<I", 32 + 61)
    return b"\6\0\0\0" + length + struct.pack("<5I", 0, 0, 0, 61, 61) + bytes(61) + length


def with_other_tail(block: bytes) -> bytes:
    """The block with another length at its end."""
    return block[:-4] + struct.pack("<I", len(block) + 4)


NEW_SECTION = o.section()
BAD_BLOCKS = {  # good blocks, the bad one, what is said of it
    "a length that is no multiple of 4": (b"", odd_block(), "length of 93, not a multiple of 4"),
    "a length below that of an empty block": (b"", bytes(64), "length of 0, less than 12"),
    "a packet block without room for its fields": (b"", o.block(6, bytes(16)), "length of 28, less than 32"),
    "an interface block without room for its fields": (b"", o.block(1, bytes(4)), "length of 16, less than 20"),
    "another length at the end": (b"", with_other_tail(o.packet(US, FRAMES[1])), "and another one at its end"),
    "more captured octets than the block holds": (
        b"",
        o.block(6, struct.pack("<5I", 0, 0, 0, 61, 61) + FRAMES[1]),
        "too small for 61 captured octets",
    ),
    "a simple packet longer than its block": (
        b"",
        o.simple(FRAMES[1], original=61),
        "too small for 61 captured octets",
    ),
    "an interface that does not exist": (
        b"",
        o.packet(US, FRAMES[1], on=1),
        "names interface 1, but the section has 1",
    ),
    "a simple packet without an interface": (
        NEW_SECTION,
        o.simple(FRAMES[1]),
        "names interface 0, but the section has 0",
    ),
    "a packet without an interface": (NEW_SECTION, o.packet(US, FRAMES[1]), "names interface 0, but the section has 0"),
    "an option that runs past its block": (
        o.interface(),
        o.block(1, struct.pack("<HHI", 1, 0, 0) + struct.pack("<HH", 9, 40)),
        "runs past the block",
    ),
    "a section without a byte-order mark": (b"", o.block(0x0A0D0D0A, bytes(16)), "without a byte-order mark"),
    "a section of a later version": (b"", o.section(version=(2, 0)), "pcapng version 2.0"),
}


@pytest.mark.parametrize(("good", "bad", "message"), BAD_BLOCKS.values(), ids=list(BAD_BLOCKS))
def test_after_a_good_frame_a_bad_block_stops_the_reading_where_it_lies(good: bytes, bad: bytes, message: str) -> None:
    frames, capture = read(BEGIN + good + bad + o.packet(US, FRAMES[2]))
    assert [frame.data for frame in frames] == [FRAMES[0]]
    assert capture.problem
    assert (capture.problem.name, capture.problem.offset) == ("bad-block", len(BEGIN + good))
    assert message in capture.problem.message


@pytest.mark.parametrize("length", [MIB_16 + 1, HUGE])
def test_a_pcap_record_over_16_mib_is_refused_with_its_offset(length: int) -> None:
    frames, capture = read(PLAIN + struct.pack("<4I", 1, 2, length, length) + bytes(100))
    assert len(frames) == 3
    assert capture.problem
    assert (capture.problem.name, capture.problem.offset) == ("record-too-long", len(PLAIN))
    assert str(length) in capture.problem.message


@pytest.mark.parametrize("kind", [6, 1, 99, 0x0A0D0D0A])
@pytest.mark.parametrize("length", [MIB_16 + 4, HUGE])
def test_a_block_over_16_mib_is_refused_with_its_offset(kind: int, length: int) -> None:
    frames, capture = read(BEGIN + struct.pack("<III", kind, length, 0x1A2B3C4D) + bytes(100))
    assert len(frames) == 1
    assert capture.problem
    assert (capture.problem.name, capture.problem.offset) == ("record-too-long", len(BEGIN))


def test_a_record_of_exactly_16_mib_is_read() -> None:
    frames, capture = read(o.pcap(o.record(1, 2, bytes(MIB_16)), o.record(3, 4, FRAMES[0])))
    assert [frame.captured for frame in frames] == [MIB_16, 60]
    assert capture.problem is None


def test_a_record_that_claims_16_mib_in_a_short_file_costs_no_memory_for_them() -> None:
    octets = PLAIN + struct.pack("<4I", 1, 2, MIB_16, MIB_16) + bytes(100)
    tracemalloc.start()
    try:
        _, capture = read(octets)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert capture.problem
    assert (capture.problem.name, capture.problem.offset) == ("truncated-file", len(PLAIN))
    assert peak < 1 << 20


def test_interfaces_beyond_the_limit_are_not_kept_and_their_packets_counted() -> None:
    octets = o.section() + o.interface() * 3
    octets += o.packet(US, FRAMES[0], on=2) + o.packet(US, FRAMES[1], on=1) + o.packet(US, FRAMES[2])
    octets += o.section() + o.interface() + o.packet(US, FRAMES[0])
    frames, capture = read(octets, max_interfaces=1)
    # Numbers and interfaces are those of the whole file: what is not read still counts.
    assert [(frame.number, frame.interface) for frame in frames] == [(3, 0), (4, 3)]
    assert [(note.name, note.count) for note in capture.notes] == [("interface-limit", 2)]
    assert capture.problem is None
