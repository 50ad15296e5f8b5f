"""OP017: the options of a SYN or SYN-ACK that is sent again.

Leaving options out when nobody answers is a known and useful fall-back (RFC 7413 §4.2.2, RFC 3168 §6.1.1.1, RFC 8684
§3.9). Another MSS or another shift count at the same initial number is something else: the peer may have received
either, and the two ends then count by different measures.
"""

from ..model import HANDSHAKE
from ..note import observed
from ..offer import BROKEN, CUT, MULTIPATH, NO_MULTIPATH, NO_SACK, NO_SCALE, NO_STAMPS, SACK, SCALE, STAMPS
from .options import doubt, list_is_broken, report

ECN_BITS = 0x1C0  # AE, CWR, ECE


def options_changed_in_retry(arrival):
    """OP017: a copy that differs from the first of its kind (SYN or SYN-ACK), apart from its timestamp."""
    own = arrival.own
    opening = own.opening
    frame = opening.alone_frame
    if arrival.has_ack:
        frame = opening.answer_frame
        if opening.alone_frame > 0:
            return  # crossing SYNs: the SYN-ACK answers, the SYN before it asked
    if frame == 0 or arrival.seq != own.iss or list_is_broken(arrival) or opening.offers & BROKEN != 0:
        return
    options = arrival.segment.options
    why = doubt_about_copy(arrival)
    if options.mss >= 0 and opening.mss >= 0 and options.mss != opening.mss:
        report(arrival, "OP017", "mss-changed", why, frame, opening.mss, options.mss)
    if options.wscale >= 0 and opening.wscale >= 0 and options.wscale != opening.wscale:
        report(arrival, "OP017", "scale-changed", why, frame, opening.wscale, options.wscale)
    if why != "" or opening.offers & CUT != 0:
        return
    if has_fewer(opening, arrival.segment):
        observed(arrival, HANDSHAKE, "OP017", "fewer-options", frame, -1, -1)
    elif has_more(opening, arrival.segment):
        observed(arrival, HANDSHAKE, "OP017", "more-options", frame, -1, -1)
    if arrival.flags & ECN_BITS != opening.flags & ECN_BITS:
        observed(arrival, HANDSHAKE, "OP017", "other-ecn", frame, -1, -1)


def doubt_about_copy(arrival):
    """Why the copy may be damaged, cut, or of another machine."""
    why = doubt_unverified(arrival)
    if why == "" and arrival.segment.hop_limit != arrival.own.opening.hop_limit:
        why = "third-party"
    return why


def doubt_unverified(arrival):
    """As options.doubt, for lists that nobody had a reason to verify."""
    segment = arrival.segment
    if segment.checksum_state == 0 and not segment.truncated and segment.options.complete:
        return ""
    return doubt(arrival)


def has_fewer(opening, segment):
    """An option is gone that a copy had and no copy lacked so far."""
    options = segment.options
    offers = opening.offers
    if opening.mss >= 0 and options.mss < 0:
        return True
    if offers & SCALE != 0 and offers & NO_SCALE == 0 and options.wscale < 0:
        return True
    if offers & SACK != 0 and offers & NO_SACK == 0 and not options.sackok:
        return True
    if offers & STAMPS != 0 and offers & NO_STAMPS == 0 and segment.tsval < 0:
        return True
    if opening.tfo >= 0 and options.tfo < 0:
        return True
    return offers & MULTIPATH != 0 and offers & NO_MULTIPATH == 0 and options.mptcp < 0


def has_more(opening, segment):
    """An option has come that no copy had so far."""
    options = segment.options
    offers = opening.offers
    if opening.mss < 0 and options.mss >= 0:
        return True
    if offers & SCALE == 0 and options.wscale >= 0:
        return True
    if (offers & SACK == 0 and options.sackok) or (offers & STAMPS == 0 and segment.tsval >= 0):
        return True
    return (opening.tfo < 0 and options.tfo >= 0) or (offers & MULTIPATH == 0 and options.mptcp >= 0)
