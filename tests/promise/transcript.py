"""All that the engine says of a random capture, as lines of text, so that two runs can be compared.

    python -m tests.promise.transcript SEEDS SEGMENTS

prints one line for each seed: the digest of its transcript. With `--full SEED` it prints the transcript itself.
"""

import hashlib
import random
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from tcplint.core.model import Quote, Segment
from tests.promise.play import feed, new_engine
from tests.promise.sequences import random_segments

STEP = ["connection", "side", "name", "again", "state0", "state1", "seq", "ack"]
CONCLUSION = ["number", "client", "client_certain", "first_frame", "last_frame", "segments", "handshake", "teardown"]
CONCLUSION += ["handshake_verdict", "teardown_verdict", "verdict", "active_closer", "state0", "state1", "evidence"]
CONCLUSION += ["completeness", "retry_of", "reuse_of", "zeek_state", "zeek_history", "conntrack"]
FINDING = ["code", "kind", "verdict", "why", "side", "frame", "related", "n1", "n2", "n3", "count", "last_frame"]
FINDING += ["phase"]


def fields(thing: Any, names: list[str]) -> str:
    return " ".join(f"{name}={getattr(thing, name)}" for name in names)


def conclusion_lines(engine: Any, connection: Any, time: int) -> list[str]:
    conclusion = engine.conclude(connection, time)
    return [fields(conclusion, CONCLUSION), *(fields(finding, FINDING) for finding in conclusion.findings)]


def open_connections(engine: Any) -> Iterator[Any]:
    """Those that the engine lists; lone SYNs are packed away."""
    connection = engine.first
    while connection is not None:
        yield connection
        connection = connection.after


def transcript(seed: int, count: int, *, nosy: bool = False) -> list[str]:
    """What is said of random segments."""
    return told(random_segments(random.Random(seed), count), nosy=nosy)


def told(capture: Iterable[Segment | Quote | int], *, nosy: bool = False) -> list[str]:
    """What is said of a capture.

    `nosy`: every open connection is concluded twice at every frame, which must change nothing.
    """
    engine = new_engine()
    lines: list[str] = []
    time = 0
    for found in capture:
        time = found if isinstance(found, int) else found.time
        if isinstance(found, Segment):
            step = engine.observe(found)
            lines.append(f"{found.frame}: {fields(step, STEP)}")
            lines += [f"  {fields(finding, FINDING)}" for finding in step.findings]
        else:
            feed(engine, found)
        if nosy:
            for connection in open_connections(engine):
                first = conclusion_lines(engine, connection, time)
                assert first == conclusion_lines(engine, connection, time)
                engine.conclude(connection, time + 1_000_000_000)
        for connection in engine.retired():
            lines += conclusion_lines(engine, connection, time)
    while (connection := engine.take()) is not None:
        lines += conclusion_lines(engine, connection, time)
    return lines


def digest(seed: int, count: int) -> str:
    return hashlib.sha256("\n".join(transcript(seed, count)).encode()).hexdigest()


def main(arguments: list[str]) -> None:
    if arguments[0] == "--full":
        print("\n".join(transcript(int(arguments[1]), int(arguments[2]))))
    else:
        for seed in range(int(arguments[0])):
            print(digest(seed, int(arguments[1])))


if __name__ == "__main__":
    main(sys.argv[1:])
