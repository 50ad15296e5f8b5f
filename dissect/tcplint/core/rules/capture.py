"""CA: what the capture did. Never a fault of an end; each names evidence that other rules must do without."""

from ..evidence import SLACK, damaged
from ..model import CHECKSUM_PARTIAL, OBSERVED, OTHER
from ..note import known, observed
from ..sequence import FAR, difference
from .twice import same_packet_elsewhere


def capture_starts_mid_stream(arrival):
    """CA001: the connection's first segment has no SYN."""
    observed(arrival, OTHER, "CA001", "no-syn", 0, -1, -1)


def acknowledged_unseen_data(arrival):
    """CA003: an ack above all that was captured of the peer. Never a fault of the acknowledging end."""
    peer = arrival.peer
    if peer.seen < 0 or peer.closing.fin >= 0 or damaged(arrival):
        return
    if peer.opening.other_iss >= 0 and not arrival.own.got_syn:
        return  # two SYN-ACKs with different numbers: this may speak of either
    unseen = arrival.ack - peer.nxt
    if 0 < unseen <= FAR:
        if known(arrival.connection.findings, "CA003", "unseen", OBSERVED, "", arrival.side) is None:
            arrival.engine.census.holed += 1
        observed(arrival, OTHER, "CA003", "unseen", 0, unseen, -1)


def truncated_header(arrival):
    """CA006: the snapshot length cut the TCP header."""
    arrival.connection.truncated = True
    captured = arrival.segment.header_captured
    observed(arrival, OTHER, "CA006", "header", 0, captured, arrival.segment.header_stated)


def duplicated_frame(arrival):
    """CA007: the capture holds this frame twice."""
    observed(arrival, OTHER, "CA007", "copy", 0, -1, -1)
    same_packet_elsewhere(arrival)


def reordered_capture(arrival):
    """CA008: a step back in time, an answer before its question, or a sender's timestamps that run backwards."""
    own = arrival.own
    peer = arrival.peer
    connection = arrival.connection
    back = connection.last_time - arrival.time
    if connection.segments > 0 and back > 0:
        observed(arrival, OTHER, "CA008", "time-back", connection.last_frame, back, -1)
    if arrival.syn or arrival.rst:
        answer = peer.opening.answer_frame
        if answer > 0 and arrival.syn and not arrival.has_ack and own.opening.alone_frame == 0:
            if arrival.time - peer.opening.answer_time <= SLACK:
                observed(arrival, OTHER, "CA008", "answer-first", answer, -1, -1)
        return
    if own.seen >= 0 and own.seen < arrival.right <= peer.ackmax and arrival.time - peer.last_time <= SLACK:
        observed(arrival, OTHER, "CA008", "answer-first", peer.last_frame, -1, -1)
    if own.tsval >= 0 and arrival.segment.tsval >= 0 and difference(arrival.segment.tsval, own.tsval) < 0:
        observed(arrival, OTHER, "CA008", "timestamp-back", own.last_frame, -1, -1)


def offload_artefact(arrival):
    """CA009: lengths and checksums as a sender's own tap sees them, before the network card has finished them."""
    segment = arrival.segment
    if segment.offload:
        observed(arrival, OTHER, "CA009", "no-ip-length", 0, arrival.length, -1)
    if segment.checksum_state == CHECKSUM_PARTIAL:
        observed(arrival, OTHER, "CA009", "partial-checksum", 0, -1, -1)
    mss = arrival.peer.opening.mss
    if mss > 0 and arrival.length > mss and not arrival.syn:
        observed(arrival, OTHER, "CA009", "super-segment", 0, arrival.length, mss)
