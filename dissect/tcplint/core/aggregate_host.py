"""Pairs of hosts, and the handshakes that wait at a server: what is counted over many connections.

**One direction.** A silent peer and a tap that sees one direction differ only by the progress of the end that is heard.
A connection of nothing but SYNs makes none; another connection of the same two hosts may. When one of them went on
though the other host was heard in none of their connections, the silence in all of them is the capture's.

**A flood.** A SYN-ACK that its sender repeats after a timer was not acknowledged. Many such handshakes at one address
and port at once fill its queue (RFC 4987 §2), whoever sent the SYNs.
"""

from .aggregate import MOST_PAIRS, MOST_SERVERS, HostPair, Waiting, host_of, hosts_of

HOLD = 63000000  # µs; five repeats of a SYN-ACK with doubled waits (RFC 6298 §2.1, §5.5) end after this


def pair_of(engine, key):
    """The HostPair of a connection; None when the table is full."""
    table = engine.aggregates
    pair = table.pairs.get(hosts_of(key))
    if pair is not None:
        return pair
    if table.pair_count >= MOST_PAIRS:
        engine.count_note("host-limit")
        return None
    pair = HostPair(hosts_of(key))
    table.pairs[pair.key] = pair
    turned = host_of(key, 1) + host_of(key, 0)
    table.pairs[turned] = pair
    table.pair_count += 1
    return pair


def is_turned(pair, key, side):
    """This end of the connection is end 1 of the pair of hosts."""
    return (pair.key != hosts_of(key)) == (side == 0)


def hear_hosts(engine, arrival):
    """A segment has been counted in its connection: what it tells of the directions that the capture sees."""
    own = arrival.own
    connection = arrival.connection
    if arrival.peer.segments > 0:
        engine.both_ways_seen = True
        if own.segments == 1:
            both_heard(engine, connection.chain.key)
    elif own.moved and own.ackmax >= 0:
        engine.one_way_seen = True
        goes_on(engine, connection, arrival.side)


def both_heard(engine, key):
    """Segments of both ends of a connection were captured."""
    pair = pair_of(engine, key)
    if pair is not None:
        pair.heard0 = True
        pair.heard1 = True


def goes_on(engine, connection, side):
    """An end shows by its numbers that its peer answers, and of that peer nothing was captured."""
    key = connection.chain.key
    pair = pair_of(engine, key)
    if pair is None:
        return
    engine.aggregates.unseen = True
    if is_turned(pair, key, side):
        pair.heard1 = True
        if pair.progress1 < 0:
            pair.progress1 = connection.number
    else:
        pair.heard0 = True
        if pair.progress0 < 0:
            pair.progress0 = connection.number


def goes_on_unheard(engine, key, side):
    """Number of a connection in which this end's host went on, if the other host was heard in none of theirs; else -1.

    Single SYNs do not count as heard: they make no entry.
    """
    if not engine.aggregates.unseen:
        return -1
    pair = engine.aggregates.pairs.get(hosts_of(key))
    if pair is None:
        return -1
    if is_turned(pair, key, side):
        if pair.heard0:
            return -1
        return pair.progress1
    if pair.heard1:
        return -1
    return pair.progress0


def server_of(key, side):
    """Address and port of an end, as a key of the table."""
    ports = len(key) - 4
    if side == 0:
        return host_of(key, 0) + key[ports : ports + 2]
    return host_of(key, 1) + key[ports + 2 : ports + 4]


def begin_waiting(engine, key, side, time):
    """A server repeats its SYN-ACK for the first time. The Waiting of its address and port, or None when full."""
    table = engine.aggregates
    server = server_of(key, side)
    waiting = table.waiting.get(server)
    if waiting is None:
        if table.waiting_count >= MOST_SERVERS:
            engine.count_note("host-limit")
            return None
        waiting = Waiting()
        table.waiting[server] = waiting
        table.waiting_count += 1
    if time - waiting.since >= HOLD:
        waiting.before = waiting.count
        if time - waiting.since >= 2 * HOLD:
            waiting.before = 0
        waiting.count = 0
        waiting.since = time
        if waiting.before < waiting.said:
            waiting.said = 0
    waiting.count += 1
    return waiting


def end_waiting(engine, key, side):
    """A handshake that waited is answered after all."""
    waiting = engine.aggregates.waiting.get(server_of(key, side))
    if waiting is None:
        return
    if waiting.count > 0:
        waiting.count -= 1
    elif waiting.before > 0:
        waiting.before -= 1
