"""What a capture can prove: the guards between a suspicion and an accusation.

A number above everything seen may belong to segments that the capture missed; a number below what its sender surely
knew cannot be explained by loss. A wrong number near the right one is a fault; a far one belongs to another
incarnation or to somebody else. Order comes from numbers, never from the order of frames, which a capture may swap.

Each function answers one question about an Arrival. None of them changes anything.
"""

from .model import ACK, CHECKSUM_BAD, SIDE_UNKNOWN
from .sequence import larger

NEAR_ISN = 65536  # a fault in ISN arithmetic is nearer than this (faults seen were off by one)
# What is just below a SYN may answer an earlier attempt of the pair, whose SYN the capture missed. But initial numbers
# are counted in 64 ns at the fastest, and nobody gives up an attempt and begins another within 64 of those, 4 µs.
NEAR_ANSWER = 64  # from below; faults seen were off by one
NEAR_FIN = 1024  # a fault in acknowledging a FIN
NEXT_INCARNATION = 1460  # reopened pairs start 65537 or more above the old end; true faults lie at 0 or 1
SCAN_FIT = 262144  # a header without ACK belongs to the connection within this distance of nxt
SLACK = 5000  # µs within which the order of two frames is not certain
REPLY_WAIT = 3000000  # µs after which an answer would have come


def window_reach(endpoint):
    """How far from the expected number a segment towards `end` may lie and still be of this incarnation."""
    return 2 * larger(endpoint.wmax, 65535) + 65536


def fits(arrival):
    """FITS: by both numbers the segment belongs to this incarnation."""
    own = arrival.own
    peer = arrival.peer
    if own.nxt < 0:
        return False
    reach = window_reach(peer)
    if arrival.seq - own.nxt > reach or own.nxt - arrival.seq > reach:
        return False
    if arrival.has_ack:
        if peer.nxt < 0:
            return False
        if arrival.ack - peer.nxt > reach or peer.nxt - arrival.ack > reach:
            return False
    return True


def ack_seen(arrival):
    """ACKSEEN: the ack speaks of what was captured of the peer, and is not far below what was acknowledged before."""
    own = arrival.own
    peer = arrival.peer
    if not arrival.has_ack or peer.seen < 0:
        return False
    return arrival.ack <= peer.seen and arrival.ack >= own.ackmax - 65535


def both_syns(connection):
    """Both initial numbers come from captured SYNs."""
    return connection.ends[0].iss_seen and connection.ends[1].iss_seen


def syn_alone_seen(endpoint):
    """The initial number comes from a captured SYN without ACK, and no other SYN of this end speaks against it.

    A SYN-ACK alone may stand one above a SYN that the capture missed, where SYNs crossed and were counted twice; or it
    is a stranger's, in a connection whose own opening was missed.
    """
    opening = endpoint.opening
    return endpoint.iss_seen and opening.flags & ACK == 0 and opening.other_iss < 0


def continues(arrival, number):
    """CONTIG: the segment continues the stream of its sender that ends at `number`."""
    if arrival.seq <= number:
        return True
    return arrival.seq - number <= NEXT_INCARNATION and both_syns(arrival.connection)


def has_hole(endpoint):
    """HOLE: octets of this end were acknowledged or passed over without having been captured."""
    return len(endpoint.gaps) > 0


def hides_incarnation(endpoint):
    """A hole so wide that the next connection of the pair may begin behind it, its SYN within."""
    index = 0
    while index < len(endpoint.gaps):
        if endpoint.gaps[index + 1] - endpoint.gaps[index] >= NEAR_ISN:
            return True
        index += 2
    return False


def complete_so_far(endpoint):
    """W: this end's SYN was captured and no hole is open in its direction."""
    return endpoint.iss_seen and len(endpoint.gaps) == 0


def damaged(arrival):
    """The checksum is known to be wrong: the segment is nobody's fault."""
    return arrival.segment.checksum_state == CHECKSUM_BAD


def stranger(arrival):
    """Two marks differ from those of this end's own SYN: the hop limit, and timestamps that both SYNs agreed on.

    Where headers were cut off or a SYN is missing, the second mark cannot be seen; then the first is enough to accuse
    nobody.
    """
    opening = arrival.own.opening
    if opening.hop_limit < 0 or arrival.segment.hop_limit == opening.hop_limit:
        return False
    if arrival.connection.truncated or not both_syns(arrival.connection):
        return True
    return opening.tsval >= 0 and arrival.peer.opening.tsval >= 0 and arrival.segment.tsval < 0


def knows_nothing(arrival):
    """KNOWS-NOTHING: sent by an end that has opened, and it shows no knowledge of its peer.

    It acknowledges nothing: the number 0, far from all that its peer has, or no number while nothing of the peer was
    seen. One that acknowledges 0 because its peer's numbers lie there cannot be told from it as long as these are not
    known; nor, when all numbers were removed from the capture, can any segment.
    """
    own = arrival.own
    if own.opening.alone_frame == 0 or own.got_syn or arrival.syn or arrival.rst:
        return False
    if arrival.connection.removed_numbers and arrival.segment.seq == 0:
        return False
    if arrival.peer.nxt < 0 and not arrival.has_ack:
        return True
    if not arrival.has_ack or arrival.segment.ack != 0:
        return False
    return arrival.peer.nxt < 0 or (arrival.peer.iss_seen and arrival.ack_far)


def reopened(connection):
    """A SYN stands behind its end's data or a FIN, or a SYN-ACK with another number behind the third step.

    It may have opened the next connection of the pair, even at the initial number of this one (RFC 9293 §3.4.1).
    """
    return connection.ends[0].opening.late or connection.ends[1].opening.late


def reset_before(connection):
    """A RST stands in this connection: what follows may be the next incarnation."""
    return connection.ends[0].closing.rst_frame > 0 or connection.ends[1].closing.rst_frame > 0


def synchronised(endpoint):
    """This end has sent its SYN and its peer's SYN has reached it (RFC 9293 §3.3.2: a synchronised state)."""
    return endpoint.got_syn and endpoint.syn_acked


def client_side(connection):
    """Index of the client: sender of the first SYN without ACK, else receiver of the SYN-ACK, else the higher port."""
    zero = connection.ends[0].opening
    one = connection.ends[1].opening
    if zero.alone_frame > 0 or one.alone_frame > 0:
        if one.alone_frame == 0:
            return 0
        if zero.alone_frame == 0:
            return 1
        if zero.alone_frame < one.alone_frame:
            return 0
        return 1
    if one.answer_frame > 0 and zero.answer_frame == 0:
        return 0
    if zero.answer_frame > 0 and one.answer_frame == 0:
        return 1
    key = connection.chain.key
    ports = len(key) - 4
    first = key[ports] * 256 + key[ports + 1]
    second = key[ports + 2] * 256 + key[ports + 3]
    if first > second:
        return 0
    if second > first:
        return 1
    return connection.first_side


def client_certain(connection):
    """False when the client was only guessed from the ports."""
    zero = connection.ends[0].opening
    one = connection.ends[1].opening
    if zero.alone_frame > 0 or one.alone_frame > 0:
        return True
    if one.answer_frame > 0 and zero.answer_frame == 0:
        return True
    return zero.answer_frame > 0 and one.answer_frame == 0


def fin_first(own, peer):
    """Whether this end's FIN left before it had processed the peer's FIN: 1 yes, 0 no, -1 not known.

    Decided by the ack fields on the FINs alone: times at a tap tell nothing about it (RFC 9293 §3.6, case 3).
    """
    closing = own.closing
    if closing.fin < 0:
        return 0
    if peer.closing.fin < 0:
        return 1
    if closing.min_ack < 0:
        return -1
    if closing.min_ack < peer.closing.fin_end:
        return 1
    if closing.sure:
        return 0
    return -1


def active_closer(connection):
    """Index of the end that closed first, 2 for both, SIDE_UNKNOWN when the capture cannot tell or nobody closed."""
    zero = connection.ends[0]
    one = connection.ends[1]
    if zero.closing.fin < 0 and one.closing.fin < 0:
        return SIDE_UNKNOWN
    first = fin_first(zero, one)
    second = fin_first(one, zero)
    if first == 1 and second == 0:
        return 0
    if first == 0 and second == 1:
        return 1
    if first == 1 and second == 1:
        return 2
    return SIDE_UNKNOWN


def both_fins_acked(connection):
    """Both FINs were sent and acknowledged: the connection is closed in order."""
    zero = connection.ends[0]
    one = connection.ends[1]
    return zero.closing.fin >= 0 and one.closing.fin >= 0 and zero.fin_acked and one.fin_acked


def reset_effective(connection):
    """A RST that its receiver had to accept was seen."""
    return connection.ends[0].closing.rst_hit or connection.ends[1].closing.rst_hit


def closed(connection, now):
    """Nothing more is due in this connection: a new SYN on the pair opens the next one.

    Also when only the last ACK is missing and more than a second passed without a repeated FIN.
    """
    zero = connection.ends[0]
    one = connection.ends[1]
    if zero.closing.rst_hit or one.closing.rst_hit:
        return True
    if zero.closing.fin < 0 or one.closing.fin < 0:
        return False
    if zero.fin_acked and one.fin_acked:
        return True
    return (zero.fin_acked or one.fin_acked) and now - connection.last_time > 1000000
