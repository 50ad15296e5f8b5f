"""OP: what one SYN offers and the other answers: window scale, SACK, ECN.

An answer is compared with all captured copies of the SYN. A copy that the capture missed may have offered more, for a
stack that gets no answer repeats its SYN with fewer options: so "never offered" is certain only when the answer tells,
by the timestamp that it echoes, which copy it answers, or when nothing in the answer speaks of a richer one.

SACK blocks come later, when the next connection of the pair may have begun without its SYN in the capture. So they are
judged only where both numbers continue this very connection.
"""

from ..evidence import ack_seen, continues, damaged, fits, hides_incarnation, reopened, reset_before, stranger
from ..incarnation import answers_syn
from ..model import AE, CWR, ECE, HANDSHAKE
from ..note import observed, phase_of_header, undecided
from ..offer import (
    BROKEN,
    CUT,
    ECN,
    IDENTIFIED,
    NO_ECN,
    NO_SACK,
    NO_SCALE,
    SACK,
    SCALE,
    STAMPS,
    answers_copy,
)
from .options import doubt, list_is_broken, report


def syn_frame(endpoint):
    """The frame of this end's first SYN or SYN-ACK, 0 for none."""
    if endpoint.opening.alone_frame > 0:
        return endpoint.opening.alone_frame
    return endpoint.opening.answer_frame


def unreadable(opening):
    """Why the options of this end's SYNs are not known; "" when they are."""
    if opening.offers & CUT != 0:
        return "truncated"
    if opening.offers & BROKEN != 0:
        return "third-party"
    return ""


def elsewhere(arrival):
    """Why the segment may be of another connection of the pair, whose SYN was not captured; "" when it is of this."""
    connection = arrival.connection
    if reset_before(connection) or reopened(connection):
        return "order"
    if arrival.seq <= arrival.own.iss or arrival.ack <= arrival.peer.iss:
        return "order"  # below both SYNs: late, of the connection before
    if hides_incarnation(arrival.own) or hides_incarnation(arrival.peer):
        return "hole"
    if not fits(arrival) or not ack_seen(arrival) or not continues(arrival, arrival.own.nxt):
        return "hole"
    return ""


def answers_another(arrival):
    """By the timestamp that it echoes, this SYN-ACK answers a copy of the SYN that was not captured."""
    return arrival.segment.tsecr > 0 and not answers_copy(arrival)


def unoffered_window_scale(arrival):
    """OP006: a SYN-ACK with window scale, though no SYN offered it (RFC 7323 §2.2)."""
    asker = arrival.peer
    offers = asker.opening.offers
    if arrival.segment.options.wscale < 0 or arrival.own.opening.alone_frame > 0 or list_is_broken(arrival):
        return  # crossing SYNs offer it independently
    if not asker.iss_seen or not answers_syn(arrival, asker) or offers & NO_SCALE == 0:
        return
    why = unreadable(asker.opening)
    if why == "" and offers & SCALE != 0:
        why = "order"  # one copy had it: which one is answered?
    elif why == "" and damaged(arrival):
        why = "third-party"
    elif why == "" and arrival.segment.truncated:
        why = "truncated"
    elif why == "" and answers_another(arrival):
        why = "hole"
    report(arrival, "OP006", "not-offered", why, syn_frame(asker), arrival.segment.options.wscale, -1)


def sack_on_syn(arrival):
    """OP010: SACK blocks on a SYN, before anything can have been permitted or lost (RFC 2018 §4)."""
    blocks = len(arrival.segment.options.sack) // 2
    if blocks > 0 and not list_is_broken(arrival):
        report(arrival, "OP010", "on-syn", doubt(arrival), 0, blocks, -1)


def unpermitted_sack(arrival):
    """OP010: SACK blocks to a peer whose SYN did not permit them (RFC 2018 §4)."""
    own = arrival.own
    peer = arrival.peer
    offers = peer.opening.offers
    blocks = len(arrival.segment.options.sack) // 2
    if blocks == 0 or arrival.rst or not arrival.has_ack or list_is_broken(arrival):
        return
    if offers & SACK != 0 and offers & NO_SACK == 0:
        return
    why = unreadable(peer.opening)
    if not peer.iss_seen or not own.iss_seen:
        why = "mid-stream"
    elif why == "" and offers & SACK != 0:
        why = "order"  # one copy of its SYN permitted it
    elif why == "" and (damaged(arrival) or stranger(arrival)):
        why = "third-party"
    elif why == "" and arrival.segment.truncated:
        why = "truncated"
    elif why == "" and may_have_permitted(own.opening, peer.opening):
        why = "hole"
    elif why == "":
        why = elsewhere(arrival)
    report(arrival, "OP010", "not-permitted", why, syn_frame(peer), blocks, -1)


def may_have_permitted(answerer, asker):
    """A SYN that permitted SACK may have come first, to be repeated without options, and be missing in the capture.

    Not so if the SYN-ACK echoes the timestamp of the captured SYN, or this SYN has other options still. What speaks for
    it: the SYN-ACK permits SACK itself, or carries timestamps of which the captured SYN is not the source.
    """
    if asker.alone_frame == 0 or answerer.answer_frame == 0 or answerer.offers & IDENTIFIED != 0:
        return False
    if answerer.offers & SACK != 0 or (answerer.offers & STAMPS != 0 and asker.offers & STAMPS != 0):
        return True
    return asker.offers & SCALE == 0 and asker.offers & STAMPS == 0


def ecn_bits(flags):
    """AE, CWR, ECE as one number of three bits, in this order (RFC 9768 §3.1)."""
    bits = 0
    if flags & ECE != 0:
        bits = 1
    if flags & CWR != 0:
        bits += 2
    if flags & AE != 0:
        bits += 4
    return bits


def half_ecn_setup(arrival):
    """OP020: a SYN with only one of ECE and CWR is no ECN-setup SYN; it should have neither (RFC 3168 §6.1.1)."""
    bits = ecn_bits(arrival.flags)
    if (bits == 1 or bits == 2) and not damaged(arrival):
        observed(arrival, HANDSHAKE, "OP020", "half-setup", 0, bits, -1)


def ecn_capable_syn(arrival):
    """OP020: a SYN or SYN-ACK in a packet marked ECN-capable (RFC 3168 §6.1.1; later experiments allow it)."""
    if arrival.segment.ecn > 0 and not damaged(arrival):
        observed(arrival, HANDSHAKE, "OP020", "ecn-capable", 0, arrival.segment.ecn, -1)


def unrequested_ecn(arrival):
    """OP020: an ECN-setup SYN-ACK in reply to a SYN that did not ask for ECN (RFC 3168 §6.1.1)."""
    asker = arrival.peer
    offers = asker.opening.offers
    if ecn_bits(arrival.flags) != 1:
        return
    if not asker.iss_seen:
        undecided(arrival, phase_of_header(arrival), "OP020", "not-requested", "mid-stream", 0, 1, -1)
        return
    if offers & NO_ECN == 0 or not answers_syn(arrival, asker) or asker.opening.alone_frame == 0:
        return
    why = doubt(arrival)  # one damaged bit would do
    if why == "" and offers & ECN != 0:
        why = "order"  # a copy asked for ECN: which one is answered?
    elif why == "" and not answers_copy(arrival):
        why = "hole"  # a first copy that asked for ECN may be missing
    report(arrival, "OP020", "not-requested", why, syn_frame(asker), 1, -1)
