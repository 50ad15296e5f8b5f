"""What the two programs of a connection will do, drawn from the seed.

A script is a list of steps: `("send", octets)`, `("last", octets)` (sent together with the FIN), `("read", octets)`,
`("drain", 0)` (read to the end of the stream), `("pause", seconds)`, `("shut", 0)`, `("rdwr", 0)`, `("close", 0)`,
`("abort", 0)`, `("vanish", 0)` (forget the connection without a frame), `("leave", 0)` (neither read nor close).
The opener is the program that connects, the answerer the one that accepts.
"""

import random
from dataclasses import dataclass

Step = tuple[str, float]
Script = list[Step]

WAYS_TO_OPEN = ["plain"] * 14 + ["fast"] * 4 + ["refused", "abandoned", "aborted", "crossed", "crossed"]


@dataclass
class Plan:
    """One connection. `quirks` are names of socket options of the opener, see `program`."""

    opening: str  # one of WAYS_TO_OPEN
    closing: str  # one of CLOSINGS
    opener: Script
    answerer: Script
    quirks: tuple[str, ...]
    pause: float  # seconds before it begins

    def __str__(self) -> str:
        return (
            f"{self.opening} … {self.closing}, {' '.join(self.quirks) or 'no quirks'}\n"
            f"    opener   {_told(self.opener)}\n    answerer {_told(self.answerer)}"
        )


def _told(script: Script) -> str:
    return ", ".join(f"{name} {amount:g}" if amount else name for name, amount in script)


def draw_plan(rnd: random.Random) -> Plan:
    """One connection at random."""
    opener, answerer = _talk(rnd)
    closing = rnd.choice(list(CLOSINGS))
    first, second = CLOSINGS[closing](rnd)
    if rnd.random() < 0.5:
        first, second = second, first
        closing += ", answerer first"
    moment = rnd.choice([0.0, 0.0, 0.01, 0.05, 0.2])
    quirks = tuple(name for name, share in QUIRKS.items() if rnd.random() < share)
    if closing.startswith("kept alive"):
        quirks += ("keep-alive",)
    return Plan(
        opening=rnd.choice(WAYS_TO_OPEN),
        closing=closing,
        opener=[*opener, ("pause", moment), *first],
        answerer=[*answerer, ("pause", moment), *second],
        quirks=quirks,
        pause=rnd.choice([0.0, 0.0, 0.0, 0.01, 0.05, 0.3, 1.1]),
    )


QUIRKS = {
    "no-delay": 0.3,
    "small-receive": 0.15,
    "small-send": 0.1,
    "small-mss": 0.1,
    "slow-ack": 0.3,
    "user-timeout": 0.1,
    "short-linger": 0.1,
    "keep-alive": 0.05,
    "thin": 0.05,
}


def _size(rnd: random.Random) -> int:
    return rnd.choice([1, 1, 20, 100, 100, 500, 500, 1460, 3000, 8000])


def _talk(rnd: random.Random) -> tuple[Script, Script]:
    """Questions and answers; now and then one side alone, or both at once."""
    opener: Script = []
    answerer: Script = []
    for _ in range(rnd.choice([0, 0, 1, 1, 1, 2, 3, 5])):
        asks, answers = (opener, answerer) if rnd.random() < 0.8 else (answerer, opener)
        size = _size(rnd)
        asks.append(("send", size))
        if rnd.random() < 0.2:
            asks += [("pause", rnd.choice([0.001, 0.01, 0.05])), ("send", 10)]
            size += 10
        answers.append(("read", size))
        if rnd.random() < 0.85:
            back = _size(rnd)
            answers.append(("send", back))
            asks.append(("read", back))
    return opener, answerer


# How it ends: the scripts of the side that acts first and of the other.

_END: Script = [("drain", 0), ("close", 0)]


def _late(rnd: random.Random) -> Step:
    return ("pause", rnd.choice([0.0, 0.0, 0.001, 0.02, 0.06, 0.3]))


def _in_turn(rnd: random.Random) -> tuple[Script, Script]:
    return [("close", 0)], [("drain", 0), _late(rnd), ("close", 0)]


def _at_once(rnd: random.Random) -> tuple[Script, Script]:
    return [("close", 0)], [("close", 0)]


def _half(rnd: random.Random) -> tuple[Script, Script]:
    tail: Script = []
    for _ in range(rnd.randint(0, 3)):
        tail += [("send", _size(rnd)), _late(rnd)]
    return [("shut", 0), *_END], [("drain", 0), _late(rnd), *tail, ("close", 0)]


def _both_half(rnd: random.Random) -> tuple[Script, Script]:
    return [("send", _size(rnd)), ("shut", 0), *_END], [("send", _size(rnd)), ("shut", 0), *_END]


def _last_data(rnd: random.Random) -> tuple[Script, Script]:
    return [("last", _size(rnd)), ("close", 0)], [("drain", 0), _late(rnd), ("last", 30), ("close", 0)]


def _abort(rnd: random.Random) -> tuple[Script, Script]:
    return [("abort", 0)], [("drain", 0), ("close", 0)]


def _abort_amid_data(rnd: random.Random) -> tuple[Script, Script]:
    return [("send", 3000), _late(rnd), ("abort", 0)], [("send", 3000), _late(rnd), ("send", 10), *_END]


def _abort_both(rnd: random.Random) -> tuple[Script, Script]:
    return [("abort", 0)], [("abort", 0)]


def _abort_of_a_close(rnd: random.Random) -> tuple[Script, Script]:
    return [("shut", 0), _late(rnd), ("abort", 0)], [("drain", 0), _late(rnd), ("close", 0)]


def _unread(rnd: random.Random) -> tuple[Script, Script]:
    return [("pause", 0.05), ("close", 0)], [("send", _size(rnd)), ("pause", 0.1), ("send", 10), *_END]


def _data_after_close(rnd: random.Random) -> tuple[Script, Script]:
    more: Script = []
    for _ in range(rnd.randint(1, 4)):
        more += [("send", _size(rnd)), _late(rnd)]
    return [("close", 0)], [("pause", 0.02), *more, ("close", 0)]


def _vanish(rnd: random.Random) -> tuple[Script, Script]:
    more: Script = [("send", 50), _late(rnd)] if rnd.random() < 0.6 else []
    return [("vanish", 0)], [_late(rnd), *more, ("close", 0)]


def _read_write_shut(rnd: random.Random) -> tuple[Script, Script]:
    return [("rdwr", 0), _late(rnd), ("close", 0)], [_late(rnd), ("send", 40), *_END]


def _forgotten_half(rnd: random.Random) -> tuple[Script, Script]:
    return [("close", 0)], [("drain", 0), ("pause", 2.3), ("send", 20), ("close", 0)]


def _kept_alive(rnd: random.Random) -> tuple[Script, Script]:
    return [("pause", 2.2), ("close", 0)], [*_END]


def _full_window(rnd: random.Random) -> tuple[Script, Script]:
    return [("send", 12000), ("close", 0)], [("pause", rnd.choice([0.1, 0.5, 1.0])), *_END]


def _left_open(rnd: random.Random) -> tuple[Script, Script]:
    return [("leave", 0)], [("leave", 0)]


CLOSINGS = {
    "in turn": _in_turn,
    "at once": _at_once,
    "half-close": _half,
    "both half-close": _both_half,
    "last data with FIN": _last_data,
    "abort": _abort,
    "abort amid data": _abort_amid_data,
    "both abort": _abort_both,
    "close, then abort": _abort_of_a_close,
    "unread data": _unread,
    "data after close": _data_after_close,
    "vanished": _vanish,
    "shut both ways": _read_write_shut,
    "forgotten half-close": _forgotten_half,
    "kept alive": _kept_alive,
    "full window": _full_window,
    "left open": _left_open,
}
