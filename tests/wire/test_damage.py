"""Frames as they should not be: no octets make the decoder fail, and it never looks at what is not there."""

import random

import pytest

from tcplint.core.decoder import (
    LAYER_ETHERNET,
    LAYER_LOOPBACK,
    LAYER_SLL,
    LAYER_SLL2,
    LAYER_TCP,
    LOOK,
    MAX_LINKS,
    Decoder,
)
from tcplint.core.skips import QUOTE, SEGMENT, skip_name
from tcplint.core.wire import decode, decode_layer, layer_of_link_type
from tests.wire.build import CLIENT, ethernet, extension, facts, icmp, ipv4, ipv6, read, tcp
from tests.wire.stacks import FOUR, FRAGMENTED, SIX, SIX_TCP, STACKS

EXTRA = [
    ("ICMP error", 1, ethernet(ipv4(icmp(FOUR), 1, destination=CLIENT))),
    ("ICMPv6 error", 101, ipv6(icmp(SIX, 1, 0), 58)),
    ("SYN", 1, ethernet(ipv4(tcp(b"\2\4\5\xb4\4\2\x08\x0a" + b"\1" * 8 + b"\1\3\3\7\xfe\x04\xf9\x89", b"")))),
    ("long extension", 101, ipv6(extension(extension(SIX_TCP, 6, bytes(254)), 60, bytes(174)), 60)),
    *(("fragment", 1, frame) for frames in FRAGMENTED for frame in frames),
]
FRAMES = STACKS + EXTRA
LINK_TYPES = [0, 1, 9, 12, 101, 108, 113, 276]


class Guarded(bytes):
    """Octets that may only be read where they are, and only at the first 512."""

    __slots__ = ()

    def __getitem__(self, where):
        if isinstance(where, slice):
            assert 0 <= where.start <= where.stop <= min(len(self), LOOK)
            assert where.step is None
        else:
            assert 0 <= where < min(len(self), LOOK)
        return super().__getitem__(where)


def consistent(decoder, code):
    """What holds for every result, however damaged the frame was."""
    if code == SEGMENT:
        segment = decoder.segment
        assert len(segment.key) in (12, 36)
        assert segment.length >= 0
        assert 0 <= segment.seq < 2**32
        assert 0 <= segment.ack < 2**32
        assert segment.header_captured >= 14
        assert segment.options is not None
        assert segment.header_valid or not segment.length_known
        assert not segment.padding or 0 < segment.length <= 6
        assert segment.truncated or segment.options.complete
        assert -1 <= segment.window < 65536
        assert 0 <= segment.link <= MAX_LINKS
    elif code == QUOTE:
        assert len(decoder.quote.key) in (12, 36)
        assert -1 <= decoder.quote.seq < 2**32
    else:
        assert skip_name(code) != ""


@pytest.mark.parametrize(("name", "link_type", "data"), FRAMES)
def test_a_frame_cut_anywhere_is_read_as_far_as_it_goes(name, link_type, data):
    whole = Decoder()
    full = decode(whole, data, link_type, 1, 0, 0, len(data), len(data))
    for length in range(len(data)):
        decoder = Decoder()
        code = decode(decoder, Guarded(data[:length]), link_type, 1, 0, 0, length, len(data))
        consistent(decoder, code)
        if code == SEGMENT:
            assert full == SEGMENT
            for field in ("key", "seq", "ack", "flags", "link", "ip_id", "hop_limit", "ecn", "header_stated"):
                assert getattr(decoder.segment, field) == getattr(whole.segment, field), field
            if decoder.segment.length_known:
                assert decoder.segment.length == whole.segment.length
        elif code != full and full in (SEGMENT, QUOTE):
            assert skip_name(code) in ("truncated", "unreadable-quote", "fragment")


@pytest.mark.parametrize(("name", "link_type", "data"), FRAMES)
def test_what_lies_behind_512_octets_is_never_looked_at(name, link_type, data):
    near = Decoder()
    first = decode(near, Guarded(data + b"\0" * 600), link_type, 1, 0, 0, len(data) + 600, len(data) + 600)
    far = Decoder()
    assert decode(far, (data + b"\0" * 600)[:LOOK], link_type, 1, 0, 0, len(data) + 600, len(data) + 600) == first
    if first == SEGMENT:
        assert facts(near.segment) == facts(far.segment)


def mutated(chance, data):
    """The frame with some octets changed, cut out, put in, or taken from another frame."""
    octets = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(octets)) if octets else 0
        match chance.randrange(5):
            case 0 | 1 if octets:
                octets[at] = chance.choice((0, 1, 2, 5, 255, octets[at] ^ 1 << chance.randrange(8)))
            case 2:
                del octets[at : at + chance.randrange(1, 9)]
            case 3:
                octets[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 4:
                other = chance.choice(FRAMES)[2]
                octets[at:] = other[chance.randrange(len(other)) :]
    return bytes(octets)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_frames_never_make_the_decoder_fail_and_both_paths_agree(seed):
    chance = random.Random(seed)
    one, two = Decoder(), Decoder()
    found = 0
    for number in range(5000):
        _, link_type, data = chance.choice(FRAMES)
        if chance.random() < 0.05:
            link_type = chance.choice(LINK_TYPES)
        data = Guarded(mutated(chance, data))
        original = len(data) + chance.choice((0, 0, 0, 5, 1000, -3))
        time = number * 1000
        code = decode(one, data, link_type, number, time, 0, len(data), original)
        consistent(one, code)
        found += code in (SEGMENT, QUOTE)
        layer = layer_of_link_type(link_type)
        assert decode_layer(two, data, 0, layer, number, time, 0, len(data), original) == code
        if code == SEGMENT:
            assert facts(one.segment) == facts(two.segment)
    assert found > 1000
    table = one.fragments
    assert len(table.waiting) == table.count <= 64


@pytest.mark.parametrize("seed", range(2))
def test_noise_from_any_layer_never_makes_the_decoder_fail(seed):
    chance = random.Random(100 + seed)
    decoder = Decoder()
    for number in range(4000):
        data = Guarded(chance.randbytes(chance.choice((0, 1, 7, 20, 60, 513))))
        layer = chance.randrange(LAYER_ETHERNET, LAYER_TCP)
        # Cooked captures and loopback are outermost layers: they begin with the frame.
        first = layer in (LAYER_SLL, LAYER_SLL2, LAYER_LOOPBACK)
        offset = 0 if first else chance.randrange(min(8, len(data) + 1))
        code = decode_layer(decoder, data, offset, layer, number, 0, 0, len(data), len(data))
        consistent(decoder, code)


def test_lengths_of_the_record_that_lie_are_not_believed():
    frame = ethernet(ipv4(tcp()))
    for captured, original in ((10_000, 10_000), (len(frame), 0), (len(frame), 2**40), (0, 0), (20, 10), (60, 50)):
        got = read(frame, captured=captured, original=original)
        if captured < 48:
            assert got in ("malformed", "truncated")
        else:
            assert got.length == 11
