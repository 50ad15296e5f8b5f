"""TD and RS008: what can be said of the close only when the connection, or the capture, has ended."""

from ..evidence import has_hole
from ..model import SIDE_UNKNOWN, TEARDOWN, VIOLATES
from ..note import conclude, leaves_open, notes, ran
from ..outcome import live_reset, patience, teardown_decided, was_established
from ..sequence import larger
from .teardown import guilty_behind_fin

UNANSWERED_FIN = 10000000  # µs; above 99.5 % of first FINs were acknowledged sooner
LINGER = 60000000  # µs in FIN-WAIT-2 and CLOSE-WAIT that are worth a note; a proposal, not calibrated


def closed_in_order(ending):
    """TD001, TD008, TD012: the three orderly closes (RFC 9293 §3.6 cases 1 to 3)."""
    zero = ending.connection.ends[0]
    one = ending.connection.ends[1]
    if ending.teardown == "simultaneous":
        last = zero.closing.acked_frame
        if one.closing.acked_frame > last:
            last = one.closing.acked_frame
        if last == 0:
            last = one.closing.frame
        notes(ending, TEARDOWN, "TD012", "simultaneous", SIDE_UNKNOWN, last, zero.closing.frame, -1, -1)
        return
    if ending.closer < 0 or ending.closer == 2:
        return
    active = ending.connection.ends[ending.closer]
    passive = ending.connection.ends[1 - ending.closer]
    frame = passive.closing.acked_frame
    took = passive.closing.acked_time - active.closing.time
    if frame == 0:
        frame = passive.closing.last_frame
        took = passive.closing.last_time - active.closing.time
    if ending.teardown == "four-way":
        notes(ending, TEARDOWN, "TD001", "four-way", active.side, frame, active.closing.frame, took, -1)
    elif ending.teardown == "three-segment":
        notes(ending, TEARDOWN, "TD008", "three-segment", active.side, frame, active.closing.frame, took, -1)
    elif ending.teardown == "unfinished-LA" and not teardown_decided(ending):
        code = "TD001"
        kind = "four-way"
        if active.closing.combined:
            code = "TD008"
            kind = "three-segment"
        leaves_open(ending, TEARDOWN, code, kind, "capture-end", active.side, frame, active.closing.frame, -1, -1)


def simultaneous_in_doubt(ending):
    """TD012 not decided: who closed first cannot be told, because a first copy of a FIN may be missing.

    Of a FIN without ACK nobody can tell it either; TD006 has said what there is to say.
    """
    zero = ending.connection.ends[0]
    one = ending.connection.ends[1]
    if ending.teardown == "orderly-unknown" and not zero.closing.no_ack and not one.closing.no_ack:
        first = zero.closing.frame
        leaves_open(ending, TEARDOWN, "TD012", "simultaneous", "hole", SIDE_UNKNOWN, one.closing.frame, first, -1, -1)


def half_close_with_data(ending):
    """TD010: payload sent after the peer's FIN was acknowledged (RFC 9293 §3.6.1)."""
    for endpoint in ending.connection.ends:
        closing = endpoint.closing
        peer = ending.connection.ends[1 - endpoint.side]
        half = closing.half
        if half is not None:
            lasted = half.time - peer.closing.time
            notes(
                ending,
                TEARDOWN,
                "TD010",
                "reverse-data",
                endpoint.side,
                half.frame,
                peer.closing.frame,
                half.octets,
                lasted,
            )
        elif (
            peer.closing.fin >= 0
            and peer.fin_acked
            and has_hole(endpoint)
            and endpoint.hole_frame > peer.closing.acked_frame
            and endpoint.hole_frame > peer.closing.frame
        ):
            leaves_open(
                ending,
                TEARDOWN,
                "TD010",
                "reverse-data",
                "hole",
                endpoint.side,
                endpoint.hole_frame,
                peer.closing.frame,
                -1,
                -1,
            )


def unacknowledged_first_fin(ending):
    """TD016: nobody acknowledged the first FIN. A fault of the peer only when it provably received all up to it."""
    if ending.teardown != "unfinished-F1":
        return
    for endpoint in ending.connection.ends:
        closing = endpoint.closing
        peer = ending.connection.ends[1 - endpoint.side]
        if closing.fin < 0 or endpoint.fin_acked:
            continue
        wait = 3 * ending.rtt
        if wait < UNANSWERED_FIN:
            wait = UNANSWERED_FIN
        frame = closing.last_frame
        copies = closing.copies
        if peer.segments == 0:
            leaves_open(
                ending, TEARDOWN, "TD016", "no-answer", "one-way", endpoint.side, frame, closing.frame, copies, -1
            )
        elif not ran(ending, closing.last_time, wait):
            leaves_open(
                ending, TEARDOWN, "TD016", "no-answer", "capture-end", endpoint.side, frame, closing.frame, copies, -1
            )
        elif has_hole(endpoint):
            leaves_open(ending, TEARDOWN, "TD016", "no-answer", "hole", endpoint.side, frame, closing.frame, copies, -1)
        elif closing.got and peer.ackmax >= closing.fin:
            conclude(ending, TEARDOWN, "TD016", "ignored", VIOLATES, "", peer.side, frame, closing.frame, copies, -1)
        else:
            notes(ending, TEARDOWN, "TD016", "no-answer", endpoint.side, frame, closing.frame, copies, -1)


def unacknowledged_last_fin(ending):
    """TD017: the last ACK. Its absence counts only when the FIN was sent again (RFC 9293 §3.10.7.4 LAST-ACK)."""
    zero = ending.connection.ends[0]
    one = ending.connection.ends[1]
    late = zero
    if zero.fin_acked:
        late = one
    closing = late.closing
    if ending.last_ack_inferred:
        notes(ending, TEARDOWN, "TD017", "final-ack-not-captured", late.side, closing.last_frame, 0, -1, -1)
    if ending.teardown != "unfinished-LA":
        return
    first = closing.frame
    frame = closing.last_frame
    copies = closing.copies
    if not ran(ending, closing.last_time, patience(ending)):
        leaves_open(ending, TEARDOWN, "TD017", "unacknowledged", "capture-end", late.side, frame, first, copies, -1)
    elif has_hole(late):
        leaves_open(ending, TEARDOWN, "TD017", "unacknowledged", "hole", late.side, frame, first, copies, -1)
    else:
        conclude(ending, TEARDOWN, "TD017", "unacknowledged", VIOLATES, "", late.side, frame, first, copies, -1)


def ack_of_too_much(ending):
    """TD007: a fault of the acknowledging end when its peer has shown that it sent nothing behind its FIN."""
    for endpoint in ending.connection.ends:
        excess = endpoint.closing.excess
        if excess is None or guilty_behind_fin(ending.connection, endpoint.side):
            continue
        side = 1 - endpoint.side
        frame = endpoint.closing.frame
        if excess.proved:
            conclude(
                ending,
                TEARDOWN,
                "TD007",
                "ack-beyond-fin",
                VIOLATES,
                "",
                side,
                excess.frame,
                frame,
                excess.beyond,
                -1,
            )
        else:
            leaves_open(
                ending, TEARDOWN, "TD007", "ack-beyond-fin", "hole", side, excess.frame, frame, excess.beyond, -1
            )


def lingering_half_close(ending):
    """TD018: more than a minute between the acknowledgment of the first FIN and anything that ends the other half."""
    if not was_established(ending.handshake):
        return
    for endpoint in ending.connection.ends:
        closing = endpoint.closing
        peer = ending.connection.ends[1 - endpoint.side]
        if closing.fin < 0 or not endpoint.fin_acked:
            continue
        stop = ending.end_time
        if peer.closing.fin >= 0:
            stop = peer.closing.time
        elif live_reset(peer):
            stop = peer.closing.rst_time
        elif live_reset(endpoint):
            stop = closing.rst_time
        waited = stop - closing.acked_time
        frame = closing.acked_frame
        octets = 0
        if peer.closing.half is not None:
            octets = peer.closing.half.octets
        if waited >= LINGER:
            notes(ending, TEARDOWN, "TD018", "lingering", peer.side, frame, closing.frame, waited, octets)
        elif ending.teardown == "unfinished-F2":
            leaves_open(
                ending, TEARDOWN, "TD018", "lingering", "capture-end", peer.side, frame, closing.frame, waited, octets
            )


def no_close_seen(ending):
    """TD022: an established connection with neither FIN nor RST in the capture."""
    if ending.teardown == "none" and was_established(ending.handshake):
        connection = ending.connection
        idle = ending.end_time - connection.last_time
        notes(ending, TEARDOWN, "TD022", "open-at-end", -1, connection.last_frame, 0, idle, -1)


def abortive_close(ending):
    """RS008: an established connection ended by RST instead of FIN (RFC 9293 §3.6, §3.10.5)."""
    if not was_established(ending.handshake):
        return
    for endpoint in ending.connection.ends:
        peer = ending.connection.ends[1 - endpoint.side]
        closing = endpoint.closing
        if not live_reset(endpoint) or closing.fin >= 0 or knew_nothing(ending.connection, endpoint.side):
            continue
        lost = unacknowledged(endpoint, endpoint.nxt, peer.ackmax)
        stop = peer.nxt
        if peer.closing.fin >= 0:
            stop = peer.closing.fin
        unread = unacknowledged(peer, stop, larger(endpoint.ackmax, closing.rst_ack))
        related = endpoint.last_frame
        if may_hide_fin(endpoint):
            leaves_open(
                ending, TEARDOWN, "RS008", "abort", "hole", endpoint.side, closing.rst_frame, related, lost, unread
            )
        else:
            notes(ending, TEARDOWN, "RS008", "abort", endpoint.side, closing.rst_frame, related, lost, unread)


def unacknowledged(endpoint, stop, acked):
    """Octets of payload of this end from `acked` up to `stop`; the SYN is none, nor is what nobody spoke of."""
    if acked < 0:
        return 0
    if endpoint.iss >= 0:
        acked = larger(acked, endpoint.iss + 1)
    return larger(0, stop - acked)


def may_hide_fin(endpoint):
    """Just below the number of its RST one octet of this end was not captured: that may have been its FIN."""
    number = endpoint.closing.rst_seq
    if len(endpoint.gaps) > 0 and endpoint.gaps[-1] == number:
        return endpoint.gaps[-1] - endpoint.gaps[len(endpoint.gaps) - 2] == 1
    return number == endpoint.nxt + 1


def knew_nothing(connection, side):
    """This end had no connection that it could abort (RS016 has said so)."""
    for finding in connection.findings:
        if finding.side == side and finding.code == "RS016":
            return True
    return False
