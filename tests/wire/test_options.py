"""The option list: what is read, which faults are named, and that a cut list never shows a fault of its own."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplint.core.decoder import Decoder
from tcplint.core.model import (
    OPTIONS_AFTER_END,
    OPTIONS_PAST_HEADER,
    OPTIONS_SHORT_LENGTH,
    OPTIONS_SOUND,
)
from tests.wire.build import TIMESTAMPS, ethernet, ipv4, read, tcp


def of(options, cut=0):
    """The Segment whose header carries these octets as they are; `cut` octets of them are missing from the capture."""
    assert len(options) % 4 == 0
    frame = ethernet(ipv4(tcp(options, b"")), 0x0800)
    stop = 54 + len(options) - cut
    return read(frame[:stop], original=len(frame))


def test_every_known_option_is_read():
    syn = of(b"\x02\x04\x05\xb4" + b"\x04\x02" + TIMESTAMPS[2:] + b"\x01\x03\x03\x0e")
    assert (syn.options.mss, syn.options.wscale, syn.options.sackok) == (1460, 14, True)
    assert (syn.tsval, syn.tsecr) == (4_111_222_333, 3_999_888_777)
    edges = [1, 2**32 - 1, 2**31, 5]
    assert of(b"\1\1\5\x12" + struct.pack(">4I", *edges)).options.sack == edges
    assert of(b"\x22\x02\1\1").options.tfo == 0
    assert of(b"\x22\x0a" + b"c" * 8 + b"\1\1").options.tfo == 8
    assert of(b"\xfe\x04\xf9\x89").options.tfo == 0
    assert of(b"\xfe\x0c\xf9\x89" + b"c" * 8).options.tfo == 8
    assert of(b"\x1e\x0c\x01" + b"k" * 9).options.mptcp == 0
    assert of(b"\x1e\x03\x81\x00").options.mptcp == 8
    assert of(b"\x13\x12" + b"d" * 16 + b"\1\1").options.md5
    assert of(b"\x1d\x10" + b"d" * 14).options.ao


def test_kinds_that_are_not_known_are_listed_in_order():
    assert of(b"\x4c\x04ab\xfd\x04ab\x4d\x02\xfd\x02\1\1\1\1").options.unknown == [76, 253, 77, 253]
    assert of(b"\xfe\x04\xf9\x89\x1c\x04\x80\x01\xac\x05abc\xae\x02\0").options.unknown == []


def test_segments_without_options_or_with_timestamps_only_share_one_object():
    decoder = Decoder()
    bare = read(ethernet(ipv4(tcp(b""))), decoder=decoder)
    stamped = read(ethernet(ipv4(tcp(TIMESTAMPS))), decoder=decoder)
    other = read(ethernet(ipv4(tcp(TIMESTAMPS[2:] + b"\1\1"))), decoder=decoder)
    assert bare.options is stamped.options is decoder.no_options
    assert other.options is not decoder.no_options
    assert vars(other.options) == vars(decoder.no_options)
    assert (other.tsval, other.tsecr) == (stamped.tsval, stamped.tsecr)


@pytest.mark.parametrize(("options", "fault"), [
    (b"\0\0\0\0", OPTIONS_SOUND),
    (b"\1\1\1\0", OPTIONS_SOUND),
    (b"\2\4\5\xb4\0\0\0\0", OPTIONS_SOUND),
    (b"\2\0\5\xb4", OPTIONS_SHORT_LENGTH),
    (b"\1\1\x63\1", OPTIONS_SHORT_LENGTH),
    (b"\2\5\5\xb4", OPTIONS_PAST_HEADER),
    (b"\1\1\1\2", OPTIONS_PAST_HEADER),
    (b"\1\1\x63\3", OPTIONS_PAST_HEADER),
    (b"\0\0\0\1", OPTIONS_AFTER_END),
    (b"\2\4\5\xb4\0\3\3\7", OPTIONS_AFTER_END),
])  # fmt: skip
def test_a_list_that_cannot_be_walked_is_malformed(options, fault):
    assert of(options).options.malformed == fault


def test_what_stands_before_the_fault_stays():
    options = of(b"\2\4\5\xb4\3\3\7\1\4\0\1\1").options
    assert (options.malformed, options.mss, options.wscale, options.sackok) == (OPTIONS_SHORT_LENGTH, 1460, 7, False)


SOUND_LENGTHS = {
    2: {4}, 3: {3}, 4: {2}, 5: {10, 18, 26, 34}, 8: {10}, 19: {18}, 28: {4}, 29: set(range(4, 41)),
    30: set(range(3, 41)), 34: {2, 6, 8, 10, 12, 14, 16, 18}, 172: {2, 5, 8, 11}, 174: {2, 5, 8, 11},
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(SOUND_LENGTHS))
def test_an_option_of_another_than_its_defined_length_is_named_and_not_used(kind):
    for length in range(2, 41):
        octets = bytes([kind, length]) + b"\x10" * (length - 2)
        segment = of(octets + b"\1" * (-length % 4))
        fits = length in SOUND_LENGTHS[kind]
        assert segment.options.wrong_length == (-1 if fits else kind)
        assert segment.options.malformed == OPTIONS_SOUND
        used = segment.options.mss, segment.options.wscale, segment.tsval, segment.options.mptcp
        named = segment.options.sackok, segment.options.md5, segment.options.ao, bool(segment.options.sack)
        assert (any(value != -1 for value in used) or any(named)) == (fits and kind not in (28, 34, 172, 174))
        assert segment.options.tfo == (length - 2 if kind == 34 else -1)
        assert segment.options.unknown == []


def test_the_first_of_two_equal_options_counts_and_the_kind_is_named():
    options = of(b"\2\4\5\xb4\2\4\1\0\3\3\1\3\3\2\1\1").options
    assert (options.mss, options.wscale, options.duplicate) == (1460, 1, 2)
    assert of(b"\x63\2\x63\2").options.duplicate == 99
    assert of(b"\x63\2\x63\2").options.unknown == [99]


@pytest.mark.parametrize("kind", [1, 30, 253, 254])
def test_some_options_may_stand_twice(kind):
    octets = b"\1\1\1\1" if kind == 1 else bytes([kind, 4, 0x10, 0]) * 2
    assert of(octets).options.duplicate == -1


@settings(max_examples=300, deadline=None)
@given(words=st.lists(st.binary(min_size=4, max_size=4), min_size=1, max_size=10), data=st.data())
def test_a_cut_list_shows_nothing_that_the_whole_list_does_not(words, data):
    octets = b"".join(words)
    whole = of(octets).options
    cut = data.draw(st.integers(1, len(octets)))
    segment = of(octets, cut)
    part = segment.options
    assert segment.truncated
    assert not part.complete
    assert whole.complete
    assert part.malformed in (OPTIONS_SOUND, whole.malformed)
    for name in ("wrong_length", "duplicate", "mss", "wscale", "tfo", "mptcp"):
        assert getattr(part, name) in (-1, getattr(whole, name)), name
    for name in ("sackok", "md5", "ao"):
        assert getattr(whole, name) or not getattr(part, name), name
    assert part.unknown == whole.unknown[: len(part.unknown)]
    assert part.sack in ([], whole.sack)
