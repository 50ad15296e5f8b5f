"""HS015, HS016 and HS018: openings that meet something unexpected: another SYN, an old one, a connection that lives."""

from ..connection import Suspect
from ..distance import near
from ..evidence import NEAR_ISN, damaged, reopened, reset_before, stranger
from ..incarnation import answers_syn
from ..model import HANDSHAKE, INCONCLUSIVE, OBSERVED, VIOLATES, Finding
from ..note import add, conclude, fired, known, leaves_open, notes, observed, said_before, spoke
from ..sequence import between, size
from .handshake import answers_older


def simultaneous_open_wrong_number(arrival):
    """HS015: the SYN-ACK of an end that has sent a SYN repeats the number of that SYN (RFC 9293 §3.10.7.3 step 4).

    Its ack is judged on the same evidence as that of any other SYN-ACK, by HS002.
    """
    own = arrival.own
    peer = arrival.peer
    if damaged(arrival) or own.iss < 0:
        return
    if own.opening.alone_frame == 0:
        # The SYN of this end was missed. That of its peer, which has answered it, tells the number.
        if not own.iss_seen and arrival.seq == own.iss + 1 and peer.opening.alone_frame > 0:
            wrong(arrival, "wrong-seq", "hole", 0, 1)
        return
    if arrival.seq == own.iss + 1:
        keep_crossing(arrival)
    named = spoke(arrival, "HS002")
    if named is not None and named.kind == "wrong-ack" and between(own.iss, arrival.seq, own.iss + 1):
        away = arrival.ack - (peer.iss + 1)
        why = named.why
        if between(1, away, NEAR_ISN):
            why = "hole"  # it may count the data of a copy that was missed
        wrong(arrival, "wrong-ack", why, peer.opening.alone_frame, size(away))


def wrong(arrival, kind, why, related, away):
    """HS015, decided or not."""
    verdict = VIOLATES
    if why != "":
        verdict = INCONCLUSIVE
    add(arrival, HANDSHAKE, "HS015", kind, verdict, why, arrival.side, related, away, -1)


def keep_crossing(arrival):
    """Remember the first SYN-ACK one above the SYN of its sender; the peer's own SYN-ACK tells whether it is wrong."""
    opening = arrival.own.opening
    one = opening.suspects
    while one is not None:
        if one.code == "HS015" and one.why == "":
            return
        one = one.before
    opening.suspects = Suspect("HS015", arrival.frame, arrival.time, doubt_about_crossing(arrival), opening.suspects)
    opening.suspects.number = arrival.seq


def doubt_about_crossing(arrival):
    """Why that SYN-ACK may begin another connection; "" when nothing in it, or before it, says so."""
    own = arrival.own
    peer = arrival.peer
    connection = arrival.connection
    if connection.removed_numbers or stranger(arrival):
        return "third-party"
    if own.opening.other_iss >= 0 or reset_before(connection) or reopened(connection) or answers_older(arrival):
        return "order"
    if peer.opening.alone_frame == 0 or not answers_syn(arrival, peer):
        return "hole"
    return ""


def crossing_counted_twice(ending):
    """HS015: the peer had answered the SYN of this end, so the two SYNs are those of one and the same opening."""
    for endpoint in ending.connection.ends:
        peer = ending.connection.ends[1 - endpoint.side]
        frame = endpoint.opening.alone_frame
        one = endpoint.opening.suspects
        while one is not None:
            if one.code == "HS015":
                judge_counted_twice(ending, endpoint, peer, one, frame)
            one = one.before


def judge_counted_twice(ending, endpoint, peer, one, frame):
    """One SYN-ACK that stands one too high; `frame`: the bare SYN of its sender."""
    why = one.why
    if why == "" and (peer.opening.answer_frame == 0 or peer.opening.answer_ack != one.number):
        why = "hole"
    if why == "":
        conclude(ending, HANDSHAKE, "HS015", "wrong-seq", VIOLATES, "", endpoint.side, one.frame, frame, 1, -1)
    else:
        leaves_open(ending, HANDSHAKE, "HS015", "wrong-seq", why, endpoint.side, one.frame, frame, 1, -1)


def half_open_recovery(arrival):
    """HS018: a RST at the number of a challenge ACK ends the old connection (RFC 9293 §3.5.1 Fig. 9, RFC 5961 §4.2).

    The note stands in the old connection; the SYN of the new one is marked as challenged.
    """
    connection = arrival.connection
    pending = connection.chain.pending
    if pending is None or pending.number == connection.number or arrival.seq != arrival.peer.last_ack:
        return
    asked = pending.ends[arrival.side].opening
    if asked.alone_frame == 0:
        return
    answerer = arrival.peer.side
    challenge = said_before(arrival, "RS020", "challenge-ack", answerer)
    if challenge is None:
        challenge = known(connection.findings, "RS020", "challenge-ack", INCONCLUSIVE, "mid-stream", answerer)
        if challenge is not None:
            found(arrival, INCONCLUSIVE, "mid-stream", challenge.last_frame)
        return
    found(arrival, OBSERVED, "", challenge.last_frame)
    if known(pending.findings, "HS018", "challenged", OBSERVED, "", arrival.side) is None:
        mark = Finding("HS018", "challenged", OBSERVED, arrival.side, asked.alone_frame)
        mark.related.append(challenge.last_frame)
        mark.phase = HANDSHAKE
        pending.findings.append(mark)


def found(arrival, verdict, why, related):
    """HS018 about the end that had sent the SYN and resets."""
    add(arrival, HANDSHAKE, "HS018", "discovered", verdict, why, arrival.side, related, -1, -1)


def unexpected_ack_to_syn(arrival):
    """HS018 not decided: a SYN meets a bare ACK with quite other numbers. The old connection was never captured."""
    own = arrival.own
    peer = arrival.peer
    if peer.opening.alone_frame == 0 or own.segments > 0 or peer.ackmax >= 0 or arrival.length > 0 or arrival.fin:
        return
    connection = arrival.connection
    if damaged(arrival) or connection.removed_numbers or len(connection.chain.past) > 0:
        return
    if size(arrival.ack - peer.nxt) > NEAR_ISN:
        frame = peer.opening.alone_last_frame
        add(arrival, HANDSHAKE, "HS018", "discovered", INCONCLUSIVE, "mid-stream", peer.side, frame, -1, -1)


def keep_unacceptable_synack(arrival):
    """For HS016: a SYN-ACK that acknowledges none of its peer's captured SYNs, and is no near miss (HS002)."""
    own = arrival.own
    asker = arrival.peer
    if asker.opening.alone_frame == 0 or asker.got_syn or damaged(arrival) or answers_syn(arrival, asker):
        return
    if fired(arrival, "HS002") or arrival.connection.removed_numbers:
        return
    one = own.opening.suspects
    while one is not None:
        if one.code == "HS016" and one.number == arrival.segment.ack:
            one.copies += 1
            return
        one = one.before
    own.opening.suspects = Suspect("HS016", arrival.frame, arrival.time, "", own.opening.suspects)
    own.opening.suspects.number = arrival.segment.ack


def old_duplicate_syn(arrival):
    """HS016: the initiator resets a SYN-ACK that answers another SYN than its own (RFC 9293 §3.5 Fig. 8)."""
    if arrival.own.opening.alone_frame == 0 or arrival.has_ack or damaged(arrival):
        return
    one = arrival.peer.opening.suspects
    while one is not None:
        if one.code == "HS016" and one.number == arrival.segment.seq:
            one.proof = arrival.frame
            observed(arrival, HANDSHAKE, "HS016", "recovered", one.frame, -1, -1)
        one = one.before


def unrefused_synack(ending):
    """HS016: such a SYN-ACK is repeated, so no RST has met it. One that was lost, or dropped, leaves no trace here."""
    for endpoint in ending.connection.ends:
        asker = ending.connection.ends[1 - endpoint.side]
        frame = asker.opening.alone_frame
        one = endpoint.opening.suspects
        while one is not None:
            if one.code == "HS016" and one.proof == 0 and one.copies > 1:
                if near(ending.connection, asker.side):
                    notes(ending, HANDSHAKE, "HS016", "not-refused", asker.side, one.frame, frame, one.copies, -1)
                else:
                    why = "far-tap"
                    leaves_open(
                        ending, HANDSHAKE, "HS016", "not-refused", why, asker.side, one.frame, frame, one.copies, -1
                    )
            one = one.before
