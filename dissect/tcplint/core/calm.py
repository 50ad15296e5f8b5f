"""The short path: the next data or ACK segment of a connection that is established and quiet.

Most of a capture is that. Nothing but numbers can have changed, so no rule is asked. Whatever is not exactly expected
(another number, an option, a copy, a time that runs backwards) is left to the long path in core/engine.
"""

from .completeness import mark_completeness
from .duplicate import GENERATION, keep
from .sequence import MODULUS, larger

PLAIN_ACK = 0x010
PUSHED = 0x018
ORDINARY_PAYLOAD = 1460  # octets; larger ones may be super-segments


def advance_calm(engine, segment, chain, connection):
    """The short path: the next data or ACK of an established connection. False when it is anything else.

    Written for speed: what it does not touch (counts and last times of the connection) is summed up from the ends by
    `sum_up` when somebody asks.
    """
    flags = segment.flags
    if segment.odd or (flags != PLAIN_ACK and flags != PUSHED):
        return False
    if segment.key == chain.key:
        side = 0
        own = connection.ends[0]
        peer = connection.ends[1]
    else:
        side = 1
        own = connection.ends[1]
        peer = connection.ends[0]
    seq = own.nxt
    raw = segment.seq
    if raw != seq % MODULUS:
        return False
    ackmax = own.ackmax
    ahead = (segment.ack + MODULUS - ackmax % MODULUS) % MODULUS
    ack = ackmax + ahead
    length = segment.length
    time = segment.time
    if ack > peer.nxt or length > own.ordinary:
        return False
    if time < engine.now and (time < own.last_time or time < peer.last_time):
        return False
    step = engine.calm_step
    frame = segment.frame
    if length > 0:
        right = seq + length
        own.nxt = right
        own.seen = right
        if length > 1:
            own.data_end = right
            own.data_frame = frame
        step.name = "data"
    elif ahead == 0:
        return False  # a bare ACK of nothing new: a copy, a keep-alive, a window update
    else:
        step.name = "ack"
    if connection.completeness & 12 != 12:
        mark_completeness(connection, length)
    recent = engine.recent
    if recent.count >= GENERATION:
        keep(recent, segment)
    else:  # what `keep` does, written out: a call would cost more
        recent.count += 1
        recent.young[raw * 65536 + segment.checksum + 1] = segment
    if ahead > 0:
        own.ackmax = ack
    own.last_ack = ack
    if segment.window > own.raw_window:
        own.raw_window = segment.window
        own.wmax = larger(own.wmax, segment.window * own.opening.multiplier)
    own.tsval = segment.tsval
    own.segments += 1
    own.last_frame = frame
    own.last_time = time
    step.connection = connection.number
    step.side = side
    step.seq = seq - own.first
    step.ack = ack - peer.first
    return True


def ordinary_payload(mss):
    """The largest payload that cannot be a super-segment, by what the peer announced."""
    if mss > 0 and mss < ORDINARY_PAYLOAD:
        return mss
    return ORDINARY_PAYLOAD


def sum_up(connection):
    """Counts and last times of the connection, from those of its ends."""
    zero = connection.ends[0]
    one = connection.ends[1]
    connection.segments = zero.segments + one.segments + connection.strange
    if one.last_frame == 0 or (zero.last_frame > 0 and zero.last_time >= one.last_time):
        connection.last_time = zero.last_time
    else:
        connection.last_time = one.last_time
    connection.last_frame = zero.last_frame
    if one.last_frame > zero.last_frame:
        connection.last_frame = one.last_frame


def is_calm(connection):
    """Established at both ends, no FIN, no RST, no gap: the next expected segment may take the short path."""
    zero = connection.ends[0]
    one = connection.ends[1]
    if zero.closing.fin >= 0 or one.closing.fin >= 0 or zero.closing.rst_frame > 0 or one.closing.rst_frame > 0:
        return False
    if not (zero.got_syn and one.got_syn and zero.syn_acked and one.syn_acked):
        return False
    if zero.ackmax < 0 or one.ackmax < 0 or zero.seen < 0 or one.seen < 0 or connection.removed_numbers:
        return False
    if zero.opening.wscale < 0 or one.opening.wscale < 0:
        zero.opening.multiplier = 1
        one.opening.multiplier = 1
    zero.ordinary = ordinary_payload(one.opening.mss)
    one.ordinary = ordinary_payload(zero.opening.mss)
    return connection.chain.pending is None and connection.chain.again is None
