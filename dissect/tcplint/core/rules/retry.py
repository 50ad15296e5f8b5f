"""HS008 and HS022: what a stack does when its SYN or SYN-ACK is not answered in time.

It should try for three minutes (RFC 9293 §3.8.3), and it should first leave out what a device on the path may have
dropped the segment for: fast open, ECN, Multipath TCP. Only copies that a timer sent tell about that; a lower layer may
repeat a frame by itself, and an ICMP error or a RST asks for another try at once.
"""

from ..model import CWR, ECE, HANDSHAKE, INCONCLUSIVE, VIOLATES
from ..note import add, notes, observed, ran
from ..offer import MULTIPATH

SHORT_EFFORT = 180000000  # µs; RFC 9293 §3.8.3 MUST-23: R2 for a SYN is at least three minutes
FIRST_TIMER = 1000000  # µs; RFC 6298 §2.1
LOWER_LAYER = 500000  # µs below which a copy may be that of a lower layer, not of TCP's timer; not calibrated
ACCURATE = 0x1C0  # AE, CWR and ECE: an AccECN-setup SYN (RFC 9768 §3.1.1)


def short_syn_effort(ending):
    """HS008: an unanswered SYN was repeated, and given up after less than three minutes (RFC 9293 MUST-23).

    The effort lasts until the timer behind the last copy would have ended: twice the last gap later.
    """
    if ending.handshake != "unanswered" or ending.answerer.segments > 0:
        return
    opening = ending.opener.opening
    if opening.alone_copies < 2 or not ran(ending, opening.alone_time, SHORT_EFFORT):
        return
    wait = FIRST_TIMER
    if len(opening.gaps) > 0 and opening.gaps[-1] > 0:
        wait = 2 * opening.gaps[-1]
    effort = opening.alone_last_time - opening.alone_time + wait
    if effort < SHORT_EFFORT:
        frame = opening.alone_last_frame
        first = opening.alone_frame
        notes(ending, HANDSHAKE, "HS008", "short", ending.client, frame, first, effort, opening.alone_copies)


def no_handshake_fallback(arrival):
    """HS022: what the next copy of a SYN leaves out, or keeps though it should not (RFC 7413 §4.2.2).

    RFC 3168 §6.1.1.1 and RFC 9768 §3.1.4.1 let it give up ECN, RFC 8684 §3.9 Multipath TCP.
    """
    own = arrival.own
    opening = own.opening
    if opening.alone_frame == 0 or arrival.seq != own.iss or own.got_syn or arrival.peer.segments > 0:
        return
    if arrival.connection.quote is not None:
        return
    options = arrival.segment.options
    since = arrival.time - opening.alone_last_time
    frame = opening.alone_frame
    if opening.tfo > 0 and opening.length > 0:
        if arrival.length > 0 or options.tfo >= 0 or not options.complete:
            keeps(arrival, since, frame)
    if not options.complete:
        return
    if opening.tfo >= 0 and options.tfo < 0:
        observed(arrival, HANDSHAKE, "HS022", "tfo", frame, since, -1)
    if opening.flags & ACCURATE == ACCURATE:
        if arrival.flags & ACCURATE != ACCURATE:
            observed(arrival, HANDSHAKE, "HS022", "accecn", frame, since, -1)
    elif opening.flags & ECE != 0 and opening.flags & CWR != 0 and arrival.flags & ECE == 0:
        observed(arrival, HANDSHAKE, "HS022", "ecn", frame, since, -1)
    if opening.offers & MULTIPATH != 0 and options.mptcp < 0:
        observed(arrival, HANDSHAKE, "HS022", "mptcp", frame, since, -1)


def no_synack_fallback(arrival):
    """HS022: a server that repeats its SYN-ACK leaves data and fast-open option out (RFC 7413 §4.2.2)."""
    own = arrival.own
    opening = own.opening
    asker = arrival.peer
    if opening.answer_frame == 0 or arrival.seq != own.iss or asker.got_syn or opening.tfo < 0:
        return
    if asker.opening.alone_last_time > opening.answer_last_time or asker.opening.alone_frame == 0:
        return  # a copy of the SYN asked for it
    if arrival.segment.options.tfo >= 0 or arrival.length > 0:
        keeps(arrival, arrival.time - opening.answer_last_time, opening.answer_frame)


def keeps(arrival, since, frame):
    """HS022, the fault, decided or not."""
    opening = arrival.own.opening
    segment = arrival.segment
    why = ""
    if arrival.length == 0 and segment.options.tfo < 0:
        why = "truncated"
    elif since < LOWER_LAYER:
        why = "third-party"
    elif segment.ip_id > 0 and segment.ip_id == opening.ip_id and len(segment.key) == 12:
        why = "third-party"  # one and the same packet
    verdict = VIOLATES
    if why != "":
        verdict = INCONCLUSIVE
    add(arrival, HANDSHAKE, "HS022", "tfo-kept", verdict, why, arrival.side, frame, since, -1)
