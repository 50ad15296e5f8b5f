"""OP024: a SYN-ACK that looks like a SYN cookie (RFC 4987 §3.6).

A server under a flood of SYNs keeps no memory of them: what it needs later it packs into its initial number, which has
room for an MSS and for nothing else. So a server that has answered others with options, and answers this SYN by its
MSS alone, is perhaps defending itself.
"""

from ..census import know_full_answer
from ..evidence import damaged
from ..incarnation import answers_syn
from ..model import HANDSHAKE
from ..note import observed, undecided
from ..offer import BROKEN, CUT, SACK, SCALE, STAMPS
from .options import list_is_broken


def sender_of(key):
    """Address and port of the sender in a connection key."""
    if len(key) == 12:
        return key[0:4] + key[8:10]
    return key[0:16] + key[32:34]


def syn_cookie_shape(arrival):
    """OP024: the SYN offered options, and this server, which knows them, answers by its MSS alone."""
    segment = arrival.segment
    options = segment.options
    asked = arrival.peer.opening
    if damaged(arrival) or list_is_broken(arrival) or not answers_syn(arrival, arrival.peer) or asked.alone_frame == 0:
        return
    server = sender_of(segment.key)
    census = arrival.engine.census
    if options.wscale >= 0 or options.sackok or segment.tsval >= 0:
        know_full_answer(census, server, arrival.frame)
        return
    if asked.offers & BROKEN != 0 or asked.offers & CUT != 0:
        return
    if asked.offers & SCALE == 0 and asked.offers & SACK == 0 and asked.offers & STAMPS == 0:
        return
    full = census.full_answers.get(server)
    if full is None or options.mss < 0:
        return
    if segment.truncated or not options.complete:
        undecided(arrival, HANDSHAKE, "OP024", "mss-only", "truncated", full, options.mss, -1)
    else:
        observed(arrival, HANDSHAKE, "OP024", "mss-only", full, options.mss, -1)
