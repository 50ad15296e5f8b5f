"""What the engine keeps is bounded: by the limit while pairs keep coming, and by what is still alive afterwards."""

import random
from typing import Any

import pytest

from tcplint.core.duplicate import GENERATION
from tcplint.core.engine import Engine
from tcplint.core.model import ACK, FIN, PSH, RST, SYN, Options, Segment, Settings
from tests.promise.play import SEVERITY
from tests.promise.stories import THOROUGH
from tests.promise.transcript import open_connections

LIMIT = 50
SEGMENTS = 40_000 if THOROUGH else 15_000
HOUR = 3_600_000_000  # µs


CLIENT, SERVER, PORT = bytes([192, 0, 2, 1]), bytes([198, 51, 100, 2]), b"\x01\xbb"
ACKED_SYN, CLOSING = SYN | ACK, FIN | ACK

# Stories as (sent by the server?, flags, seq, ack).
Line = tuple[bool, int, int, int]
OPENING: list[Line] = [(False, SYN, 10, 0), (True, ACKED_SYN, 50, 11), (False, ACK, 11, 51)]
ENDED: list[list[Line]] = [
    [*OPENING, (False, CLOSING, 11, 51), (True, CLOSING, 51, 12), (False, ACK, 12, 52)],
    [*OPENING, (True, RST, 51, 0)],
    [(False, SYN, 10, 0), (True, RST | ACK, 0, 11)],
    [(False, SYN, 10, 0)],
    [(False, SYN, 10, 0), (False, SYN, 10, 0)],
]


def segment(frame: int, time: int, pair: int, flags: int, seq: int, ack: int, back: bool = False) -> Segment:
    port = pair.to_bytes(2, "big")
    key = SERVER + CLIENT + PORT + port if back else CLIENT + SERVER + port + PORT
    made = Segment(frame, time, key, frame % 65536, 64, 0, 0, 0)
    made.flags, made.seq, made.ack, made.window, made.urgent = flags, seq, ack, 1000, 0
    made.checksum = frame % 65536
    made.options = Options()
    return made


def limited(limit: int = LIMIT) -> Engine:
    settings = Settings()
    settings.severity = SEVERITY
    settings.max_connections = limit
    settings.max_lone_syns = limit
    return Engine(settings)


def busy(engine: Engine, seed: int, count: int) -> int:
    """Random segments on a thousand pairs; checks the bounds at every frame, and gives the last time."""
    rnd = random.Random(seed)
    time = 0
    for frame in range(1, count + 1):
        time += rnd.choice([100, 1_000, 100_000])
        flags = rnd.choice([SYN, SYN | ACK, ACK, PSH | ACK, FIN | ACK, RST])
        numbers = rnd.choice([1000, 1001, 1002, 80_000]), rnd.choice([1000, 1001, 5000])
        engine.observe(segment(frame, time, rnd.randrange(1, 1000), flags, *numbers))
        engine.retired()
        assert engine.open_count <= LIMIT
        assert engine.lone_count <= LIMIT
        assert len(engine.chains) <= 2 * (LIMIT + 1)
    return time


def held(engine: Engine) -> dict[str, Any]:
    return {
        "open": len(list(open_connections(engine))),
        "chains": len(engine.chains),
        "lone": len(engine.lone),
        "finished": len(engine.finished),
    }


@pytest.mark.parametrize("seed", range(3))
def test_many_more_pairs_than_the_limit_are_never_held_at_once(seed: int) -> None:
    engine = limited()
    busy(engine, seed, SEGMENTS // 3)
    assert engine.open_count == len(list(open_connections(engine)))
    assert engine.open_count > LIMIT // 2
    assert engine.notes["connection-limit"] > 0


def test_lone_syns_leave_no_keys_behind() -> None:
    engine = limited()
    for frame in range(1, 40_001):
        engine.observe(segment(frame, frame, 1 + frame % 60_000, SYN, frame, 0))
        engine.retired()
    assert len(engine.lone) == LIMIT
    assert len(engine.lone_order) < 40_000


def test_recent_segments_are_two_generations() -> None:
    engine = limited()
    busy(engine, 9, 5_000)
    assert len(engine.recent.young) <= GENERATION
    assert len(engine.recent.old) <= GENERATION


@pytest.mark.parametrize("story", ENDED, ids=["closed", "reset", "refused", "one lone SYN", "a SYN and its copy"])
@pytest.mark.parametrize("step", [1_000_000, HOUR])
def test_what_ended_or_was_never_answered_is_forgotten_as_time_goes_on(story: list[Line], step: int) -> None:
    engine = Engine(Settings())
    frame = time = 0
    for pair in range(1, 400):
        for back, flags, seq, ack in story:
            frame += 1
            time += 1_000
            engine.observe(segment(frame, time, pair, flags, seq, ack, back))
    assert held(engine)["open"] + held(engine)["lone"] == 399
    gone = len(engine.retired())
    for number in range(700):  # one more connection goes on
        time += step
        engine.observe(segment(frame + number, time, 60_000, ACK, 1000 + number, 1))
        gone += len(engine.retired())
    assert gone == 399
    assert held(engine) == {"open": 1, "chains": 2, "lone": 0, "finished": 0}
