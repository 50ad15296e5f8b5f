"""OP021: accurate ECN (RFC 9768 §3.1). Its three bits are written here as one number, AE 4, CWR 2, ECE 1.

A client asks by 7. A server that knows it answers by 2, 3, 4 or 6, by which it also says with which mark the SYN came;
1 is the answer of classic ECN, 0 that of a server without. 5 and 7 are no answers; 7 is the echo of a server that
copies reserved bits, and so is 3 for a SYN with 3.
"""

from ..incarnation import answers_syn
from ..model import HANDSHAKE
from ..note import undecided
from ..offer import ACCURATE, ECN, NO_ACCURATE, NO_ECN, answers_copy
from .negotiation import ecn_bits, syn_frame
from .options import doubt, report


def unknown_ecn_setup(arrival):
    """OP021: a SYN with AE that does not ask for accurate ECN (RFC 9768 §3.1.1). Without AE it is OP020."""
    bits = ecn_bits(arrival.flags)
    if 4 <= bits <= 6:
        report(arrival, "OP021", "unknown-setup", doubt(arrival), 0, bits, -1)


def accurate_answer(arrival):
    """OP021: what a SYN-ACK must not answer (RFC 9768 §3.1.2, Table 2)."""
    bits = ecn_bits(arrival.flags)
    asker = arrival.peer
    if bits <= 1 or arrival.own.opening.alone_frame > 0:
        return
    why = doubt(arrival)
    if bits == 5:
        report(arrival, "OP021", "reserved-answer", why, syn_frame(asker), bits, -1)
        return
    if bits == 7:
        report(arrival, "OP021", "reflected", why, syn_frame(asker), bits, -1)
        return
    if not asker.iss_seen:
        undecided(arrival, HANDSHAKE, "OP021", "not-requested", "mid-stream", 0, bits, -1)
        return
    offers = asker.opening.offers
    if offers & NO_ACCURATE == 0 or asker.opening.alone_frame == 0 or not answers_syn(arrival, asker):
        return
    if why == "" and offers & ACCURATE != 0:
        why = "order"  # a copy asked for it: which one is answered?
    elif why == "" and not answers_copy(arrival):
        why = "hole"  # a first copy that asked for it may be missing
    if bits == 3 and offers & ECN != 0 and offers & NO_ECN == 0:
        report(arrival, "OP021", "reflected", why, syn_frame(asker), bits, -1)
    else:
        report(arrival, "OP021", "not-requested", why, syn_frame(asker), bits, -1)
