"""Which incarnation of an address and port pair does a segment belong to?

A pair is used again and again. A SYN with a new number may be the next connection, a copy from the network's past, or
somebody's probe; only the answer tells. So a SYN inside a living connection opens a *pending* incarnation, which the
current one gives way to once the peer's numbers acknowledge it, and which is a connection of its own, unanswered, when
they never do. A SYN that repeats the number of a closed connection stays in it provisionally (`again`), until a SYN-ACK
with another initial number shows that a new connection began (RFC 9293 §3.4.1, §3.6.1, §3.10.7.4).

Routing is generous (either number within FAR), judging is not (core/evidence: fits). Idle time alone never splits.
"""

from .connection import Far, Past
from .evidence import active_closer, both_fins_acked, closed, has_hole, reset_before, synchronised
from .facts import place
from .registry import assign_number, finish, open_connection, open_unnumbered
from .sequence import FAR, HALF, MODULUS, between, difference, larger

MOST_PAST = 2


def near(number, reference):
    """Within FAR of a known number; an unknown one says nothing against it."""
    if reference < 0:
        return True
    return between(-FAR, number - reference, FAR)


def belongs_by_either(arrival):
    """Generous fit: one of the two numbers is near."""
    return arrival.seq_near or arrival.ack_near


def near_by_both(arrival):
    """May change facts: no number of it is far from the incarnation's."""
    return arrival.seq_near and not arrival.ack_far


def answers_syn(arrival, asker):
    """The ack of this segment covers the SYN of `asker` and no more than the data on it."""
    return asker.iss >= 0 and between(asker.iss + 1, arrival.ack, asker.iss + 1 + asker.opening.length)


def is_weak(connection):
    """A connection without a SYN in which too little was seen to be more than a stray segment."""
    zero = connection.ends[0]
    one = connection.ends[1]
    if zero.iss_seen or one.iss_seen:
        return False
    return (zero.segments == 0 or one.segments == 0) and connection.segments < 2


def remember(chain, connection):
    """Keep what recognises late segments of an incarnation that is gone."""
    zero = connection.ends[0]
    one = connection.ends[1]
    past = Past(connection.number, connection.last_time)
    if zero.nxt >= 0:
        past.low0 = larger(zero.first, zero.nxt - HALF + 1) % MODULUS
        past.high0 = zero.nxt % MODULUS
    if one.nxt >= 0:
        past.low1 = larger(one.first, one.nxt - HALF + 1) % MODULUS
        past.high1 = one.nxt % MODULUS
    past.tsval0 = zero.tsval
    past.tsval1 = one.tsval
    past.closer = active_closer(connection)
    past.breaks = connection.breaks
    past.orderly = both_fins_acked(connection)
    past.reset = reset_before(connection)
    past.window0 = zero.wmax
    past.window1 = one.wmax
    if len(chain.past) >= MOST_PAST:
        chain.past = [chain.past[-1]]
    chain.past.append(past)


def is_delayed(arrival, chain):
    """By both numbers the segment lies inside an incarnation that is gone."""
    segment = arrival.segment
    for past in chain.past:
        own_low = past.low0
        own_high = past.high0
        peer_low = past.low1
        peer_high = past.high1
        if arrival.side == 1:
            own_low = past.low1
            own_high = past.high1
            peer_low = past.low0
            peer_high = past.high0
        if own_low >= 0 and difference(segment.seq, own_low) >= 0 and difference(segment.seq, own_high) <= 0:
            if not arrival.has_ack:
                return True
            if peer_low >= 0 and difference(segment.ack, peer_low) >= 0 and difference(segment.ack, peer_high) <= 0:
                return True
    return False


def is_older(arrival, chain):
    """A number of it lies outside this incarnation, and both lie inside one that is gone."""
    own = arrival.own
    peer = arrival.peer
    below = own.first >= 0 and arrival.seq < own.first
    if arrival.rst and own.opening.alone_frame > 0 and not own.got_syn and arrival.seq > own.nxt:
        below = True  # SYN-SENT has sent nothing there
    if own.segments == 0 and peer.opening.alone_frame > 0 and arrival.ack > peer.nxt:
        below = True  # its first words acknowledge what its peer never sent here
    if arrival.has_ack and peer.first >= 0 and arrival.ack < peer.first:
        below = True
    return (below or arrival.ack_far) and is_delayed(arrival, chain)


def answers_past(arrival, chain):
    """A SYN-ACK for a SYN that was captured before this incarnation's, and that nothing had answered."""
    for past in chain.past:
        asked = past.high1
        answered = past.low0
        if arrival.side == 1:
            asked = past.high0
            answered = past.low1
        if answered < 0 and asked == arrival.segment.ack:
            return True
    return False


def supersede(engine, chain, connection):
    """The connection gives way to a newer one: it can change no more."""
    connection.superseded = True
    remember(chain, connection)
    finish(engine, connection)


def route(engine, arrival, chain):
    """Find or open the connection of the segment and look at the segment as one of it.

    Afterwards `arrival.foreign` or `arrival.delayed` is set when the segment may not touch the connection.
    """
    arrival.foreign = False
    arrival.delayed = False
    arrival.displaced = -1
    arrival.committed = False
    current = chain.current
    if current is None:
        open_current(engine, arrival, chain)
        return
    if arrival.rst:
        route_rst(engine, arrival, chain)
    elif arrival.syn:
        if arrival.has_ack:
            route_synack(engine, arrival, chain)
        else:
            route_syn(engine, arrival, chain)
    else:
        route_other(engine, arrival, chain)


def open_current(engine, arrival, chain):
    """A new connection on the pair, in place of whatever was current."""
    connection = open_connection(engine, chain)
    chain.current = connection
    place(arrival, connection)


def reopen(engine, arrival, chain, link):
    """The current connection ended or gave way; this SYN opens the next. `link`: 1 reuse of an ended one, 2 retry."""
    old = chain.current
    drop_pending(engine, chain)
    supersede(engine, chain, old)
    if not closed(old, arrival.time) and link == 1:
        link = 0
    open_current(engine, arrival, chain)
    if link == 1:
        chain.current.reuse_of = old.number
    elif link == 2:
        chain.current.retry_of = old.number


def drop_pending(engine, chain):
    """A newer SYN takes the place of the pending one."""
    chain.again = None
    if chain.pending is not None:
        chain.pending.superseded = True
        finish(engine, chain.pending)
        chain.pending = None


def route_syn(engine, arrival, chain):
    """A SYN without ACK."""
    current = chain.current
    if chain.pending is not None:
        place(arrival, chain.pending)
        if arrival.own.iss_seen and arrival.seq == arrival.own.iss:
            if closed(current, arrival.time):
                commit(engine, arrival, chain)
            return
    place(arrival, current)
    own = arrival.own
    peer = arrival.peer
    if is_weak(current) and not (own.iss >= 0 and arrival.seq == own.iss):
        reopen(engine, arrival, chain, 0)
        return
    if own.iss >= 0 and arrival.seq == own.iss:
        if closed(current, arrival.time) and chain.again is None and own.iss_seen and peer.iss_seen:
            chain.again = open_unnumbered(engine, chain)
            current.calm = False
            current.orderly = False
        if chain.again is not None:
            engine.feed(chain.again, arrival)
            place(arrival, current)
            arrival.own.opening.late = True
            arrival.delayed = True
        return
    if peer.segments == 0:
        reopen(engine, arrival, chain, 2)
        return
    if closed(current, arrival.time):
        reopen(engine, arrival, chain, 1)
        return
    if not own.iss_seen and peer.opening.alone_frame > 0 and not peer.got_syn and own.closing.rst_count == 0:
        return  # two SYNs that crossed, or a split handshake
    drop_pending(engine, chain)
    chain.pending = open_connection(engine, chain)
    current.calm = False
    current.orderly = False
    place(arrival, chain.pending)


def commit(engine, arrival, chain):
    """The pending incarnation was answered: it is the current one from here."""
    old = chain.current
    arrival.committed = True
    alive = synchronised(old.ends[0]) or synchronised(old.ends[1])
    if alive and not closed(old, arrival.time):
        arrival.displaced = old.number
    supersede(engine, chain, old)
    chain.current = chain.pending
    chain.current.reuse_of = old.number
    chain.pending = None
    chain.again = None
    place(arrival, chain.current)


def route_synack(engine, arrival, chain):
    """A SYN with ACK: match it with the SYNs of the pending and the current incarnation."""
    current = chain.current
    if chain.pending is not None:
        place(arrival, chain.pending)
        if answers_syn(arrival, arrival.peer):
            commit(engine, arrival, chain)
            return
    place(arrival, current)
    own = arrival.own
    peer = arrival.peer
    if not closed(current, arrival.time):
        if not answers_syn(arrival, peer) and answers_past(arrival, chain):
            arrival.delayed = True  # SYN-SENT refuses it: it proves nothing about its sender's numbers here
            return
        if peer.segments == 0 and own.closing.fin >= 0 and arrival.seq != own.iss:
            reopen(engine, arrival, chain, 0)  # behind its sender's FIN: the next connection, seen in one direction
            return
        if is_weak(current) and current.ends[1 - arrival.side].segments == 0 and own.nxt >= 0:
            if not near(arrival.seq, own.nxt):
                reopen(engine, arrival, chain, 0)
        return
    if own.iss >= 0 and arrival.seq == own.iss:
        return
    if not own.iss_seen and answers_syn(arrival, peer) and arrival.seq < own.first and near(arrival.seq, own.first):
        return  # the capture shows it behind what it opened
    if chain.again is not None and answers_syn(arrival, peer):
        chain.pending = chain.again
        assign_number(engine, chain.pending)
        withdraw(current, chain.pending.first_frame)
        commit(engine, arrival, chain)
        return
    reopen(engine, arrival, chain, 0)


def withdraw(connection, frame):
    """The SYN in this frame has turned out to open the next connection: nothing is left to say of it here."""
    kept = []
    for finding in connection.findings:
        if finding.code != "ID010" or finding.frame != frame:
            kept.append(finding)
    connection.findings = kept


def route_rst(engine, arrival, chain):
    """A RST opens nothing while a connection exists."""
    if chain.pending is not None:
        place(arrival, chain.pending)
        if arrival.has_ack and answers_syn(arrival, arrival.peer):
            commit_refused(engine, arrival, chain)
            return
        asked = arrival.own
        if asked.iss >= 0 and between(asked.iss, arrival.seq, asked.iss + 1) and asked.segments > 0:
            return
    place(arrival, chain.current)
    settle(arrival, chain)


def commit_refused(engine, arrival, chain):
    """The pending SYN was refused: whatever connection the peer had is gone, or it never had one."""
    commit(engine, arrival, chain)


def settle(arrival, chain):
    """Mark a segment that stays with the current connection although its numbers do not."""
    if belongs_by_either(arrival):
        arrival.delayed = is_older(arrival, chain)
    elif is_delayed(arrival, chain):
        arrival.delayed = True
    else:
        arrival.foreign = True


def belongs_to_pending(arrival, pending, current):
    """A segment that only the pending connection explains, though its SYN-ACK was not captured."""
    place(arrival, pending)
    if arrival.own.segments > 0:
        exact = arrival.seq == arrival.own.nxt
        place(arrival, current)
        return exact and arrival.seq != arrival.own.nxt
    if not arrival.has_ack:
        return False
    exact = answers_syn(arrival, arrival.peer)
    place(arrival, current)
    return exact and arrival.ack != arrival.peer.nxt and arrival.ack != arrival.peer.closing.fin_end


def route_other(engine, arrival, chain):
    """Data, acknowledgments, FINs and anything without SYN or RST."""
    current = chain.current
    if chain.pending is not None and belongs_to_pending(arrival, chain.pending, current):
        place(arrival, chain.pending)
        commit(engine, arrival, chain)
        return
    place(arrival, current)
    own = arrival.own
    peer = arrival.peer
    if closed(current, arrival.time):
        beyond = own.nxt >= 0 and arrival.seq > own.nxt and arrival.has_ack and peer.nxt >= 0 and arrival.ack > peer.nxt
        if beyond or not belongs_by_either(arrival):
            if not beyond and is_delayed(arrival, chain):
                arrival.delayed = True
                return
            if arrival.has_ack:
                reopen(engine, arrival, chain, 0)
            else:
                arrival.foreign = True
            return
    if belongs_by_either(arrival):
        arrival.delayed = len(chain.past) > 0 and is_older(arrival, chain)
        return
    if is_delayed(arrival, chain):
        arrival.delayed = True
        return
    if follows_far(arrival):
        return
    arrival.foreign = True


def follows_far(arrival):
    """After a hole larger than FAR: the third segment in a row that agrees on the new place moves the connection."""
    own = arrival.own
    if own.far is not None and between(0, arrival.segment.seq - own.far.seq, FAR):
        own.far.count += 1
        own.far.seq = arrival.segment.seq
    else:
        own.far = Far(arrival.segment.seq)
    if own.far.count < 3 or not arrival.has_ack:
        return False
    own.far = None
    if not has_hole(own):
        own.hole_frame = arrival.frame
    own.gaps = [own.nxt, arrival.seq]
    own.nxt = arrival.seq
    arrival.seq_near = True
    return True
