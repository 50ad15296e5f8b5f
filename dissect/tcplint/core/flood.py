"""Lone SYNs in the engine: kept packed (core/lone), unpacked into a connection when more comes or when they leave."""

from .calm_open import open_by_answer
from .connection import Chain, Connection
from .duplicate import keep
from .facts import place
from .lone import is_packable, number_of, pack, time_of, unpack
from .model import LISTEN, SYN, SYN_SENT
from .registry import SILENT_KEPT, link, make_room
from .rules.capture import offload_artefact


def find_or_make(engine, segment):
    """The chain of a pair not seen before. None when the segment is kept as a lone SYN, or answers one in order."""
    reverse = reverse_key(segment.key)
    packed = engine.lone.get(segment.key)
    if packed is not None:
        return unpack_lone(engine, segment.key, reverse, packed)
    packed = engine.lone.get(reverse)
    if packed is not None:
        if open_by_answer(engine, segment, reverse, packed):
            return None
        unpack_lone(engine, reverse, segment.key, packed)
        return engine.chains.get(reverse)
    if segment.flags & SYN != 0 and is_packable(segment, engine.next_number) and reverse != segment.key:
        keep_lone(engine, segment)
        return None
    chain = Chain(segment.key, reverse)
    engine.chains[segment.key] = chain
    engine.chains[reverse] = chain
    return chain


def keep_lone(engine, segment):
    """A SYN with nobody else on its pair: five integers until more comes."""
    if engine.lone_count >= engine.settings.max_lone_syns:
        engine.count_note("lone-syn-limit")
        retire_lone(engine)
    number = engine.next_number
    engine.next_number += 1
    engine.lone[segment.key] = pack(segment, number)
    engine.lone_order.append(segment.key)
    engine.lone_count += 1
    keep(engine.recent, segment)
    step = engine.step
    step.connection = number
    step.side = 0
    step.name = "handshake-1"
    step.again = False
    step.state0 = SYN_SENT
    step.state1 = LISTEN
    step.seq = 0
    step.ack = -1


def unpack_lone(engine, key, reverse, packed):
    """A second segment came: the lone SYN becomes a connection."""
    engine.lone.pop(key, None)
    engine.lone_count -= 1
    connection = revive(engine, key, reverse, packed)
    chain = connection.chain
    engine.chains[key] = chain
    engine.chains[reverse] = chain
    link(engine, connection)
    make_room(engine)
    return chain


def revive(engine, key, reverse, packed):
    """The connection that a lone SYN opened, in no table yet."""
    chain = Chain(key, reverse)
    connection = Connection(number_of(packed), chain, engine.settings.outside_words)
    if engine.break_time >= time_of(packed):
        connection.breaks = engine.clock_breaks - 1
    else:
        connection.breaks = engine.clock_breaks
    chain.current = connection
    engine.load(unpack(packed, key))
    engine.arrival.foreign = False
    engine.arrival.delayed = False
    engine.arrival.displaced = -1
    engine.arrival.committed = False
    place(engine.arrival, connection)
    offload_artefact(engine.arrival)
    engine.apply()
    return connection


def take_lone(engine, key, packed):
    """The connection of a lone SYN that leaves."""
    engine.lone.pop(key, None)
    engine.lone_count -= 1
    connection = revive(engine, key, reverse_key(key), packed)
    connection.chain.current = None
    return connection


def retire_lone(engine):
    """The oldest lone SYN leaves."""
    while engine.lone_at < len(engine.lone_order):
        key = engine.lone_order[engine.lone_at]
        engine.lone_at += 1
        packed = engine.lone.get(key)
        if packed is not None:
            engine.finished.append(take_lone(engine, key, packed))
            trim_order(engine)
            return


def retire_silent(engine):
    """The lone SYNs that nobody answered for 600 s leave."""
    while engine.lone_at < len(engine.lone_order):
        packed = engine.lone.get(engine.lone_order[engine.lone_at])
        if packed is None:
            engine.lone_at += 1
            trim_order(engine)
        elif engine.now - time_of(packed) > SILENT_KEPT:
            retire_lone(engine)
        else:
            return


def trim_order(engine):
    """Forget the keys of lone SYNs that are gone, a block at a time."""
    if engine.lone_at < 8192 or 2 * engine.lone_at < len(engine.lone_order):
        return
    kept = []
    index = engine.lone_at
    while index < len(engine.lone_order):
        kept.append(engine.lone_order[index])
        index += 1
    engine.lone_order = kept
    engine.lone_at = 0


def reverse_key(key):
    """The key of the other direction."""
    size = (len(key) - 4) // 2
    ports = 2 * size
    return key[size:ports] + key[0:size] + key[ports + 2 : ports + 4] + key[ports : ports + 2]
