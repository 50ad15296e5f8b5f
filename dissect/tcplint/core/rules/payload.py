"""OP004, OP005, OP008: the sizes that a SYN announces, of segments and of windows, and what is then sent.

A frame of a capture need not be a segment of the wire: cards cut large blocks and put small segments together, before
the capture or behind it (CA009). So a payload is held against the MSS only if it fits into an ordinary link, only three
times over, and only where no block larger than that shows that somebody puts segments together.
"""

from ..calm import DEFAULT_MSS, ORDINARY_PAYLOAD
from ..connection import Suspect
from ..evidence import damaged
from ..model import HANDSHAKE, INCONCLUSIVE, OTHER, VIOLATES
from ..note import conclude, known, leaves_open, notes
from ..offer import BROKEN, CUT
from .negotiation import elsewhere, syn_frame

DEFAULT_MSS_6 = 1220  # RFC 9293 §3.7.1 MUST-15, for IPv6
SMALLEST_MSS = 64  # not calibrated; common stacks send no smaller segments whatever their peer announces
LARGEST_MSS = 65495  # an IPv4 packet of 65535 octets without both headers; 20 less for IPv6
LARGEST_MSS_6 = 65475
JUMBO = 65535  # in IPv6: no limit (RFC 2675 §5)
ENOUGH = 3  # segments that are too large
STEEP_SHIFT = 4  # a window that was meant unscaled is 16 times or more what its sender has
SMALL = 65535  # octets that the peer has sent in all: it never filled a larger window


def limit_of(endpoint, key):
    """The MSS that the peer of this end must keep to; -1 when the capture does not tell."""
    opening = endpoint.opening
    if not endpoint.iss_seen or opening.offers & BROKEN != 0:
        return -1
    if opening.mss >= 0:
        return opening.mss
    if opening.offers & CUT != 0:
        return -1
    if len(key) == 12:
        return DEFAULT_MSS
    return DEFAULT_MSS_6


def keep_large_payload(arrival):
    """OP005: remember a payload above what the peer takes (RFC 9293 §3.7.1 MUST-16), the first three of them."""
    segment = arrival.segment
    if arrival.syn or arrival.rst or damaged(arrival) or segment.padding or not arrival.new:
        return
    limit = limit_of(arrival.peer, segment.key)
    if limit < SMALLEST_MSS or arrival.length <= limit - (segment.header_stated - 20):
        return
    if elsewhere(arrival) != "":
        return
    opening = arrival.own.opening
    why = ""
    if arrival.length > ORDINARY_PAYLOAD:
        why = "third-party"  # a block of several segments
    count = 0
    one = opening.suspects
    while one is not None:
        if one.code == "OP005" and one.why == why:
            count += 1
        one = one.before
    if count < ENOUGH:
        opening.suspects = Suspect("OP005", arrival.frame, arrival.time, why, opening.suspects)
        opening.suspects.number = arrival.length


def puts_together(ending):
    """The capture shows what a network card has not finished: it was taken on an end."""
    for finding in ending.connection.findings:
        if finding.code == "CA009" and finding.kind != "super-segment":
            return True
    return False


def payload_exceeds_mss(ending):
    """OP005: three payloads above the peer's MSS, none of which can be a block of several segments."""
    for endpoint in ending.connection.ends:
        peer = ending.connection.ends[1 - endpoint.side]
        blocks = puts_together(ending)
        count = 0
        first = None
        one = endpoint.opening.suspects
        while one is not None:
            if one.code == "OP005":
                if one.why != "":
                    blocks = True
                else:
                    count += 1
                    first = one
            one = one.before
        if first is None or blocks:
            continue
        limit = limit_of(peer, ending.connection.chain.key)
        frame = syn_frame(peer)
        why = ""
        if known(ending.connection.findings, "OP017", "mss-changed", VIOLATES, "", peer.side) is not None:
            why = "order"  # which copy of the SYN counts?
        elif count < ENOUGH:
            why = "third-party"
        verdict = VIOLATES
        if why != "":
            verdict = INCONCLUSIVE
        side = endpoint.side
        conclude(ending, OTHER, "OP005", "too-large", verdict, why, side, first.frame, frame, first.number, limit)


def odd_mss(ending):
    """OP004: no MSS on a SYN or SYN-ACK (RFC 9293 §3.7.1 SHLD-5), or one that no packet can be that large or small for.

    After OP005: payloads above the default that were taken show that the end should have sent the option.
    """
    for endpoint in ending.connection.ends:
        peer = ending.connection.ends[1 - endpoint.side]
        opening = endpoint.opening
        frame = syn_frame(endpoint)
        if not endpoint.iss_seen or frame == 0 or opening.offers & BROKEN != 0:
            continue
        if opening.mss < 0:
            large = known(ending.findings, "OP005", "too-large", VIOLATES, "", peer.side)
            doubtful = known(ending.findings, "OP005", "too-large", INCONCLUSIVE, "third-party", peer.side)
            if opening.offers & CUT != 0:
                continue
            if doubtful is not None:
                leaves_open(
                    ending,
                    HANDSHAKE,
                    "OP004",
                    "needed",
                    "third-party",
                    endpoint.side,
                    frame,
                    doubtful.frame,
                    doubtful.n1,
                    doubtful.n2,
                )
            elif large is not None and endpoint.ackmax > peer.iss + large.n1:
                conclude(
                    ending,
                    HANDSHAKE,
                    "OP004",
                    "needed",
                    VIOLATES,
                    "",
                    endpoint.side,
                    frame,
                    large.frame,
                    large.n1,
                    large.n2,
                )
            else:
                notes(ending, HANDSHAKE, "OP004", "missing", endpoint.side, frame, 0, -1, -1)
        elif opening.mss < SMALLEST_MSS:
            notes(ending, HANDSHAKE, "OP004", "too-small", endpoint.side, frame, 0, opening.mss, -1)
        elif is_beyond_packet(opening.mss, ending.connection.chain.key):
            notes(ending, HANDSHAKE, "OP004", "too-large", endpoint.side, frame, 0, opening.mss, -1)


def is_beyond_packet(mss, key):
    """No packet has room for so much; in IPv6, 65535 stands for jumbograms."""
    if len(key) == 12:
        return mss > LARGEST_MSS
    return LARGEST_MSS_6 < mss < JUMBO


def unscaled_syn_window(ending):
    """OP008: an end that announces after the handshake the very number that stood on its SYN, now scaled.

    The window of a SYN is never scaled (RFC 7323 §2.2). Such an end has perhaps forgotten to shift it.
    """
    for endpoint in ending.connection.ends:
        peer = ending.connection.ends[1 - endpoint.side]
        opening = endpoint.opening
        if opening.wscale < STEEP_SHIFT or peer.opening.wscale < 0 or not endpoint.iss_seen or not peer.iss_seen:
            continue
        later = endpoint.segments - opening.alone_copies - opening.answer_copies
        if endpoint.raw_window == opening.window and later >= ENOUGH and peer.nxt - peer.iss <= SMALL:
            notes(
                ending,
                OTHER,
                "OP008",
                "same-window",
                endpoint.side,
                endpoint.last_frame,
                syn_frame(endpoint),
                opening.window,
                opening.wscale,
            )
