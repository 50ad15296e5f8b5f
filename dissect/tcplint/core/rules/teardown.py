"""TD: the close. Rules that look at one segment; what needs the end of the connection is in teardown_end.

The faults here are numbers at or behind a FIN. Each is an error only when the segment provably continues this very
incarnation (CONTIG, ACKSEEN, FITS): reopened pairs begin 65537 or more above the old end, and the SYN that would show
it may be the one frame that the capture missed. Nor is an end blamed for what a stranger may have sent in its name: the
segment itself, or the FIN it is compared with.
"""

from ..connection import Excess
from ..evidence import (
    NEAR_FIN,
    NEXT_INCARNATION,
    SCAN_FIT,
    SLACK,
    ack_seen,
    both_fins_acked,
    both_syns,
    continues,
    damaged,
    fits,
    has_hole,
    hides_incarnation,
    reopened,
    reset_before,
    stranger,
    syn_alone_seen,
)
from ..model import CHECKSUM_UNKNOWN, PSH, TEARDOWN, URG
from ..note import fired, observed, undecided, violates
from ..sequence import between, size, smaller

COUNTED_TWICE = 1  # numbers above the end of the FIN
LOOP = 10  # bare ACKs each way after the close
PADDING = 6  # octets of link padding that an IP length can count as payload


def is_own_fin(endpoint, peer):
    """The FIN of this end acknowledges what its peer sent in this connection; a late copy of an older one does not."""
    ack = endpoint.closing.min_ack
    return peer.iss < ack and ack <= peer.seen


def goes_on(arrival):
    """The sender continues at the number of a FIN that nobody confirmed: that FIN may be a stranger's."""
    closing = arrival.own.closing
    return not closing.confirmed and arrival.seq <= closing.fin


def doubted(arrival):
    """It went on like that before (TD004 has said so)."""
    for finding in arrival.connection.findings:
        if finding.side == arrival.side and finding.code == "TD004" and finding.why == "third-party":
            return True
    return False


def excuse(arrival, number):
    """Why a number behind the FIN proves nothing here; "" when nothing excuses it. `number`: where the stream ended."""
    if arrival.segment.padding or stranger(arrival):
        return "third-party"
    if not arrival.segment.length_known:
        return "truncated"
    if reset_before(arrival.connection) or reopened(arrival.connection):
        return "order"
    if arrival.own.closing.fin >= 0 and not is_own_fin(arrival.own, arrival.peer):
        return "order"
    if not arrival.own.iss_seen and arrival.own.first >= arrival.own.closing.fin and arrival.own.closing.fin >= 0:
        return "mid-stream"  # nothing was captured below that FIN: it may itself stand below the stream
    if hides_incarnation(arrival.peer):
        return "hole"
    if not fits(arrival) or not ack_seen(arrival) or not continues(arrival, number):
        return "hole"
    return ""


def fin_without_ack(arrival):
    """TD006: a FIN without ACK inside a connection (RFC 9293 §3.1, §3.10.7.4 step 5)."""
    if arrival.has_ack or damaged(arrival):
        return
    own = arrival.own
    connection = arrival.connection
    if connection.segments == 0 or (arrival.flags & PSH != 0 and arrival.flags & URG != 0):
        return
    if not own.iss_seen and not own.got_syn and arrival.peer.segments == 0:
        return  # one more of a FIN scan
    if not own.iss_seen:
        undecided(arrival, TEARDOWN, "TD006", "no-ack", "mid-stream", 0, -1, -1)
        return
    if arrival.segment.checksum_state == CHECKSUM_UNKNOWN:
        undecided(arrival, TEARDOWN, "TD006", "no-ack", "truncated", 0, -1, -1)  # damage may hide
        return
    if own.nxt >= 0 and between(-SCAN_FIT, arrival.seq - own.nxt, SCAN_FIT) and not stranger(arrival):
        violates(arrival, TEARDOWN, "TD006", "no-ack", 0, -1, -1)
    else:
        undecided(arrival, TEARDOWN, "TD006", "no-ack", "third-party", 0, -1, -1)


def after_third_step(arrival):
    """The segment was sent after the peer's bare third step had come, as its acknowledgment shows.

    A keep-alive taken for the third step stands one below what its sender had sent already, so one octet more must be
    acknowledged; unless that one is the peer's FIN: who has sent a FIN and received one sends no keep-alive.
    """
    begun = arrival.own.closing.begun
    if begun < 0:
        return False
    return arrival.ack > begun or (arrival.ack == begun and arrival.peer.closing.fin == begun - 1)


def fin_before_end_of_data(arrival):
    """TD002: the FIN stands inside data sent before, or just below the stream (RFC 9293 §3.4, §3.10.4)."""
    own = arrival.own
    fin = arrival.seq + arrival.length
    if fin == own.closing.fin or damaged(arrival) or not arrival.has_ack:
        return
    unsure = not syn_alone_seen(own) and not after_third_step(arrival)
    if own.iss_seen and between(own.iss - NEAR_FIN, fin, own.iss) and not (unsure and own.data_end > fin):
        below = own.iss + 1 - fin
        if arrival.connection.removed_numbers or reset_before(arrival.connection) or stranger(arrival):
            undecided(arrival, TEARDOWN, "TD002", "below-stream", "third-party", 0, below, -1)
        elif not own.syn_acked:
            undecided(arrival, TEARDOWN, "TD002", "below-stream", "third-party", 0, below, -1)  # nobody took that SYN
        elif reopened(arrival.connection) or not arrival.peer.iss_seen or arrival.ack <= arrival.peer.iss:
            undecided(arrival, TEARDOWN, "TD002", "below-stream", "order", 0, below, -1)  # perhaps of one before
        elif not ack_seen(arrival):
            undecided(arrival, TEARDOWN, "TD002", "below-stream", "hole", 0, below, -1)
        elif unsure:
            undecided(arrival, TEARDOWN, "TD002", "below-stream", "hole", 0, below, -1)  # nobody took that SYN-ACK
        else:
            violates(arrival, TEARDOWN, "TD002", "below-stream", 0, below, -1)
    elif own.data_end > fin and own.data_end - fin < 16777216:
        why = excuse(arrival, own.data_end)
        if why == "" and has_hole(own) and own.gaps[-1] > fin:
            # The data behind the gap may be that of the next connection, and this a late FIN of the one before.
            why = "hole"
        if why == "" and not own.iss_seen and fin <= own.first:
            why = "mid-stream"  # below all that was captured: the data may have been sent behind it
        if why == "":
            violates(arrival, TEARDOWN, "TD002", "inside-data", own.data_frame, own.data_end - fin, -1)
        else:
            undecided(arrival, TEARDOWN, "TD002", "inside-data", why, own.data_frame, own.data_end - fin, -1)


def moved_fin(arrival):
    """TD003: a second FIN at another place (RFC 9293 §3.10.4: only a retransmission of the FIN may follow)."""
    closing = arrival.own.closing
    fin = arrival.seq + arrival.length
    if closing.fin < 0 or fin == closing.fin or damaged(arrival) or not arrival.has_ack:
        return
    if fin <= arrival.own.iss:
        return  # below the stream: TD002
    kind = "moved-up"
    if fin < closing.fin:
        kind = "moved-down"
    why = excuse(arrival, closing.fin_end)
    if fin < closing.fin and fin >= arrival.own.data_end:
        # No payload was captured between the two: padding of the first FIN, or a late FIN of the connection before.
        if closing.fin - fin <= PADDING:
            why = "third-party"
        elif closing.fin - fin > NEXT_INCARNATION:
            why = "hole"
    if closing.no_ack or doubted(arrival):
        why = "third-party"
    if why == "" and not arrival.own.iss_seen and fin <= arrival.own.first:
        why = "mid-stream"  # it may stand below the stream
    if why == "":
        closing.lowest_end = smaller(closing.lowest_end, fin + 1)
        violates(arrival, TEARDOWN, "TD003", kind, closing.frame, size(fin - closing.fin), -1)
    else:
        undecided(arrival, TEARDOWN, "TD003", kind, why, closing.frame, size(fin - closing.fin), -1)


def data_after_fin(arrival):
    """TD004: payload beyond the own FIN (RFC 9293 §3.10.2). One octet at the place of the FIN is a keep-alive."""
    closing = arrival.own.closing
    if closing.fin < 0 or arrival.length == 0 or arrival.seq + arrival.length <= closing.fin:
        return
    if damaged(arrival) or fired(arrival, "TD003") or (arrival.fin and arrival.has_ack):
        return
    if arrival.length == 1 and arrival.seq == closing.fin:
        return
    why = excuse(arrival, closing.fin_end)
    if goes_on(arrival) or doubted(arrival):
        why = "third-party"
    if why == "":
        violates(arrival, TEARDOWN, "TD004", "new-data", closing.frame, arrival.length, -1)
    else:
        undecided(arrival, TEARDOWN, "TD004", "new-data", why, closing.frame, arrival.length, -1)


def wrong_seq_after_fin(arrival):
    """TD005: a bare ACK behind the own FIN that does not stand at fin + 1 but higher (RFC 9293 §3.4, §3.6).

    One higher is a FIN that was counted twice. More was sent as something: as data or another FIN, which TD003 and
    TD004 name when the capture holds it.
    """
    closing = arrival.own.closing
    if closing.fin < 0 or arrival.length > 0 or arrival.fin or arrival.seq <= closing.lowest_end or damaged(arrival):
        return
    beyond = arrival.seq - closing.lowest_end
    if not arrival.has_ack or beyond > 16777216:
        return
    if beyond > COUNTED_TWICE and guilty_behind_fin(arrival.connection, arrival.side):
        return
    why = excuse(arrival, closing.fin_end)
    if why == "" and not both_syns(arrival.connection):
        why = "mid-stream"
    if why == "" and beyond <= COUNTED_TWICE:
        violates(arrival, TEARDOWN, "TD005", "seq-beyond-fin", closing.frame, beyond, -1)
    elif why == "":
        undecided(arrival, TEARDOWN, "TD005", "seq-beyond-fin", "hole", closing.frame, beyond, -1)
    else:
        undecided(arrival, TEARDOWN, "TD005", "seq-beyond-fin", why, closing.frame, beyond, -1)


def ack_beyond_fin(arrival):
    """TD007: an ack just above the end of the peer's FIN, behind which nothing exists (RFC 9293 §3.10.7.4 step 5).

    It may acknowledge what the peer did send there and the capture missed. So it is kept until the peer has shown that
    it sent nothing (`nothing_behind_fin`).
    """
    closing = arrival.peer.closing
    if closing.fin < 0 or arrival.ack <= closing.fin_end or arrival.syn or damaged(arrival):
        return  # a SYN-ACK speaks of a SYN, and HS002 of its number
    beyond = arrival.ack - closing.fin_end
    if beyond > NEAR_FIN or guilty_behind_fin(arrival.connection, arrival.peer.side):
        return
    connection = arrival.connection
    why = ""
    if connection.reuse_of >= 0 or len(connection.chain.past) > 0 or reset_before(connection) or reopened(connection):
        why = "order"
    elif not both_syns(connection):
        why = "mid-stream"
    elif not closing.confirmed or not fits(arrival) or not continues(arrival, arrival.own.nxt):
        why = "hole"
    elif stranger(arrival):
        why = "third-party"
    if why != "":
        undecided(arrival, TEARDOWN, "TD007", "ack-beyond-fin", why, closing.frame, beyond, -1)
    elif closing.excess is None:
        closing.excess = Excess(arrival.frame, beyond, arrival.right)


def nothing_behind_fin(arrival):
    """For TD007: an ACK at the end of the own FIN, sent after the peer's ack of more.

    It acknowledges what the peer had not yet sent with that ack, so it is later; and it stands where its sender's
    stream ends, so nothing was sent behind the FIN.
    """
    closing = arrival.own.closing
    if closing.excess is None or arrival.length > 0 or arrival.fin or damaged(arrival) or not arrival.has_ack:
        return
    if arrival.seq == closing.fin_end and arrival.ack > closing.excess.right and ack_seen(arrival):
        closing.excess.proved = True


def guilty_behind_fin(connection, side):
    """This end's FIN stands against its other numbers: what follows is no second fault, of it or of its peer."""
    for finding in connection.findings:
        if finding.side == side and (finding.code == "TD002" or finding.code == "TD003" or finding.code == "TD004"):
            return True
    return False


def fin_with_data(arrival):
    """TD009: a FIN that carries the last data (RFC 9293 §3.4: the FIN follows its payload)."""
    if arrival.length == 0 or arrival.own.closing.fin >= 0 or damaged(arrival):
        return
    if not arrival.segment.length_known:
        undecided(arrival, TEARDOWN, "TD009", "data", "truncated", 0, arrival.length, -1)
    elif arrival.segment.padding:
        undecided(arrival, TEARDOWN, "TD009", "data", "third-party", 0, arrival.length, -1)
    else:
        observed(arrival, TEARDOWN, "TD009", "data", 0, arrival.length, -1)


def fin_retransmission(arrival):
    """TD013: the same FIN again (RFC 9293 §3.10.8)."""
    own = arrival.own
    closing = own.closing
    if closing.fin < 0 or arrival.seq + arrival.length != closing.fin or damaged(arrival):
        return
    gap = arrival.time - closing.last_time
    if -SLACK < gap < SLACK:
        undecided(arrival, TEARDOWN, "TD013", "copy", "order", closing.frame, gap, -1)
    elif own.fin_acked:
        observed(arrival, TEARDOWN, "TD013", "after-ack", closing.frame, gap, -1)
    else:
        observed(arrival, TEARDOWN, "TD013", "copy", closing.frame, gap, -1)


def segment_after_close(arrival):
    """TD020: two ends that answer each other's bare ACKs without end, though both FINs were acknowledged.

    A late copy of an ACK, from before the close, stands below the FINs and does not count. What occupies numbers behind
    a FIN is named by TD003, TD004 and TD005.
    """
    connection = arrival.connection
    if not both_fins_acked(connection) or damaged(arrival) or arrival.fin or arrival.length > 0 or not arrival.has_ack:
        return
    closing = arrival.own.closing
    if not between(closing.fin, arrival.seq, closing.fin_end) or arrival.ack < arrival.peer.closing.fin:
        return
    if connection.lone_side != arrival.side:
        connection.lone_side = arrival.side
        connection.lone_acks += 1
    if connection.lone_acks > 2 * LOOP + 1:
        violates(arrival, TEARDOWN, "TD020", "ack-loop", closing.frame, connection.lone_acks, -1)
