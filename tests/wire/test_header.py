"""The TCP header: cut, contradicting, padded, left to the network card."""

import struct

import pytest

from tcplint.core.decoder import MAX_SUMS, Decoder
from tcplint.core.model import AE, CHECKSUM_PARTIAL, CHECKSUM_UNKNOWN, RESERVED
from tests.wire.build import (
    ACK,
    CLIENT,
    CLIENT6,
    SEQ,
    SERVER,
    SERVER6,
    TIMESTAMPS,
    WINDOW,
    ethernet,
    ipv4,
    ipv6,
    pseudo_header,
    read,
    tcp,
)  # fmt: skip

SYN_OPTIONS = b"\x02\x04\x05\xb4\x04\x02" + TIMESTAMPS[2:] + b"\x01\x03\x03\x07"


def with_checksum(packet, at, value):
    return packet[:at] + struct.pack(">H", value) + packet[at + 2 :]


@pytest.mark.parametrize("captured", range(34, 34 + 60))
def test_a_header_cut_by_the_capture_gives_what_was_captured(captured):
    whole = ethernet(ipv4(tcp(SYN_OPTIONS, b"data" * 5)))
    segment = read(whole[:captured], original=len(whole))
    octets = captured - 34
    if octets < 14:
        assert segment == "truncated"
        return
    assert (segment.seq, segment.ack, segment.flags, segment.length) == (SEQ, ACK, 0x18, 20)
    assert (segment.header_stated, segment.header_captured) == (40, min(octets, 40))
    assert segment.truncated == (octets < 40)
    assert segment.window == (WINDOW if octets >= 16 else -1)
    assert (segment.checksum == -1) == (octets < 18)
    assert segment.urgent == (0 if octets >= 20 else -1)
    assert segment.options.complete == (octets >= 40)
    assert segment.options.mss == (1460 if octets >= 24 else -1)
    assert segment.options.sackok == (octets >= 26)
    assert (segment.tsval == -1) == (octets < 36)
    assert segment.options.wscale == (7 if octets >= 40 else -1)
    assert segment.header_valid
    assert segment.length_known


def test_all_twelve_bits_of_the_flag_word_are_kept():
    segment = read(ethernet(ipv4(tcp(flags=0xFFF))))
    assert segment.flags == 0xFFF
    assert segment.flags & RESERVED == 0xE00
    assert segment.flags & AE == 0x100


@pytest.mark.parametrize("offset", range(5))
def test_a_header_length_below_twenty_octets_is_not_valid(offset):
    segment = read(ethernet(ipv4(tcp(offset=offset))))
    assert not segment.header_valid
    assert not segment.truncated
    assert not segment.length_known
    assert (segment.seq, segment.window) == (SEQ, WINDOW)
    assert (segment.header_stated, segment.header_captured) == (4 * offset, 20)
    assert segment.tsval == -1
    assert segment.options.complete


def test_a_header_longer_than_its_segment_is_not_valid_and_not_truncated():
    segment = read(ethernet(ipv4(tcp(b"", b"abc", offset=6))))
    assert not segment.header_valid
    assert not segment.truncated
    assert (segment.length, segment.header_captured) == (0, 23)


def test_a_header_longer_than_its_segment_is_not_completed_from_the_padding_of_the_frame():
    frame = ethernet(ipv4(tcp(b"", b"", offset=6)))
    assert len(frame) == 60
    segment = read(frame)
    assert not segment.header_valid
    assert segment.header_captured == 20


def test_a_header_longer_than_its_segment_and_cut_by_the_capture_is_both():
    frame = ethernet(ipv4(tcp(b"\1" * 8, b"abc", offset=15)))
    segment = read(frame[: 34 + 24], original=len(frame))
    assert not segment.header_valid
    assert segment.truncated


@pytest.mark.parametrize("size", range(20))
def test_a_tcp_packet_shorter_than_a_header_is_malformed_or_not_valid(size):
    got = read(ethernet(ipv4(tcp()[:size])))
    if size < 14:
        assert got == "malformed"
    else:
        assert not got.header_valid
        assert not got.truncated
        assert got.window == (WINDOW if size >= 16 else -1)
        assert got.urgent == -1


def test_the_length_comes_from_ip_whatever_was_captured():
    frame = ethernet(ipv4(tcp(payload=b"x" * 1000)))
    assert read(frame[:200], original=len(frame)).length == 1000
    assert read(frame + b"\0" * 9).length == 1000


@pytest.mark.parametrize("make", [ipv4, ipv6])
def test_an_ip_length_of_zero_means_segmentation_offload(make):
    zero = {"total": 0} if make is ipv4 else {"size": 0}
    frame = ethernet(make(tcp(payload=b"x" * 400), **zero))
    for captured, known in ((len(frame), True), (len(frame) - 100, False)):
        segment = read(frame[:captured], original=len(frame))
        assert segment.offload
        assert segment.length == 400 - (len(frame) - captured)
        assert segment.length_known is known
    # A reader may hand over the first 512 octets only; the length is that of the capture all the same.
    huge = ethernet(make(tcp(payload=b"x" * 40_000), **zero))
    assert read(huge[:512], captured=len(huge)).length == 40_000


@pytest.mark.parametrize(("payload", "expected"), [
    (b"", False), (b"\0", True), (b"\0" * 6, True), (b"\0" * 7, False), (b"\0\0\1", False), (b"a", False),
])  # fmt: skip
def test_up_to_six_zeros_of_payload_may_be_padding(payload, expected):
    assert read(ethernet(ipv4(tcp(payload=payload)))).padding is expected
    assert read(ethernet(ipv4(tcp(b"", payload)))).padding is expected


def test_a_short_payload_that_was_not_captured_may_be_padding():
    frame = ethernet(ipv4(tcp(payload=b"abcdef")))
    assert read(frame[:66], original=len(frame)).padding
    assert not read(frame[:67], original=len(frame)).padding


def test_a_checksum_that_is_the_sum_of_the_pseudo_header_is_partial():
    for seed in range(200):
        segment = tcp(payload=b"x" * seed, ports=struct.pack(">HH", 1000 + seed, 80))
        for packet, addresses, header in (
            (ipv4(segment), (CLIENT, SERVER), 20),
            (ipv6(segment), (CLIENT6, SERVER6), 40),
        ):
            octets = pseudo_header(*addresses, len(segment))
            total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
            while total > 0xFFFF:
                total = (total & 0xFFFF) + (total >> 16)
            left = with_checksum(packet, header + 16, total)
            assert read(left, 101).checksum_state == CHECKSUM_PARTIAL
            assert read(left, 101).checksum == total
            for other in (total ^ 1, 0xFFFF - total, 0):
                wrong = with_checksum(packet, header + 16, other)
                assert read(wrong, 101).checksum_state == CHECKSUM_UNKNOWN


def test_the_table_of_address_sums_stays_bounded_over_many_connections():
    decoder = Decoder()
    for number in range(2 * MAX_SUMS + 10):
        packet = ipv4(tcp()[:14], source=struct.pack(">I", 0x0A000000 + number))
        read(with_checksum(packet + b"\0" * 8, 2, 42), 101, decoder=decoder)
        assert len(decoder.sums) <= MAX_SUMS
    assert decoder.sum_count == 10
