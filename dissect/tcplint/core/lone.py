"""Lone SYNs, kept small.

A SYN flood is a million connections of one segment. Until a second segment arrives on its pair, an ordinary SYN is kept
as five packed integers and unpacked into a connection when it is needed: for the next segment, or for the report.

Only a SYN that this packing can hold is packed; the others become connections at once, and their number is limited.
All products stay below 2^53.
"""

from .model import CHECKSUM_PARTIAL, CHECKSUM_UNKNOWN, CWR, ECE, SYN, Options, Segment

NOT_ECN = 0xF3F  # every control bit but ECE and CWR
NUMBER_LIMIT = 16777216
FRAME_LIMIT = 2147483648
TIME_LIMIT = 17592186044416  # 2^44 µs, 203 days


def is_packable(segment, number):
    """An ordinary opening SYN: no payload, no stray fields, only the four common options."""
    options = segment.options
    if segment.flags & NOT_ECN != SYN or number >= NUMBER_LIMIT:
        return False
    if (segment.flags & ECE != 0) != (segment.flags & CWR != 0):
        return False
    if segment.length != 0 or segment.ack != 0 or segment.urgent != 0 or segment.truncated or segment.ecn != 0:
        return False
    if segment.offload or not segment.header_valid or not segment.length_known:
        return False
    if segment.interface != 0 or segment.link > 4095:
        return False
    if segment.time < 0 or segment.time >= TIME_LIMIT or segment.frame >= FRAME_LIMIT or segment.tsecr > 0:
        return False
    if segment.checksum < 0 or segment.window < 0 or segment.ip_id > 65535:
        return False
    if segment.checksum_state != CHECKSUM_UNKNOWN and segment.checksum_state != CHECKSUM_PARTIAL:
        return False
    return has_common_options(options)


def has_common_options(options):
    """None but MSS, window scale, SACK permitted and timestamps, each as it should be."""
    if options.malformed != 0 or options.wrong_length >= 0 or options.duplicate >= 0 or options.wscale > 14:
        return False
    if options.mss > 65534 or options.tfo >= 0 or options.mptcp >= 0 or options.md5 or options.ao:
        return False
    return len(options.unknown) == 0 and len(options.sack) == 0 and options.complete


def pack(segment, number):
    """The SYN as five integers; `number` is that of its connection."""
    options = segment.options
    sackok = 0
    if options.sackok:
        sackok = 1
    partial = 0
    if segment.checksum_state == CHECKSUM_PARTIAL:
        partial = 1
    bits = 0
    if segment.flags & ECE != 0:
        bits = 1
    if segment.flags & CWR != 0:
        bits = bits + 2
    return [
        segment.time * 256 + segment.hop_limit,
        ((segment.frame * 65536 + segment.checksum) * 2 + sackok) * 2 + partial,
        (segment.seq * 65536 + segment.window) * 4 + bits,
        ((segment.tsval + 1) * 65536 + options.mss % 65536) * 16 + (options.wscale + 1),
        (number * 4096 + segment.link) * 131072 + segment.ip_id + 1,
    ]


def unpack(packed, key):
    """The SYN again, as the decoder gave it (but for fields that no rule reads)."""
    frame = packed[1] // 262144
    ip_id = packed[4] % 131072 - 1
    link = packed[4] // 131072 % 4096
    segment = Segment(frame, packed[0] // 256, key, ip_id, packed[0] % 256, 0, link, 0)
    options = Options()
    segment.options = options
    segment.checksum = packed[1] // 4 % 65536
    options.sackok = packed[1] // 2 % 2 == 1
    if packed[1] % 2 == 1:
        segment.checksum_state = CHECKSUM_PARTIAL
    segment.seq = packed[2] // 262144
    segment.window = packed[2] // 4 % 65536
    bits = packed[2] % 4
    segment.ack = 0
    segment.urgent = 0
    segment.flags = SYN
    if bits % 2 == 1:
        segment.flags += ECE
    if bits >= 2:
        segment.flags += CWR
    segment.tsval = packed[3] // 1048576 - 1
    if segment.tsval >= 0:
        segment.tsecr = 0
    options.mss = packed[3] // 16 % 65536
    if options.mss == 65535:
        options.mss = -1
    options.wscale = packed[3] % 16 - 1
    return segment


def number_of(packed):
    """The number of the connection that the SYN opened."""
    return packed[4] // 536870912


def time_of(packed):
    """When the SYN passed, in µs."""
    return packed[0] // 256
