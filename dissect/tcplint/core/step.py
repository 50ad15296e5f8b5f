"""The name of the step that a segment is in the opening or the close, as a textbook numbers them.

Opening: SYN is step 1, SYN-ACK 2, the ACK of it 3. Close: the first FIN is step 1, its ACK 2, the other FIN 3, the ACK
of that 4; a FIN that is at the same time the ACK of the first is steps 2 and 3 in one. In a simultaneous close both
FINs are step 1 and both ACKs step 2.
"""

from .evidence import fin_first


def relative(number, endpoint):
    """A number counted from the initial number of `endpoint`, or from the first that is known of it."""
    if endpoint.first >= 0:
        return number - endpoint.first
    return 0


def name_step(arrival, step):
    """Name the segment by the facts known after it."""
    own = arrival.own
    peer = arrival.peer
    step.again = False
    if arrival.rst:
        step.name = "reset"
        step.again = own.closing.rst_count > 1
    elif arrival.syn and arrival.has_ack:
        step.name = "handshake-2"
        step.again = own.opening.answer_copies > 1
    elif arrival.syn:
        step.name = "handshake-1"
        step.again = own.opening.alone_copies > 1
    elif arrival.fin:
        name_fin(own, peer, step)
    elif arrival.frame == arrival.connection.third_frame:
        step.name = "handshake-3"
    elif arrival.has_ack and peer.closing.acked_frame == arrival.frame:
        name_ack_of_fin(own, peer, step)
    elif arrival.length > 0:
        step.name = "data"
        if arrival.length == 1 and arrival.right == own.nxt and own.moved and not arrival.new:
            step.name = "keep-alive"
    elif arrival.has_ack and arrival.seq == own.nxt - 1 and own.closing.fin < 0 and own.segments > 2:
        step.name = "keep-alive"
    else:
        step.name = "ack"
        step.again = peer.closing.fin >= 0 and arrival.ack >= peer.closing.fin_end


def name_ack_of_fin(own, peer, step):
    """Step 4, or 2 when it answers the first FIN."""
    step.name = "close-4"
    if fin_first(peer, own) == 1:
        step.name = "close-2"


def name_fin(own, peer, step):
    """Step 1, 3, or 2 and 3 in one."""
    step.again = own.closing.copies > 1
    step.name = "close-1"
    if peer.closing.fin >= 0 and fin_first(own, peer) == 0:
        step.name = "close-3"
        if peer.closing.combined and peer.closing.acked_frame == own.closing.frame:
            step.name = "close-2+3"
