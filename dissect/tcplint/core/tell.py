"""The journal of what matters to other programs (core/outside): written as segments pass, read when words are wanted.

An entry is three numbers: a word of bits, the sequence number and the acknowledgment number of the segment, both raw.
It says what the segment was and what only the moment knows: whether its payload was captured before, where its numbers
lie, how many holes of its peer it acknowledges. On the short path (core/calm) only the first payload and the first bare
ACK of an end, windows of 0 and the close make an entry.
"""

from .completeness import count_completeness, mark_ack, mark_fin
from .conntrack import EXACT, INVALID_AIM, NEAR_MISS, track
from .model import ACK, CHECKSUM_BAD, SYN
from .outside import Entry, Tale, copy_of
from .sequence import larger
from .zeek import write

MOST = 96  # numbers in a journal; then it is read early
KEPT_FLAGS = 0x037  # FIN, SYN, RST, ACK, URG: the lowest six bits
CONTROL = 0x007
SECOND_SIDE = 64
ZERO_WINDOW = 128
DAMAGED = 256
REPEATED = 512
APART = 1024
AIM = 2048  # times EXACT, NEAR_MISS or INVALID_AIM
GAPS = 8192  # times their number, at most 15
LENGTH = 131072  # times the payload octets

# Bits of End.told: the entries that one is enough of.
BARE_ACK = 1
PAYLOAD = 2


def tell(arrival):
    """A segment of the connection, before its facts are taken over."""
    connection = arrival.connection
    own = arrival.own
    count_completeness(connection, arrival)
    flags = arrival.flags
    news = 0
    if arrival.length > 0 and own.seen >= 0 and arrival.right <= own.seen:
        news = REPEATED
    if flags & CONTROL == 0:
        if is_first(own, arrival.length):
            if arrival.counts:
                add_bit(own, arrival.length)
        elif connection.calm and news == 0 and is_plain(arrival.segment) and not has_passed(arrival):
            return
    else:  # conntrack may be in another state behind it: the next segments of both ends matter again
        own.told = 0
        arrival.peer.told = 0
    if arrival.counts:
        news += aim(arrival) * AIM
        if arrival.has_ack and not arrival.rst and not arrival.syn:
            news += passed(arrival) * GAPS
    else:
        news += APART
    note_segment(arrival, news)


def tell_strange(arrival):
    """A segment that we keep out of the connection; Zeek does not, unless it opens another one or cannot be read."""
    if arrival.segment.header_valid and not (arrival.delayed and arrival.syn):
        tell_copy(arrival)


def is_first(own, length):
    """The first payload, or the first bare ACK, since the last SYN, FIN or RST."""
    if length > 0:
        return own.told & PAYLOAD == 0
    return own.told & BARE_ACK == 0


def is_plain(segment):
    """It tells the programs outside nothing but its numbers."""
    return segment.window > 0 and segment.checksum_state != CHECKSUM_BAD


def add_bit(own, length):
    """It stands in the journal now."""
    if length > 0:
        own.told += PAYLOAD
    else:
        own.told += BARE_ACK


def tell_payload(connection, own, flags, seq, ack, length, window):
    """The first payload of an end on the short path, and its bit of Wireshark's completeness."""
    own.told += PAYLOAD
    if connection.completeness & 8 == 0:
        connection.completeness += 8
    note(connection, own.side, flags, seq, ack, length, window, 0)


def tell_ack(connection, own, flags, seq, ack, window):
    """A bare ACK on the short path, where it is the first of its end or belongs to a close."""
    if own.told & BARE_ACK == 0:
        own.told += BARE_ACK
    mark_ack(connection)
    note(connection, own.side, flags, seq, ack, 0, window, 0)


def tell_fin(connection, own, peer, flags, seq, ack, window):
    """A FIN on the short path."""
    own.told = 0
    peer.told = 0
    mark_ack(connection)
    mark_fin(connection)
    note(connection, own.side, flags, seq, ack, 0, window, 0)


def tell_copy(arrival):
    """A segment that only readers of the capture take for one of the connection, such as a copy the capture made."""
    news = APART
    if arrival.length > 0 and arrival.own.seen >= 0 and arrival.right <= arrival.own.seen:
        news += REPEATED
    note_segment(arrival, news)


def note_segment(arrival, news):
    """An entry for the placed segment."""
    segment = arrival.segment
    if segment.checksum_state == CHECKSUM_BAD:
        news += DAMAGED
    note(
        arrival.connection,
        arrival.side,
        segment.flags,
        segment.seq,
        segment.ack,
        segment.length,
        segment.window,
        news,
    )


def note(connection, side, flags, seq, ack, length, window, news):
    """A new entry, when somebody will ask for such words (settings.outside_words)."""
    outside = connection.outside
    if outside is None:
        return
    word = (flags & KEPT_FLAGS) + side * SECOND_SIDE + length * LENGTH + news
    if window == 0:
        word += ZERO_WINDOW
    journal = outside.journal
    journal.append(word)
    journal.append(seq)
    journal.append(ack)
    if len(journal) >= MOST:
        if outside.tale is None:
            outside.tale = begin(connection, journal[0])
        read(outside.tale, journal)
        outside.journal = []


def aim(arrival):
    """Where the numbers of the segment lie, as far as conntrack cares: for a SYN its ack, for a RST its seq too."""
    if not arrival.syn and not arrival.rst:
        return EXACT
    peer = arrival.peer
    if arrival.has_ack and peer.nxt >= 0 and arrival.ack > peer.nxt and arrival.segment.ack != 0:
        return INVALID_AIM
    if not arrival.rst or peer.ackmax < 0 or arrival.seq == peer.ackmax:
        return EXACT
    if arrival.seq < peer.ackmax or arrival.seq > peer.ackmax + larger(peer.wmax, 1):
        return INVALID_AIM
    if arrival.seq == arrival.own.nxt and arrival.own.last_frame > peer.last_frame:
        return EXACT  # it follows what its own sender has just sent
    return NEAR_MISS


def has_passed(arrival):
    """It acknowledges what was never captured."""
    return arrival.has_ack and (len(arrival.peer.gaps) > 0 or arrival.ack > arrival.peer.nxt) and passed(arrival) > 0


def passed(arrival):
    """How many holes of its peer the segment acknowledges that no ack before it did; at most 15."""
    own = arrival.own
    peer = arrival.peer
    ack = arrival.ack
    count = 0
    if ack > peer.nxt and peer.seen >= 0 and peer.closing.fin < 0:
        count = 1
    index = 0
    while index < len(peer.gaps) and count < 15:
        if peer.gaps[index] < ack and peer.gaps[index + 1] > own.ackmax and ack > own.ackmax:
            count += 1
        index += 2
    return count


def originator(connection, word):
    """Who is Zeek's originator, by the first entry: who we take for the client when that segment passes."""
    side = word // SECOND_SIDE % 2
    if word & SYN != 0:
        if word & ACK != 0:
            return 1 - side
        return side
    key = connection.chain.key
    ports = len(key) - 4
    first = key[ports] * 256 + key[ports + 1]
    second = key[ports + 2] * 256 + key[ports + 3]
    if first > second:
        return 0
    if second > first:
        return 1
    return side


def begin(connection, word):
    """An empty tale, with a `^` where the first segment goes to Zeek's originator."""
    tale = Tale(originator(connection, word))
    if word // SECOND_SIDE % 2 != tale.originator:
        tale.history.append("^")
    return tale


def read(tale, journal):
    """Take the entries over into the tale."""
    entry = Entry()
    index = 0
    while index < len(journal):
        word = journal[index]
        entry.flags = word & KEPT_FLAGS
        entry.side = word // SECOND_SIDE % 2
        entry.zero_window = word & ZERO_WINDOW != 0
        entry.damaged = word & DAMAGED != 0
        entry.repeated = word & REPEATED != 0
        entry.apart = word & APART != 0
        entry.aim = word // AIM % 4
        entry.gaps = word // GAPS % 16
        entry.length = word // LENGTH
        entry.seq = journal[index + 1]
        entry.ack = journal[index + 2]
        write(tale, entry)
        if not entry.apart and not entry.damaged:
            track(tale, entry)
        index += 3


def tale_of(connection):
    """What the programs outside would know of the connection now, or None before its first segment. Changes nothing."""
    outside = connection.outside
    if outside.tale is not None:
        tale = copy_of(outside.tale)
    elif len(outside.journal) > 0:
        tale = begin(connection, outside.journal[0])
    else:
        return None
    read(tale, outside.journal)
    return tale
