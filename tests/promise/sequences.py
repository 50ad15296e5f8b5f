"""Random segments: few numbers, few pairs, every kind of flag, so that they meet each other in every way."""

import random

from tcplint.core.model import ACK, FIN, PSH, RST, SYN, URG, Options, Quote, Segment

PAIRS = [bytes([192, 0, 2, 1, 198, 51, 100, 2, 0xC0, pair, 0, 80]) for pair in range(3)]
USUAL = [SYN, SYN | ACK, ACK, ACK, PSH | ACK, PSH | ACK, FIN | ACK, RST, RST | ACK]
UNUSUAL = [0, FIN, FIN | PSH | URG, SYN | FIN, SYN | RST, PSH, URG | ACK, ACK | 0x200]
FIELDS = ["seq", "ack", "flags", "window", "urgent", "length", "length_known", "padding", "truncated", "header_valid"]
FIELDS += ["tsval", "tsecr", "options", "checksum", "checksum_state", "odd"]
STEPS = [0, 1, 400, 6000, 40_000, 1_200_000, 70_000_000, 300_000_000, 700_000_000]  # µs from one to the next


def back(key: bytes) -> bytes:
    """The key of the other direction."""
    return key[4:8] + key[:4] + key[10:] + key[8:10]


def random_segments(rnd: random.Random, count: int) -> list[Segment | Quote]:
    """A capture of `count` segments; one in fifty is an ICMP error that quotes one."""
    bases = [rnd.choice([0, 1000, 2**31 - 5, 2**32 - 5, rnd.randrange(2**32)]) for _ in range(2)]
    time = 0
    result: list[Segment | Quote] = []
    for frame in range(1, count + 1):
        time += rnd.choice(STEPS[: rnd.choice([5, 5, 5, 6, len(STEPS)])])
        key = rnd.choice(PAIRS)
        side = rnd.randrange(2)
        if side:
            key = back(key)
        if rnd.random() < 0.02:
            result.append(_quote(rnd, frame, time, key, bases[side]))
        elif result and rnd.random() < 0.05 and isinstance(result[-1], Segment):
            result.append(_copy(result[-1], frame, time))
        else:
            result.append(_segment(rnd, frame, time, key, bases[side], bases[1 - side]))
    return result


def _number(rnd: random.Random, base: int) -> int:
    """Near the base, or where the next incarnation begins, or anywhere."""
    away = rnd.choice([rnd.randrange(6), rnd.randrange(60), 65537 + rnd.randrange(6), -rnd.randrange(6)])
    if rnd.random() < 0.02:
        away = rnd.randrange(2**32)
    return (base + away) % 2**32


def _segment(rnd: random.Random, frame: int, time: int, key: bytes, base: int, other: int) -> Segment:
    ip_id = rnd.choice([0, frame, rnd.randrange(4)])
    segment = Segment(frame, time, key, ip_id, rnd.choice([64, 64, 64, 63, 200]), 0, rnd.randrange(2), 0)
    segment.seq = _number(rnd, base)
    segment.flags = rnd.choice(USUAL if rnd.random() < 0.93 else UNUSUAL)
    segment.ack = _number(rnd, other) if segment.flags & ACK or rnd.random() < 0.05 else 0
    segment.window = rnd.choice([0, 500, 65535])
    segment.urgent = 0
    segment.length = rnd.choice([0, 0, 0, 1, 5, 20, 2000]) if segment.flags & (PSH | FIN | SYN) else 0
    segment.padding = segment.length in (1, 5) and rnd.random() < 0.2
    segment.length_known = rnd.random() < 0.98
    segment.truncated = rnd.random() < 0.02
    segment.header_valid = rnd.random() < 0.99
    segment.checksum = rnd.randrange(5)
    segment.checksum_state = rnd.choice([0, 0, 0, 1, 2, 3])
    if rnd.random() < 0.3:
        segment.tsval = rnd.randrange(50)
        segment.tsecr = rnd.randrange(50)
    segment.options = Options()
    if segment.flags & SYN:
        segment.options.mss = rnd.choice([-1, 536, 1460])
        segment.options.wscale = rnd.choice([-1, 0, 7, 15])
        segment.options.tfo = rnd.choice([-1, -1, 0, 8])
    segment.options.malformed = rnd.choice([0] * 30 + [1, 2, 3])
    segment.odd = rnd.random() < 0.1
    return segment


def _copy(segment: Segment, frame: int, time: int) -> Segment:
    """The same once more, as a capture or a retransmission doubles it."""
    copy = Segment(frame, time, segment.key, segment.ip_id, segment.hop_limit, 0, segment.link, 0)
    for name in FIELDS:
        setattr(copy, name, getattr(segment, name))
    return copy


def _quote(rnd: random.Random, frame: int, time: int, key: bytes, base: int) -> Quote:
    quote = Quote(frame, time, key)
    quote.seq = rnd.choice([-1, _number(rnd, base)])
    quote.type = rnd.choice([3, 11])
    quote.code = rnd.randrange(5)
    quote.hop_limit = 60
    return quote
