"""Frames that the capture holds twice (mirror ports, VLAN in and out, two interfaces).

A copy made by the capture is no retransmission: the same sender, numbers, flags, length, window and checksum, the same
IP identification, and only microseconds apart; a little longer when the copy was taken one or two hops further on
(lower hop limit) or on another link. Where the identification is 0, only a gap under a millisecond makes a copy. The
flow label of IPv6 stands in for the identification; repeated bare ACKs share it, so they too get that millisecond only.

What tells copies of the last few hundred segments is kept, findable by sequence number and checksum.
"""

from .seen import (
    ACKNOWLEDGED,
    FLAGS,
    HOP_LIMIT,
    IDENTIFICATION,
    INTERFACE,
    KEY,
    LENGTH,
    LINK,
    TIME,
    TSECR,
    TSVAL,
    WINDOW_FIELD,
    mark_of,
    seen_of,
)

GENERATION = 512  # segments
WINDOW = 5000  # µs; held 99.6 % of 10,763 exact copies
HOP_WINDOW = 20000  # µs; held 99.9 % of 11,622 copies one hop apart
BLIND_WINDOW = 1000  # µs, without a usable identification
TAKES_NUMBER = 0x003  # SYN, FIN


class Recent:
    """The last segments, in two generations: when the young one is full, the old one is forgotten."""

    def __init__(self):
        self.young = {}  # mark -> what is kept of the segment
        self.count = 0  # kept since the last change of generations
        self.old = {}


def turn(recent):
    """A new generation begins."""
    recent.count = 0
    recent.old = recent.young
    recent.young = {}


def keep(recent, segment):
    """Remember the segment."""
    remember(recent, mark_of(segment), seen_of(segment))


def remember(recent, mark, seen):
    """Remember a segment by what core/seen makes of it."""
    recent.count += 1
    recent.young[mark] = seen
    if recent.count >= GENERATION:
        turn(recent)


def is_met(recent, mark):
    """A segment with this mark was met before."""
    return recent.young.get(mark) is not None or recent.old.get(mark) is not None


def original(recent, segment):
    """What was kept of a segment with this sequence number and checksum, or None."""
    mark = mark_of(segment)
    first = recent.young.get(mark)
    if first is None:
        first = recent.old.get(mark)
    return first


def is_copy(recent, segment):
    """Whether the capture holds this very segment already."""
    first = original(recent, segment)
    if first is None or first[KEY] != segment.key or first[FLAGS] != segment.flags:
        return False
    if first[ACKNOWLEDGED] != segment.ack or first[LENGTH] != segment.length:
        return False
    if first[WINDOW_FIELD] != segment.window or first[IDENTIFICATION] != segment.ip_id:
        return False
    if first[TSVAL] != segment.tsval or first[TSECR] != segment.tsecr:
        return False
    gap = segment.time - first[TIME]
    if gap < 0:
        gap = -gap
    drop = first[HOP_LIMIT] - segment.hop_limit
    bare = segment.length == 0 and segment.flags & TAKES_NUMBER == 0
    if segment.ip_id <= 0 or (bare and len(segment.key) > 12):
        return gap < BLIND_WINDOW and -4 <= drop <= 4
    if drop == 0 and first[LINK] == segment.link and first[INTERFACE] == segment.interface:
        return gap <= WINDOW
    return gap <= HOP_WINDOW and -4 <= drop <= 4
