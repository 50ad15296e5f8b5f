"""OP: the timestamps option (RFC 7323 §3): offered, agreed on, echoed, and then in every segment.

Timestamps tell a passive observer which segment answers which, because every segment echoes one. So a fault in them is
judged with care: a copy of a SYN that the capture missed has another timestamp, a device in the path may insert or
remove the option, and a segment without it is the commonest mark of a forgery.
"""

from ..evidence import damaged, reopened, reset_before, stranger
from ..incarnation import answers_syn
from ..model import HANDSHAKE, PSH
from ..note import undecided, violates
from ..offer import NO_STAMPS, STAMPS, USED_STAMPS, answers_copy, in_between, refused_timestamps
from ..sequence import between, difference, larger, size, smaller
from .negotiation import elsewhere, syn_frame, unreadable
from .options import doubt, list_is_broken, report

NEAR_STAMP = 16777216  # ticks; a device that shifts timestamps shifts them further
TICKS_IN_MICROSECOND = 2  # no clock of RFC 7323 §5.4 ticks faster
AMBIGUOUS = 1073741824  # µs in which the fastest clock goes half its way round: earlier and later are the same then
SHORTEST_RETRY = 900000  # µs after which a SYN may be repeated, with fewer options


def nonzero_tsecr_in_syn(arrival):
    """OP011: a SYN that acknowledges nothing echoes a timestamp (RFC 7323 §3.2: TSecr SHOULD be 0 without ACK)."""
    tsecr = arrival.segment.tsecr
    if tsecr <= 0 or list_is_broken(arrival):
        return
    if damaged(arrival):
        undecided(arrival, HANDSHAKE, "OP011", "echo-in-syn", "third-party", 0, tsecr, -1)
    elif arrival.segment.truncated:
        undecided(arrival, HANDSHAKE, "OP011", "echo-in-syn", "truncated", 0, tsecr, -1)
    else:
        violates(arrival, HANDSHAKE, "OP011", "echo-in-syn", 0, tsecr, -1)


def unoffered_timestamps(arrival):
    """OP012: a SYN-ACK with timestamps, though no SYN offered them (RFC 7323 §3.2); crossing SYNs are exempt."""
    asker = arrival.peer
    if arrival.segment.tsval < 0 or arrival.own.opening.alone_frame > 0 or list_is_broken(arrival):
        return
    offers = asker.opening.offers
    if not asker.iss_seen or not answers_syn(arrival, asker) or offers & NO_STAMPS == 0 or answers_copy(arrival):
        return
    why = unreadable(asker.opening)
    if why == "" and offers & STAMPS != 0:
        why = "order"  # one copy had them: which one is answered?
    elif why == "" and damaged(arrival):
        why = "third-party"
    elif why == "" and arrival.segment.truncated:
        why = "truncated"
    elif why == "" and arrival.segment.tsecr > 0:
        why = "hole"  # it echoes something: a SYN with timestamps did reach it
    report(arrival, "OP012", "not-offered", why, syn_frame(asker), -1, -1)


def judge_echo(arrival, first, since, why):
    """OP013: TSecr against the timestamps of the peer's SYNs, of which `first` was sent at `since` (µs).

    Near them is not decided, because a copy may be missing; farther than any clock could have come is a fault.
    """
    segment = arrival.segment
    if segment.tsecr < 0 or first < 0 or in_between(segment.tsecr, first, arrival.peer.tsval):
        return
    reach = NEAR_STAMP + TICKS_IN_MICROSECOND * larger(0, arrival.time - since)
    kind = "wrong-echo"
    if segment.tsecr == 0:
        kind = "zero-echo"
    if damaged(arrival):
        why = "third-party"
    elif segment.truncated:
        why = "truncated"
    elif why == "" and arrival.engine.clock_breaks > arrival.connection.breaks:
        why = "order"
    elif why == "" and size(difference(segment.tsecr, first)) <= reach:
        why = "hole"
    report(arrival, "OP013", kind, why, syn_frame(arrival.peer), segment.tsecr, first)


def wrong_echo_of_syn(arrival):
    """OP013: the SYN-ACK echoes no timestamp of the SYN (RFC 7323 §3.2: MUST echo what it received)."""
    asker = arrival.peer
    if asker.iss_seen and asker.opening.alone_frame > 0 and answers_syn(arrival, asker):
        judge_echo(arrival, asker.opening.tsval, asker.opening.alone_time, "")


def wrong_echo_of_synack(arrival):
    """OP013: the third step echoes no timestamp of the SYN-ACK. Only a segment that shows nothing later is judged."""
    own = arrival.own
    peer = arrival.peer
    if own.opening.alone_frame == 0 or peer.opening.answer_frame == 0 or peer.opening.alone_frame > 0:
        return
    if arrival.ack != peer.iss + 1 or not between(own.iss + 1, arrival.seq, own.nxt):
        return
    why = ""
    if stranger(arrival):
        why = "third-party"
    elif reopened(arrival.connection) or reset_before(arrival.connection):
        why = "order"
    elif peer.segments > peer.opening.answer_copies:
        why = "hole"  # its later timestamps count as well, and one may be missing
    judge_echo(arrival, peer.opening.tsval, peer.opening.answer_time, why)


def unnegotiated_timestamps(arrival):
    """OP014: timestamps on a later segment, though one of the SYNs did not have them (RFC 7323 §3.2: ignored)."""
    own = arrival.own
    peer = arrival.peer
    if own.opening.offers & NO_STAMPS == 0 and peer.opening.offers & NO_STAMPS == 0:
        return
    if not arrival.has_ack or list_is_broken(arrival):
        return
    why = doubt_about_agreement(arrival)
    if why == "" and not refused_timestamps(own.opening) and not refused_timestamps(peer.opening):
        why = "order"  # some copy had them
    elif why == "":
        why = doubt_about_sender(arrival)
    frame = syn_frame(peer)
    if own.opening.offers & NO_STAMPS != 0:
        frame = syn_frame(own)
    report(arrival, "OP014", "not-negotiated", why, frame, -1, -1)


def doubt_about_agreement(arrival):
    """Why it is not known what the SYNs agreed on; "" when both were captured whole."""
    own = arrival.own
    peer = arrival.peer
    if not own.iss_seen or not peer.iss_seen:
        return "mid-stream"
    why = unreadable(peer.opening)
    if why == "":
        why = unreadable(own.opening)
    return why


def doubt_about_sender(arrival):
    """Why the segment may not be of this end, or not of this connection."""
    if damaged(arrival) or arrival.segment.hop_limit != arrival.own.opening.hop_limit:
        return "third-party"
    return elsewhere(arrival)


def missing_timestamps(arrival):
    """OP015: a segment without timestamps, though both SYNs agreed on them (RFC 7323 §3.2: every segment but RST).

    A bare ACK, a keep-alive or what may be link padding is a warning: some stacks build those outside the connection.
    """
    own = arrival.own
    peer = arrival.peer
    if refused_timestamps(own.opening) or refused_timestamps(peer.opening) or list_is_broken(arrival):
        return
    used = own.opening.offers & USED_STAMPS != 0
    if (not own.iss_seen or not peer.iss_seen) and not used:
        return  # only one end's offer is known, or none
    if not arrival.has_ack:
        return  # FL008, TD006
    keep_alive = arrival.length == 1 and arrival.flags & PSH == 0
    kind = "data-without"
    if arrival.fin:
        kind = "fin-without"
    elif arrival.length == 0 or keep_alive or arrival.segment.padding:
        kind = "ack-without"
    why = doubt_about_agreement(arrival)
    if arrival.segment.truncated or not arrival.segment.options.complete:
        why = "truncated"
    elif why == "" and len(arrival.segment.options.unknown) > 0:
        why = doubt(arrival)  # an unknown kind may be the timestamps with a damaged octet
    if why == "" and (own.opening.offers & NO_STAMPS != 0 or peer.opening.offers & NO_STAMPS != 0):
        why = "order"  # a copy of a SYN lacked them
    elif why == "" and not used and own.opening.alone_frame > 0 and took_long(arrival):
        why = "hole"  # time enough for a last SYN without options, which the capture may have missed
    elif why == "":
        why = doubt_about_sender(arrival)
    report(arrival, "OP015", kind, why, syn_frame(peer), arrival.length, -1)


def took_long(arrival):
    """The opening took so long that the SYN may have been sent once more.

    Frames may have changed their places: an ACK captured before its SYN looks like an older connection of the pair.
    """
    connection = arrival.connection
    if arrival.peer.opening.answer_frame == 0 or len(connection.chain.past) > 0:
        return True
    first = smaller(connection.first_time, smaller(arrival.own.opening.alone_time, arrival.peer.opening.answer_time))
    last = larger(arrival.own.opening.alone_time, arrival.peer.opening.answer_time)
    if connection.third_frame > 0:
        last = larger(last, connection.third_time)
    else:
        last = larger(last, arrival.time)
    return last - first >= SHORTEST_RETRY


def timestamp_backwards(arrival):
    """OP016: a segment with new octets shows an earlier clock than its sender has shown (RFC 7323 §4.1, §5.4).

    A frame may be captured late. Then its acknowledgment is no higher than those before it, and its timestamp not below
    that of the SYN: where either is so, no disorder explains it.
    """
    own = arrival.own
    tsval = arrival.segment.tsval
    back = difference(own.tsval, tsval)
    if back <= 1 or arrival.seq < own.nxt or arrival.right == arrival.seq or list_is_broken(arrival):
        return
    why = doubt_about_agreement(arrival)
    if arrival.segment.truncated:
        why = "truncated"
    elif why == "":
        why = doubt_about_sender(arrival)
    if why == "" and arrival.time - own.last_time >= AMBIGUOUS:
        why = "order"
    elif why == "" and arrival.engine.clock_breaks > arrival.connection.breaks:
        why = "order"
    elif why == "" and arrival.ack <= own.ackmax and difference(tsval, own.opening.tsval) >= 0:
        why = "order"
    report(arrival, "OP016", "backwards", why, own.last_frame, back, -1)
