"""What is remembered of one connection: its two ends, each with an opening and a closing.

Every fact here only ever becomes true, every number only ever grows (or is set once), so a doubled or reordered frame
cannot spoil it. Frame number 0 means "not seen". Numbers are unwrapped (core/sequence), times are microseconds.

The classes have at most thirty attributes each: up to that size CPython keeps the attributes of an object inside it.
"""

from .model import SIDE_UNKNOWN, UNKNOWN
from .outside import Outside


class Opening:
    """The SYNs of one end: bare (`alone`) and with ACK (`answer`)."""

    def __init__(self):
        self.alone_frame = 0  # first SYN without ACK
        self.alone_time = 0
        self.alone_last_frame = 0
        self.alone_last_time = 0
        self.alone_copies = 0
        self.answer_frame = 0  # first SYN with ACK
        self.answer_time = 0
        self.answer_last_frame = 0
        self.answer_last_time = 0
        self.answer_copies = 0
        self.answer_ack = -1  # its ack, unwrapped in the peer's numbers
        self.answer_good = False  # it acknowledged exactly a captured SYN, or one with data
        self.other_iss = -1  # a second ISS among the SYN-ACKs
        self.flags = 0  # of the first SYN or SYN-ACK
        self.length = 0  # largest payload on a bare SYN
        self.mss = -1
        self.wscale = -1
        self.window = -1  # of the first SYN or SYN-ACK, never scaled
        self.tsval = -1
        self.tfo = -1  # cookie octets, 0: request
        self.hop_limit = -1
        self.offers = 0  # bits of core/offer: what all copies of the SYN and SYN-ACK offered
        self.ip_id = -1
        self.gaps = []  # µs between timer-driven copies of the bare SYN
        self.answer_gaps = []  # the same for the SYN-ACK
        self.gap_frame = 0  # frame of the copy that ended the first gap
        self.provoked = False  # something but a timer may cause the next copy
        self.late = False  # a SYN stands behind data or a FIN; with another number, behind the third step
        self.multiplier = 1  # 2 to the power of wscale, at most 2^14 (RFC 7323 §2.3)
        self.suspects = None  # segments of this opening whose meaning only the peer's answer tells


class Suspect:
    """A segment of an opening that a rule will judge at the end, in the light of what the peer answered."""

    def __init__(self, code, frame, time, why, before):
        self.code = code  # of the rule
        self.frame = frame
        self.time = time
        self.why = why  # what in the segment, or before it, excuses it; "" for nothing
        self.number = -1
        self.copies = 1
        self.proof = 0  # the frame that proves it, as far as a segment alone can
        self.mark = -1  # what tells a copy made by the capture from another segment
        self.before = before  # the one before it, or None


class Closing:
    """The FIN and the RST of one end."""

    def __init__(self):
        self.fin = -1  # number of the FIN octet
        self.fin_end = -1
        self.lowest_end = -1  # behind the lowest FIN that is surely of this end
        self.frame = 0
        self.time = 0
        self.last_frame = 0
        self.last_time = 0
        self.copies = 0
        self.min_ack = -1  # lowest ack on any copy: what this end had surely received when it closed
        self.no_ack = False  # a copy without the ACK bit
        self.sure = False  # the first copy is surely in the capture
        self.tsval = -1
        self.got = False  # the peer proved that it received the FIN (SACK, echoed timestamp) though its ack lags
        self.acked_frame = 0  # first segment of the peer that covers the FIN
        self.acked_time = 0
        self.combined = False  # that segment was the peer's own FIN
        self.confirmed = False  # two copies at one place, or the peer acknowledged exactly fin_end
        self.half = None  # HalfClose: what this end sent after acknowledging the peer's FIN
        self.unheard = None  # Unheard: what the peer repeats since this end's FIN
        self.rst_frame = 0
        self.rst_time = 0
        self.rst_last_frame = 0
        self.rst_count = 0
        self.rst_seq = -1
        self.rst_ack = -1  # -1 without the ACK bit
        self.rst_hit = False  # acceptable to the peer (RFC 9293 §3.10.7.3-4), so far as the tap can tell
        self.rst_exact = False
        self.rst_void = False  # its sender went on as if nothing had happened: it was not from there
        self.excess = None  # the peer's first ack above fin_end
        self.begun = -1  # one above the bare third step that acknowledged the SYN-ACK of this end; -1: none


class HalfClose:
    """New payload that an end sent after it had acknowledged its peer's FIN (RFC 9293 §3.6.1)."""

    def __init__(self, frame):
        self.frame = frame  # of the first
        self.octets = 0
        self.time = 0  # of the last


class Unheard:
    """What the peer of an end that has sent its FIN repeats, until that end answers it."""

    def __init__(self, number, fin, frame, time):
        self.number = number  # of the repeated segment
        self.fin = fin  # it is the peer's FIN, which this end has acknowledged before
        self.frame = frame  # of the first repetition
        self.last_frame = frame
        self.last_time = time
        self.copies = 1
        self.refusals = 0  # segments of this end meanwhile that take nothing of it


class Excess:
    """An acknowledgment of more than there is in front of the FIN, until it is known whose fault it is."""

    def __init__(self, frame, beyond, right):
        self.frame = frame
        self.beyond = beyond  # numbers above the end of the FIN
        self.right = right  # where its sender's own stream stood
        self.proved = False  # the sender of the FIN has shown later that it had sent nothing behind it


class End:
    """One end: its numbers, its facts, and when it was last heard."""

    def __init__(self, side):
        self.side = side
        self.opening = Opening()
        self.closing = Closing()
        self.iss = -1
        self.iss_seen = False  # from a captured SYN, not inferred
        self.first = -1  # base of relative numbers: iss, or the first number known
        self.nxt = -1  # highest number sent, by its own segments or the peer's ack; reference for unwrapping
        self.seen = -1  # highest end actually captured
        self.data_end = -1  # highest end of captured payload (SYN data left out)
        self.data_frame = 0
        self.ackmax = -1  # highest ack sent, in the peer's numbers
        self.last_ack = -1
        self.raw_window = -1  # largest advertised, as it stands in the header
        self.wmax = 0  # largest advertised, scaled as far as known
        self.gaps = []  # missing ranges below nxt: from, to, from, to … (an open gap is a hole)
        self.hole_frame = 0  # of the first gap that is still open
        self.syn_sent = False  # fact, may be inferred
        self.got_syn = False  # fact: its own ack covers the peer's SYN
        self.syn_acked = False  # fact, tentative: a covering ack of the peer passed the tap
        self.fin_acked = False  # fact, tentative
        self.got_fin = False  # fact: its own ack covers the peer's FIN
        self.segments = 0
        self.ordinary = 0  # octets; a larger payload may be a super-segment
        self.moved = False  # it sent segments with different numbers: more than one probe
        self.last_frame = 0
        self.last_time = 0
        self.tsval = -1
        self.state = UNKNOWN
        self.far = None  # Far: a run of segments far from all others
        self.told = 0  # bits of core/tell: what stands in the journal for the programs outside


class Far:
    """Segments of an end that agree with each other on a place far from its numbers."""

    def __init__(self, seq):
        self.seq = seq  # raw, of the last
        self.count = 1


class Connection:
    """One incarnation of an address and port pair."""

    def __init__(self, number, chain, outside_words):
        self.number = number
        self.chain = chain
        self.ends = [End(0), End(1)]
        self.first_frame = 0
        self.first_time = 0
        self.last_frame = 0
        self.last_time = 0
        self.segments = 0
        self.first_side = 0  # sender of the first segment
        self.calm = False  # established, nothing odd open: data may take the short path (core/calm)
        self.orderly = False  # the same for FINs and what follows them
        self.third_frame = 0  # the segment that completed the handshake
        self.third_time = 0
        self.early_ack = False  # the responder acknowledged the SYN without SYN before it sent its own SYN
        self.retry_of = -1  # number of the unanswered attempt before
        self.reuse_of = -1  # number of the ended incarnation before
        self.superseded = False
        self.quote = None  # the first ICMP error about it
        self.removed_numbers = True  # every seq and ack so far was 0
        self.lone_acks = 0  # bare ACKs after both FINs were acknowledged
        self.lone_side = SIDE_UNKNOWN  # who sent the last of them
        self.completeness = 0
        self.outside = None
        if outside_words:
            self.outside = Outside()
        self.findings = []
        self.before = None  # the list of open connections
        self.after = None
        self.listed = False
        self.truncated = False
        self.breaks = 0  # breaks of the capture's clock before it opened
        self.strange = 0  # segments that were counted and changed nothing: foreign, delayed, invalid, sent too early


class Past:
    """What stays of an incarnation that is gone: enough to recognise its late segments. Raw numbers."""

    def __init__(self, number, time):
        self.number = number
        self.time = time  # of its last segment
        self.low0 = -1  # first number of end 0
        self.high0 = -1  # number behind its last
        self.low1 = -1
        self.high1 = -1
        self.tsval0 = -1
        self.tsval1 = -1
        self.closer = SIDE_UNKNOWN  # as evidence.active_closer
        self.orderly = False  # both FINs were acknowledged
        self.reset = False  # a RST stands in it
        self.window0 = 0  # largest window that end 0 offered
        self.window1 = 0
        self.breaks = 0  # breaks of the clock before it opened


class Chain:
    """All incarnations on one address and port pair: one current, at most one pending, a little of the past.

    `pending` holds a SYN that the current, living connection may or may not give way to; `again` a SYN that repeats the
    ISN of the closed current connection (RFC 9293 §3.10.7.4; core/incarnation tells how they resolve).
    """

    def __init__(self, key, reverse):
        self.key = key  # as sent by end 0
        self.reverse = reverse
        self.current = None
        self.pending = None
        self.again = None
        self.past = []
        self.fresh = False  # a SYN and its answer took the short path (core/calm_open), and nothing came since


class Arrival:
    """One segment in the light of the connection it belongs to. Filled anew for each segment; rules read it."""

    def __init__(self):
        self.engine = None
        self.segment = None
        self.connection = None
        self.own = None
        self.peer = None
        self.side = 0
        self.frame = 0
        self.time = 0
        self.flags = 0
        self.has_ack = False
        self.syn = False
        self.fin = False
        self.rst = False
        self.length = 0
        self.seq = -1  # unwrapped
        self.ack = -1  # unwrapped in the peer's numbers, -1 without ACK
        self.right = -1  # seq + length + SYN + FIN
        self.new = False  # `right` lies above all that was known of the sender before
        self.seq_near = False  # within FAR of the sender's numbers, or these are not known
        self.ack_near = False  # within FAR of the peer's known numbers
        self.ack_far = False  # farther than that from them
        self.foreign = False  # fits no incarnation: counted, no facts, no rules
        self.delayed = False  # fits an incarnation that is gone
        self.counts = False  # may change facts: both numbers near
        self.committed = False  # with this segment a pending incarnation became the current one
        self.displaced = -1  # number of the living connection that this SYN-ACK shows to be gone
        self.fired = []  # codes that violate at this frame
        self.fresh = []  # findings of this frame
