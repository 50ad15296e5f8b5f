"""Frames that the capture holds twice (mirror ports, VLAN in and out, two interfaces).

A copy made by the capture is no retransmission: the same sender, numbers, flags, length, window and checksum, the same
IP identification, and only microseconds apart; a little longer when the copy was taken one or two hops further on
(lower hop limit) or on another link. Where the identification is 0 or is a flow label, which retransmissions share,
only a gap under a millisecond and equal timestamps make a copy.

The last few hundred segments are kept in a ring, findable by sequence number and checksum.
"""

RING = 512
WINDOW = 5000  # µs; held 99.6 % of 10,763 exact copies
HOP_WINDOW = 20000  # µs; held 99.9 % of 11,622 copies one hop apart
BLIND_WINDOW = 1000  # µs, without a usable identification


class Recent:
    """The ring of the last segments."""

    def __init__(self):
        self.ring = []
        self.at = 0
        self.marks = {}


def mark_of(segment):
    """What finds a segment again: sequence number and checksum in one integer."""
    return segment.seq * 65536 + segment.checksum + 1


def keep(recent, segment):
    """Put the segment into the ring, in place of the oldest."""
    if len(recent.ring) < RING:
        recent.ring.append(segment)
    else:
        old = recent.ring[recent.at]
        mark = mark_of(old)
        holder = recent.marks.get(mark)
        if holder is not None and holder.frame == old.frame:
            recent.marks.pop(mark, None)
        recent.ring[recent.at] = segment
        recent.at += 1
        if recent.at == RING:
            recent.at = 0
    recent.marks[mark_of(segment)] = segment


def is_copy(recent, segment):
    """Whether the capture holds this very segment already."""
    first = recent.marks.get(mark_of(segment))
    if first is None or first.key != segment.key or first.flags != segment.flags or first.ack != segment.ack:
        return False
    if first.length != segment.length or first.window != segment.window or first.ip_id != segment.ip_id:
        return False
    if first.tsval != segment.tsval or first.tsecr != segment.tsecr:
        return False
    gap = segment.time - first.time
    if gap < 0:
        gap = -gap
    drop = first.hop_limit - segment.hop_limit
    if len(segment.key) > 12 or segment.ip_id <= 0:
        return gap < BLIND_WINDOW and -4 <= drop <= 4
    if drop == 0 and first.link == segment.link and first.interface == segment.interface:
        return gap <= WINDOW
    return gap <= HOP_WINDOW and -4 <= drop <= 4
