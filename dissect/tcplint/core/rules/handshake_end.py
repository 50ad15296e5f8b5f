"""HS: what can be said of the opening only when the connection, or the capture, has ended."""

from ..distance import leg
from ..evidence import SLACK
from ..model import HANDSHAKE, VIOLATES
from ..note import conclude, leaves_open, notes, ran
from ..outcome import SETTLED, is_hard, other_segments
from .handshake import TIMER_FLOOR

DOUBLED = 200000  # µs between two copies of one SYN that the network made; a proposal, 50 ms were seen
SURELY_EARLY = 600000  # µs; paths seldom vary by more than the rest to TIMER_FLOOR
GROWTH = 60000000  # µs; from here on RFC 6298 §2.5 allows a cap instead of doubling
LINEAR_LOW = 900000
LINEAR_HIGH = 1200000


def three_way_handshake(ending):
    """HS004: SYN, SYN-ACK and ACK, all captured, all with the right numbers (RFC 9293 §3.5 Fig. 6)."""
    connection = ending.connection
    if ending.handshake != "three-way" or connection.third_frame == 0 or not ending.answerer.opening.answer_good:
        return
    opening = ending.answerer.opening
    asked = ending.opener.opening
    first = opening.answer_time - asked.alone_time
    if asked.alone_copies > 1 and asked.alone_last_time < opening.answer_time:
        first = opening.answer_time - asked.alone_last_time  # which copy it answers is not known; RFC 6298 §3
    second = connection.third_time - opening.answer_time
    if first < 0:
        first = -1
    if second < 0:
        second = -1
    notes(
        ending,
        HANDSHAKE,
        "HS004",
        "completed",
        ending.client,
        connection.third_frame,
        opening.answer_frame,
        first,
        second,
    )


def handshake_retry_too_fast(ending):
    """HS007: the gaps between timer-driven copies of a SYN or SYN-ACK (RFC 6298 §2.1, §5.5; RFC 9293 MUST-18)."""
    if ending.clock_broken:
        return
    for endpoint in ending.connection.ends:
        opening = endpoint.opening
        judge_gaps(ending, endpoint, opening.gaps, opening.alone_frame, "")
        if len(opening.answer_gaps) > 0:
            judge_gaps(ending, endpoint, opening.answer_gaps, opening.answer_frame, provoked_unseen(ending, endpoint))


def provoked_unseen(ending, endpoint):
    """Why a copy of the SYN that was not captured may have asked for the second SYN-ACK; "" when none can have.

    A conforming client repeats its SYN after TIMER_FLOOR at the earliest, so a SYN-ACK before that answers no copy.
    """
    asked = ending.connection.ends[1 - endpoint.side]
    if asked.segments == 0:
        return "one-way"
    opening = endpoint.opening
    second = opening.answer_time + opening.answer_gaps[0]
    if asked.opening.alone_frame == 0 or second - asked.opening.alone_time >= TIMER_FLOOR:
        return "hole"
    gaps = opening.answer_gaps
    again = len(gaps) > 1 and gaps[0] >= SLACK and gaps[0] <= 2 * gaps[1] and gaps[1] < TIMER_FLOOR
    if gaps[0] < DOUBLED and not again:
        return "far-tap"  # the network may have doubled the SYN behind the tap, and then the SYN-ACK
    return ""


def judge_early_copy(ending, endpoint, gap, first_frame, why):
    """The first gap is too short. A path whose delay varies can make it so: only near its sender a tap can tell."""
    if why == "" and gap >= SURELY_EARLY:
        away = leg(ending.connection, endpoint.side)
        if away < 0 or gap + away >= TIMER_FLOOR:
            why = "far-tap"
    frame = endpoint.opening.gap_frame
    if why == "":
        conclude(ending, HANDSHAKE, "HS007", "too-early", VIOLATES, "", endpoint.side, frame, first_frame, gap, -1)
    else:
        leaves_open(ending, HANDSHAKE, "HS007", "too-early", why, endpoint.side, frame, first_frame, gap, -1)


def judge_gaps(ending, endpoint, gaps, first_frame, why):
    """A first gap under 0.9 s is too early; two gaps in a row that do not grow are no back-off, unless all are 1 s.

    `why`: what may have provoked copies unseen.
    """
    if len(gaps) == 0 or gaps[0] < 0:
        return
    frame = endpoint.opening.gap_frame
    if gaps[0] > 0 and gaps[0] < TIMER_FLOOR:
        judge_early_copy(ending, endpoint, gaps[0], first_frame, why)
        return
    if why == "one-way":
        return  # copies that a timer sent and copies that were asked for stand mingled
    index = 2
    flat = 0
    linear = True
    while index < len(gaps) and gaps[index] >= 0 and gaps[index - 1] >= 0:
        before = gaps[index - 2]
        middle = gaps[index - 1]
        after = gaps[index]
        if 2 * middle < 3 * before and 2 * after < 3 * middle and middle < GROWTH and after < GROWTH:
            flat += 1
            if before < LINEAR_LOW or before > LINEAR_HIGH or middle < LINEAR_LOW or middle > LINEAR_HIGH:
                linear = False
        index += 1
    if flat > 0 and linear:
        notes(ending, HANDSHAKE, "HS007", "linear", endpoint.side, frame, first_frame, len(gaps), -1)
    elif flat > 0:
        conclude(
            ending, HANDSHAKE, "HS007", "no-backoff", VIOLATES, "", endpoint.side, frame, first_frame, len(gaps), -1
        )
    elif len(gaps) == 2 and gaps[1] > 0 and 2 * gaps[1] < 3 * gaps[0] and awaits_copy(ending, endpoint, gaps[1]):
        leaves_open(ending, HANDSHAKE, "HS007", "no-backoff", "capture-end", endpoint.side, frame, first_frame, 2, -1)


def awaits_copy(ending, endpoint, gap):
    """Nothing ended the series of copies, and the next may well lie behind the end of the capture."""
    if ending.handshake != "unanswered" and ending.handshake != "half-open":
        return False
    return gap < GROWTH and not ran(ending, endpoint.last_time, 4 * gap)


def refused_by_reset(ending):
    """HS009: the SYN was answered by a RST that SYN-SENT accepts (RFC 9293 §3.10.7.3 step 2)."""
    b = ending.answerer
    closing = b.closing
    if ending.handshake == "refused":
        opening = ending.opener.opening
        delay = closing.rst_time - opening.alone_last_time
        notes(ending, HANDSHAKE, "HS009", "refused", b.side, closing.rst_frame, opening.alone_last_frame, delay, -1)
    elif ending.handshake == "stray":
        for endpoint in ending.connection.ends:
            lone = endpoint.closing.rst_count > 0 and endpoint.closing.rst_count == ending.connection.segments
            if lone and endpoint.closing.rst_ack >= 0 and endpoint.closing.rst_seq % 4294967296 == 0:
                leaves_open(
                    ending,
                    HANDSHAKE,
                    "HS009",
                    "refused",
                    "mid-stream",
                    endpoint.side,
                    endpoint.closing.rst_frame,
                    0,
                    -1,
                    -1,
                )


def refused_by_icmp(ending):
    """HS010: an ICMP error quotes the SYN, and the peer says nothing (RFC 9293 §3.9.2.2).

    A hard error ends the attempt; a soft one must not (MUST-56), though many stacks give up (RFC 5461).
    """
    if ending.handshake != "refused-icmp":
        return
    quote = ending.connection.quote
    opening = ending.opener.opening
    side = ending.client
    asked = opening.alone_frame
    if quote.seq < 0:
        leaves_open(ending, HANDSHAKE, "HS010", "soft", "truncated", side, quote.frame, asked, quote.type, quote.code)
    elif is_hard(quote):
        notes(ending, HANDSHAKE, "HS010", "hard", side, quote.frame, asked, quote.type, quote.code)
    else:
        notes(ending, HANDSHAKE, "HS010", "soft", side, quote.frame, asked, quote.type, quote.code)
        if opening.alone_last_frame < quote.frame:
            wait = 3 * (opening.alone_last_time - opening.alone_time)
            if wait < SETTLED:
                wait = SETTLED
            if ran(ending, opening.alone_last_time, wait):
                notes(ending, HANDSHAKE, "HS010", "gave-up", side, quote.frame, asked, quote.type, quote.code)
            else:
                why = "capture-end"
                frame = quote.frame
                leaves_open(ending, HANDSHAKE, "HS010", "gave-up", why, side, frame, asked, quote.type, quote.code)


def unanswered_syn(ending):
    """HS011: no answer to any SYN though the capture ran on (RFC 9293 §3.8.3)."""
    if ending.handshake != "unanswered" or ending.answerer.last_frame > 0:
        return  # answered after all, if not acceptably
    opening = ending.opener.opening
    side = ending.client
    frame = opening.alone_last_frame
    first = opening.alone_frame
    if not ran(ending, opening.alone_last_time, SETTLED):
        leaves_open(
            ending, HANDSHAKE, "HS011", "no-answer", "capture-end", side, frame, first, opening.alone_copies, -1
        )
    elif ending.one_way_capture:
        leaves_open(ending, HANDSHAKE, "HS011", "no-answer", "one-way", side, frame, first, opening.alone_copies, -1)
    else:
        notes(ending, HANDSHAKE, "HS011", "no-answer", side, frame, first, opening.alone_copies, -1)


def half_open_handshake(ending):
    """HS012: the SYN-ACK was repeated and never acknowledged (RFC 4987 §2; many of them are a SYN flood)."""
    if ending.handshake != "half-open" or ending.answerer.opening.answer_frame == 0:
        return
    opening = ending.answerer.opening
    side = ending.client
    frame = opening.answer_last_frame
    first = opening.answer_frame
    copies = opening.answer_copies
    if not ran(ending, opening.answer_last_time, SETTLED):
        leaves_open(ending, HANDSHAKE, "HS012", "no-third-step", "capture-end", side, frame, first, copies, -1)
    elif len(opening.answer_gaps) == 0 or opening.answer_gaps[-1] < 0:
        leaves_open(ending, HANDSHAKE, "HS012", "no-third-step", "hole", side, frame, first, copies, -1)
    else:
        conclude(ending, HANDSHAKE, "HS012", "no-third-step", VIOLATES, "", side, frame, first, copies, -1)


def synack_without_syn(ending):
    """HS013: a SYN-ACK whose SYN was not captured: a late capture, or the echo of a forged SYN."""
    b = ending.answerer
    a = ending.opener
    if a.iss_seen or b.opening.answer_frame == 0 or b.opening.alone_frame > 0:
        return
    frame = b.opening.answer_frame
    if a.closing.rst_frame > 0 and a.closing.rst_seq == b.opening.answer_ack and other_segments(a) == 0:
        notes(ending, HANDSHAKE, "HS013", "unsolicited", b.side, frame, a.closing.rst_frame, -1, -1)
    elif other_segments(a) > 0 or other_segments(b) > 0:
        notes(ending, HANDSHAKE, "HS013", "syn-missed", b.side, frame, 0, -1, -1)
    elif ran(ending, b.opening.answer_last_time, SETTLED):
        leaves_open(ending, HANDSHAKE, "HS013", "nothing-follows", "one-way", b.side, frame, 0, -1, -1)
    else:
        leaves_open(ending, HANDSHAKE, "HS013", "nothing-follows", "capture-end", b.side, frame, 0, -1, -1)


def simultaneous_open(ending):
    """HS014: both SYNs crossed (RFC 9293 §3.5 Fig. 7, MUST-10)."""
    a = ending.opener
    b = ending.answerer
    if ending.handshake == "simultaneous":
        notes(ending, HANDSHAKE, "HS014", "crossed", a.side, b.opening.alone_frame, a.opening.alone_frame, -1, -1)
    elif a.opening.alone_frame > 0 and b.opening.alone_frame > 0 and ending.handshake != "split":
        for endpoint in ending.connection.ends:
            if endpoint.closing.rst_frame > 0 and endpoint.closing.rst_ack >= 0 and not endpoint.got_syn:
                notes(
                    ending,
                    HANDSHAKE,
                    "HS014",
                    "crossing-syn-reset",
                    endpoint.side,
                    endpoint.closing.rst_frame,
                    endpoint.opening.alone_frame,
                    -1,
                    -1,
                )
                return
        leaves_open(
            ending,
            HANDSHAKE,
            "HS014",
            "crossed",
            "capture-end",
            a.side,
            b.opening.alone_frame,
            a.opening.alone_frame,
            -1,
            -1,
        )


def split_handshake(ending):
    """HS017: the SYN is answered by an ACK and a SYN of its own (RFC 9293 §3.4.1)."""
    a = ending.opener
    b = ending.answerer
    if ending.handshake == "split":
        notes(ending, HANDSHAKE, "HS017", "split", b.side, b.opening.alone_frame, a.opening.alone_frame, -1, -1)
        if b.opening.other_iss >= 0:
            notes(ending, HANDSHAKE, "HS017", "two-isns", b.side, b.opening.alone_frame, 0, -1, -1)
    elif ending.connection.early_ack and b.opening.alone_frame == 0 and b.opening.answer_frame == 0:
        leaves_open(ending, HANDSHAKE, "HS017", "split", "hole", b.side, b.last_frame, a.opening.alone_frame, -1, -1)
