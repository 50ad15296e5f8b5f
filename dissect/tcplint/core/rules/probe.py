"""FL006 and FL007: a bare ACK, or a FIN with ACK, out of nowhere, and nothing but a RST as its answer.

One such pair of frames is most likely the end of a connection that began before the capture: its other end has
forgotten it. Only many of them from one address make a scan.
"""

from ..census import count_probe, source_of
from ..model import OTHER
from ..note import leaves_open, notes

SCAN = 5  # pairs of addresses and ports from one source
ACK_AND_RST = 36  # completeness: nothing but an ACK and a RST (core/completeness)
FIN_ALONE = 20
FIN_AND_RST = 52


def answered_probe(arrival):
    """Count a connection that so far is one segment of the peer, which this RST answers by its ack."""
    own = arrival.own
    peer = arrival.peer
    connection = arrival.connection
    if connection.segments != 1 or own.segments > 0 or peer.segments != 1 or peer.iss_seen or peer.ackmax < 0:
        return
    if arrival.seq == peer.ackmax and peer.data_end < 0:
        count_probe(arrival.engine.census, arrival.segment.key, peer.closing.fin >= 0)


def lone_probe(ending):
    """FL006: an ACK and the RST that answers it. FL007: a FIN with ACK, and a RST or nothing."""
    connection = ending.connection
    bits = connection.completeness
    if connection.segments > 2 or connection.strange > 0 or connection.segments == 0:
        return
    if bits != ACK_AND_RST and bits != FIN_ALONE and bits != FIN_AND_RST:
        return
    prober = connection.ends[connection.first_side]
    other = connection.ends[1 - connection.first_side]
    if prober.segments != 1 or prober.ackmax < 0 or prober.iss_seen or prober.closing.rst_frame > 0:
        return
    if other.segments > 0 and (other.closing.rst_frame == 0 or other.closing.rst_seq != prober.ackmax):
        return
    if bits == FIN_ALONE and other.segments > 0:
        return
    for past in connection.chain.past:
        if past.number != connection.number:
            return
    key = connection.chain.key
    source = source_of(key)
    if connection.first_side == 1:
        source = key[len(source) : 2 * len(source)]
    code = "FL006"
    one = "stray-ack"
    many = "ack-scan"
    probes = ending.engine.census.ack_probes
    if bits != ACK_AND_RST:
        code = "FL007"
        one = "stray-fin"
        many = "fin-scan"
        probes = ending.engine.census.fin_probes
    probe = probes.get(source)
    frame = connection.first_frame
    answer = other.closing.rst_frame
    if probe is not None and probe.connections >= SCAN:
        notes(ending, OTHER, code, many, prober.side, frame, answer, probe.connections, -1)
    else:
        leaves_open(ending, OTHER, code, one, "mid-stream", prober.side, frame, answer, -1, -1)
