"""CA, HS: what only the other connections of the same hosts tell about this one (core/aggregate_host)."""

from ..aggregate_host import begin_waiting, end_waiting, goes_on_unheard
from ..evidence import damaged
from ..model import HANDSHAKE, OTHER
from ..note import notes, observed
from .handshake import TIMER_FLOOR

FLOOD_FROM = 16  # handshakes waiting at one address and port; an estimate, not calibrated


def unheard_host(ending):
    """CA005: nothing but SYNs here; in other connections the same host goes on though its peer is heard in none."""
    silent = ending.answerer
    opening = ending.opener.opening
    if silent.last_frame > 0 or ending.opener.ackmax >= 0 or opening.alone_frame == 0:
        return
    other = goes_on_unheard(ending.engine, ending.connection.chain.key, ending.client)
    if other >= 0:
        notes(ending, OTHER, "CA005", "host-pair", ending.client, opening.alone_last_frame, 0, other, -1)


def synack_waits(arrival):
    """HS012: many handshakes at one server wait at once, each with a SYN-ACK that was repeated (RFC 4987 §2)."""
    own = arrival.own
    peer = arrival.peer
    opening = own.opening
    if opening.answer_copies != 1 or arrival.seq != own.iss or not opening.answer_good or damaged(arrival):
        return
    if peer.got_syn or peer.closing.rst_frame > 0 or peer.opening.alone_last_time > opening.answer_last_time:
        return
    if arrival.time - opening.answer_time < TIMER_FLOOR:
        return
    waiting = begin_waiting(arrival.engine, arrival.connection.chain.key, arrival.side, arrival.time)
    if waiting is None:
        return
    count = waiting.count + waiting.before
    if count >= FLOOD_FROM and count >= 2 * waiting.said:
        waiting.said = count
        observed(arrival, HANDSHAKE, "HS012", "flood", opening.answer_frame, count, -1)


def synack_waits_no_more(arrival):
    """The third step, or a RST in its place, of a handshake that may have waited."""
    opening = arrival.peer.opening
    if opening.answer_copies > 1 and not arrival.own.got_syn and arrival.own.closing.rst_frame == 0:
        end_waiting(arrival.engine, arrival.connection.chain.key, 1 - arrival.side)
