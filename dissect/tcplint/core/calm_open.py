"""The short path through an opening: a SYN-ACK that answers an ordinary lone SYN, and the third step behind it.

Both have exactly the numbers that the segment before asks for, ordinary options that agree with each other, and no
mark that any rule looks for. So no rule is asked, but for those about initial numbers over many connections
(core/rules/numbers); the facts are written down as the long path would have learned them. Anything else is left to the
long path, and tests/promise compares what both leave behind, attribute by attribute.
"""

from .aggregate_host import both_heard
from .census import know_answer, know_full_answer
from .connection import Chain, Connection
from .duplicate import is_met, keep, original, remember
from .learn import multiplier_of
from .lone import has_common_options, number_of, time_of
from .model import (
    CHECKSUM_UNKNOWN,
    ESTABLISHED,
    SYN,
    SYN_RECEIVED,
    SYN_SENT,
)
from .offer import (
    IDENTIFIED,
    NO_ACCURATE,
    NO_ECN,
    NO_MULTIPATH,
    NO_SACK,
    NO_SCALE,
    NO_SIGNED,
    NO_STAMPS,
    SACK,
    SCALE,
    STAMPS,
    learn_use,
)
from .registry import CLOSED_KEPT, link
from .rules.cookie import sender_of
from .rules.numbers import compare_numbers
from .sequence import MODULUS, larger
from .tell import note, tell_ack

SYN_ACK = 0x012
PLAIN_ACK = 0x010
FRAMES = 262144  # the second number of a packed SYN is its frame times this, and more
BOTH_SYNS = 3  # Wireshark's completeness


def open_by_answer(engine, segment, reverse, packed):
    """The second step, to the lone SYN `packed` of `reverse`. False when it needs a closer look."""
    options = segment.options
    if segment.flags != SYN_ACK or segment.length != 0 or segment.urgent != 0 or segment.ecn != 0 or segment.seq == 0:
        return False
    if segment.checksum_state != CHECKSUM_UNKNOWN or segment.truncated or segment.offload or not segment.header_valid:
        return False
    if not has_common_options(options) or (options.wscale < 0 and not options.sackok and segment.tsval < 0):
        return False  # without any of the three it may be a SYN cookie
    iss = packed[2] // FRAMES
    asked_scale = packed[3] % 16 - 1
    asked_stamp = packed[3] // 1048576 - 1
    since = time_of(packed)
    time = segment.time
    if segment.ack != (iss + 1) % MODULUS or packed[1] % 2 == 1 or packed[2] % 4 != 0:
        return False
    if time < since or time - since > CLOSED_KEPT or time < engine.now:
        return False
    if options.wscale >= 0 and asked_scale < 0:
        return False
    if segment.tsval >= 0 and (asked_stamp <= 0 or segment.tsecr != asked_stamp):
        return False
    census = engine.census
    if census.answers.get(segment.seq) is not None or original(engine.recent, segment) is not None:
        return False
    if engine.open_count >= engine.settings.max_connections:
        return False
    number = number_of(packed)
    keep(engine.recent, segment)
    know_answer(census, segment, number)
    know_full_answer(census, sender_of(segment.key), segment.frame)
    engine.lone.pop(reverse, None)
    engine.lone_count -= 1
    chain = Chain(reverse, segment.key)
    connection = Connection(number, chain, engine.settings.outside_words)
    connection.breaks = engine.clock_breaks
    if engine.break_time >= since:
        connection.breaks -= 1
    chain.current = connection
    chain.fresh = True
    engine.chains[reverse] = chain
    engine.chains[segment.key] = chain
    link(engine, connection)
    write_asker(connection, packed, iss, asked_scale, asked_stamp)
    write_answerer(connection, segment)
    engine.both_ways_seen = True
    both_heard(engine, reverse)
    step = engine.step
    step.findings = []
    step.connection = number
    step.side = 1
    step.name = "handshake-2"
    step.again = False
    step.state0 = SYN_SENT
    step.state1 = SYN_RECEIVED
    step.seq = 0
    step.ack = 1
    return True


def write_asker(connection, packed, iss, scale, stamp):
    """The facts of the lone SYN, whose sender is end 0."""
    frame = packed[1] // FRAMES
    time = time_of(packed)
    first = MODULUS + iss
    own = connection.ends[0]
    opening = own.opening
    opening.alone_frame = frame
    opening.alone_time = time
    opening.alone_last_frame = frame
    opening.alone_last_time = time
    opening.alone_copies = 1
    opening.flags = SYN
    opening.mss = packed[3] // 16 % 65536
    if opening.mss == 65535:
        opening.mss = -1
    opening.wscale = scale
    opening.multiplier = multiplier_of(scale)
    opening.window = packed[2] // 4 % 65536
    opening.tsval = stamp
    opening.hop_limit = packed[0] % 256
    opening.ip_id = packed[4] % 131072 - 1
    opening.offers = common_offer(scale, packed[1] // 2 % 2 == 1, stamp) + NO_ECN + NO_ACCURATE
    own.iss = first
    own.iss_seen = True
    own.first = first
    own.nxt = first + 1
    own.seen = first + 1
    own.wmax = opening.window
    own.syn_sent = True
    own.syn_acked = True
    own.segments = 1
    own.last_frame = frame
    own.last_time = time
    own.tsval = stamp
    own.state = SYN_SENT
    connection.first_frame = frame
    connection.first_time = time
    note(connection, 0, SYN, iss, 0, 0, opening.window, 0)


def write_answerer(connection, segment):
    """The facts of its answer, whose sender is end 1."""
    frame = segment.frame
    time = segment.time
    options = segment.options
    peer = connection.ends[0]
    first = MODULUS + segment.seq
    own = connection.ends[1]
    opening = own.opening
    opening.answer_frame = frame
    opening.answer_time = time
    opening.answer_last_frame = frame
    opening.answer_last_time = time
    opening.answer_copies = 1
    opening.answer_ack = peer.nxt
    opening.answer_good = True
    opening.flags = SYN_ACK
    opening.mss = options.mss
    opening.wscale = options.wscale
    opening.multiplier = multiplier_of(options.wscale)
    opening.window = segment.window
    opening.tsval = segment.tsval
    opening.hop_limit = segment.hop_limit
    opening.ip_id = segment.ip_id
    opening.offers = common_offer(options.wscale, options.sackok, segment.tsval)
    own.tsval = segment.tsval
    if segment.tsval >= 0:
        opening.offers += IDENTIFIED
    else:
        peer.tsval = -1  # no timestamps then
    own.iss = first
    own.iss_seen = True
    own.first = first
    own.nxt = first + 1
    own.seen = first + 1
    own.ackmax = peer.nxt
    own.last_ack = peer.nxt
    own.wmax = segment.window
    own.syn_sent = True
    own.got_syn = True
    own.segments = 1
    own.last_frame = frame
    own.last_time = time
    own.state = SYN_RECEIVED
    connection.last_frame = frame
    connection.last_time = time
    connection.segments = 2
    connection.removed_numbers = False
    connection.completeness = BOTH_SYNS
    note(connection, 1, SYN_ACK, segment.seq, segment.ack, 0, segment.window, 0)


def common_offer(scale, sack, stamp):
    """The bits of core/offer for a SYN or SYN-ACK with none but the common options."""
    bits = NO_MULTIPATH + NO_SIGNED
    if scale >= 0:
        bits += SCALE
    else:
        bits += NO_SCALE
    if sack:
        bits += SACK
    else:
        bits += NO_SACK
    if stamp >= 0:
        bits += STAMPS
    else:
        bits += NO_STAMPS
    return bits


def complete_opening(
    engine, chain, connection, frame, time, key, seq, ack, window, hop_limit, tsval, tsecr, mark, seen
):
    """The third step, behind a second that took the short path. False when it needs a closer look.

    The segment comes as bare numbers, as in core/calm: a bare ACK about which nothing is odd.
    """
    own = connection.ends[0]
    peer = connection.ends[1]
    opening = own.opening
    if key != chain.key or seq != own.nxt % MODULUS or ack != peer.nxt % MODULUS or window == 0:
        return False
    if time < engine.now or time - connection.last_time > CLOSED_KEPT or hop_limit != opening.hop_limit:
        return False
    if tsval < own.tsval or (own.tsval < 0 and tsval >= 0):
        return False
    if tsval >= 0 and tsecr != peer.opening.tsval:
        return False
    if connection.quote is not None or is_met(engine.recent, mark):
        return False
    remember(engine.recent, mark, seen)
    connection.third_frame = frame
    connection.third_time = time
    peer.closing.begun = own.nxt + 1
    judge_numbers(engine, frame, connection, own, peer)
    tell_ack(connection, own, PLAIN_ACK, seq, ack, window)
    learn_use(own, tsval)
    own.tsval = tsval
    own.got_syn = True
    peer.syn_acked = True
    own.ackmax = peer.nxt
    own.last_ack = peer.nxt
    own.moved = True
    own.raw_window = window
    if opening.wscale < 0 or peer.opening.wscale < 0:
        opening.multiplier = 1
        peer.opening.multiplier = 1
    own.wmax = larger(own.wmax, window * opening.multiplier)
    own.segments = 2
    own.last_frame = frame
    own.last_time = time
    own.state = ESTABLISHED
    peer.state = ESTABLISHED
    connection.segments = 3
    connection.last_frame = frame
    connection.last_time = time
    connection.calm = True
    connection.orderly = True
    engine.census.plain_seen = True
    chain.fresh = False
    step = engine.step
    step.findings = engine.arrival.fresh
    step.connection = connection.number
    step.side = 0
    step.name = "handshake-3"
    step.again = False
    step.state0 = ESTABLISHED
    step.state1 = ESTABLISHED
    step.seq = 1
    step.ack = 1
    return True


def judge_numbers(engine, frame, connection, own, peer):
    """Ask the rules about initial numbers, which look at more than one connection."""
    arrival = engine.arrival
    arrival.frame = frame
    arrival.connection = connection
    arrival.side = 0
    arrival.own = own
    arrival.peer = peer
    arrival.fired = []
    arrival.fresh = []
    compare_numbers(arrival)
