"""RS: resets. A RST is never retransmitted and anybody can forge one, so most of these rules only describe.

The number of a RST tells what it answers: SEQ=0 with ACK answers a segment without ACK; SEQ = SEG.ACK answers one with
ACK; SEQ = SND.NXT aborts (RFC 9293 §3.5.2, §3.10.5).
"""

from ..evidence import NEAR_ANSWER, NEAR_ISN, REPLY_WAIT, both_syns, damaged, has_hole, synchronised
from ..incarnation import is_delayed
from ..model import HANDSHAKE, INCONCLUSIVE, OBSERVED, SIDE_UNKNOWN, TEARDOWN, TIME_WAIT, VIOLATES
from ..note import add, known, observed, spoke, undecided, violates
from ..sequence import between, size
from .handshake import answers_older

NEAR_REPLY = 16  # a RST that answers this connection acknowledges within this distance of what it knows


def refusal_wrong_number(arrival):
    """RS001: the numbers of a RST whose only possible trigger is the SYN (RFC 9293 §3.5.2 group 1, §3.10.7.1).

    An ack above the SYN, or well below it, may answer what the capture missed: a copy with data, or another SYN.
    """
    own = arrival.own
    peer = arrival.peer
    if not arrival.has_ack or peer.opening.alone_frame == 0 or damaged(arrival):
        return
    if own.segments > own.closing.rst_count or peer.ackmax >= 0 or own.iss_seen:
        return
    frame = peer.opening.alone_frame
    distance = arrival.ack - (peer.iss + 1)
    covered = peer.iss < arrival.ack <= peer.nxt
    if arrival.segment.seq == 0 and not covered:
        if answers_older(arrival):
            undecided(arrival, HANDSHAKE, "RS001", "wrong-ack", "order", frame, size(distance), -1)
        elif between(1, distance, NEAR_ISN) or between(-NEAR_ISN, distance, -NEAR_ANSWER - 1):
            undecided(arrival, HANDSHAKE, "RS001", "wrong-ack", "hole", frame, size(distance), -1)
        elif between(-NEAR_ANSWER, distance, 0) and not arrival.connection.removed_numbers:
            violates(arrival, HANDSHAKE, "RS001", "wrong-ack", frame, size(distance), -1)
        else:
            undecided(arrival, HANDSHAKE, "RS001", "wrong-ack", "third-party", frame, size(distance), -1)
    elif covered and arrival.segment.seq != 0:
        violates(arrival, HANDSHAKE, "RS001", "seq-not-zero", frame, size(distance), -1)
    elif covered and arrival.ack != peer.nxt and peer.opening.alone_copies == 1:
        violates(arrival, HANDSHAKE, "RS001", "ack-ignores-data", frame, peer.opening.length, -1)


def reset_after_synack(arrival):
    """RS004: the initiator answers the SYN-ACK with a RST (RFC 9293 §3.10.7.1: its socket is gone, or never was)."""
    own = arrival.own
    peer = arrival.peer
    if own.opening.alone_frame == 0 or not peer.opening.answer_good or own.got_syn:
        return
    if arrival.seq == peer.opening.answer_ack:
        if has_hole(own):
            undecided(arrival, HANDSHAKE, "RS004", "reset", "hole", peer.opening.answer_frame, -1, -1)
        else:
            observed(arrival, HANDSHAKE, "RS004", "reset", peer.opening.answer_frame, -1, -1)


def implausible_reset_number(arrival):
    """RS005: a RST that speaks of this connection by its ack but whose number this end never used or could use."""
    own = arrival.own
    peer = arrival.peer
    if not arrival.has_ack or own.nxt < 0 or peer.nxt < 0 or damaged(arrival):
        return
    lowest = own.iss
    if lowest < 0:
        lowest = own.first - 1
    if between(lowest, arrival.seq, own.nxt + peer.wmax):
        return
    if arrival.ack < peer.iss + 1 or arrival.ack > peer.nxt + 65536:
        return
    if arrival.segment.seq == 0 and peer.opening.alone_frame > 0 and arrival.ack == peer.iss + 1 + peer.opening.length:
        return
    why = implausible_excuse(arrival)
    verdict = VIOLATES
    if why != "":
        verdict = INCONCLUSIVE
    away = size(arrival.seq - own.nxt)
    add(arrival, TEARDOWN, "RS005", "implausible", verdict, why, SIDE_UNKNOWN, own.last_frame, away, -1)


def implausible_excuse(arrival):
    """Why an impossible number of a RST proves nothing; "" when nothing excuses it.

    Only a number below the stream, or a bare 0, is one: above it may follow segments that the capture missed. And a RST
    with SEQ=0 may refuse a SYN that was missed, unless its ack is one that this connection gave reason for.
    """
    own = arrival.own
    peer = arrival.peer
    if not both_syns(arrival.connection):
        return "mid-stream"
    if has_hole(own) or has_hole(peer):
        return "hole"
    if arrival.connection.removed_numbers:
        return "third-party"
    if is_delayed(arrival, arrival.connection.chain):
        return "order"
    if arrival.ack == peer.iss + 1 and arrival.segment.seq == 0:
        return "hole"  # it may refuse a SYN of the peer that was missed
    if arrival.ack == peer.iss + 1 and peer.ackmax <= own.iss + 1 and arrival.connection.third_frame == 0:
        return "hole"  # it may end another attempt of its sender, whose SYN was missed, to the same SYN of the peer
    if arrival.segment.seq != 0:
        if arrival.seq > own.nxt:
            return "hole"
        if arrival.seq < own.iss - NEAR_ISN:
            return "third-party"
    answers = size(arrival.ack - peer.nxt) <= NEAR_REPLY or size(arrival.ack - own.ackmax) <= NEAR_REPLY
    if not answers and size(arrival.ack - peer.closing.rst_seq) > NEAR_REPLY:
        return "hole"
    return ""


def reset_after_own_fin(arrival):
    """RS009: a RST of an end that has sent its FIN, the peer not (RFC 9293 §3.6.1 MAY-1, SHLD-3)."""
    own = arrival.own
    peer = arrival.peer
    if own.closing.fin < 0 or peer.closing.fin >= 0 or own.closing.rst_count > 0:
        return
    if peer.segments == 0:
        undecided(arrival, TEARDOWN, "RS009", "no-reason", "one-way", own.closing.frame, -1, -1)
    elif own.ackmax < 0:
        undecided(arrival, TEARDOWN, "RS009", "no-reason", "mid-stream", own.closing.frame, -1, -1)
    elif peer.seen > own.ackmax:
        observed(arrival, TEARDOWN, "RS009", "data-arrived", own.closing.frame, peer.seen - own.ackmax, -1)
    elif has_hole(peer):
        undecided(arrival, TEARDOWN, "RS009", "no-reason", "hole", own.closing.frame, -1, -1)
    else:
        observed(arrival, TEARDOWN, "RS009", "no-reason", own.closing.frame, -1, -1)


def reset_after_both_fins(arrival):
    """RS012: a RST when both have sent FIN: an answer to a late segment, an abort, or the end of a TIME-WAIT.

    An answer copies the ack of what it answers and has no ACK itself; an abort stands at SND.NXT. What reaches a peer
    in TIME-WAIT at the number that it expects ends the TIME-WAIT (RFC 1337 §1) when the peer had spoken once more.
    """
    own = arrival.own
    peer = arrival.peer
    if own.closing.fin < 0 or peer.closing.fin < 0 or own.closing.rst_count > 0 or spoke(arrival, "TD015") is not None:
        return
    answer = not arrival.has_ack
    if peer.ackmax < 0:
        undecided(arrival, TEARDOWN, "RS012", "abort", "one-way", peer.closing.frame, -1, -1)
    elif arrival.seq == peer.last_ack and peer.state == TIME_WAIT and peer.last_frame > own.closing.acked_frame:
        observed(arrival, TEARDOWN, "RS012", "assassination", peer.last_frame, -1, -1)
    elif arrival.seq == peer.last_ack and peer.state == TIME_WAIT and answer:
        undecided(arrival, TEARDOWN, "RS012", "assassination", "hole", peer.last_frame, -1, -1)
    elif answer and arrival.seq <= peer.ackmax:
        observed(arrival, TEARDOWN, "RS012", "late-segment", peer.last_frame, -1, -1)
    elif answer and arrival.seq != own.nxt:
        undecided(arrival, TEARDOWN, "RS012", "late-segment", "hole", peer.last_frame, -1, -1)
    else:
        observed(arrival, TEARDOWN, "RS012", "abort", peer.closing.frame, -1, -1)


def reset_for_dead_connection(arrival):
    """RS016: an end never seen before answers with a RST at the segment's ack (RFC 9293 §3.5.1 Fig. 10)."""
    own = arrival.own
    peer = arrival.peer
    if arrival.has_ack or own.segments > own.closing.rst_count or peer.segments == 0 or peer.iss_seen:
        return
    if peer.last_ack < 0 or spoke(arrival, "RS003") is not None:
        return
    if arrival.seq == peer.last_ack:
        observed(arrival, TEARDOWN, "RS016", "no-connection", peer.last_frame, -1, -1)
    else:
        undecided(
            arrival, TEARDOWN, "RS016", "no-connection", "hole", peer.last_frame, size(arrival.seq - peer.last_ack), -1
        )


def syn_challenged(arrival):
    """RS020: the answer of a living connection to a SYN inside it (RFC 9293 §3.10.7.4 step 4, RFC 5961 §4.2)."""
    pending = arrival.connection.chain.pending
    own = arrival.own
    if pending is None or not synchronised(own):
        return
    asked = pending.ends[1 - arrival.side].opening
    if asked.alone_frame == 0 or arrival.time - asked.alone_last_time > REPLY_WAIT:
        return
    frame = asked.alone_last_frame
    if has_challenged(arrival, frame):
        return
    if arrival.rst:
        observed(arrival, TEARDOWN, "RS020", "reset", frame, -1, -1)
    elif arrival.has_ack and arrival.length == 0 and not arrival.fin:
        if arrival.seq != own.nxt or arrival.ack != own.last_ack:
            return
        if own.iss_seen and arrival.peer.iss_seen:
            observed(arrival, TEARDOWN, "RS020", "challenge-ack", frame, -1, -1)
        else:
            undecided(arrival, TEARDOWN, "RS020", "challenge-ack", "mid-stream", frame, -1, -1)


def has_challenged(arrival, frame):
    """This end has answered the SYN in `frame` by a challenge ACK: what it sends later answers something else."""
    findings = arrival.connection.findings
    challenge = known(findings, "RS020", "challenge-ack", OBSERVED, "", arrival.side)
    if challenge is None:
        challenge = known(findings, "RS020", "challenge-ack", INCONCLUSIVE, "mid-stream", arrival.side)
    return challenge is not None and challenge.last_frame > frame


def state_lost(arrival):
    """RS020: a SYN inside a living connection is accepted at once: the responder had dropped the old one silently."""
    if arrival.displaced >= 0:
        observed(arrival, TEARDOWN, "RS020", "state-lost", arrival.peer.opening.alone_frame, arrival.displaced, -1)
