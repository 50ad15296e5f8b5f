"""HS021 and HS023: data before the handshake is complete, the client's on its SYN, the server's behind its SYN-ACK.

A server may take the data of a SYN or leave them; the client begins again at the number that the SYN-ACK acknowledges
(RFC 7413 §4.2.2). Data of its own the server keeps back until the third step, unless it took those of the SYN
(RFC 9293 §3.10.2, RFC 7413 §3). Either fault looks just like an innocent opening of which one frame is missing, so both
wait for a second witness: an acknowledgment that shows what was not there.
"""

from ..connection import Suspect
from ..distance import near
from ..evidence import SLACK, damaged, has_hole, reopened, reset_before, stranger
from ..model import HANDSHAKE, INCONCLUSIVE, VIOLATES
from ..note import add, conclude, leaves_open, ran
from ..offer import VARIED, answers_copy
from ..outcome import SETTLED
from ..sequence import larger
from .handshake import TIMER_FLOOR


def syn_data_acknowledged_in_part(arrival):
    """HS021: the SYN-ACK acknowledges a part of the data on the SYN (RFC 7413 §4.2.2 foresees all or nothing)."""
    asker = arrival.peer
    taken = arrival.ack - (asker.iss + 1)
    if not asker.iss_seen or damaged(arrival) or taken <= 0 or taken >= asker.opening.length:
        return
    why = ""
    if asker.opening.offers & VARIED != 0:
        why = "order"  # it may answer a copy of the SYN with less on it
    elif not answers_copy(arrival) and arrival.time - asker.opening.alone_time >= TIMER_FLOOR:
        why = "hole"  # such a copy may have been missed
    verdict = VIOLATES
    if why != "":
        verdict = INCONCLUSIVE
    frame = asker.opening.alone_frame
    add(arrival, HANDSHAKE, "HS021", "partial-ack", verdict, why, arrival.side, frame, taken, asker.opening.length)


def keep_data_behind_syn_data(arrival):
    """For HS021: the client's first data stand above what the SYN-ACK acknowledges."""
    own = arrival.own
    answer = arrival.peer.opening
    if own.data_end >= 0 or not own.iss_seen or not answer.answer_good or damaged(arrival):
        return
    if arrival.seq <= answer.answer_ack or arrival.peer.ackmax >= arrival.seq or arrival.seq > own.nxt:
        return
    if find(own, "HS021") is not None:
        return
    why = ""
    if arrival.segment.padding or stranger(arrival):
        why = "third-party"
    elif reopened(arrival.connection) or reset_before(arrival.connection):
        why = "order"
    own.opening.suspects = Suspect("HS021", arrival.frame, arrival.time, why, own.opening.suspects)
    own.opening.suspects.number = arrival.seq - answer.answer_ack


def still_without_syn_data(arrival):
    """For HS021: behind those data the server acknowledges no more than with its SYN-ACK, in a segment of its own."""
    suspect = find(arrival.peer, "HS021")
    if suspect is None or suspect.proof > 0 or arrival.length > 0 or arrival.fin or damaged(arrival):
        return
    if arrival.ack == arrival.own.opening.answer_ack:
        suspect.proof = arrival.frame


def syn_data_not_resent(ending):
    """HS021: the client goes on behind SYN data that the server did not take (RFC 7413 §4.2.2)."""
    client = ending.opener
    suspect = find(client, "HS021")
    if suspect is None:
        return
    answer = ending.answerer.opening
    why = suspect.why
    if why == "" and suspect.proof == 0:
        if ending.answerer.ackmax > answer.answer_ack:
            return  # sent again, but not captured
        why = "hole"
        if not ran(ending, suspect.time, SETTLED):
            why = "capture-end"
    if why == "" and not near(ending.connection, client.side):
        why = "far-tap"  # sent again, but lost on the way to the tap
    side = client.side
    frame = suspect.frame
    lost = suspect.number
    first = answer.answer_frame
    length = client.opening.length
    if why == "":
        conclude(ending, HANDSHAKE, "HS021", "not-resent", VIOLATES, "", side, frame, first, lost, length)
    else:
        leaves_open(ending, HANDSHAKE, "HS021", "not-resent", why, side, frame, first, lost, length)


def keep_early_response(arrival):
    """For HS023: the first data of a responder whose SYN-ACK nobody has acknowledged yet."""
    own = arrival.own
    asker = arrival.peer
    opening = own.opening
    if opening.answer_frame == 0 or opening.alone_frame > 0 or damaged(arrival) or not arrival.has_ack:
        return
    if asker.segments > asker.opening.alone_copies or find(own, "HS023") is not None:
        return  # the initiator has spoken, in numbers that something in the path rewrote
    if opening.answer_good and opening.answer_ack > asker.iss + 1:
        return  # it took the data of the SYN: fast open
    why = ""
    if not arrival.segment.length_known:
        why = "truncated"
    elif arrival.segment.padding or stranger(arrival) or arrival.connection.removed_numbers:
        why = "third-party"
    elif reset_before(arrival.connection):
        why = "order"
    opening.suspects = Suspect("HS023", arrival.frame, arrival.time, why, opening.suspects)
    opening.suspects.number = arrival.length


def third_step_behind_data(arrival):
    """For HS023: the third step passes behind those data. It is surely the first when it knows nothing of them."""
    own = arrival.own
    responder = arrival.peer
    suspect = find(responder, "HS023")
    if suspect is None or suspect.why != "" or damaged(arrival) or arrival.ack < responder.iss + 1:
        return
    trip = larger(0, arrival.time - own.opening.alone_time)
    if arrival.ack != responder.iss + 1 or arrival.length > 0 or arrival.fin or has_hole(own):
        suspect.why = "hole"
    elif arrival.time - suspect.time <= larger(SLACK, trip // 4):
        suspect.why = "order"
    else:
        suspect.proof = arrival.frame


def early_responder_data(ending):
    """HS023: the responder does not wait for the third step (RFC 9293 §3.10.2: queue until ESTABLISHED)."""
    for responder in ending.connection.ends:
        suspect = find(responder, "HS023")
        if suspect is not None:
            judge_early_response(ending, responder, suspect)


def judge_early_response(ending, responder, suspect):
    """One of them."""
    asker = ending.connection.ends[1 - responder.side]
    why = suspect.why
    if asker.segments == 0:
        return  # nothing to compare with: every capture of one direction looks like that
    if why == "" and asker.opening.alone_frame == 0:
        why = "hole"
    elif why == "" and suspect.proof == 0:
        why = "hole"
        if asker.segments == asker.opening.alone_copies and not ran(ending, suspect.time, SETTLED):
            why = "capture-end"
    side = responder.side
    frame = suspect.frame
    octets = suspect.number
    if why == "":
        proof = suspect.proof
        conclude(ending, HANDSHAKE, "HS023", "early-data", VIOLATES, "", side, frame, proof, octets, -1)
    else:
        first = responder.opening.answer_frame
        leaves_open(ending, HANDSHAKE, "HS023", "early-data", why, side, frame, first, octets, -1)


def find(endpoint, code):
    """The newest suspect segment of this end that the rule has kept, or None."""
    one = endpoint.opening.suspects
    while one is not None:
        if one.code == code:
            return one
        one = one.before
    return None
