"""CA010: one packet, captured at two points: before and behind a device that gives it another address, or another way.

A copy under the same address and port pair is found by core/duplicate. Behind a device that translates addresses the
same connection stands in the capture a second time; the initial numbers of both ends together, and the timestamp or the
identification, are not met with twice by accident.
"""

from ..census import know_answer
from ..duplicate import original
from ..model import OTHER
from ..note import observed
from ..seen import FRAME, HOP_LIMIT, INTERFACE, LINK
from ..sequence import between

BOTH_POINTS = 1000000  # µs from one capture point to the other; not calibrated


def same_packet_elsewhere(arrival):
    """CA010: this copy was taken on another link, or some hops further on."""
    segment = arrival.segment
    first = original(arrival.engine.recent, segment)
    if first is None:
        return
    if first[HOP_LIMIT] != segment.hop_limit:
        observed(arrival, OTHER, "CA010", "other-hop", first[FRAME], first[HOP_LIMIT], segment.hop_limit)
    elif first[LINK] != segment.link or first[INTERFACE] != segment.interface:
        observed(arrival, OTHER, "CA010", "other-link", first[FRAME], -1, -1)


def same_answer_elsewhere(arrival):
    """CA010: a SYN-ACK that the capture holds already, between other addresses."""
    segment = arrival.segment
    if segment.seq == 0 or arrival.own.opening.answer_frame > 0:
        return
    census = arrival.engine.census
    one = census.answers.get(segment.seq)
    if one is None:
        know_answer(census, segment, arrival.connection.number)
        return
    if one.key == segment.key or one.ack != segment.ack or one.tsval != segment.tsval:
        return
    alike = segment.tsval >= 0 or (segment.ip_id > 0 and segment.ip_id == one.ip_id)
    if alike and between(-BOTH_POINTS, arrival.time - one.time, BOTH_POINTS):
        observed(arrival, OTHER, "CA010", "other-addresses", one.frame, one.connection, -1)
