"""FL: control bits and header. The subject is the source of the packet: scanners like to wear others' addresses."""

from ..evidence import SCAN_FIT, damaged, stranger
from ..model import (
    CHECKSUM_BAD,
    CHECKSUM_GOOD,
    CHECKSUM_UNKNOWN,
    FIN,
    INCONCLUSIVE,
    RESERVED,
    SIDE_UNKNOWN,
    SYN,
    VIOLATES,
)
from ..note import add, observed, phase_of_header, undecided, violates
from ..sequence import between

CONTROL_BITS = 0x03F
XMAS = 0x029  # FIN, PSH, URG


def by_source(arrival, code, kind):
    """A fault of whoever sent this packet; of nobody when the packet is damaged."""
    if damaged(arrival):
        add(arrival, phase_of_header(arrival), code, kind, INCONCLUSIVE, "third-party", SIDE_UNKNOWN, 0, -1, -1)
    else:
        add(arrival, phase_of_header(arrival), code, kind, VIOLATES, "", SIDE_UNKNOWN, 0, -1, -1)


def null_segment(arrival):
    """FL001: no control bit at all (RFC 9293 §3.10.7.4 step 5: dropped)."""
    if arrival.flags & CONTROL_BITS == 0:
        by_source(arrival, "FL001", "null")


def bare_fin(arrival):
    """FL002: FIN without ACK as the first segment on its pair: the shape of a FIN scan (RFC 9293 §3.10.7.1-2)."""
    if arrival.connection.segments == 0 and arrival.fin and not arrival.has_ack and arrival.flags & XMAS != XMAS:
        by_source(arrival, "FL002", "bare-fin")


def xmas_segment(arrival):
    """FL003: FIN, PSH and URG without ACK (RFC 9293 §3.10.7.4 step 5)."""
    if arrival.flags & XMAS == XMAS and not arrival.has_ack:
        by_source(arrival, "FL003", "xmas")


def syn_with_fin(arrival):
    """FL004: SYN and FIN together: tolerated by RFC 9293 §3.10.7.2 step 3, sent by scanners, once by T/TCP."""
    if not arrival.syn or not arrival.fin:
        return
    for kind in arrival.segment.options.unknown:
        if 11 <= kind <= 13 and not damaged(arrival):
            observed(arrival, phase_of_header(arrival), "FL004", "t-tcp", 0, -1, -1)
            return
    by_source(arrival, "FL004", "syn-fin")


def reset_with_syn_or_fin(arrival):
    """FL005: RST with SYN or FIN: no form of RFC 9293 combines them."""
    if arrival.rst and (arrival.flags & SYN != 0 or arrival.flags & FIN != 0):
        by_source(arrival, "FL005", "reset-combined")


def missing_ack_flag(arrival):
    """FL008: a segment of a connection without ACK, SYN, RST (RFC 9293 §3.1). With FIN it is TD006, empty FL001."""
    if arrival.fin or arrival.flags & CONTROL_BITS == 0:
        return
    own = arrival.own
    why = ""
    if damaged(arrival) or stranger(arrival):
        why = "third-party"
    elif not own.iss_seen:
        why = "mid-stream"
    elif arrival.segment.checksum_state == CHECKSUM_UNKNOWN:
        why = "truncated"  # looked for, but the packet was not captured whole: damage may hide
    elif own.nxt < 0 or not between(-SCAN_FIT, arrival.seq - own.nxt, SCAN_FIT):
        why = "third-party"
    if why == "":
        violates(arrival, phase_of_header(arrival), "FL008", "no-ack", own.last_frame, arrival.length, -1)
    else:
        undecided(arrival, phase_of_header(arrival), "FL008", "no-ack", why, 0, arrival.length, -1)


def reserved_bits_set(arrival):
    """FL010: one of the three reserved bits is set (RFC 9293 §3.1; the fourth is AE since RFC 9768)."""
    if arrival.flags & RESERVED == 0:
        return
    bits = (arrival.flags & RESERVED) // 512
    if damaged(arrival):
        undecided(arrival, phase_of_header(arrival), "FL010", "reserved", "third-party", 0, bits, -1)
    else:
        violates(arrival, phase_of_header(arrival), "FL010", "reserved", 0, bits, -1)


def invalid_data_offset(arrival):
    """FL011: a header shorter than five words or longer than the segment (RFC 9293 §3.1). Nothing else is judged."""
    stated = arrival.segment.header_stated
    if arrival.segment.checksum_state == CHECKSUM_GOOD:
        violates(arrival, phase_of_header(arrival), "FL011", "data-offset", 0, stated, -1)
    elif arrival.segment.checksum_state == CHECKSUM_BAD:
        undecided(arrival, phase_of_header(arrival), "FL011", "data-offset", "third-party", 0, stated, -1)
    else:
        undecided(arrival, phase_of_header(arrival), "FL011", "data-offset", "truncated", 0, stated, -1)


def land_segment(arrival):
    """FL013: a SYN to itself: legal on a loopback address, elsewhere an attack (RFC 9293 §3.5 Fig. 7)."""
    key = arrival.segment.key
    if is_loopback(key):
        observed(arrival, phase_of_header(arrival), "FL013", "self-connect", 0, -1, -1)
    else:
        by_source(arrival, "FL013", "land")


def is_loopback(key):
    """127.0.0.0/8 or ::1 as the sender's address."""
    if len(key) == 12:
        return key[0] == 127
    index = 0
    while index < 15:
        if key[index] != 0:
            return False
        index += 1
    return key[15] == 1
