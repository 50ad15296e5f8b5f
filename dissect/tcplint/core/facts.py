"""Facts and the states that follow from them (RFC 9293 §3.3.2, seen from a tap).

What an end sent proves what it was; what its peer sent proves nothing about receipt. So the facts about sending are
certain, those that assume delivery (`syn_acked`, `fin_acked`, `rst_hit`) are tentative. All of them only become true;
the state of an end is computed from them and never stored as a history, so order and copies of frames do not matter.
"""

from .connection import HalfClose
from .evidence import SLACK, fin_first
from .learn import learn_fin, learn_rst, learn_syn, note_late_syn, void_resets
from .model import (
    CLOSE_WAIT,
    CLOSED,
    CLOSING,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    LAST_ACK,
    LISTEN,
    SYN_RECEIVED,
    SYN_SENT,
    TIME_WAIT,
    UNKNOWN,
)
from .offer import learn_timestamps
from .sequence import FAR, MODULUS, between, larger, unwrap

MOST_GAPS = 32  # numbers in the list of missing ranges, two a range; more ranges are merged into the last


def place(arrival, connection):
    """Look at the segment as one of `connection`: own end and peer, unwrapped numbers."""
    segment = arrival.segment
    side = 0
    if segment.key != connection.chain.key:
        side = 1
    own = connection.ends[side]
    peer = connection.ends[1 - side]
    arrival.connection = connection
    arrival.side = side
    arrival.own = own
    arrival.peer = peer
    nxt = own.nxt
    if nxt < 0:
        seq = MODULUS + segment.seq
        arrival.seq_near = True
    else:
        seq = unwrap(nxt, segment.seq)
        arrival.seq_near = seq - nxt <= FAR and nxt - seq <= FAR
    arrival.seq = seq
    arrival.ack = -1
    arrival.ack_near = False
    arrival.ack_far = False
    if arrival.has_ack:
        known = peer.nxt
        if known < 0:
            arrival.ack = MODULUS + segment.ack
        else:
            ack = unwrap(known, segment.ack)
            arrival.ack = ack
            arrival.ack_near = ack - known <= FAR and known - ack <= FAR
            arrival.ack_far = not arrival.ack_near
    right = seq + arrival.length
    if arrival.syn:
        right += 1
    if arrival.fin:
        right += 1
    arrival.right = right
    arrival.new = right > nxt


def add_gap(endpoint, start, stop, frame):
    """The range [start, stop) of this end was passed over."""
    if len(endpoint.gaps) == 0:
        endpoint.hole_frame = frame
    if len(endpoint.gaps) < MOST_GAPS:
        endpoint.gaps.append(start)
        endpoint.gaps.append(stop)
    else:
        endpoint.gaps[-1] = stop


def fill_gaps(endpoint, start, stop):
    """The range [start, stop) of this end was captured after all: cut it out of the missing ranges."""
    kept = []
    index = 0
    while index < len(endpoint.gaps):
        low = endpoint.gaps[index]
        high = endpoint.gaps[index + 1]
        if stop <= low or start >= high:
            kept.append(low)
            kept.append(high)
        else:
            if low < start:
                kept.append(low)
                kept.append(start)
            if stop < high:
                kept.append(stop)
                kept.append(high)
        index += 2
    endpoint.gaps = kept


def advance(arrival):
    """Follow the sender's numbers. Nothing exists beyond a FIN, so nothing beyond it moves them."""
    own = arrival.own
    seq = arrival.seq
    right = arrival.right
    if own.first < 0:
        own.first = seq
    if own.nxt < 0:
        own.nxt = right
    elif own.closing.fin >= 0 and right > own.closing.fin_end:
        return
    elif seq > own.nxt:
        add_gap(own, own.nxt, seq, arrival.frame)
        own.nxt = right
    else:
        if len(own.gaps) > 0:
            fill_gaps(own, seq, right)
        if right > own.nxt:
            own.nxt = right
    if right > own.seen:
        own.seen = right
    # One octet may be a keep-alive, which stands at the number of the FIN; a few zeros may be link padding.
    payload = arrival.length > 1 and not arrival.syn and not arrival.segment.padding
    older = arrival.peer.iss_seen and arrival.ack <= arrival.peer.iss  # late, of the connection before
    if payload and not older and seq + arrival.length > own.data_end:
        own.data_end = seq + arrival.length
        own.data_frame = arrival.frame


def acknowledge(arrival):
    """What this segment's ack says about its sender and, tentatively, about the peer."""
    own = arrival.own
    peer = arrival.peer
    ack = arrival.ack
    if peer.opening.other_iss >= 0 and ack == peer.opening.other_iss + 1 and not own.got_syn:
        adopt_other_iss(peer)
    if peer.nxt < 0:
        peer.first = ack
        peer.nxt = ack
    elif ack > peer.nxt and peer.closing.fin < 0:
        # Acknowledged but never captured. Before its first segment an end has no stream that could have a hole.
        if takes_syn_twice(peer, ack):
            peer.seen = ack
        elif peer.seen >= 0:
            add_gap(peer, peer.nxt, ack, arrival.frame)
        peer.nxt = ack
        peer.closing.combined = arrival.fin  # in case this is the ACK of a FIN that the capture shows behind it
    if ack > own.ackmax:
        own.ackmax = ack
    own.last_ack = ack
    infer_syns(arrival)
    closing = peer.closing
    if closing.fin >= 0 and ack >= closing.fin_end:
        if ack == closing.fin_end:
            closing.confirmed = True
        own.got_fin = True
        if not peer.fin_acked:
            peer.fin_acked = True
            closing.acked_frame = arrival.frame
            closing.acked_time = arrival.time
            closing.combined = arrival.fin
        elif closing.combined and not own.fin_acked and is_bare_ack(arrival) and arrival.seq <= own.closing.fin:
            # An ACK from before the peer's FIN that the capture shows behind it: there were two segments after all.
            closing.combined = False
    elif closing.tsval >= 0 and arrival.segment.tsecr == closing.tsval:
        closing.got = True
    elif closing.fin >= 0 and len(arrival.segment.options.sack) > 0:
        for edge in arrival.segment.options.sack:
            if edge == closing.fin_end % MODULUS:
                closing.got = True


def takes_syn_twice(endpoint, ack):
    """SYNs that crossed: this end sent its own again one too high, with ACK, and its peer counts that one as well."""
    opening = endpoint.opening
    if opening.alone_frame == 0 or opening.other_iss != endpoint.iss + 1:
        return False
    return endpoint.nxt == opening.other_iss and ack == opening.other_iss + 1


def answers_wrongly(arrival):
    """A SYN-ACK that SYN-SENT refuses (RFC 9293 §3.10.7.3, first step): its ack speaks of nothing its peer sent."""
    peer = arrival.peer
    return arrival.syn and peer.iss_seen and not between(peer.iss + 1, arrival.ack, peer.nxt)


def is_bare_ack(arrival):
    """Neither payload nor FIN."""
    return not arrival.fin and arrival.length == 0


def adopt_other_iss(endpoint):
    """Of two SYN-ACKs with different numbers the second was acknowledged: that one began the connection."""
    opening = endpoint.opening
    first = endpoint.iss
    endpoint.iss = opening.other_iss
    opening.other_iss = first
    endpoint.first = endpoint.iss
    endpoint.nxt = endpoint.iss + 1
    endpoint.seen = endpoint.nxt
    endpoint.gaps = []


def infer_syns(arrival):
    """The three facts about the SYNs, inferred where a SYN was not captured (mid-stream, or one SYN missed)."""
    own = arrival.own
    peer = arrival.peer
    if peer.iss_seen:
        if arrival.ack >= peer.iss + 1:
            own.got_syn = True
            peer.syn_acked = True
    elif arrival.syn:
        peer.iss = arrival.ack - 1
        peer.first = peer.iss
        own.got_syn = True
        peer.syn_acked = True
    else:
        own.got_syn = True
        peer.syn_sent = True
        peer.syn_acked = True
        own.syn_acked = True
        if own.iss_seen:
            peer.got_syn = True  # nobody but an end that got the SYN can have brought its sender this far
        if peer.iss < 0 and own.iss_seen and arrival.seq == own.iss + 1:
            peer.iss = arrival.ack - 1
            peer.first = peer.iss
    if not own.syn_sent and (not peer.iss_seen or arrival.length > 0 or arrival.fin):
        own.syn_sent = True
        own.syn_acked = True
        own.got_syn = True


def update(arrival):
    """Take the segment's facts over. Rules were asked before, so they saw the connection without it."""
    own = arrival.own
    peer = arrival.peer
    if arrival.rst:
        learn_rst(arrival)
        return
    early = arrival.fin and peer.ackmax >= arrival.right and arrival.time - peer.last_time > SLACK
    if arrival.syn:
        note_late_syn(arrival)
        learn_syn(arrival)
    elif own.closing.rst_frame > 0 or peer.closing.rst_hit:
        void_resets(arrival)
    if arrival.has_ack:
        half_close(arrival)
        if own.segments > 0 and (arrival.ack != own.last_ack or arrival.right != own.nxt):
            own.moved = True
    if arrival.syn and arrival.seq != own.iss:
        return  # a second SYN-ACK with another number moves nothing until it is acknowledged
    if arrival.has_ack or arrival.syn or arrival.fin:
        advance(arrival)
    if arrival.has_ack and not answers_wrongly(arrival):
        acknowledge(arrival)
    if arrival.fin:
        learn_fin(arrival, early)
    note_window(arrival)
    learn_timestamps(arrival)


def note_window(arrival):
    """The largest window that this end has offered; that of a SYN is never scaled (RFC 7323 §2.2)."""
    own = arrival.own
    window = arrival.segment.window
    if arrival.syn:
        own.wmax = larger(own.wmax, window)
    elif window > own.raw_window:
        own.raw_window = window
        if own.opening.wscale >= 0 and arrival.peer.opening.wscale >= 0:
            window = window * own.opening.multiplier
        own.wmax = larger(own.wmax, window)


def half_close(arrival):
    """New payload in a segment that acknowledges the peer's FIN: data sent between the two FINs (RFC 9293 §3.6.1)."""
    own = arrival.own
    fresh = arrival.seq + arrival.length - larger(own.nxt, arrival.seq)
    if arrival.length > 0 and fresh > 0 and arrival.peer.closing.fin >= 0 and own.closing.fin < 0:
        if arrival.ack >= arrival.peer.closing.fin_end:
            if own.closing.half is None:
                own.closing.half = HalfClose(arrival.frame)
            own.closing.half.octets += fresh
            own.closing.half.time = arrival.time


def state(own, peer):
    """The state of `own` as its facts prove it; an end whose facts are missing is UNKNOWN."""
    if own.closing.rst_frame > 0 and not own.closing.rst_void:
        return CLOSED
    if peer.closing.rst_hit:
        return CLOSED
    if own.segments == 0 and not own.iss_seen and not own.got_syn and peer.opening.alone_frame == 0:
        return UNKNOWN
    if not own.syn_sent:
        if peer.opening.alone_frame > 0:
            return LISTEN
        return UNKNOWN
    if not own.got_syn and own.opening.answer_frame == 0:
        return SYN_SENT
    if not own.syn_acked:
        if own.closing.fin >= 0:
            return FIN_WAIT_1
        return SYN_RECEIVED
    if own.closing.fin < 0:
        if own.got_fin:
            return CLOSE_WAIT
        return ESTABLISHED
    if not own.got_fin:
        if not own.fin_acked:
            return FIN_WAIT_1
        if peer.closing.fin >= 0 and fin_first(peer, own) == 1:
            return CLOSING
        return FIN_WAIT_2
    first = fin_first(own, peer)
    if first < 0:
        return UNKNOWN
    if first == 1:
        if own.fin_acked:
            return TIME_WAIT
        return CLOSING
    if own.fin_acked:
        return CLOSED
    return LAST_ACK
