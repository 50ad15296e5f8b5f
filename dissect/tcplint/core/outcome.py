"""What became of a connection: the outcome of its opening and of its close, one word each.

Both are functions of the facts at a given time; nothing here changes the connection. A missing last ACK counts as sent
when the FIN is not repeated for as long as three retransmission timers: its sender evidently got it.
"""

from .evidence import active_closer, both_fins_acked
from .note import ran

SETTLED = 3000000  # µs of running capture after which an unanswered SYN or SYN-ACK stays unanswered


def other_segments(endpoint):
    """Segments that are neither SYN nor RST."""
    return (
        endpoint.segments - endpoint.opening.alone_copies - endpoint.opening.answer_copies - endpoint.closing.rst_count
    )


def handshake_outcome(ending):
    """One of the words of the opening (three-way, simultaneous, split, refused, …)."""
    connection = ending.connection
    a = ending.opener
    b = ending.answerer
    if connection.chain.key == connection.chain.reverse:
        return "stray"
    if a.opening.alone_frame > 0 and b.opening.alone_frame > 0:
        return both_sent_bare_syns(ending)
    if a.opening.alone_frame > 0:
        return opened_by_client(ending)
    if a.opening.answer_frame > 0 or b.opening.answer_frame > 0:
        if other_segments(a) > 0 or other_segments(b) > 0:
            return "partial"
        return "synack-only"
    if a.ackmax >= 0 and b.ackmax >= 0:
        return "mid-stream"
    if (a.ackmax >= 0 and a.moved) or (b.ackmax >= 0 and b.moved):
        return "mid-stream"
    return "stray"


def opened_by_client(ending):
    """The client's SYN was captured, no bare SYN of the server."""
    connection = ending.connection
    a = ending.opener
    b = ending.answerer
    if b.opening.answer_frame > 0:
        if a.got_syn:
            return "three-way"
        if other_segments(a) > 0 or other_segments(b) > 0:
            return "partial"
        if a.closing.rst_frame > 0:
            return "reset-by-initiator"
        if not b.opening.answer_good:
            return "unanswered"  # by nothing that SYN-SENT could take
        return "half-open"
    if a.got_syn or (b.got_syn and other_segments(b) > 0):
        return "partial"
    if b.closing.rst_hit:
        return "refused"
    if b.segments == 0 and connection.quote is not None and quoted_side(connection) == ending.client:
        if is_refusal(connection.quote):
            return "refused-icmp"
    if connection.superseded and b.segments == 0:
        return "superseded"
    if a.closing.rst_frame > 0 and b.segments == 0:
        return "cancelled"
    return "unanswered"


def quoted_side(connection):
    """Whose segment the ICMP error quotes."""
    if connection.quote.key == connection.chain.key:
        return 0
    return 1


def is_refusal(quote):
    """An ICMP error that speaks against an attempt (RFC 9293 §3.9.2.2).

    "Packet too big" only asks for smaller ones; a source quench is discarded (MUST-55), a redirect is advice.
    """
    if quote.version == 4:
        return (quote.type == 3 and quote.code != 4) or quote.type == 11 or quote.type == 12
    return quote.type == 1 or quote.type == 3 or quote.type == 4


def is_hard(quote):
    """A hard error (SHLD-26): protocol or port unreachable; in IPv6 port unreachable."""
    if quote.version == 4:
        return quote.type == 3 and (quote.code == 2 or quote.code == 3)
    return quote.type == 1 and quote.code == 4


def outranks(quote, other):
    """An ICMP error tells more than the one before: a hard one, or one that shows which SYN it is about."""
    return weight(quote) > weight(other)


def weight(quote):
    """0 speaks of no refusal, 1 perhaps of another SYN, 2 a soft error, 3 a hard one."""
    if not is_refusal(quote):
        return 0
    if quote.seq < 0:
        return 1
    if is_hard(quote):
        return 3
    return 2


def both_sent_bare_syns(ending):
    """Simultaneous open, or a split handshake; told apart by what the second SYN's sender knew when it sent it."""
    a = ending.opener
    b = ending.answerer
    if not (a.got_syn and b.got_syn):
        if other_segments(a) > 0 or other_segments(b) > 0:
            return "partial"
        return "half-open"
    if ending.connection.early_ack:
        return "split"
    if a.opening.answer_frame > 0 and b.opening.answer_frame == 0:
        crossing = b.opening.alone_time - a.opening.alone_time
        round_trip = ending.connection.third_time - a.opening.answer_time
        if ending.connection.third_frame > 0 and crossing >= round_trip:
            return "split"
    return "simultaneous"


def handshake_decided(ending):
    """Whether the outcome of the opening says what happened, rather than what the capture lacks."""
    word = ending.handshake
    if word == "unanswered":
        return ran(ending, ending.opener.opening.alone_last_time, SETTLED) and not ending.one_way_capture
    if word == "half-open":
        repeated = ending.answerer.opening.answer_gaps
        if len(repeated) == 0 or repeated[-1] < 0:
            return False  # a single ACK may be the one frame that the capture missed
        return ran(ending, ending.connection.last_time, SETTLED)
    return not (word == "synack-only" or word == "partial" or word == "mid-stream" or word == "stray")


def was_established(word):
    """The opening led, or must have led, to a connection that can be closed."""
    return word == "three-way" or word == "simultaneous" or word == "split" or word == "partial" or word == "mid-stream"


def live_reset(endpoint):
    """This end reset the connection, and nothing showed that the RST was not its own."""
    return endpoint.closing.rst_frame > 0 and not endpoint.closing.rst_void


def patience(ending):
    """µs after which a FIN would have been repeated had its ACK not come: max(3 s, 6 RTT)."""
    wait = 6 * ending.rtt
    if wait < SETTLED:
        wait = SETTLED
    return wait


def last_ack_unseen(ending, own, peer):
    """Both FINs were sent, that of the peer was acknowledged, own's was not: own is in LAST-ACK or CLOSING."""
    return own.closing.fin >= 0 and peer.closing.fin >= 0 and not own.fin_acked and peer.fin_acked


def infers_last_ack(ending, own):
    """The FIN was sent once and, though the capture ran on, never again: its ACK arrived unseen."""
    return own.closing.copies == 1 and ran(ending, own.closing.last_time, patience(ending))


def teardown_outcome(ending):
    """One of the words of the close (four-way, three-segment, simultaneous, abort, …)."""
    if not was_established(ending.handshake):
        if ending.handshake == "stray":
            return "unknown"
        return "not-applicable"
    zero = ending.connection.ends[0]
    one = ending.connection.ends[1]
    if zero.closing.fin >= 0 and one.closing.fin >= 0:
        return after_both_fins(ending, zero, one)
    if zero.closing.fin >= 0:
        return after_one_fin(zero, one)
    if one.closing.fin >= 0:
        return after_one_fin(one, zero)
    if live_reset(zero) and live_reset(one):
        return "abort-both"
    if live_reset(zero) or live_reset(one):
        return "abort"
    return "none"


def after_one_fin(own, peer):
    """Only `own` has sent a FIN."""
    if live_reset(own):
        return "rst-after-fin"
    if live_reset(peer):
        return "abort"
    if own.fin_acked:
        return "unfinished-F2"
    return "unfinished-F1"


def after_both_fins(ending, zero, one):
    """Both ends have sent a FIN."""
    if live_reset(zero) or live_reset(one):
        last_fin = zero.closing.frame
        if one.closing.frame > last_fin:
            last_fin = one.closing.frame
        first_rst = zero.closing.rst_last_frame
        if first_rst == 0 or (0 < one.closing.rst_last_frame < first_rst):
            first_rst = one.closing.rst_last_frame
        if first_rst < last_fin:
            return "rst-after-fin"
        return "rst-after-both-fins"
    if not both_fins_acked(ending.connection):
        if last_ack_unseen(ending, zero, one):
            ending.last_ack_inferred = infers_last_ack(ending, zero)
        elif last_ack_unseen(ending, one, zero):
            ending.last_ack_inferred = infers_last_ack(ending, one)
        else:
            return "unfinished-F1"
        if not ending.last_ack_inferred:
            return "unfinished-LA"
    if ending.closer == 2:
        return "simultaneous"
    if ending.closer < 0:
        return "orderly-unknown"
    if ending.connection.ends[ending.closer].closing.combined:
        return "three-segment"
    return "four-way"


def teardown_decided(ending):
    """Whether the outcome of the close says what happened, rather than what the capture lacks.

    A missing last ACK is decided only when the capture ran on long enough to see the FIN again.
    """
    word = ending.teardown
    if word == "unfinished-LA":
        zero = ending.connection.ends[0]
        one = ending.connection.ends[1]
        if zero.fin_acked:
            return ran(ending, one.closing.last_time, patience(ending))
        return ran(ending, zero.closing.last_time, patience(ending))
    return not (word == "unfinished-F1" or word == "unfinished-F2" or word == "none" or word == "unknown")


def prepare(ending):
    """Fill in client, round-trip time, outcomes and closer."""
    connection = ending.connection
    ending.closer = active_closer(connection)
    a = ending.opener
    b = ending.answerer
    if a.opening.alone_frame > 0 and b.opening.answer_frame > 0 and connection.third_frame > 0:
        first = b.opening.answer_time - a.opening.alone_time
        second = connection.third_time - b.opening.answer_time
        if first >= 0 and second >= 0:
            ending.rtt = first + second
    ending.handshake = handshake_outcome(ending)
    ending.teardown = teardown_outcome(ending)
