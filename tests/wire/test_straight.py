"""The reader of the commonest frame gives the Segment that the portable decoder gives, or leaves the frame to it."""

import random
import struct
from typing import Any

from tcplint.capture import Frame
from tcplint.core.decoder import Decoder
from tcplint.core.skips import SEGMENT
from tcplint.core.wire import decode
from tcplint.segments.straight import straight_reader
from tests.wire.build import ethernet, ipv4, tcp
from tests.wire.test_agree_dpkt import random_frame


def stamped(chance: random.Random) -> bytes:
    """A frame of a common shape, sometimes with one octet of its headers changed."""
    options = b"\1\1\x08\x0a" + chance.randbytes(8) if chance.random() < 0.6 else optional(chance)
    payload = chance.randbytes(chance.choice((0, 0, 1, 6, 7, 100, 1448)))
    segment = tcp(
        options,
        payload,
        seq=chance.getrandbits(32),
        ack=chance.getrandbits(32),
        flags=chance.choice((0x10, 0x10, 0x18, 0x11, 0x02, 0x12, chance.getrandbits(12))),
        window=chance.getrandbits(16),
    )
    frame = bytearray(ethernet(ipv4(segment, tos=chance.getrandbits(8), where=chance.choice((0, 0x4000)))))
    if chance.random() < 0.5:
        frame[chance.randrange(12, min(66, len(frame)))] = chance.choice((0, 1, 6, 8, 10, 0x45, 0x80, 255))
    if chance.random() < 0.1:
        del frame[chance.randrange(40, len(frame)) :]
    return bytes(frame)


def optional(chance: random.Random) -> bytes:
    """An option list as SYNs have it, with a slip now and then."""
    stamps = b"\x08\x0a" + chance.randbytes(8)
    options = chance.choice(
        (
            b"\x02\x04\x05\xb4\x04\x02" + stamps + b"\1\x03\x03" + chance.randbytes(1),
            b"\x02\x04\x05\xb4\1\x03\x03\x08\1\1\x04\x02",
            b"\1\1\x05\x0a" + chance.randbytes(8),
            b"\1\1" + stamps + b"\1\1\x05\x12" + chance.randbytes(16),
            b"",
        )
    )
    damaged = bytearray(options)
    if options and chance.random() < 0.2:
        damaged[chance.randrange(len(damaged))] = chance.choice((0, 1, 2, 8, 40))
    return bytes(damaged)


def both(decoder: Decoder, frame: Frame) -> tuple[dict[str, object] | None, dict[str, object] | None]:
    """What the straight reader and the portable decoder say, attribute by attribute."""
    straight = straight_reader(decoder, lambda frame, time: None)(frame, 7)
    code = decode(
        decoder, frame.data, frame.link_type, frame.number, 7, frame.interface, frame.captured, frame.original
    )
    return fields(straight), fields(decoder.segment) if code == SEGMENT else None


def fields(segment: Any) -> dict[str, object] | None:
    """Attribute by attribute, those of the options too."""
    return None if segment is None else vars(segment) | {"options": vars(segment.options)}


def test_both_readers_give_one_segment_on_sound_and_damaged_frames() -> None:
    chance = random.Random(5)
    decoder = Decoder()
    taken = left = 0
    for number in range(1, 6001):
        data = stamped(chance) if chance.random() < 0.8 else random_frame(chance)
        original = len(data) + chance.choice((0, 0, 0, 500))
        frame = Frame(number, 0, chance.choice((1, 1, 1, 1, 101, 113)), 3, len(data), original, 0, data)
        straight, portable = both(decoder, frame)
        if straight is None:
            left += 1
        else:
            assert straight == portable, data.hex()
            taken += 1
    assert taken > 1300
    assert left > 1000


def test_partial_checksum_and_padding_are_left_to_the_portable_decoder() -> None:
    decoder = Decoder()
    whole = ethernet(ipv4(tcp(b"\1\1\x08\x0a" + bytes(8), b"x" * 20)))
    frame = Frame(1, 0, 1, 0, len(whole), len(whole), 0, whole)
    first = both(decoder, frame)[0]  # links and sums are not known yet
    assert first is not None
    assert both(decoder, frame)[0] == first
    sums = struct.unpack(">12H", b"\0\0" + whole[26:34] + b"\0\6" + struct.pack(">H", 52) + bytes(10))
    pseudo = sum(sums) % 65535
    partial = whole[:50] + struct.pack(">H", pseudo) + whole[52:]
    assert both(decoder, Frame(2, 0, 1, 0, len(partial), len(partial), 0, partial))[0] is None
    padded = ethernet(ipv4(tcp(b"\1\1\x08\x0a" + bytes(8), bytes(6))))
    assert both(decoder, Frame(3, 0, 1, 0, len(padded), len(padded), 0, padded))[0] is None
