"""How far the point of capture is from an end, so far as the opening tells.

A tap sees when a segment passes it, not when it arrives. What an end does late, or does not do at all, can be held
against it only where the tap stands close to it: else the segment that it should have answered may have been lost, or
may still have been under way. The opening measures the way from the tap to each end and back: from the SYN to the
SYN-ACK on the server's side, from there to the third step on the client's.
"""

from .model import OBSERVED
from .note import known

NEAR_PART = 10  # an end is near when its leg is less than one part in ten of the round trip


def leg(connection, side):
    """µs from the tap to this end and back; -1 when a step of the opening is missing or was repeated."""
    own = connection.ends[side].opening
    peer = connection.ends[1 - side].opening
    spent = -1
    if own.alone_frame > 0 and peer.alone_frame > 0:
        return -1
    if own.alone_frame > 0 and peer.answer_copies == 1 and connection.third_frame > 0:
        spent = connection.third_time - peer.answer_time
    elif own.answer_frame > 0 and peer.alone_copies == 1:
        spent = own.answer_time - peer.alone_time
    if spent < 0:
        return -1
    return spent


def near(connection, side):
    """NEAR: the tap stands close to this end, or on its very machine, where checksums are still to be finished."""
    if known(connection.findings, "CA009", "partial-checksum", OBSERVED, "", side) is not None:
        return True
    own = leg(connection, side)
    other = leg(connection, 1 - side)
    return own >= 0 and other >= 0 and own * NEAR_PART < own + other
