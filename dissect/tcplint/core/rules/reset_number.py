"""RS003, RS006, RS017: the numbers of a RST, beyond what is a fault of its own (RS001, RS005).

None of them is an error: a RST answers one segment, and a capture may have missed that one without a trace. Who sent
it is not known either; only of an answer it is, so far as an answer can be told.
"""

from ..evidence import NEAR_FIN, both_syns, closed, damaged, fits, has_hole, reopened, stranger, synchronised
from ..incarnation import is_delayed
from ..model import HANDSHAKE, INCONCLUSIVE, SIDE_UNKNOWN, TEARDOWN, VIOLATES
from ..note import add, observed, spoke, undecided, violates
from ..sequence import between, size

NEAR_REPLY = 16  # a number that was meant for this connection misses it by no more than this


def reset_reply_wrong_number(arrival):
    """RS003: a RST in answer to a segment with ACK stands just beside that ack (RFC 9293 §3.5.2: SEQ = SEG.ACK).

    Asked of an end that has no numbers of its own, so that it cannot be an abort, and only when its peer has
    acknowledged one single number.
    """
    own = arrival.own
    peer = arrival.peer
    if own.segments > own.closing.rst_count or peer.ackmax < 0 or peer.ackmax != peer.last_ack or damaged(arrival):
        return
    if own.nxt != peer.ackmax or own.first < own.nxt - 1:
        return
    away = arrival.seq - peer.last_ack
    if away == 0 or size(away) > NEAR_REPLY or arrival.seq == own.iss or arrival.connection.removed_numbers:
        return
    if arrival.has_ack:
        if arrival.segment.seq != 0:
            undecided(arrival, HANDSHAKE, "RS003", "wrong-seq", "hole", peer.last_frame, size(away), -1)
    elif peer.opening.alone_frame > 0:
        undecided(arrival, HANDSHAKE, "RS003", "wrong-seq", "hole", peer.last_frame, size(away), -1)
    else:
        violates(arrival, HANDSHAKE, "RS003", "wrong-seq", peer.last_frame, size(away), -1)


def reset_outside_window(arrival):
    """RS006: a RST that nobody has to obey: below the stream of its sender or above the window (RFC 9293 §3.10.7.4)."""
    own = arrival.own
    peer = arrival.peer
    if own.nxt < 0 or damaged(arrival) or spoke(arrival, "RS005") is not None:
        return
    if not synchronised(own) or not synchronised(peer):
        return
    lowest = own.iss
    if lowest < 0:
        lowest = own.first - 1
    highest = own.nxt + peer.wmax
    if between(lowest, arrival.seq, highest):
        return
    away = lowest - arrival.seq
    if arrival.seq > highest:
        away = arrival.seq - highest
    why = outside_excuse(arrival)
    verdict = VIOLATES
    if why != "":
        verdict = INCONCLUSIVE
    add(arrival, TEARDOWN, "RS006", "outside", verdict, why, SIDE_UNKNOWN, own.last_frame, away, -1)


def outside_excuse(arrival):
    """What else than a guess could have sent a RST there; "" for nothing."""
    connection = arrival.connection
    if not both_syns(connection):
        return "mid-stream"
    if connection.truncated:
        return "truncated"  # the window scale may have been cut off
    if connection.removed_numbers:
        return "third-party"
    if has_hole(arrival.own) or has_hole(arrival.peer):
        return "hole"
    if len(connection.chain.past) > 0 or closed(connection, arrival.time) or reopened(connection):
        return "order"  # of the connection before, or of the next
    if arrival.has_ack and arrival.segment.seq == 0:
        return "hole"  # it refuses a SYN that was missed
    return ""


def reset_wrong_ack_field(arrival):
    """RS017: the ack of a RST, where it counts (RFC 9293 §3.1), is one that its receiver can have sent reason for."""
    own = arrival.own
    peer = arrival.peer
    if not arrival.has_ack:
        if arrival.segment.ack > 0 and not damaged(arrival):
            observed(arrival, TEARDOWN, "RS017", "ack-without-flag", 0, -1, -1)
        return
    if damaged(arrival) or peer.nxt < 0 or arrival.segment.ack < 0 or spoke(arrival, "RS005") is not None:
        return
    if not synchronised(own) or not synchronised(peer) or spoke(arrival, "RS006") is not None:
        return
    beyond = arrival.ack - peer.nxt
    if arrival.segment.ack == 0 and not near_zero(peer, own.wmax):
        report_ack(arrival, "ack-zero", ack_excuse(arrival), -1)
    elif beyond > 0:
        why = ack_excuse(arrival)
        if why == "" and not fits(arrival):
            why = "third-party"
        if why == "" and may_acknowledge_unseen(arrival, beyond):
            why = "hole"
        report_ack(arrival, "ack-beyond", why, beyond)


def may_acknowledge_unseen(arrival, beyond):
    """The capture may have missed what such an ack acknowledges: the FIN, or data that the own window had room for.

    Nothing stands behind a FIN; a miss of a few octets is a miss; more than the window nobody can have sent.
    """
    own = arrival.own
    peer = arrival.peer
    if has_hole(peer):
        return True
    if peer.closing.fin >= 0:
        return beyond > NEAR_FIN
    return beyond == 1 or (beyond > NEAR_REPLY and own.ackmax >= 0 and arrival.ack <= own.ackmax + own.wmax)


def near_zero(endpoint, reach):
    """The number 0 is one of this end's own, or lies within `reach` of them."""
    low = endpoint.first - reach
    high = endpoint.nxt + reach
    return low // 4294967296 != high // 4294967296 or low % 4294967296 == 0


def ack_excuse(arrival):
    """What else could explain that ack; "" for nothing."""
    connection = arrival.connection
    if not both_syns(connection):
        return "mid-stream"
    if connection.removed_numbers or stranger(arrival):
        return "third-party"
    if is_delayed(arrival, connection.chain) or closed(connection, arrival.time) or reopened(connection):
        return "order"
    if arrival.segment.seq == 0:
        return "hole"  # it refuses a SYN that was missed
    return ""


def report_ack(arrival, kind, why, beyond):
    """RS017, decided or not."""
    if why == "":
        violates(arrival, TEARDOWN, "RS017", kind, arrival.peer.last_frame, beyond, -1)
    else:
        undecided(arrival, TEARDOWN, "RS017", kind, why, arrival.peer.last_frame, beyond, -1)
