"""OP: the option list. A list that the capture cut, or in a segment that the network damaged, is nobody's fault."""

from ..model import CHECKSUM_BAD, CHECKSUM_UNKNOWN, OPTIONS_AFTER_END, OPTIONS_PAST_HEADER, OPTIONS_SOUND
from ..note import phase_of_header, undecided, violates


def doubt(arrival):
    """Why a fault in the options may be the capture's or the network's; "" when it may not."""
    if arrival.segment.checksum_state == CHECKSUM_BAD:
        return "third-party"
    if arrival.segment.checksum_state == CHECKSUM_UNKNOWN:
        return "truncated"  # looked for, but the packet was not captured whole
    if arrival.segment.truncated or not arrival.segment.options.complete:
        return "truncated"
    return ""


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
    why = doubt(arrival)
    if why == "":
        violates(arrival, phase_of_header(arrival), "OP001", kind, 0, -1, -1)
    else:
        undecided(arrival, phase_of_header(arrival), "OP001", kind, why, 0, -1, -1)


def malformed_option(arrival):
    """OP002: an option with a length that its RFC does not give it, or one that stands twice."""
    options = arrival.segment.options
    why = doubt(arrival)
    if options.wrong_length >= 0:
        if why == "":
            violates(arrival, phase_of_header(arrival), "OP002", "wrong-length", 0, options.wrong_length, -1)
        else:
            undecided(arrival, phase_of_header(arrival), "OP002", "wrong-length", why, 0, options.wrong_length, -1)
    if options.duplicate >= 0:
        if why == "":
            violates(arrival, phase_of_header(arrival), "OP002", "twice", 0, options.duplicate, -1)
        else:
            undecided(arrival, phase_of_header(arrival), "OP002", "twice", why, 0, options.duplicate, -1)
