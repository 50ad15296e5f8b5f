"""HS003: the third step of the handshake.

A number that is too low, and near, cannot come from loss. Yet the number that it is compared with may be the wrong one:
when SYNs cross, and an end counts its own twice, its SYN-ACK stands one above its SYN. Where the SYN was missed, the
peer, rightly acknowledging it, seems to acknowledge one too little. So an acknowledgment of exactly the SYN-ACK's
number is kept until the answering end shows where its stream begins.
"""

from ..connection import Suspect
from ..evidence import (
    NEAR_ANSWER,
    NEAR_ISN,
    damaged,
    fits,
    knows_nothing,
    reopened,
    reset_before,
    stranger,
)
from ..model import HANDSHAKE, VIOLATES
from ..note import conclude, leaves_open, undecided, violates
from ..outcome import other_segments
from ..sequence import between, size
from .handshake import acknowledges_other, speaks_of_older


def third_step_wrong_number(arrival):
    """HS003: the first ACK after the SYN-ACK is just too low, or its number is (RFC 9293 §3.10.7.3)."""
    own = arrival.own
    peer = arrival.peer
    opening = peer.opening
    if own.got_syn or opening.answer_frame == 0 or own.opening.alone_frame == 0 or damaged(arrival):
        return
    if opening.alone_frame > 0 or own.opening.answer_frame > 0 or acknowledges_other(arrival):
        return  # the SYNs crossed, though that of the peer may have been missed
    if knows_nothing(arrival):
        return  # HS024: not a wrong number, but none
    low = arrival.ack - (peer.iss + 1)
    below = own.iss + 1 - arrival.seq
    if low < 0:
        if opening.other_iss < 0 or arrival.ack < opening.other_iss + 1:
            why = doubt_about_third_step(arrival)
            if why == "":
                why = too_far(low)
            if why == "" and not between(-NEAR_ISN, below, NEAR_ISN):
                why = "third-party"
            if why == "" and low == -1:
                keep_third_step(arrival)
            else:
                report_third_step(arrival, "wrong-ack", why, size(low))
    elif arrival.ack > peer.nxt:
        undecided(arrival, HANDSHAKE, "HS003", "wrong-ack", "hole", opening.answer_frame, size(low), -1)
    elif begins_too_low(arrival):
        why = doubt_about_third_step(arrival)
        if why == "":
            why = too_far(-below)
        report_third_step(arrival, "wrong-seq", why, below)


def begins_too_low(arrival):
    """Below its sender's stream: a bare ACK below the SYN, or data that begin at the number of the SYN or below.

    At the number of the SYN, a bare ACK or one octet may be a keep-alive. More octets are data, unless link padding
    makes them look so; and the SYN-ACK has acknowledged that SYN, so they belong to no other.
    """
    own = arrival.own
    if arrival.fin:
        return False
    if arrival.length == 0:
        return arrival.seq < own.iss
    if arrival.length == 1 or arrival.seq > own.iss or arrival.segment.padding:
        return False
    return own.syn_acked and arrival.segment.length_known


def too_far(distance):
    """What a number that far below a SYN's may belong to; "" when only to that SYN.

    Another attempt of the pair, within milliseconds and missed by the capture, or somebody else's numbers.
    """
    if distance < -NEAR_ISN:
        return "third-party"
    if distance < -NEAR_ANSWER:
        return "hole"
    return ""


def keep_third_step(arrival):
    """Remember the first acknowledgment of exactly the SYN-ACK's number."""
    opening = arrival.own.opening
    if awaits_proof(opening) is None:
        opening.suspects = Suspect("HS003", arrival.frame, arrival.time, "", opening.suspects)
        opening.suspects.number = arrival.ack


def prove_third_step(arrival):
    """For HS003: the answering end shows that its SYN-ACK told its initial number.

    Data or a FIN begin its stream one above; had the SYN-ACK been one too high, they would begin at its number. Or it
    has said nothing but SYN-ACKs, and refuses the acknowledgment by a RST, as SYN-RECEIVED must (RFC 9293 §3.10.7.4).
    """
    one = awaits_proof(arrival.peer.opening)
    if one is None or damaged(arrival) or stranger(arrival):
        return
    if arrival.rst:
        if not arrival.has_ack and arrival.seq == one.number and other_segments(arrival.own) == 0:
            one.proof = arrival.frame
    elif arrival.seq == one.number + 1 and (arrival.length > 1 or arrival.fin) and fits(arrival):
        if not arrival.segment.padding and not arrival.syn:
            one.proof = arrival.frame


def awaits_proof(opening):
    """The acknowledgment of exactly the SYN-ACK's number that still lacks its proof, or None."""
    one = opening.suspects
    while one is not None:
        if one.code == "HS003" and one.proof == 0:
            return one
        one = one.before
    return None


def acknowledged_initial_number(ending):
    """HS003: an acknowledgment of exactly the SYN-ACK's number, by what the answering end then sent."""
    for endpoint in ending.connection.ends:
        answerer = ending.connection.ends[1 - endpoint.side]
        one = endpoint.opening.suspects
        while one is not None:
            if one.code == "HS003" and answerer.opening.alone_frame == 0 and endpoint.opening.answer_frame == 0:
                judge_third_step(ending, endpoint, answerer, one)
            one = one.before


def judge_third_step(ending, endpoint, answerer, one):
    """Decided by the proof alone, so that a capture cut short decides less."""
    frame = answerer.opening.answer_frame
    if one.proof > 0:
        conclude(ending, HANDSHAKE, "HS003", "wrong-ack", VIOLATES, "", endpoint.side, one.frame, frame, 1, -1)
    elif other_segments(answerer) == 0:
        leaves_open(ending, HANDSHAKE, "HS003", "wrong-ack", "capture-end", endpoint.side, one.frame, frame, 1, -1)
    else:
        leaves_open(ending, HANDSHAKE, "HS003", "wrong-ack", "hole", endpoint.side, one.frame, frame, 1, -1)


def split_third_step(arrival):
    """HS003 in a split handshake: the responder, whose ACK and SYN came apart, takes its acknowledgment back.

    The second step is the initiator's SYN-ACK here. It repeats the number of the SYN, so that number is sure.
    """
    own = arrival.own
    asked = arrival.peer.opening
    if arrival.syn or own.opening.alone_frame == 0 or asked.alone_frame == 0 or damaged(arrival):
        return
    low = arrival.ack - (arrival.peer.iss + 1)
    if low >= 0 or asked.answer_frame < asked.alone_frame:
        return
    why = doubt_about_third_step(arrival)
    if why == "" and reopened(arrival.connection):
        why = "order"
    if why == "":
        why = too_far(low)
    if why == "" and not between(-NEAR_ISN, arrival.seq - own.iss - 1, NEAR_ISN):
        why = "third-party"
    report_third_step(arrival, "wrong-ack", why, size(low))


def doubt_about_third_step(arrival):
    """What else than a fault of the initiator could explain a number below the SYNs; "" for nothing."""
    if arrival.connection.removed_numbers or stranger(arrival):
        return "third-party"
    if arrival.peer.opening.other_iss >= 0 or speaks_of_older(arrival):
        return "order"
    if reset_before(arrival.connection):
        return "hole"
    return ""


def report_third_step(arrival, kind, why, distance):
    """HS003, decided or not."""
    frame = arrival.peer.opening.answer_frame
    if why == "":
        violates(arrival, HANDSHAKE, "HS003", kind, frame, distance, -1)
    else:
        undecided(arrival, HANDSHAKE, "HS003", kind, why, frame, distance, -1)
