"""RS007 and RS014: what happens after a RST, at the end that gets it and at the end that sent it."""

from ..evidence import SLACK, both_syns, damaged, fits, has_hole, reopened, stranger, synchronised
from ..model import INCONCLUSIVE, OBSERVED, SIDE_UNKNOWN, TEARDOWN, VIOLATES
from ..note import add, known, notes, observed, ran, said_before, spoke, undecided
from ..outcome import SETTLED
from ..sequence import difference, larger


def inexact_reset(arrival):
    """RS007: a RST in the window, but not at the number that is expected next (RFC 5961 §3.2); or the RST after it."""
    own = arrival.own
    peer = arrival.peer
    before = said_before(arrival, "RS007", "inexact", arrival.side)
    if before is not None:
        challenge = said_before(arrival, "RS007", "challenge-ack", peer.side)
        if challenge is not None and arrival.seq == peer.last_ack:
            observed(arrival, TEARDOWN, "RS007", "confirmed", challenge.frame, -1, -1)
        return
    if not synchronised(own) or not synchronised(peer) or peer.ackmax < 0 or own.seen < 0 or damaged(arrival):
        return
    if spoke(arrival, "RS005") is not None or arrival.seq > peer.ackmax + peer.wmax:
        return
    beyond = arrival.seq - own.nxt
    if beyond > 0:
        if not both_syns(arrival.connection):
            undecided(arrival, TEARDOWN, "RS007", "inexact", "mid-stream", own.last_frame, beyond, -1)
        elif has_hole(own):
            undecided(arrival, TEARDOWN, "RS007", "inexact", "hole", own.last_frame, beyond, -1)
        else:
            observed(arrival, TEARDOWN, "RS007", "inexact", own.last_frame, beyond, -1)
    elif peer.ackmax < arrival.seq < own.nxt:
        # How much of what passed here had arrived when the RST did is not known.
        undecided(arrival, TEARDOWN, "RS007", "inexact", "hole", own.last_frame, arrival.seq - peer.ackmax, -1)


def reset_challenged(arrival):
    """RS007: the receiver of an inexact RST repeats its own numbers in a bare ACK (RFC 5961 §3.2 item 3)."""
    own = arrival.own
    before = said_before(arrival, "RS007", "inexact", arrival.peer.side)
    if before is None or arrival.length > 0 or arrival.fin or not arrival.has_ack or damaged(arrival):
        return
    if arrival.seq == own.nxt and arrival.ack == own.last_ack:
        observed(arrival, TEARDOWN, "RS007", "challenge-ack", before.frame, -1, -1)


def reset_not_challenged(ending):
    """RS007: silence after an inexact RST: it was obeyed, as RFC 793 had it, or the challenge was not captured."""
    connection = ending.connection
    for endpoint in connection.ends:
        peer = connection.ends[1 - endpoint.side]
        inexact = known(connection.findings, "RS007", "inexact", OBSERVED, "", endpoint.side)
        if inexact is not None and peer.last_frame < inexact.frame and ran(ending, endpoint.last_time, SETTLED):
            notes(ending, TEARDOWN, "RS007", "no-challenge", peer.side, inexact.frame, 0, -1, -1)


def traffic_after_own_reset(arrival):
    """RS014: an end goes on after its RST (RFC 9293 §3.10.5: nothing is left that could). So it was not its RST.

    It goes on when it sends what it had not sent before, or acknowledges what came after the RST. Numbers below the RST
    may have left before it.
    """
    own = arrival.own
    peer = arrival.peer
    closing = own.closing
    connection = arrival.connection
    if not arrival.has_ack or damaged(arrival):
        return
    if closing.rst_frame < opened_frame(connection):
        return  # in SYN-SENT a RST answers what is no part of the connection
    fresh = arrival.right > own.nxt
    answers = peer.data_frame > closing.rst_last_frame and arrival.ack >= peer.data_end
    if not fresh and not answers:
        return
    since = arrival.time - closing.rst_time
    why = going_on_excuse(arrival, since, answers)
    verdict = VIOLATES
    if why != "":
        verdict = INCONCLUSIVE
    add(arrival, TEARDOWN, "RS014", "goes-on", verdict, why, SIDE_UNKNOWN, closing.rst_frame, since, -1)


def going_on_excuse(arrival, since, answers):
    """Why a segment behind the RST of its sender proves nothing; "" when nothing excuses it."""
    own = arrival.own
    closing = own.closing
    connection = arrival.connection
    if not both_syns(connection):
        return "mid-stream"
    if opened_frame(connection) == 0:
        return "hole"
    if stranger(arrival):
        return "third-party"
    if reopened(connection):
        return "order"
    if since <= larger(SLACK, round_trip(connection)):
        return "order"  # it may have stood in a queue already
    if arrival.right <= closing.rst_seq and not answers:
        return "order"
    if is_overtaken_fin(arrival) and not answers:
        return "order"
    if own.tsval >= 0 and arrival.segment.tsval >= 0 and difference(arrival.segment.tsval, own.tsval) < 0:
        return "order"
    if not fits(arrival) or arrival.seq > larger(own.nxt, closing.rst_seq):
        return "hole"  # the next connection of the pair may have begun
    return ""


def is_overtaken_fin(arrival):
    """A FIN at the number of a RST without ACK: an end that has closed answers data so, and the RST may overtake it."""
    closing = arrival.own.closing
    return arrival.fin and arrival.length == 0 and closing.rst_ack < 0 and arrival.seq == closing.rst_seq


def opened_frame(connection):
    """Frame that completed the opening: the third step, or the second SYN-ACK of SYNs that crossed; 0: not captured."""
    zero = connection.ends[0].opening
    one = connection.ends[1].opening
    if connection.third_frame == 0 and zero.answer_frame > 0 and one.answer_frame > 0:
        return larger(zero.answer_frame, one.answer_frame)
    return connection.third_frame


def round_trip(connection):
    """µs from the SYN to the third step, 0 when a step was not captured."""
    zero = connection.ends[0].opening
    one = connection.ends[1].opening
    opened = zero.alone_time
    if zero.alone_frame == 0:
        opened = one.alone_time
    if connection.third_frame == 0 or (zero.alone_frame == 0 and one.alone_frame == 0):
        return 0
    return larger(0, connection.third_time - opened)
