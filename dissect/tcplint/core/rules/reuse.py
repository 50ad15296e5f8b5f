"""ID: one address and port pair, several connections after one another."""

from ..evidence import SLACK, synchronised
from ..model import OTHER
from ..note import observed, undecided, violates
from ..sequence import MODULUS, difference

FIELD_TIME_WAIT = 60000000  # µs; the TIME-WAIT of deployed stacks
RFC_TIME_WAIT = 240000000  # µs; RFC 9293 §3.4.2: 2 · MSL


def reused_connection_pair(arrival):
    """ID001: the next connection on a pair whose last one ended (RFC 9293 §3.4.1)."""
    connection = arrival.connection
    if connection.reuse_of < 0 or len(connection.chain.past) == 0:
        return
    if connection.segments == 0 or arrival.committed:
        past = connection.chain.past[-1]
        began = arrival.time
        if arrival.committed:
            began = connection.first_time
        observed(arrival, OTHER, "ID001", "reused", 0, past.number, began - past.time)


def time_wait_reopen_wrong_iss(arrival):
    """ID002: the end that held TIME-WAIT accepts a new SYN with an ISS not above its last number (RFC 9293 MAY-2)."""
    connection = arrival.connection
    if connection.reuse_of < 0 or len(connection.chain.past) == 0 or arrival.own.opening.answer_frame > 0:
        return
    past = connection.chain.past[-1]
    gap = arrival.time - past.time
    if not past.orderly or gap >= RFC_TIME_WAIT:
        return
    high = past.high0
    old_tsval = past.tsval0
    if arrival.side == 1:
        high = past.high1
        old_tsval = past.tsval1
    if high < 0 or difference(arrival.segment.seq, high) >= 0:
        return
    if (arrival.segment.tsval >= 0) != (old_tsval >= 0):
        return
    if old_tsval >= 0 and difference(arrival.segment.tsval, old_tsval) > 0:
        return
    below = (high + MODULUS - arrival.segment.seq) % MODULUS
    if past.closer != arrival.side and past.closer != 2:
        if past.closer < 0:
            undecided(arrival, OTHER, "ID002", "iss-not-above", "hole", 0, below, -1)
    elif gap >= FIELD_TIME_WAIT or arrival.engine.clock_breaks > past.breaks:
        undecided(arrival, OTHER, "ID002", "iss-not-above", "order", 0, below, -1)
    else:
        violates(arrival, OTHER, "ID002", "iss-not-above", 0, below, -1)


def syn_inside_connection(arrival):
    """ID009: a SYN with a new number while the connection lives. Reported in the living connection."""
    if not synchronised(arrival.own) and not synchronised(arrival.peer):
        return
    if arrival.own.iss_seen or arrival.peer.iss_seen:
        observed(arrival, OTHER, "ID009", "new-syn", arrival.own.last_frame, -1, -1)
    else:
        undecided(arrival, OTHER, "ID009", "new-syn", "mid-stream", arrival.own.last_frame, -1, -1)


def delayed_old_segment(arrival):
    """ID010: a segment of an incarnation that is gone, or the SYN of this one long after it was answered.

    The SYN of a closed connection once more may as well open the next one at the same number.
    """
    if arrival.delayed and arrival.syn and not arrival.has_ack:
        undecided(arrival, OTHER, "ID010", "old-syn", "order", arrival.own.opening.alone_frame, -1, -1)
    elif arrival.delayed:
        observed(arrival, OTHER, "ID010", "old-segment", 0, -1, -1)
    elif arrival.syn and not arrival.has_ack and arrival.seq == arrival.own.iss and arrival.own.got_syn:
        frame = arrival.own.opening.alone_frame
        if frame > 0 and arrival.time - arrival.own.last_time > SLACK:
            observed(arrival, OTHER, "ID010", "old-syn", frame, -1, -1)
        elif frame > 0:
            undecided(arrival, OTHER, "ID010", "old-syn", "order", frame, -1, -1)
