"""CA012: segments that neither end seems to have sent, and numbers that were taken out of the capture.

Who forges a segment knows the numbers but seldom how far the imitated end is away, or what its clock shows. One mark
alone proves nothing, for packets change their way; two that have nothing to do with each other do. Only segments that
are not plainly the next of their stream are looked at.
"""

from ..evidence import damaged
from ..model import OTHER
from ..note import notes, observed
from ..sequence import difference, size
from .timestamps import NEAR_STAMP

OTHER_WAY = 4  # hops by which a change of the way may differ; not calibrated


def third_party_segment(arrival):
    """CA012: the hop limit differs by more than a detour, and so does something else."""
    own = arrival.own
    segment = arrival.segment
    if arrival.syn or damaged(arrival) or own.opening.hop_limit < 0 or not own.iss_seen:
        return
    if size(segment.hop_limit - own.opening.hop_limit) <= OTHER_WAY:
        return
    other_marks = False
    if arrival.rst:
        closing = own.closing
        other_marks = closing.rst_frame > 0 and arrival.seq != closing.rst_seq
        if arrival.peer.ackmax >= 0 and arrival.seq != own.nxt and arrival.seq != arrival.peer.ackmax:
            other_marks = True
    elif own.tsval >= 0 and segment.tsval < 0:
        other_marks = True
    elif own.tsval >= 0 and size(difference(segment.tsval, own.tsval)) > NEAR_STAMP:
        other_marks = True
    if other_marks:
        observed(arrival, OTHER, "CA012", "foreign", own.last_frame, segment.hop_limit, own.opening.hop_limit)


def removed_numbers(ending):
    """CA012: every sequence and acknowledgment number of the connection is 0. No rule about numbers can speak."""
    connection = ending.connection
    if connection.removed_numbers and connection.ends[0].segments > 0 and connection.ends[1].segments > 0:
        if connection.segments > 2:
            notes(ending, OTHER, "CA012", "removed-numbers", -1, connection.first_frame, 0, -1, -1)
