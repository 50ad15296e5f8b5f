"""HS024 and TD019: what an end sends before the SYN of its peer has come.

In SYN-SENT only the SYN itself may be sent: data waits, and CLOSE just forgets the attempt (RFC 9293 §3.10.2, §3.10.4).
That a capture shows a segment in front of the SYN-ACK proves nothing, because frames change their places and SYN-ACKs
are missed. An acknowledgment of the number 0 does, when 0 is none of the numbers that the peer then turns out to have:
whoever has its SYN acknowledges that. So such segments are kept until the end, when the peer's number is known.

Without ACK a segment is wrong before the SYN-ACK as well as behind it. No number tells the order, so FL008 and TD006
name it in either case.
"""

from ..connection import Suspect
from ..evidence import NEAR_ISN, damaged, knows_nothing, reset_before
from ..incarnation import is_delayed
from ..model import HANDSHAKE, TEARDOWN, VIOLATES
from ..note import conclude, leaves_open, observed, ran
from ..outcome import SETTLED, other_segments
from ..sequence import FAR, MODULUS, between, difference, size


def keep_early(arrival):
    """Remember the first FIN, and the first segment that is none, that acknowledges 0 before the peer is known."""
    if not arrival.has_ack or not knows_nothing(arrival) or damaged(arrival):
        return
    if not between(0, arrival.seq - arrival.own.iss, NEAR_ISN):
        return
    code = "HS024"
    if arrival.fin:
        code = "TD019"
    opening = arrival.own.opening
    one = opening.suspects
    while one is not None:
        if one.code == code and one.why == "":
            return
        one = one.before
    opening.suspects = Suspect(code, arrival.frame, arrival.time, early_excuse(arrival), opening.suspects)
    opening.suspects.number = arrival.length


def early_excuse(arrival):
    """What in the segment itself, or before it, makes it prove nothing; "" for nothing.

    A second mark of a stranger would need the peer's SYN, which may stand before the segment or behind it.
    """
    if arrival.segment.hop_limit != arrival.own.opening.hop_limit:
        return "third-party"
    if reset_before(arrival.connection) or is_delayed(arrival, arrival.connection.chain):
        return "order"
    return ""


def sent_before_synack(ending):
    """HS024, and TD019 for a FIN: nothing but a SYN may leave SYN-SENT."""
    for endpoint in ending.connection.ends:
        peer = ending.connection.ends[1 - endpoint.side]
        early = endpoint.opening.suspects
        while early is not None:
            if early.code == "HS024" or early.code == "TD019":
                judge_early(ending, endpoint.side, peer, early)
            early = early.before


def judge_early(ending, side, peer, early):
    """One of them."""
    phase = HANDSHAKE
    kind = "early-segment"
    if early.code == "TD019":
        phase = TEARDOWN
        kind = "early-fin"
    why = early.why
    own = ending.connection.ends[side]
    if why == "" and not own.got_syn and other_segments(own) > 0:
        why = "third-party"  # it acknowledges numbers that its peer does not have: a middlebox changes them
    if why == "":
        why = doubt_about_peer(ending, peer, early)
    first = first_syn_frame(peer)
    if why == "":
        conclude(ending, phase, early.code, kind, VIOLATES, "", side, early.frame, first, early.number, -1)
    else:
        leaves_open(ending, phase, early.code, kind, why, side, early.frame, first, early.number, -1)


def doubt_about_peer(ending, peer, early):
    """Why 0 may have been right; "" when it cannot have been."""
    opening = peer.opening
    if not peer.iss_seen:
        if peer.segments > 0:
            return "hole"
        if not ran(ending, early.time, SETTLED):
            return "capture-end"
        return "one-way"
    if opening.alone_frame == 0 and not opening.answer_good:
        return "hole"  # an answer to another attempt
    if size(difference(peer.iss % MODULUS, 0)) <= FAR:
        return "order"  # 0 may be one of the peer's own numbers, learned from a SYN-ACK that was missed
    return ""


def first_syn_frame(endpoint):
    """Frame of the first SYN of this end, with ACK or without; 0 when there is none."""
    opening = endpoint.opening
    if opening.answer_frame == 0 or 0 < opening.alone_frame < opening.answer_frame:
        return opening.alone_frame
    return opening.answer_frame


def fin_in_syn_received(arrival):
    """TD019: the responder closes before its SYN-ACK is acknowledged (RFC 9293 §3.10.4: SYN-RECEIVED may send FIN)."""
    own = arrival.own
    if own.opening.answer_frame == 0 or own.opening.alone_frame > 0 or arrival.peer.opening.alone_frame == 0:
        return
    if own.syn_acked or own.closing.fin >= 0 or damaged(arrival):
        return
    if arrival.peer.segments > arrival.peer.opening.alone_copies:
        return  # the initiator has spoken, in numbers that something in the path rewrote
    observed(arrival, TEARDOWN, "TD019", "in-syn-received", own.opening.answer_frame, arrival.length, -1)
