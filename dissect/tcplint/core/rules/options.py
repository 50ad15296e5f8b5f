"""OP: the option list of one segment. One that the capture cut, or that the network damaged, is nobody's fault.

What is judged here stands in the segment itself: a list that cannot be walked, a length that is not defined, an option
where it must not stand. What the two ends agreed on is the matter of rules/negotiation and rules/timestamps.
"""

from ..evidence import stranger
from ..model import CHECKSUM_BAD, CHECKSUM_UNKNOWN, OPTIONS_AFTER_END, OPTIONS_PAST_HEADER, OPTIONS_SOUND, SYN
from ..note import phase_of_header, undecided, violates
from ..options import LARGEST_SHIFT


def doubt(arrival):
    """Why a fault in the options may be the capture's or the network's; "" when it may not."""
    if arrival.segment.checksum_state == CHECKSUM_BAD:
        return "third-party"
    if arrival.segment.checksum_state == CHECKSUM_UNKNOWN:
        return "truncated"  # looked for, but the packet was not captured whole
    if arrival.segment.truncated or not arrival.segment.options.complete:
        return "truncated"
    return ""


def report(arrival, code, kind, why, related, n1, n2):
    """A fault in the options, or a suspicion of one that `why` could explain."""
    if why == "":
        violates(arrival, phase_of_header(arrival), code, kind, related, n1, n2)
    else:
        undecided(arrival, phase_of_header(arrival), code, kind, why, related, n1, n2)


def malformed_option_list(arrival):
    """OP001: the list cannot be walked to its end (RFC 9293 §3.1, MUST-7, MUST-68, MUST-69)."""
    malformed = arrival.segment.options.malformed
    if malformed == OPTIONS_SOUND or arrival.segment.options.wrong_length >= 0:
        return  # behind an option of a wrong length the walk has lost its way; OP002 names that option
    kind = "short-length"
    if malformed == OPTIONS_PAST_HEADER:
        kind = "past-header"
    elif malformed == OPTIONS_AFTER_END:
        kind = "after-end"
    report(arrival, "OP001", kind, doubt(arrival), 0, -1, -1)


def malformed_option(arrival):
    """OP002: an option with a length that its RFC does not give it, or one that stands twice."""
    options = arrival.segment.options
    if options.wrong_length >= 0:
        report(arrival, "OP002", "wrong-length", doubt(arrival), 0, options.wrong_length, -1)
    if options.duplicate >= 0:
        report(arrival, "OP002", "twice", doubt(arrival), 0, options.duplicate, -1)


def list_is_broken(arrival):
    """OP001 or OP002 speaks of this list; what else is found in it may be an accident of the walk."""
    options = arrival.segment.options
    return options.malformed != OPTIONS_SOUND or options.wrong_length >= 0


def doubt_outside_syn(arrival):
    """Why an option that only a SYN may carry is not surely of this end, and in a segment that it sent so.

    Only the own SYN has the marks by which a stranger's segment is told.
    """
    why = doubt(arrival)
    if why == "" and not arrival.own.iss_seen:
        why = "mid-stream"
    if why == "" and stranger(arrival):
        why = "third-party"
    return why


def mss_outside_syn(arrival):
    """OP003: the maximum segment size on a segment without SYN (RFC 9293 §3.2, MUST-65)."""
    mss = arrival.segment.options.mss
    if mss >= 0 and not list_is_broken(arrival):
        report(arrival, "OP003", "outside-syn", doubt_outside_syn(arrival), 0, mss, -1)


def window_scale_outside_syn(arrival):
    """OP006: window scale on a segment without SYN, where it is ignored (RFC 7323 §2.2)."""
    shift = arrival.segment.options.wscale
    if shift >= 0 and not list_is_broken(arrival):
        report(arrival, "OP006", "outside-syn", doubt_outside_syn(arrival), 0, shift, -1)


def sack_permitted_outside_syn(arrival):
    """OP009: the permission to send SACK on a segment without SYN (RFC 2018 §2)."""
    if arrival.segment.options.sackok and not list_is_broken(arrival):
        report(arrival, "OP009", "outside-syn", doubt_outside_syn(arrival), 0, -1, -1)


def window_scale_too_large(arrival):
    """OP007: a shift count above 14 on a SYN (RFC 7323 §2.3); the peer counts with 14."""
    shift = arrival.segment.options.wscale
    if shift > LARGEST_SHIFT and arrival.flags & SYN != 0 and not list_is_broken(arrival):
        report(arrival, "OP007", "too-large", doubt(arrival), 0, shift, -1)
