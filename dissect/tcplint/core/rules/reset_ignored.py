"""RS002, RS013 and RS015: resets that should have no effect, or should have had one.

In SYN-SENT only the ack of a RST counts: without one, or with one that is not of the SYN, it is dropped (RFC 9293
§3.10.7.3). No RST is ever answered by a RST (§3.5.2). And a RST at the very number that is expected ends the connection
at once (§3.10.7.4). Whether it arrived is another question: it is sent once and never again.
"""

from ..connection import Suspect
from ..distance import near
from ..evidence import NEAR_ISN, SLACK, both_syns, damaged, fits, has_hole, reopened, stranger, synchronised
from ..model import HANDSHAKE, INCONCLUSIVE, OBSERVED, SIDE_UNKNOWN, TEARDOWN, VIOLATES
from ..note import add, conclude, leaves_open, notes, ran, spoke
from ..outcome import SETTLED
from ..sequence import between, larger, size
from .handshake import answers_older
from .reset_after import round_trip

GIVES_UP = 3  # times the last gap between two copies of the SYN


def keep_ignored(arrival):
    """For RS002: a RST that answers nothing that a client in SYN-SENT has sent (RFC 9293 §3.10.7.3 steps 1, 2)."""
    own = arrival.own
    peer = arrival.peer
    if peer.opening.alone_frame == 0 or peer.got_syn or own.iss_seen or damaged(arrival):
        return
    if own.segments > own.closing.rst_count or own.opening.suspects is not None:
        return
    if (arrival.has_ack and peer.iss < arrival.ack <= peer.nxt) or spoke(arrival, "RS001") is not None:
        return
    own.opening.suspects = Suspect("RS002", arrival.frame, arrival.time, ignored_excuse(arrival), None)
    own.opening.suspects.number = arrival.ack
    if arrival.has_ack or arrival.segment.seq == 0:
        own.opening.suspects.proof = arrival.frame  # no end that had got the SYN would send that


def ignored_excuse(arrival):
    """What may have caused that RST, other than the SYN; "" for nothing."""
    connection = arrival.connection
    if connection.removed_numbers:
        return "third-party"
    if len(connection.chain.past) > 0 or answers_older(arrival):
        return "order"  # the connection before
    if arrival.has_ack:
        away = arrival.ack - (arrival.peer.iss + 1)
        if away > 0:
            return "hole"
        if not between(-NEAR_ISN, away, 0):
            return "third-party"
    return ""


def reset_ignored_in_syn_sent(ending):
    """RS002: such a RST refuses nothing. The client shows that it was in SYN-SENT when it goes on from there."""
    client = ending.opener
    server = ending.answerer
    one = server.opening.suspects
    while one is not None and one.code != "RS002":
        one = one.before
    if one is None:
        return
    opening = client.opening
    goes_on = opening.alone_last_frame > one.frame or (client.got_syn and server.opening.answer_frame > one.frame)
    why = one.why
    if why == "" and one.proof == 0 and not goes_on:
        why = "hole"  # the SYN-ACK may have been missed, and this be an abort
        if not ran(ending, one.time, SETTLED):
            why = "capture-end"
    kind = "no-ack"
    away = -1
    if one.number >= 0:
        kind = "wrong-ack"
        away = size(one.number - (client.iss + 1))
    first = opening.alone_frame
    if why != "":
        leaves_open(ending, HANDSHAKE, "RS002", kind, why, SIDE_UNKNOWN, one.frame, first, away, -1)
        return
    conclude(ending, HANDSHAKE, "RS002", kind, VIOLATES, "", SIDE_UNKNOWN, one.frame, first, away, -1)
    wait = larger(SETTLED, GIVES_UP * (opening.alone_last_time - opening.alone_time))
    if not goes_on and not client.got_syn and ran(ending, one.time, wait):
        notes(ending, HANDSHAKE, "RS002", "honoured", client.side, one.frame, first, -1, -1)


def reset_answering_reset(arrival):
    """RS013: the numbers of a RST are those that an answer to the peer's RST would have (RFC 9293 §3.5.2).

    Once proves little: two ends, or a device for both, may reset at the same time. Whoever does it twice answers.
    """
    own = arrival.own
    peer = arrival.peer
    first = peer.closing
    if first.rst_frame == 0 or damaged(arrival):
        return
    if first.rst_last_frame != peer.last_frame or own.last_frame > first.rst_last_frame:
        return  # something else stands between the two
    if not answers(arrival, first):
        return
    why = ""
    if has_hole(peer) or has_hole(own):
        why = "hole"  # segments that were missed may have carried that number
    elif reopened(arrival.connection):
        why = "order"
    kind = "crossing"
    verdict = OBSERVED
    if has_answered(arrival.connection, arrival.side):
        kind = "answered"
        verdict = VIOLATES
    if why != "":
        verdict = INCONCLUSIVE
    frame = first.rst_last_frame
    add(arrival, TEARDOWN, "RS013", kind, verdict, why, arrival.side, frame, own.closing.rst_count + 1, -1)


def has_answered(connection, side):
    """This end has sent a RST before that looks like an answer to one."""
    for finding in connection.findings:
        if finding.code == "RS013" and finding.side == side:
            return True
    return False


def answers(arrival, other):
    """SEQ = SEG.ACK, or, to one without ACK, SEQ = 0 and ACK = SEG.SEQ."""
    if other.rst_ack >= 0:
        return arrival.seq == other.rst_ack and not arrival.has_ack
    return arrival.has_ack and arrival.segment.seq == 0 and arrival.ack == other.rst_seq


def traffic_after_received_reset(arrival):
    """RS015: new data more than a round trip behind a RST at exactly the expected number (RFC 9293 §3.10.7.4)."""
    own = arrival.own
    peer = arrival.peer
    closing = peer.closing
    connection = arrival.connection
    if not closing.rst_exact or closing.rst_void or not arrival.new or arrival.length == 0 or damaged(arrival):
        return
    if not synchronised(own) or not synchronised(peer):
        return
    since = arrival.time - closing.rst_time
    if since <= larger(SLACK, round_trip(connection)):
        return  # it was on its way
    kind = "not-effective"
    verdict = OBSERVED
    if near(connection, arrival.side):
        kind = "goes-on"
        verdict = VIOLATES
    why = after_reset_excuse(arrival)
    if why != "":
        kind = "goes-on"
        verdict = INCONCLUSIVE
    add(arrival, TEARDOWN, "RS015", kind, verdict, why, arrival.side, closing.rst_frame, since, -1)


def after_reset_excuse(arrival):
    """Why data behind the peer's RST prove nothing; "" for nothing."""
    connection = arrival.connection
    if not both_syns(connection) or round_trip(connection) == 0:
        return "mid-stream"
    if stranger(arrival) or arrival.segment.padding:
        return "third-party"
    if reopened(connection) or arrival.engine.clock_breaks > connection.breaks:
        return "order"
    if has_hole(arrival.own) or not fits(arrival) or arrival.seq > arrival.own.nxt:
        return "hole"  # of the next connection of the pair
    return ""
