"""The open connections: numbered, listed in the order of their opening, retired when they can change no more.

Once in a second of capture time a part of them is examined, so the work is bounded however sparse the capture is.
Under the limit of open connections the one that has been open longest leaves first, unless it was busy within the last
second.
"""

from .calm import sum_up
from .connection import Connection
from .evidence import both_fins_acked, reset_effective
from .model import SYN_SENT

CLOSED_KEPT = 240000000  # µs; RFC 9293 §3.4.2: 2 · MSL
SILENT_KEPT = 600000000  # µs in SYN-SENT
LOOK_EVERY = 1000000  # µs between two looks for connections that may retire
LEAST_LOOKED_AT = 64  # connections examined at a look; with many open, a sixteenth of them


def open_connection(engine, chain):
    """A new connection on a pair, with the next number."""
    connection = Connection(-1, chain, engine.settings.outside_words)
    assign_number(engine, connection)
    return connection


def open_unnumbered(engine, chain):
    """A connection that may turn out not to be one."""
    return Connection(-1, chain, engine.settings.outside_words)


def assign_number(engine, connection):
    """Numbers count from 0 in the order of opening."""
    connection.number = engine.next_number
    connection.breaks = engine.clock_breaks
    engine.next_number += 1
    link(engine, connection)


def note_first(arrival):
    """Remember where the connection begins."""
    connection = arrival.connection
    if connection.segments == 0:
        connection.first_frame = arrival.frame
        connection.first_time = arrival.time
        connection.first_side = arrival.side


def link(engine, connection):
    """Put the connection at the end of the list of open ones."""
    connection.listed = True
    connection.before = engine.last
    if engine.last is None:
        engine.first = connection
    else:
        engine.last.after = connection
    engine.last = connection
    engine.open_count += 1


def unlink(engine, connection):
    """Take the connection out of the list of open ones."""
    if not connection.listed:
        return
    connection.listed = False
    if engine.cursor is not None and engine.cursor.number == connection.number:
        engine.cursor = connection.after
    if connection.before is None:
        engine.first = connection.after
    else:
        connection.before.after = connection.after
    if connection.after is None:
        engine.last = connection.before
    else:
        connection.after.before = connection.before
    connection.before = None
    connection.after = None
    engine.open_count -= 1


def finish(engine, connection):
    """The connection can change no more: hand it out with the next call of `retired`."""
    if connection.listed:
        unlink(engine, connection)
        engine.finished.append(connection)


def may_retire(engine, connection):
    """Closed for 240 s, or silent for 600 s in SYN-SENT."""
    zero = connection.ends[0]
    one = connection.ends[1]
    if engine.now - zero.last_time <= CLOSED_KEPT and zero.segments > 0:
        return False
    sum_up(connection)
    quiet = engine.now - connection.last_time
    if quiet <= CLOSED_KEPT:
        return False
    if both_fins_acked(connection) or reset_effective(connection):
        return True
    if quiet <= SILENT_KEPT:
        return False
    return (zero.segments == 0 or one.segments == 0) and connection.ends[connection.first_side].state == SYN_SENT


def look_for_retired(engine):
    """Examine a part of the open connections, one after the other. Due once in a second of capture time."""
    engine.look_after = engine.now + LOOK_EVERY
    left = LEAST_LOOKED_AT + engine.open_count // 16
    while left > 0:
        if engine.cursor is None:
            engine.cursor = engine.first
        connection = engine.cursor
        if connection is None:
            return
        engine.cursor = connection.after
        zero = connection.ends[0]
        if engine.now - zero.last_time > CLOSED_KEPT or zero.segments == 0:  # else it may not, which is most
            if may_retire(engine, connection):
                retire(engine, connection)
        left -= 1


def retire(engine, connection):
    """Finish the connection, and forget its pair when nothing else is on it."""
    chain = connection.chain
    finish(engine, connection)
    if chain.pending is not None and chain.pending.number == connection.number:
        chain.pending = None
    if chain.current is not None and chain.current.number == connection.number:
        chain.current = chain.pending
        chain.pending = None
        chain.again = None
    if chain.current is None:
        engine.chains.pop(chain.key, None)
        engine.chains.pop(chain.reverse, None)


def make_room(engine):
    """Keep to the limit of open connections: the one that has been open longest leaves, unless it is busy."""
    tried = 0
    while engine.open_count > engine.settings.max_connections:
        oldest = engine.first
        busy = engine.arrival.connection is not None and oldest.number == engine.arrival.connection.number
        if busy or (tried < 8 and engine.now - oldest.last_time < 1000000):
            unlink(engine, oldest)
            link(engine, oldest)
            tried += 1
        else:
            engine.count_note("connection-limit")
            retire(engine, oldest)
