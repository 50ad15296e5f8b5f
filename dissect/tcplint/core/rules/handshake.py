"""HS: the opening. Rules that look at one segment; what needs the end of the connection is in handshake_end.

Every function reads the connection as it was before the segment (core/engine asks the rules first).
"""

from ..evidence import NEAR_ANSWER, NEAR_ISN, damaged, has_hole
from ..incarnation import answers_syn
from ..model import HANDSHAKE, PSH, URG
from ..note import observed, undecided, violates
from ..offer import SACK
from ..sequence import difference, size

CHANGED_SOON = 64000000  # µs; a SYN-cookie counter ticks about this often (RFC 4987 §3.6)
TIMER_FLOOR = 900000  # µs; RFC 6298 §2.1 wants one second, clocks are coarse
MOST_GAPS = 8
ECN_FLAGS = 0x1C0  # ECE, CWR, AE


def malformed_opening_syn(arrival):
    """HS001: an acknowledgment number without ACK, or PSH or URG, on the first SYN (RFC 9293 §3.10.1)."""
    if arrival.own.opening.alone_frame > 0 or arrival.fin:
        return
    if damaged(arrival):
        if arrival.segment.ack > 0:
            undecided(arrival, HANDSHAKE, "HS001", "ack-field-set", "third-party", 0, arrival.segment.ack, -1)
        return
    if arrival.segment.ack > 0:
        observed(arrival, HANDSHAKE, "HS001", "ack-field-set", 0, arrival.segment.ack, -1)
    if arrival.flags & PSH != 0 or arrival.flags & URG != 0:
        observed(arrival, HANDSHAKE, "HS001", "push-or-urgent", 0, -1, -1)


def synack_acks_wrong_number(arrival):
    """HS002: the SYN-ACK acknowledges just below every captured SYN: a near miss (RFC 9293 §3.10.7.2)."""
    own = arrival.own
    peer = arrival.peer
    if not peer.iss_seen or damaged(arrival) or peer.opening.alone_frame == 0:
        return
    distance = arrival.ack - (peer.iss + 1)
    if 0 <= distance <= peer.opening.length or acknowledges_other(arrival):
        return
    frame = peer.opening.alone_frame
    if arrival.connection.removed_numbers and arrival.segment.seq == 0 and arrival.segment.ack == 0:
        undecided(arrival, HANDSHAKE, "HS002", "wrong-ack", "third-party", frame, size(distance), -1)
    elif -NEAR_ANSWER <= distance < 0:
        if answers_older(arrival):
            undecided(arrival, HANDSHAKE, "HS002", "wrong-ack", "order", frame, size(distance), -1)
        else:
            violates(arrival, HANDSHAKE, "HS002", "wrong-ack", frame, size(distance), -1)
    elif answers_older(arrival):
        undecided(arrival, HANDSHAKE, "HS002", "wrong-ack", "order", frame, size(distance), -1)
    elif own.segments > 0 and own.iss_seen:
        undecided(arrival, HANDSHAKE, "HS002", "wrong-ack", "third-party", frame, size(distance), -1)
    else:
        undecided(arrival, HANDSHAKE, "HS002", "wrong-ack", "hole", frame, size(distance), -1)


def used_before(number, low, high):
    """The raw number lies in what an end of an earlier incarnation used; its beginning may not have been captured."""
    return low >= 0 and difference(number, low) >= -NEAR_ISN and difference(number, high) <= 0


def answers_older(arrival):
    """The ack fits an earlier attempt on the pair: it may answer an old duplicate SYN, which is legal, or come late."""
    for past in arrival.connection.chain.past:
        low = past.low0
        high = past.high0
        if arrival.side == 0:
            low = past.low1
            high = past.high1
        if used_before(arrival.segment.ack, low, high):
            return True
    return False


def speaks_of_older(arrival):
    """By both numbers the segment fits an earlier incarnation on the pair as well."""
    for past in arrival.connection.chain.past:
        low = past.low0
        high = past.high0
        if arrival.side == 1:
            low = past.low1
            high = past.high1
        if used_before(arrival.segment.seq, low, high) and answers_older(arrival):
            return True
    return False


def accepted_wrong_number(arrival):
    """HS002, the other half: the initiator goes on after a SYN-ACK that did not acknowledge its SYN.

    A note: a second, right SYN-ACK may have been missed, so this proves nothing about the initiator.
    """
    opening = arrival.peer.opening
    if arrival.own.got_syn or opening.answer_frame == 0 or opening.answer_good or not arrival.own.iss_seen:
        return
    if arrival.ack == arrival.peer.iss + 1 and opening.answer_ack < arrival.own.iss + 1:
        observed(arrival, HANDSHAKE, "HS002", "accepted", opening.answer_frame, -1, -1)


def acknowledges_other(arrival):
    """Of two SYNs with different numbers this segment acknowledges the second: a match with any will do."""
    other = arrival.peer.opening.other_iss
    return other >= 0 and arrival.ack == other + 1


def syn_retransmission(arrival):
    """HS005: the same SYN again, or an attempt with a new number after an unanswered one (RFC 9293 §3.10.8)."""
    own = arrival.own
    opening = own.opening
    connection = arrival.connection
    if opening.alone_frame > 0:
        if arrival.seq == own.iss and not own.got_syn and arrival.peer.opening.answer_frame == 0:
            observed(
                arrival, HANDSHAKE, "HS005", "same-isn", opening.alone_frame, arrival.time - opening.alone_time, -1
            )
    elif connection.retry_of >= 0 and arrival.peer.segments == 0:
        observed(arrival, HANDSHAKE, "HS005", "new-isn", 0, connection.retry_of, -1)


def synack_retransmission_changed(arrival):
    """HS006: a second SYN-ACK to the same SYN begins elsewhere (RFC 9293 §3.10.8), or comes after the third step."""
    own = arrival.own
    opening = own.opening
    if opening.answer_frame == 0 or damaged(arrival) or counted_twice(own, arrival.seq):
        return
    if arrival.seq != own.iss:
        if arrival.ack != opening.answer_ack:
            return
        other_machine = arrival.segment.hop_limit != opening.hop_limit or arrival.segment.options.mss != opening.mss
        if arrival.segment.truncated:
            undecided(arrival, HANDSHAKE, "HS006", "changed-iss", "truncated", opening.answer_frame, -1, -1)
        elif other_machine or arrival.segment.options.wscale != opening.wscale:
            observed(arrival, HANDSHAKE, "HS006", "other-responder", opening.answer_frame, -1, -1)
        elif arrival.time - opening.answer_time >= CHANGED_SOON:
            undecided(arrival, HANDSHAKE, "HS006", "changed-iss", "order", opening.answer_frame, -1, -1)
        elif has_hole(own):
            undecided(arrival, HANDSHAKE, "HS006", "changed-iss", "hole", opening.answer_frame, -1, -1)
        else:
            violates(arrival, HANDSHAKE, "HS006", "changed-iss", opening.answer_frame, -1, -1)
    elif arrival.peer.got_syn:
        observed(arrival, HANDSHAKE, "HS006", "after-third-step", opening.answer_frame, -1, -1)


def counted_twice(own, seq):
    """This end has sent a bare SYN just below: HS015 judges it."""
    return own.opening.alone_frame > 0 and seq == own.iss + 1


def collect_gap(gaps, opening, frame, since):
    """Remember the distance to the copy before, for HS007."""
    if opening.provoked:
        opening.provoked = False
        gaps.append(-1)
    else:
        if len(gaps) == 0:
            opening.gap_frame = frame
        if len(gaps) < MOST_GAPS:
            gaps.append(since)


def measure_syn_gap(arrival):
    """Collect the gaps between timer-driven copies of a SYN; HS007 judges them when the connection ends."""
    opening = arrival.own.opening
    if opening.alone_frame == 0 or arrival.seq != arrival.own.iss or arrival.own.got_syn:
        return
    same_packet = (
        arrival.segment.ip_id > 0 and arrival.segment.ip_id == opening.ip_id and len(arrival.segment.key) == 12
    )
    if same_packet or changed_syn(arrival):
        opening.provoked = True
    if arrival.connection.quote is not None or arrival.peer.segments > 0:
        opening.provoked = True
    collect_gap(opening.gaps, opening, arrival.frame, arrival.time - opening.alone_last_time)


def provokes_syn(arrival):
    """For HS007: a SYN-ACK that answers an older SYN is refused by RST, and the SYN sent again at once (Fig. 8)."""
    if arrival.rst:
        arrival.own.opening.provoked = True
    elif arrival.syn:
        arrival.peer.opening.provoked = True


def challenge_provokes_syn(arrival):
    """For HS007: a challenge ACK draws a RST, and behind that the pending SYN is sent again at once (RFC 5961 §4)."""
    pending = arrival.connection.chain.pending
    if pending is not None:
        pending.ends[pending.first_side].opening.provoked = True


def changed_syn(arrival):
    """This SYN differs from the first in payload or options: a fall-back, which may come at once."""
    opening = arrival.own.opening
    options = arrival.segment.options
    if arrival.length != opening.length or options.mss != opening.mss or options.wscale != opening.wscale:
        return True
    if arrival.flags & ECN_FLAGS != opening.flags & ECN_FLAGS or options.tfo != opening.tfo:
        return True
    return options.sackok != (opening.offers & SACK != 0) or (arrival.segment.tsval < 0) != (opening.tsval < 0)


def measure_synack_gap(arrival):
    """The same for the SYN-ACK; one that a repeated SYN provoked is not timer driven."""
    own = arrival.own
    opening = own.opening
    asker = arrival.peer.opening
    if opening.answer_frame == 0 or arrival.seq != own.iss or arrival.peer.got_syn:
        return
    same_packet = (
        arrival.segment.ip_id > 0 and arrival.segment.ip_id == opening.ip_id and len(arrival.segment.key) == 12
    )
    if same_packet or asker.alone_last_time > opening.answer_last_time:
        opening.provoked = True
    collect_gap(opening.answer_gaps, opening, arrival.frame, arrival.time - opening.answer_last_time)


def syn_with_data(arrival):
    """HS019: payload on a SYN without fast open (RFC 9293 §3.10.7.3: legal, delivered only after the handshake)."""
    if arrival.length == 0 or arrival.segment.options.tfo >= 0 or arrival.has_ack:
        return
    if not arrival.segment.options.complete or not arrival.segment.length_known:
        undecided(arrival, HANDSHAKE, "HS019", "data", "truncated", 0, arrival.length, -1)
    elif arrival.segment.padding:
        undecided(arrival, HANDSHAKE, "HS019", "data", "third-party", 0, arrival.length, -1)
    else:
        observed(arrival, HANDSHAKE, "HS019", "data", 0, arrival.length, -1)


def fast_open(arrival):
    """HS020: what a SYN or SYN-ACK says about fast open (RFC 7413 §3, §4.1.1, §4.2.1)."""
    segment = arrival.segment
    cookie = segment.options.tfo
    if not arrival.has_ack:
        if cookie == 0:
            observed(arrival, HANDSHAKE, "HS020", "request", 0, -1, -1)
        elif cookie > 0:
            observed(arrival, HANDSHAKE, "HS020", "use", 0, cookie, arrival.length)
        elif segment.truncated and arrival.length > 0:
            undecided(arrival, HANDSHAKE, "HS020", "use", "truncated", 0, -1, arrival.length)
        return
    asker = arrival.peer
    if cookie > 0:
        observed(arrival, HANDSHAKE, "HS020", "grant", asker.opening.alone_frame, cookie, -1)
    if asker.iss_seen and asker.opening.tfo > 0 and asker.opening.length > 0 and answers_syn(arrival, asker):
        taken = arrival.ack - (asker.iss + 1)
        if taken > 0:
            observed(arrival, HANDSHAKE, "HS020", "accepted", asker.opening.alone_frame, taken, -1)
        elif asker.opening.alone_copies == 1:  # else it may answer a copy without data
            observed(arrival, HANDSHAKE, "HS020", "ignored", asker.opening.alone_frame, asker.opening.length, -1)


def early_response(arrival):
    """HS020: the responder sends data before the third step, which only accepted SYN data allows (RFC 7413 §3)."""
    own = arrival.own
    asker = arrival.peer
    if own.opening.answer_frame > 0 and own.opening.answer_good and not asker.got_syn and asker.opening.tfo > 0:
        if own.opening.answer_ack > asker.iss + 1:
            observed(arrival, HANDSHAKE, "HS020", "early-response", own.opening.answer_frame, arrival.length, -1)


def third_step(arrival):
    """HS025: the segment that completes the handshake carries data or FIN (RFC 9293 §3.10.7.3). Also notes the step."""
    own = arrival.own
    peer = arrival.peer
    connection = arrival.connection
    if own.got_syn or not peer.iss_seen or arrival.syn:
        return
    if arrival.ack < peer.iss + 1 and not acknowledges_other(arrival):
        return
    if own.opening.alone_frame == 0 or peer.opening.answer_frame == 0:
        return
    connection.third_frame = arrival.frame
    connection.third_time = arrival.time
    if not arrival.fin and arrival.length == 0 and not damaged(arrival):
        peer.closing.begun = arrival.seq + 1
    if arrival.length > 0:
        observed(arrival, HANDSHAKE, "HS025", "data", peer.opening.answer_frame, arrival.length, -1)
    elif arrival.fin:
        observed(arrival, HANDSHAKE, "HS025", "fin", peer.opening.answer_frame, -1, -1)
