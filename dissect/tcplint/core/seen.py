"""What is kept of a segment to recognise its copies: a list of thirteen values, found again by a number."""

# The places in the list.
KEY = 0
FLAGS = 1
LENGTH = 2
ACKNOWLEDGED = 3
WINDOW_FIELD = 4
IDENTIFICATION = 5
TSVAL = 6
TSECR = 7
TIME = 8
HOP_LIMIT = 9
LINK = 10
INTERFACE = 11
FRAME = 12


def mark_of(segment):
    """Where a segment, or a copy of it, is found."""
    return segment.seq * 65536 + segment.checksum + 1


def seen_of(segment):
    """What is kept of a segment."""
    return [
        segment.key,
        segment.flags,
        segment.length,
        segment.ack,
        segment.window,
        segment.ip_id,
        segment.tsval,
        segment.tsecr,
        segment.time,
        segment.hop_limit,
        segment.link,
        segment.interface,
        segment.frame,
    ]
