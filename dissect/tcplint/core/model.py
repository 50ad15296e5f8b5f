"""What travels through the core: segments in, findings out.

Everything here is plain data. A number that is not known is -1; a text is one of the constants below. The core is
written in the portable subset of Python (docs/decisions/0002-portable-subset.md), so these classes become Cython
classes and Lua tables without a change.

Frame numbers count from 1 as in Wireshark. Times are whole microseconds since the first frame that has a time.
"""

# The control bits, as they stand in the last twelve bits of the data-offset word (RFC 9293 §3.1, RFC 9768 §3.1).
FIN = 0x001
SYN = 0x002
RST = 0x004
PSH = 0x008
ACK = 0x010
URG = 0x020
ECE = 0x040
CWR = 0x080
AE = 0x100
RESERVED = 0xE00

# Checksum of a segment.
CHECKSUM_UNKNOWN = 0  # nobody asked, or the segment was not captured whole
CHECKSUM_GOOD = 1
CHECKSUM_BAD = 2
CHECKSUM_PARTIAL = 3  # equal to the sum of the pseudo-header: the sender's card was to finish it

# What is wrong with an option list (RFC 9293 §3.1, MUST-7, MUST-68, MUST-69).
OPTIONS_SOUND = 0
OPTIONS_SHORT_LENGTH = 1  # an option says its length is 0 or 1
OPTIONS_PAST_HEADER = 2  # an option runs past the header
OPTIONS_AFTER_END = 3  # an octet behind the end-of-list option is not zero

# States of an end (RFC 9293 §3.3.2).
UNKNOWN = 0
LISTEN = 1
SYN_SENT = 2
SYN_RECEIVED = 3
ESTABLISHED = 4
FIN_WAIT_1 = 5
FIN_WAIT_2 = 6
CLOSE_WAIT = 7
LAST_ACK = 8
CLOSING = 9
TIME_WAIT = 10
CLOSED = 11

# Verdict of a finding.
OBSERVED = 0  # a note: the variant is proved
INCONCLUSIVE = 1
VIOLATES = 2

# Severity of a finding.
HIDDEN = -1  # not to be reported, and no part of a verdict
NOTE = 0
WARNING = 1
ERROR = 2

# The phase of a connection that a finding speaks of.
OTHER = 0
HANDSHAKE = 1
TEARDOWN = 2

# Whom a finding is about.
SIDE_UNKNOWN = -1  # "the source of frame N"


class Options:
    """The options of one TCP header, except the timestamps, which nearly every segment has (they are in Segment)."""

    def __init__(self):
        self.mss = -1  # octets
        self.wscale = -1  # shift count as sent, may exceed 14
        self.sackok = False
        self.sack = []  # left, right, left, right …, raw numbers
        self.tfo = -1  # octets of the fast-open cookie, 0 for a request
        self.mptcp = -1  # subtype (RFC 8684)
        self.md5 = False
        self.ao = False
        self.unknown = []  # kinds that are not in the table of core/options
        self.experiment = -1  # identifier of the first of them that is kind 253 or 254; -2 if too short for one
        self.malformed = OPTIONS_SOUND
        self.wrong_length = -1  # first kind whose length is not the defined one
        self.duplicate = -1  # first kind that stands twice and may not
        self.complete = True  # False when the capture cut the list


class Segment:
    """One TCP segment as captured; the innermost TCP header of its frame.

    `key` is sender address, receiver address, sender port, receiver port as raw octets: 12 (IPv4) or 36 (IPv6).
    """

    def __init__(self, frame, time, key, ip_id, hop_limit, ecn, link, interface):
        self.frame = frame
        self.time = time
        self.key = key
        self.ip_id = ip_id  # IPv4 identification or IPv6 flow label
        self.hop_limit = hop_limit  # TTL or hop limit
        self.ecn = ecn  # the two ECN bits of the IP header
        self.link = link  # a small number for each pair of link addresses and VLAN or tunnel ids
        self.interface = interface
        self.seq = -1  # raw, 32 bit
        self.ack = -1  # raw field, whether or not the ACK bit is set; -1 when not captured
        self.flags = 0
        self.window = -1  # raw, unscaled
        self.urgent = -1
        self.length = 0  # payload octets as the IP header says, never counted from the frame
        self.length_known = True
        self.offload = False  # the IP length was 0 (segmentation offload): length is counted from the frame
        self.padding = False  # the payload is 1 to 6 octets, all zero or not captured: may be link padding
        self.header_stated = 20  # 4 · data offset
        self.header_captured = 20
        self.header_valid = True  # 20 <= header_stated <= TCP length by the IP header
        self.truncated = False  # the capture cut the header
        self.tsval = -1
        self.tsecr = -1
        self.options = None  # Options, never None once decoded
        self.checksum = -1  # raw
        self.checksum_state = CHECKSUM_UNKNOWN
        self.odd = False  # header, options or checksum ask for a closer look: one of the above is not as usual


class Quote:
    """A TCP segment quoted inside an ICMP error: evidence for its connection, never a segment of it."""

    def __init__(self, frame, time, key):
        self.frame = frame
        self.time = time
        self.key = key  # of the quoted segment, in its direction
        self.seq = -1  # raw, -1 when the quotation is too short
        self.version = 4  # 4: ICMP, 6: ICMPv6
        self.type = -1
        self.code = -1
        self.hop_limit = -1  # of the packet that carries the error


class Finding:
    """One answer of one rule about one side of one connection.

    `code`, `kind` and `why` are texts; the words for people come from the catalogue, which fills in n1, n2, n3.
    """

    def __init__(self, code, kind, verdict, side, frame):
        self.code = code
        self.kind = kind
        self.verdict = verdict
        self.why = ""  # the missing evidence of an inconclusive finding
        self.side = side  # 0 or 1, index into connection.ends; SIDE_UNKNOWN
        self.frame = frame
        self.related = []  # frames that explain it
        self.n1 = -1
        self.n2 = -1
        self.n3 = -1
        self.count = 1
        self.last_frame = frame
        self.phase = OTHER  # which phase's verdict it counts for


class Settings:
    """What a run may change. Limits are counts; reaching one is reported, never silent."""

    def __init__(self):
        self.severity = {}  # code -> {kind -> NOTE, WARNING or ERROR}; filled from the catalogue
        self.hides = False  # some kinds are HIDDEN
        self.max_connections = 50000  # open at once, lone SYNs not counted
        self.max_lone_syns = 2000000
        self.max_findings = 200  # a connection
        self.outside_words = False  # say also what Zeek and conntrack would (core/outside)


class Step:
    """What the line of one frame shows. The engine keeps one Step and fills it anew for each segment.

    `name` is one of: handshake-1, handshake-2, handshake-3, close-1, close-2, close-3, close-4, close-2+3 (the FIN
    that also acknowledges), reset, data, ack, keep-alive, duplicate (second copy made by the capture), foreign
    (fits no incarnation), invalid (header that cannot be right).
    """

    def __init__(self):
        self.connection = -1  # number, from 0
        self.side = 0  # index of the sender
        self.name = ""
        self.again = False  # the same step was seen before: a retransmission
        self.state0 = UNKNOWN  # of ends[0] and ends[1], from the facts known after this segment
        self.state1 = UNKNOWN
        self.seq = -1  # relative to the sender's initial (else first seen) number; may be below 0
        self.ack = -1  # relative to the receiver's; only with the ACK bit
        self.findings = []  # that became certain with this segment


class Conclusion:
    """All that is to be said of one connection at a given time. Words are those of the rules' specification §2."""

    def __init__(self):
        self.number = 0
        self.key = None  # as seen from ends[0]; 12 or 36 octets
        self.client = 0  # index of the end that is the client
        self.client_certain = True
        self.first_frame = 0
        self.last_frame = 0
        self.segments = 0
        self.handshake = ""  # three-way, simultaneous, split, refused, …
        self.handshake_verdict = ""  # violates, warns, inconclusive, conforms
        self.teardown = ""  # four-way, three-segment, …
        self.teardown_verdict = ""
        self.verdict = ""
        self.active_closer = SIDE_UNKNOWN  # 0, 1, SIDE_UNKNOWN; 2: both (simultaneous)
        self.state0 = UNKNOWN
        self.state1 = UNKNOWN
        self.evidence = []  # what is missing: mid-stream, hole, truncated, one-way, capture-end, order …
        self.completeness = 0  # the bits of Wireshark's tcp.completeness
        self.zeek_state = ""  # Zeek's conn_state: S0, SF, REJ, … (with settings.outside_words, like the next two)
        self.zeek_history = []  # Zeek's letters, one text each
        self.conntrack = ""  # the state that Linux conntrack would show; "" for no entry
        self.retry_of = -1  # number of the unanswered attempt before it on the same pair
        self.reuse_of = -1  # number of the ended connection before it on the same pair
        self.findings = []  # immediate and deferred, by frame
