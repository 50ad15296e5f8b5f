"""What other programs would write about a connection: Zeek's conn_state and history, the state of Linux conntrack.

They judge by other rules than ours, so nothing here is a fact and no rule reads it. Few readers ask for these words, so
they cost next to nothing until somebody does: a connection keeps a journal of the segments that matter to them
(core/tell), which is read when the words are wanted (core/zeek, core/conntrack). A journal that grows long is read
early. docs/en/outside-words.md says where the words differ from the originals.
"""


class Outside:
    """The journal of one connection: three numbers an entry (core/tell), and what the entries before them came to."""

    def __init__(self):
        self.journal = []
        self.tale = None  # Tale: the entries that are no longer in the journal


class Told:
    """One end as Zeek keeps it. Numbers are raw; -1: none yet."""

    def __init__(self):
        self.state = 0  # core/zeek
        self.before = 0
        self.syn = -1  # number of the last SYN or SYN-ACK, of the last FIN, of the last RST
        self.fin = -1
        self.rst = -1
        self.data = False  # the letters that are written once
        self.ack = False
        self.inconsistent = False
        self.mixed = False
        self.damaged = 0  # counts behind the letters c, t, w, g
        self.copies = 0
        self.zero_windows = 0
        self.gaps = 0


class Tale:
    """One connection as Zeek and conntrack keep it."""

    def __init__(self, originator):
        self.history = []  # Zeek's letters
        self.originator = originator  # index of the end that has the capitals
        self.ends = [Told(), Told()]
        self.tracked = 0  # core/conntrack
        self.original = -1  # who sent the segment that made the entry
        self.last_kind = 0  # of the last segment that conntrack took or ignored
        self.last_side = -1
        self.last_end = -1  # raw number behind the SYN that was ignored last
        self.answered = False  # it took a segment of the other direction
        self.deleted = False  # a RST before any answer: the entry goes at once, its last state stays in `tracked`
        self.closed_first = False  # a FIN moved it to FIN_WAIT
        self.challenge = False  # a SYN was ignored in LAST_ACK: an ACK may answer it
        self.crossed = False  # both ends sent SYN


class Entry:
    """One entry of the journal, unpacked."""

    def __init__(self):
        self.side = 0
        self.flags = 0  # FIN, SYN, RST, ACK, URG
        self.seq = 0  # raw
        self.ack = 0  # raw
        self.length = 0  # payload octets
        self.zero_window = False
        self.damaged = False  # the checksum is wrong
        self.repeated = False  # the payload was captured before
        self.apart = False  # not of the connection, or a copy that only the capture made
        self.aim = 0  # where the numbers lie (core/conntrack)
        self.gaps = 0  # holes of the peer that it acknowledges


def copy_of_end(told):
    """Another one with the same values."""
    copy = Told()
    copy.state = told.state
    copy.before = told.before
    copy.syn = told.syn
    copy.fin = told.fin
    copy.rst = told.rst
    copy.data = told.data
    copy.ack = told.ack
    copy.inconsistent = told.inconsistent
    copy.mixed = told.mixed
    copy.damaged = told.damaged
    copy.copies = told.copies
    copy.zero_windows = told.zero_windows
    copy.gaps = told.gaps
    return copy


def copy_of(tale):
    """Another one with the same values."""
    copy = Tale(tale.originator)
    for letter in tale.history:
        copy.history.append(letter)
    copy.ends = [copy_of_end(tale.ends[0]), copy_of_end(tale.ends[1])]
    copy.tracked = tale.tracked
    copy.original = tale.original
    copy.last_kind = tale.last_kind
    copy.last_side = tale.last_side
    copy.last_end = tale.last_end
    copy.answered = tale.answered
    copy.deleted = tale.deleted
    copy.closed_first = tale.closed_first
    copy.challenge = tale.challenge
    copy.crossed = tale.crossed
    return copy
