"""RS011, RS018, RS019 and RS021: what a RST carries, and what it tells by being sent.

All but RS021 only describe: a RST may carry a text for people (RFC 9293 §3.5.3 SHLD-2) and should carry timestamps
where they were agreed on (RFC 7323 §3.2, §5.2).
"""

from ..calm import FULL
from ..connection import Suspect
from ..distance import near
from ..evidence import damaged, reopened
from ..model import HANDSHAKE, INCONCLUSIVE, OBSERVED, TEARDOWN, VIOLATES
from ..note import add, conclude, known, leaves_open, observed, ran, undecided
from ..offer import refused_timestamps
from ..outcome import SETTLED
from ..sequence import difference, larger, size
from .reset_after import round_trip
from .reset_number import NEAR_REPLY

REPLY_TIME = 1000000  # µs in which an answer to a challenge ACK comes, when the round trip is not known
CHALLENGES = 2  # of them without a RST, before its absence counts


def keep_full_window(arrival):
    """For RS011: a FIN whose sender has little or no room left: it has not read what it received."""
    own = arrival.own
    if own.closing.fin >= 0 or not arrival.has_ack or arrival.segment.window < 0 or damaged(arrival):
        return
    if arrival.segment.window * FULL < own.raw_window:
        own.opening.suspects = Suspect("RS011", arrival.frame, arrival.time, "", own.opening.suspects)
        own.opening.suspects.number = arrival.segment.window


def unread_data_orderly_close(arrival):
    """RS011: a FIN with a full buffer, and a RST when more data come: a hint of unread data (RFC 2525 §2.17)."""
    own = arrival.own
    if own.closing.fin < 0 or arrival.peer.seen <= own.ackmax or own.closing.rst_count > 0:
        return
    one = own.opening.suspects
    while one is not None:
        if one.code == "RS011":
            undecided(arrival, TEARDOWN, "RS011", "unread", "far-tap", one.frame, one.number, own.raw_window)
        one = one.before


def reset_with_data(arrival):
    """RS018: payload on a RST. It is no part of the stream."""
    if arrival.length == 0 or damaged(arrival):
        return
    if not arrival.segment.length_known:
        undecided(arrival, TEARDOWN, "RS018", "data", "truncated", 0, arrival.length, -1)
    elif arrival.segment.padding:
        undecided(arrival, TEARDOWN, "RS018", "data", "third-party", 0, arrival.length, -1)
    else:
        observed(arrival, TEARDOWN, "RS018", "data", 0, arrival.length, -1)


def reset_with_timestamp(arrival):
    """RS019: timestamps were agreed on, and this RST has none, or echoes one that its peer never sent."""
    own = arrival.own
    peer = arrival.peer
    segment = arrival.segment
    if own.opening.tsval < 0 or peer.opening.tsval < 0 or damaged(arrival):
        return
    if refused_timestamps(own.opening) or refused_timestamps(peer.opening):
        return
    if segment.tsval < 0:
        if segment.options.complete:
            observed(arrival, TEARDOWN, "RS019", "absent", own.last_frame, -1, -1)
        else:
            undecided(arrival, TEARDOWN, "RS019", "absent", "truncated", own.last_frame, -1, -1)
    elif arrival.has_ack and difference(segment.tsecr, peer.opening.tsval) < 0:
        if segment.tsecr > 0:
            observed(arrival, TEARDOWN, "RS019", "strange-echo", peer.last_frame, segment.tsecr, -1)
    elif arrival.has_ack and difference(segment.tsecr, peer.tsval) > 0:
        undecided(arrival, TEARDOWN, "RS019", "strange-echo", "hole", peer.last_frame, segment.tsecr, -1)


def challenge_reset_wrong_number(arrival):
    """RS021: the RST that confirms a challenge ACK stands just beside the number it names (RFC 5961 §3.2, §4.2)."""
    own = arrival.own
    peer = arrival.peer
    if damaged(arrival) or arrival.has_ack:
        return
    away = arrival.seq - peer.last_ack
    if away == 0 or size(away) > NEAR_REPLY or arrival.seq == own.nxt:
        return
    challenge = find_challenge(arrival.connection, peer.side)
    if challenge is None or peer.last_frame != challenge.last_frame:
        return
    if own.last_frame > challenge.last_frame or arrival.time - peer.last_time > reply_time(arrival.connection):
        return  # it answers something else
    why = challenge.why
    if why == "" and reopened(arrival.connection):
        why = "order"
    verdict = VIOLATES
    if why != "":
        verdict = INCONCLUSIVE
    add(arrival, HANDSHAKE, "RS021", "wrong-seq", verdict, why, arrival.side, peer.last_frame, size(away), -1)


def find_challenge(connection, side):
    """The finding that this end has challenged a SYN, surely or not, or None."""
    challenge = known(connection.findings, "RS020", "challenge-ack", OBSERVED, "", side)
    if challenge is None:
        challenge = known(connection.findings, "RS020", "challenge-ack", INCONCLUSIVE, "mid-stream", side)
    return challenge


def reply_time(connection):
    """µs in which a reply comes: a round trip, with room for its sender."""
    return larger(REPLY_TIME, round_trip(connection))


def challenge_not_reset(ending):
    """RS021: a client repeats its SYN, is challenged each time, and does not reset what it cannot know."""
    connection = ending.connection
    for endpoint in connection.ends:
        peer = connection.ends[1 - endpoint.side]
        challenge = find_challenge(connection, endpoint.side)
        if challenge is None or challenge.count < CHALLENGES or peer.closing.rst_count > 0:
            continue
        if peer.last_frame > challenge.frame:
            continue  # it owns the old connection: somebody else sent that SYN
        why = challenge.why
        if why == "" and not near(connection, peer.side):
            why = "far-tap"
        elif why == "" and not ran(ending, endpoint.last_time, SETTLED):
            why = "capture-end"
        frame = challenge.last_frame
        first = challenge.frame
        count = challenge.count
        if why == "":
            conclude(ending, HANDSHAKE, "RS021", "not-reset", VIOLATES, "", peer.side, frame, first, count, -1)
        else:
            leaves_open(ending, HANDSHAKE, "RS021", "not-reset", why, peer.side, frame, first, count, -1)
