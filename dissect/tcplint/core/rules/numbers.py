"""ID: initial numbers over many connections. A host gives each connection one of its own, that nobody can foretell.

A finding stands at the third step of the connection with which the numbers became too many for chance.
"""

from ..aggregate import host_of
from ..aggregate_number import (
    CLASSIC_STEP,
    classic_steps,
    even_steps,
    is_known_on,
    is_twin,
    know_number,
    line_rate,
    same_steps,
    steps_of,
    take_sample,
)
from ..evidence import damaged
from ..model import INCONCLUSIVE, OBSERVED, OTHER, VIOLATES
from ..note import add
from ..sequence import MODULUS

REUSED_FROM = 3  # connections on different pairs: of two, chance gives the same number once in 2^32
ZERO_FROM = 2
FEW_SAMPLES = 5  # equal steps are no chance here either, but other samples may break the law
SAMPLES = 10  # from here on a law can be told
EXACT_SAMPLES = 30  # from here on equal steps are a breach


def initial_numbers(arrival):
    """Both ends' initial numbers, when the third step shows that the connection came to be."""
    if arrival.connection.third_frame == arrival.frame and not damaged(arrival):
        compare_numbers(arrival)


def compare_numbers(arrival):
    """ID007 and ID008 at a third step that is sound; of the arrival only the ends, the side and the frame are read."""
    connection = arrival.connection
    own = arrival.own
    peer = arrival.peer
    if not peer.opening.answer_good or peer.opening.other_iss >= 0 or own.iss < 0 or peer.iss < 0:
        return
    asked = own.iss % MODULUS
    answered = peer.iss % MODULUS
    if asked == 0 and answered == 0:
        # Tools that write relative numbers, or take the numbers out, leave this.
        say(arrival, "zero", INCONCLUSIVE, "third-party", arrival.side, own.opening.alone_frame, 1)
        return
    side = arrival.side
    asker = host_of(connection.chain.key, side)
    answerer = host_of(connection.chain.key, 1 - side)
    isn_reused(arrival, side, asker, asked, answered, own.opening.alone_frame)
    isn_reused(arrival, 1 - side, answerer, answered, asked, peer.opening.answer_frame)
    isn_predictable(arrival, side, asker, asked, own.opening.alone_time, own.opening.alone_frame)
    isn_predictable(arrival, 1 - side, answerer, answered, peer.opening.answer_time, peer.opening.answer_frame)


def say(arrival, kind, verdict, why, side, frame, count):
    """ID007 about one end."""
    add(arrival, OTHER, "ID007", kind, verdict, why, side, frame, count, -1)


def isn_reused(arrival, side, host, number, answer, frame):
    """ID007: the same initial number on several pairs, or 0 (RFC 9293 §3.4.1 MUST-8, RFC 6528 §3)."""
    chain = arrival.connection.chain
    origin = know_number(arrival.engine, host, chain.key, number, answer, arrival.connection.number)
    if origin is None:
        return
    kind = "reused"
    enough = REUSED_FROM
    if number == 0:
        kind = "zero-again"
        enough = ZERO_FROM
    if origin.connection != arrival.connection.number and is_seen_twice(origin, chain.key, answer):
        say(arrival, kind, INCONCLUSIVE, "third-party", side, frame, origin.count)
    elif origin.count >= enough:
        say(arrival, kind, VIOLATES, "", side, frame, origin.count)
    elif number == 0:
        say(arrival, "zero", OBSERVED, "", side, frame, 1)
    elif origin.count > 1:
        say(arrival, kind, INCONCLUSIVE, "capture-end", side, frame, origin.count)


def is_seen_twice(origin, key, answer):
    """Both numbers are those of a connection on another pair: one connection captured twice, or played again."""
    return is_twin(origin, answer) and not is_known_on(origin, key)


def isn_predictable(arrival, side, host, number, time, frame):
    """ID008: the initial numbers of a host over different pairs follow a law (RFC 9293 §3.4.1 SHLD-1, RFC 6528 §3)."""
    chain = arrival.connection.chain
    samples = take_sample(arrival.engine, host, chain.key, number, time, EXACT_SAMPLES)
    if samples is None:
        return
    count = len(samples.numbers)
    if count != FEW_SAMPLES and count != SAMPLES and count != EXACT_SAMPLES:
        return
    steps = steps_of(samples)
    if count == FEW_SAMPLES:
        if same_steps(steps):
            add(arrival, OTHER, "ID008", "step", INCONCLUSIVE, "capture-end", side, frame, steps[0], count)
        return
    kind = "step"
    verdict = OBSERVED
    law = steps[0]
    if even_steps(steps):
        if count == EXACT_SAMPLES and same_steps(steps):
            verdict = VIOLATES
    elif classic_steps(steps):
        kind = "multiples"
        law = CLASSIC_STEP
    else:
        kind = "clock"
        law = line_rate(samples, steps)
        if law < 0:
            return
    add(arrival, OTHER, "ID008", kind, verdict, "", side, frame, law, count)
