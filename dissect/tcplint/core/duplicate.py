"""Frames that the capture holds twice (mirror ports, VLAN in and out, two interfaces).

A copy made by the capture is no retransmission: the same sender, numbers, flags, length, window and checksum, the same
IP identification, and only microseconds apart; a little longer when the copy was taken one or two hops further on
(lower hop limit) or on another link. Where the identification is 0, only a gap under a millisecond makes a copy. The
flow label of IPv6 stands in for the identification; repeated bare ACKs share it, so they too get that millisecond only.

The last few hundred segments are kept, findable by sequence number and checksum.
"""

GENERATION = 512  # segments
WINDOW = 5000  # µs; held 99.6 % of 10,763 exact copies
HOP_WINDOW = 20000  # µs; held 99.9 % of 11,622 copies one hop apart
BLIND_WINDOW = 1000  # µs, without a usable identification
TAKES_NUMBER = 0x003  # SYN, FIN


class Recent:
    """The last segments, in two generations: when the young one is full, the old one is forgotten."""

    def __init__(self):
        self.young = {}  # mark -> Segment
        self.count = 0  # kept since the last change of generations
        self.old = {}


def keep(recent, segment):
    """Remember the segment."""
    if recent.count >= GENERATION:
        recent.count = 0
        recent.old = recent.young
        recent.young = {}
    recent.count += 1
    recent.young[segment.seq * 65536 + segment.checksum + 1] = segment


def original(recent, segment):
    """The segment with this sequence number and checksum that was captured before, or None."""
    mark = segment.seq * 65536 + segment.checksum + 1
    first = recent.young.get(mark)
    if first is None:
        first = recent.old.get(mark)
    return first


def is_copy(recent, segment):
    """Whether the capture holds this very segment already."""
    first = original(recent, segment)
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
    bare = segment.length == 0 and segment.flags & TAKES_NUMBER == 0
    if segment.ip_id <= 0 or (bare and len(segment.key) > 12):
        return gap < BLIND_WINDOW and -4 <= drop <= 4
    if drop == 0 and first.link == segment.link and first.interface == segment.interface:
        return gap <= WINDOW
    return gap <= HOP_WINDOW and -4 <= drop <= 4
