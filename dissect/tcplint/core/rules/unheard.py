"""TD011, TD014 and RS010: the peer repeats what an end that has sent its FIN does not answer.

A half-closed end still acknowledges data, or resets (RFC 9293 §3.6.1, §3.10.7.4); an end in TIME-WAIT acknowledges
every further copy of the FIN. An ACK that the capture missed leaves no trace, and neither does one that was lost; but
the peer repeats what was not acknowledged to it. So repetitions are counted, from the last answer on. Whether they
arrived, only a tap close to the silent end can tell.
"""

from ..connection import Unheard
from ..distance import near
from ..evidence import SLACK, both_syns, damaged, fin_first, has_hole, reopened, reset_before
from ..model import TEARDOWN, VIOLATES
from ..note import conclude, leaves_open, ran
from ..outcome import SETTLED
from ..sequence import larger
from .reuse import FIELD_TIME_WAIT

DATA_COPIES = 3  # repetitions of data without an answer, before they count
FIN_COPIES = 2  # the same of a FIN
ACK_RATE = 500000  # µs between two answers to old segments, to which a stack may limit itself (RFC 5961 §7)
LAST_WAIT = 1000000  # µs of capture behind the last copy of a FIN; an ACK may be delayed by half of that (MUST-40)


def keep_repeated(arrival):
    """A segment with data or FIN that its sender has sent before, to an end that has sent its FIN."""
    silent = arrival.peer
    if arrival.new or not arrival.has_ack or damaged(arrival) or reset_before(arrival.connection):
        return
    if arrival.fin:
        if arrival.seq + arrival.length == arrival.own.closing.fin and arrival.own.fin_acked:
            count_fin(arrival, silent)
    elif arrival.right > silent.ackmax and silent.ackmax >= 0:
        count(arrival, silent, False)


def count_fin(arrival, silent):
    """A copy of a FIN that was acknowledged. Those count that a TIME-WAIT of any deployed length has to answer."""
    if arrival.time - time_wait_since(arrival.own, silent) >= FIELD_TIME_WAIT:
        return
    if arrival.time - silent.last_time >= ACK_RATE:
        count(arrival, silent, True)


def time_wait_since(passive, active):
    """When the end that closed first had heard both: its FIN acknowledged, and the FIN of its peer."""
    return larger(passive.closing.acked_time, active.closing.acked_time)


def count(arrival, silent, fin):
    """One more repetition, or the first of another segment."""
    closing = silent.closing
    unheard = closing.unheard
    if unheard is None or unheard.number != arrival.seq or unheard.fin != fin:
        closing.unheard = Unheard(arrival.seq, fin, arrival.frame, arrival.time)
    elif arrival.time - unheard.last_time > SLACK:
        unheard.copies += 1
        unheard.last_frame = arrival.frame
        unheard.last_time = arrival.time


def hear(arrival):
    """A segment of the end that has not answered so far. A window of 0 is an answer, a RST is one."""
    closing = arrival.own.closing
    unheard = closing.unheard
    if damaged(arrival):
        return
    answers = unheard.fin or arrival.ack > unheard.number or arrival.segment.window == 0
    if arrival.rst or len(arrival.segment.options.sack) > 0 or (arrival.has_ack and answers):
        closing.unheard = None
    else:
        unheard.refusals += 1


def half_closed_peer_silent(ending):
    """TD011: no answer to data behind the own FIN. RS010: answers, but neither an acknowledgment nor a RST."""
    for endpoint in ending.connection.ends:
        unheard = endpoint.closing.unheard
        if unheard is None or unheard.fin or unheard.copies < DATA_COPIES:
            continue
        if endpoint.fin_acked and unheard.refusals > 0:
            report(ending, endpoint, "RS010", "not-reset", SETTLED)
        else:
            report(ending, endpoint, "TD011", "silent", SETTLED)


def unanswered_fin_in_time_wait(ending):
    """TD014: the last FIN comes again and again, and the end in TIME-WAIT says nothing (RFC 9293 MUST-13)."""
    for endpoint in ending.connection.ends:
        unheard = endpoint.closing.unheard
        peer = ending.connection.ends[1 - endpoint.side]
        if unheard is None or not unheard.fin or unheard.copies < FIN_COPIES:
            continue
        if endpoint.fin_acked and fin_first(endpoint, peer) == 1:
            report(ending, endpoint, "TD014", "silent", LAST_WAIT)


def report(ending, endpoint, code, kind, wait):
    """A fault of this end, if the tap stands where it can tell."""
    connection = ending.connection
    unheard = endpoint.closing.unheard
    why = ""
    if not both_syns(connection):
        why = "mid-stream"
    elif reopened(connection) or ending.clock_broken:
        why = "order"
    elif has_hole(endpoint):
        why = "hole"
    elif not near(connection, endpoint.side):
        why = "far-tap"
    elif not ran(ending, unheard.last_time, wait):
        why = "capture-end"
    frame = unheard.last_frame
    copies = unheard.copies
    if why == "":
        conclude(ending, TEARDOWN, code, kind, VIOLATES, "", endpoint.side, frame, unheard.frame, copies, -1)
    else:
        leaves_open(ending, TEARDOWN, code, kind, why, endpoint.side, frame, unheard.frame, copies, -1)
