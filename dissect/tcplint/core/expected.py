"""Which part of the short path a segment may take: the third step, data and their acknowledgments, the close.

Whoever reads headers as bare numbers (segments/sieve in CPython, the plugin in Wireshark) asks core/calm and
core/calm_open directly, and makes a Segment only of what they leave.
"""

from .calm import LAST, LAST_PUSHED, PLAIN_ACK, PUSHED, pass_by, pass_close
from .calm_open import complete_opening
from .seen import mark_of, seen_of


def let_pass(engine, segment, chain, connection):
    """The step of a segment that takes the short path, or None."""
    flags = segment.flags
    fin = flags == LAST or flags == LAST_PUSHED
    if flags != PLAIN_ACK and flags != PUSHED and not fin:
        return None
    frame = segment.frame
    time = segment.time
    key = segment.key
    seq = segment.seq
    ack = segment.ack
    length = segment.length
    window = segment.window
    tsval = segment.tsval
    mark = mark_of(segment)
    seen = seen_of(segment)
    if chain.fresh:
        if flags != PLAIN_ACK or length != 0:
            return None
        hop_limit = segment.hop_limit
        tsecr = segment.tsecr
        if complete_opening(
            engine, chain, connection, frame, time, key, seq, ack, window, hop_limit, tsval, tsecr, mark, seen
        ):
            return engine.step
        return None
    if connection.calm and not fin:
        if pass_by(engine, chain, connection, frame, time, key, flags, seq, ack, length, window, tsval, mark, seen):
            return engine.calm_step
    if length == 0 and flags != PUSHED:
        if pass_close(engine, chain, connection, frame, time, key, flags, seq, ack, window, tsval, mark, seen):
            return engine.step
    return None
