"""What the SYNs of an end offer, over all their copies: window scale, SACK, timestamps, ECN.

An option is agreed on by the two SYNs alone (RFC 7323 §1.3, RFC 2018 §2, RFC 3168 §6.1.1). A stack that gets no answer
may repeat its SYN with fewer options, so one copy does not speak for all: `opening.offers` remembers for each option
whether any captured copy had it and whether any lacked it. Only if no copy had it was it surely not offered, as far as
the capture goes; a copy that the capture missed may have had it.

The bits of `offers` only ever become 1, whatever the order of the copies. 0 means that no SYN was captured.
"""

from .model import AE, CWR, ECE, OPTIONS_SOUND
from .sequence import difference

SCALE = 1  # a copy had the window scale option
NO_SCALE = 2  # a copy lacked it
SACK = 4
NO_SACK = 8
STAMPS = 16
NO_STAMPS = 32
ECN = 64  # ECE and CWR on a SYN without ACK: an ECN-setup SYN
NO_ECN = 128  # a SYN without ACK that is none
CUT = 256  # the capture cut the options of a copy
BROKEN = 512  # the option list of a copy cannot be read to its end
IDENTIFIED = 1024  # a SYN-ACK of this end echoes the timestamp of a captured SYN: it answers that copy
USED_STAMPS = 2048  # timestamps on a segment without SYN
VARIED = 4096  # two copies of the SYN with different lengths of payload
MULTIPATH = 8192  # a copy had an MPTCP option (RFC 8684 §3.1)
NO_MULTIPATH = 16384
CAPABLE = 32768  # MP_CAPABLE (RFC 8684 §3.1)
JOIN = 65536  # MP_JOIN (RFC 8684 §3.2)
ACCURATE = 131072  # AE, CWR and ECE on a SYN without ACK: an AccECN-setup SYN (RFC 9768 §3.1.1)
NO_ACCURATE = 262144  # a SYN without ACK that is none
SIGNED = 524288  # a copy had an authentication option (RFC 2385, RFC 5925)
NO_SIGNED = 1048576


def union(one, other):
    """The bits that stand in either number."""
    result = 0
    bit = 1
    while one > 0 or other > 0:
        if one % 2 == 1 or other % 2 == 1:
            result += bit
        one = one // 2
        other = other // 2
        bit = bit * 2
    return result


def offer_of(arrival):
    """The bits of this one SYN or SYN-ACK."""
    segment = arrival.segment
    options = segment.options
    bits = NO_SCALE
    if options.wscale >= 0:
        bits = SCALE
    if options.sackok:
        bits += SACK
    else:
        bits += NO_SACK
    if segment.tsval >= 0:
        bits += STAMPS
    else:
        bits += NO_STAMPS
    if not arrival.has_ack:
        if segment.flags & ECE != 0 and segment.flags & CWR != 0:
            bits += ECN
        else:
            bits += NO_ECN
        if bits & ECN != 0 and segment.flags & AE != 0:
            bits += ACCURATE
        else:
            bits += NO_ACCURATE
    if options.mptcp >= 0:
        bits += MULTIPATH
        if options.mptcp == 0:
            bits += CAPABLE
        elif options.mptcp == 1:
            bits += JOIN
    else:
        bits += NO_MULTIPATH
    if options.md5 or options.ao:
        bits += SIGNED
    else:
        bits += NO_SIGNED
    if segment.truncated or not options.complete:
        bits += CUT
    if options.malformed != OPTIONS_SOUND or options.wrong_length >= 0:
        bits += BROKEN
    return bits


def learn_offer(arrival):
    """Take over what this SYN or SYN-ACK offers."""
    opening = arrival.own.opening
    bits = offer_of(arrival)
    if arrival.has_ack and answers_copy(arrival):
        bits += IDENTIFIED
    if not arrival.has_ack and opening.alone_copies > 0 and arrival.length != opening.length:
        bits += VARIED
    if opening.offers == 0:
        opening.offers = bits
    elif bits != opening.offers:
        opening.offers = union(opening.offers, bits)


def answers_copy(arrival):
    """ANSWERS: this SYN-ACK echoes the timestamp of a captured SYN, the first or the newest, so it answers that one.

    A timestamp of 0 identifies nothing: it is also what stands there when there was nothing to echo.
    """
    tsecr = arrival.segment.tsecr
    if tsecr <= 0:
        return False
    return tsecr == arrival.peer.opening.tsval or tsecr == arrival.peer.tsval


def refused_timestamps(opening):
    """Surely no timestamps: SYNs were captured whole, and none had the option."""
    offers = opening.offers
    return offers & NO_STAMPS != 0 and offers & STAMPS == 0 and offers & CUT == 0 and offers & BROKEN == 0


def learn_timestamps(arrival):
    """The newest TSval of this end; -1, whatever it sends, in a connection that does without timestamps.

    So "has timestamps, or has none, other than expected" is one comparison with this number, which the short path and
    core/rules/table make to find the segments that OP014 and OP015 are about.
    """
    own = arrival.own
    peer = arrival.peer
    tsval = arrival.segment.tsval
    if arrival.syn or (own.tsval < 0 and tsval >= 0):
        if refused_timestamps(own.opening) or refused_timestamps(peer.opening):
            own.tsval = -1
            peer.tsval = -1
            return
    if tsval >= 0:
        own.tsval = tsval
        if not arrival.syn:
            learn_use(own, tsval)


def learn_use(own, tsval):
    """A segment behind the SYN: whether it has timestamps."""
    if tsval >= 0 and own.opening.offers & USED_STAMPS == 0:
        own.opening.offers += USED_STAMPS


def in_between(number, first, last):
    """The number lies on the way from the first to the last timestamp, both included; all 32 bits."""
    if number == first or number == last:
        return True
    return difference(number, first) > 0 and difference(number, last) < 0
