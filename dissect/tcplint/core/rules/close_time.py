"""TD015 and TD021: the times of a close. An ACK waits half a second at most, TIME-WAIT lasts four minutes.

Deployed stacks hold TIME-WAIT for one minute; less than that is a warning, less than what the RFC asks for a note.
"""

from ..distance import leg, near
from ..evidence import both_syns, damaged, fin_first, reopened
from ..model import INCONCLUSIVE, OBSERVED, TEARDOWN, TIME_WAIT, VIOLATES
from ..note import add, conclude, leaves_open
from ..outcome import patience
from ..sequence import larger
from .reuse import FIELD_TIME_WAIT, RFC_TIME_WAIT
from .unheard import time_wait_since

ACK_DELAY = 500000  # µs; RFC 9293 §3.8.6.3 MUST-40
LEGS = 3  # round trips that a busy path may add


def reset_from_time_wait(arrival):
    """TD015: a copy of the peer's FIN meets a RST, where TIME-WAIT had to acknowledge it (RFC 9293 MUST-13)."""
    own = arrival.own
    peer = arrival.peer
    fin = peer.closing
    if own.state != TIME_WAIT or fin_first(own, peer) != 1 or damaged(arrival):
        return
    if fin.copies < 2 or peer.last_frame != fin.last_frame or arrival.seq != peer.last_ack:
        return  # it does not answer a copy of the FIN
    if fin.last_time <= fin.acked_time:
        return
    lasted = arrival.time - time_wait_since(peer, own)
    if lasted >= RFC_TIME_WAIT:
        return
    kind = "after-a-minute"
    verdict = OBSERVED
    if lasted < FIELD_TIME_WAIT:
        kind = "cut-short"
        verdict = VIOLATES
    why = doubt_about_sender(arrival)
    if why != "":
        verdict = INCONCLUSIVE
    add(arrival, TEARDOWN, "TD015", kind, verdict, why, arrival.side, fin.last_frame, lasted, -1)


def doubt_about_sender(arrival):
    """Why the RST may not be that of the end in TIME-WAIT; "" for nothing."""
    connection = arrival.connection
    if not both_syns(connection):
        return "mid-stream"
    if arrival.segment.hop_limit != arrival.own.opening.hop_limit:
        return "third-party"  # a device that forgot the connection
    if arrival.peer.closing.rst_frame > 0:
        return "order"  # a RST that came before the copy may have ended the wait (RFC 1337)
    if reopened(connection) or arrival.engine.clock_breaks > connection.breaks:
        return "order"
    return ""


def slow_fin_ack(ending):
    """TD021: more than half a second and the round trip from a FIN to its ACK (RFC 9293 MUST-40)."""
    for endpoint in ending.connection.ends:
        closing = endpoint.closing
        if closing.fin >= 0 and closing.acked_frame > 0 and endpoint.fin_acked and not closing.no_ack:
            took = closing.acked_time - closing.time
            if took > ACK_DELAY:
                judge_delay(ending, endpoint, took)


def judge_delay(ending, endpoint, took):
    """One of them. Its peer is at fault, when this ACK was surely the first."""
    connection = ending.connection
    closing = endpoint.closing
    peer = connection.ends[1 - endpoint.side]
    away = leg(connection, peer.side)
    if away >= 0 and took <= ACK_DELAY + away:
        return
    if closing.copies > 1 and since_last_copy(closing) <= ACK_DELAY:
        return  # the copies before it were lost on the rest of the way
    if closing.copies == 1 and took > patience(ending):
        return  # nobody waits that long without repeating the FIN: its ACK was not captured
    if closing.copies > 1 and not near(connection, peer.side):
        return  # the copy that it answers was the first to arrive, as far as anybody can tell
    why = ""
    if not both_syns(connection):
        why = "mid-stream"
    elif not closing.sure or len(endpoint.gaps) > 0:
        why = "hole"
    elif ending.clock_broken or reopened(connection):
        why = "order"
    elif away < 0 or took <= ACK_DELAY + LEGS * larger(away, ending.rtt):
        why = "far-tap"
    elif closing.copies == 1 and carries(peer, closing):
        why = "hole"  # a bare ACK before it may have been missed
    frame = closing.acked_frame
    first = closing.frame
    if why == "":
        conclude(ending, TEARDOWN, "TD021", "slow", VIOLATES, "", peer.side, frame, first, took, closing.copies)
    else:
        leaves_open(ending, TEARDOWN, "TD021", "slow", why, peer.side, frame, first, took, closing.copies)


def since_last_copy(closing):
    """µs from the last copy of the FIN before its ACK; -1 when the capture goes on with copies, and more than one."""
    if closing.last_time <= closing.acked_time:
        return closing.acked_time - closing.last_time
    if closing.copies == 2:
        return closing.acked_time - closing.time
    return -1


def carries(peer, closing):
    """The segment that acknowledges the FIN was sent for another reason as well: it carries data or a FIN."""
    if closing.combined:
        return True
    return peer.closing.half is not None and peer.closing.half.frame == closing.acked_frame
