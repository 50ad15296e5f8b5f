"""The short path: the next segment of a quiet connection, from the third step to the last ACK.

Most of a capture is that: data, acknowledgments, and the FINs and ACKs of an orderly close, each with exactly the
numbers that its end has to send next. Such a segment can break no rule, so none is asked; its numbers and facts are
taken over and that is all. Whatever is not exactly expected (another number, an option, a copy, payload on a FIN or
between the FINs, a clock that runs backwards) is left to the long path in core/engine, which would say the same of
every segment that this path takes (tests/promise compares them).

Written for speed: counts and last times of the connection are summed up from the ends by `sum_up` when somebody asks.
"""

from .duplicate import GENERATION, turn
from .facts import state
from .model import CLOSE_WAIT, FIN, FIN_WAIT_1, FIN_WAIT_2
from .offer import SIGNED, learn_use
from .sequence import FAR, MODULUS, larger
from .step import name_ack_of_fin, name_fin
from .tell import BARE_ACK, PAYLOAD, note, tell_ack, tell_fin, tell_payload

PLAIN_ACK = 0x010
PUSHED = 0x018
LAST = 0x011
LAST_PUSHED = 0x019
ORDINARY_PAYLOAD = 1460  # octets; larger ones may be super-segments
DEFAULT_MSS = 536  # RFC 9293 §3.7.1 MUST-15, for IPv4; 1220 for IPv6
STAMPS_LENGTH = 12  # octets of the header: two NOPs and the timestamps
FULL = 2  # a window below one part in this of the largest tells of unread data


def pass_by(engine, chain, connection, frame, time, key, flags, seq, ack, length, window, tsval, mark, seen):
    """The next data or ACK of an established connection, neither end of which has closed. False for anything else.

    The segment comes as bare numbers, all raw, so that whoever reads headers needs not make a Segment of it first:
    its `flags` are PLAIN_ACK or PUSHED, and nothing is odd about it. `mark` and `seen`: see core/seen.
    """
    if key == chain.key:
        side = 0
        own = connection.ends[0]
        peer = connection.ends[1]
    else:
        side = 1
        own = connection.ends[1]
        peer = connection.ends[0]
    nxt = own.nxt
    if seq + MODULUS != nxt and seq != nxt % MODULUS:
        return False
    ackmax = own.ackmax
    reached = ack + MODULUS
    if reached < ackmax or reached > peer.nxt:
        reached = beyond(ackmax, ack)
    unheard = peer.nxt - reached
    if unheard < 0 or unheard > FAR:
        return False
    if time < engine.now and (time < own.last_time or time < peer.last_time):
        return False
    if tsval < own.tsval or (own.tsval < 0 and tsval >= 0):
        return False  # the sender's clock runs backwards, or its timestamps come or go
    step = engine.calm_step
    if length > 0:
        if length > own.ordinary and not begins_data(connection, own, peer, flags, seq, ack, length, window, tsval):
            return False
        right = nxt + length
        own.nxt = right
        own.seen = right
        if length > 1:
            own.data_end = right
            own.data_frame = frame
        step.name = "data"
    elif reached == ackmax:
        return False  # a bare ACK of nothing new: a copy, a keep-alive, a window update
    else:
        if own.told & BARE_ACK == 0:
            if window == 0:
                return False
            learn_use(own, tsval)
            tell_ack(connection, own, flags, seq, ack, window)
        step.name = "ack"
    recent = engine.recent
    recent.count += 1
    recent.young[mark] = seen
    if recent.count >= GENERATION:
        turn(recent)
    own.ackmax = reached
    own.last_ack = reached
    own.moved = True
    if window > own.raw_window:
        note_raw_window(own, window)
    elif window == 0:
        note(connection, side, flags, seq, ack, length, window, 0)
    own.tsval = tsval
    own.segments += 1
    own.last_frame = frame
    own.last_time = time
    step.connection = connection.number
    step.side = side
    step.seq = nxt - own.first
    step.ack = reached - peer.first
    return True


def pass_close(engine, chain, connection, frame, time, key, flags, seq, ack, window, tsval, mark, seen):
    """The next bare FIN or ACK of a connection that closes in order. False for anything else.

    The arguments are those of `pass_by`; the segment has no payload, and its `flags` may be LAST or LAST_PUSHED too.
    """
    fin = flags & FIN != 0
    side = 0
    if key != chain.key:
        side = 1
    own = connection.ends[side]
    peer = connection.ends[1 - side]
    closing = own.closing
    answered = peer.closing
    if fin and (closing.fin >= 0 or window * FULL < own.raw_window):
        return False  # a copy, or little room left
    nxt = own.nxt
    if seq + MODULUS != nxt and seq != nxt % MODULUS:
        return False
    reached = ack + MODULUS
    if reached < own.ackmax or reached > peer.nxt:
        reached = beyond(own.ackmax, ack)
    unheard = peer.nxt - reached
    if unheard < 0 or unheard > FAR or (reached == own.ackmax and not fin):
        return False
    if answered.fin >= 0 and reached != answered.fin_end:
        return False  # the FINs crossed, or data between them is acknowledged
    if time < engine.now and (time < own.last_time or time < peer.last_time):
        return False
    if tsval < own.tsval or (own.tsval < 0 and tsval >= 0):
        return False
    recent = engine.recent
    recent.count += 1
    recent.young[mark] = seen
    if recent.count >= GENERATION:
        turn(recent)
    learn_use(own, tsval)
    if fin:
        tell_fin(connection, own, peer, flags, seq, ack, window)
        closing.fin = nxt
        closing.fin_end = nxt + 1
        closing.lowest_end = nxt + 1
        closing.frame = frame
        closing.time = time
        closing.last_frame = frame
        closing.last_time = time
        closing.copies = 1
        closing.min_ack = reached
        closing.sure = len(own.gaps) == 0
        if tsval > own.tsval:
            closing.tsval = tsval
        own.nxt = nxt + 1
        own.seen = nxt + 1
        connection.calm = False
    else:
        tell_ack(connection, own, flags, seq, ack, window)
    own.ackmax = reached
    own.last_ack = reached
    own.moved = True
    if answered.fin >= 0:
        answered.confirmed = True
        own.got_fin = True
        if not peer.fin_acked:
            peer.fin_acked = True
            answered.acked_frame = frame
            answered.acked_time = time
            answered.combined = fin
    note_raw_window(own, window)
    own.tsval = tsval
    own.segments += 1
    own.last_frame = frame
    own.last_time = time
    if answered.fin >= 0 and closing.fin >= 0:
        own.state = state(own, peer)
        peer.state = state(peer, own)
    elif fin:
        own.state = FIN_WAIT_1
    elif answered.fin >= 0:
        own.state = CLOSE_WAIT
        peer.state = FIN_WAIT_2
    step = engine.step
    step.findings = []
    step.connection = connection.number
    step.side = side
    step.state0 = connection.ends[0].state
    step.state1 = connection.ends[1].state
    step.seq = nxt - own.first
    step.ack = reached - peer.first
    step.again = False
    if fin:
        name_fin(own, peer, step)
    elif answered.acked_frame == frame:
        name_ack_of_fin(own, peer, step)
    else:
        step.name = "ack"
    if not fin:
        engine.census.plain_seen = True
    if own.fin_acked and peer.fin_acked:
        connection.orderly = False
        sum_up(connection)
    return True


def beyond(number, raw):
    """The unwrapped number of `raw` that is not below `number`. Until numbers wrap, they lie one turn above the raw."""
    return number + (raw + MODULUS - number % MODULUS) % MODULUS


def note_raw_window(own, window):
    """The largest window that this end has offered."""
    if window > own.raw_window:
        own.raw_window = window
        own.wmax = larger(own.wmax, window * own.opening.multiplier)


def ordinary_payload(endpoint, peer):
    """The largest payload of this end that is worth no second look, by what its peer announced (RFC 9293 §3.7.1)."""
    mss = peer.opening.mss
    if mss <= 0:
        if not peer.iss_seen:
            return ORDINARY_PAYLOAD
        mss = DEFAULT_MSS
    if endpoint.tsval >= 0:
        mss -= STAMPS_LENGTH
    if mss < ORDINARY_PAYLOAD:
        return mss
    return ORDINARY_PAYLOAD


def sum_up(connection):
    """Counts and last times of the connection, from those of its ends."""
    zero = connection.ends[0]
    one = connection.ends[1]
    connection.segments = zero.segments + one.segments + connection.strange
    if one.last_frame == 0 or (zero.last_frame > 0 and zero.last_time >= one.last_time):
        connection.last_time = zero.last_time
    else:
        connection.last_time = one.last_time
    connection.last_frame = zero.last_frame
    if one.last_frame > zero.last_frame:
        connection.last_frame = one.last_frame


def settle(connection):
    """Whether the next segment may take the short path: `calm` for data, `orderly` for a FIN or what follows it.

    So it is between two ends that have heard each other's SYN, whose numbers are known and captured to their last, as
    long as nothing but orderly FINs ends the connection and no other SYN stands on the pair.
    """
    zero = connection.ends[0]
    one = connection.ends[1]
    connection.calm = False
    connection.orderly = False
    if connection.chain.pending is not None or connection.chain.again is not None or connection.removed_numbers:
        return
    if not is_open(zero) or not is_open(one) or (zero.fin_acked and one.fin_acked):
        return
    if zero.opening.offers & SIGNED != 0 or one.opening.offers & SIGNED != 0:
        return  # every segment has to be signed
    if awaits_syn_data(zero, one) or awaits_syn_data(one, zero):
        return
    if zero.opening.wscale < 0 or one.opening.wscale < 0:
        zero.opening.multiplier = 1
        one.opening.multiplier = 1
    if owes_proof(zero) or owes_proof(one) or hides_beginning(zero, one) or hides_beginning(one, zero):
        return
    if overtaken(zero, one) or overtaken(one, zero):
        return
    zero.ordinary = 0
    one.ordinary = 0
    if zero.told & PAYLOAD != 0:
        zero.ordinary = ordinary_payload(zero, one)
    if one.told & PAYLOAD != 0:
        one.ordinary = ordinary_payload(one, zero)
    connection.orderly = True
    connection.calm = zero.closing.fin < 0 and one.closing.fin < 0


def overtaken(endpoint, peer):
    """A hole that its peer has not acknowledged yet: it may still be filled, or be told as lost (core/tell)."""
    return len(endpoint.gaps) > 0 and endpoint.gaps[-1] > peer.ackmax


def hides_beginning(endpoint, peer):
    """What the peer acknowledged lies below or above what this end sent, or where the peer began is not known yet."""
    if peer.ackmax <= endpoint.iss or peer.ackmax > endpoint.nxt:
        return True
    return endpoint.iss_seen and peer.iss < 0 and endpoint.nxt == endpoint.iss + 1


def begins_data(connection, own, peer, flags, seq, ack, length, window, tsval):
    """The first payload of an end since the last SYN, FIN or RST; it is told to the programs outside (core/tell)."""
    if own.told & PAYLOAD != 0 or window == 0 or length > ordinary_payload(own, peer):
        return False
    own.ordinary = ordinary_payload(own, peer)
    learn_use(own, tsval)
    tell_payload(connection, own, flags, seq, ack, length, window)
    return True


def awaits_syn_data(endpoint, peer):
    """Data on the SYN of this end that its peer has not acknowledged: how they are sent again is looked at closely."""
    return endpoint.opening.length > 0 and peer.ackmax <= endpoint.iss + endpoint.opening.length


def owes_proof(endpoint):
    """A third step of this end that its peer's first data will judge (core/rules/third_step)."""
    one = endpoint.opening.suspects
    while one is not None:
        if one.code == "HS003" and one.proof == 0:
            return True
        one = one.before
    return False


def is_open(endpoint):
    """Established, and its FIN, if any, stands where its numbers end."""
    if not (endpoint.syn_sent and endpoint.got_syn and endpoint.syn_acked) or endpoint.ackmax < 0:
        return False
    if endpoint.seen < 0 or endpoint.seen != endpoint.nxt:
        return False
    closing = endpoint.closing
    if closing.rst_frame > 0 or closing.no_ack or closing.excess is not None:
        return False
    return closing.fin < 0 or (closing.fin_end == endpoint.nxt and closing.lowest_end == endpoint.nxt)
