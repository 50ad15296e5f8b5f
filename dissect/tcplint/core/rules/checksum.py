"""FL014: a wrong checksum (RFC 9293 §3.1, MUST-2).

One wrong sum is what a bad wire leaves, and nobody's fault: the receiver drops the segment, and its sender sends it
again. A sum that is wrong in the retransmission too was made wrong. A capture on the sending machine, or one with
rewritten addresses, has no right sums at all of that end: so a third copy of the same octets must be right. That the
peer did not take the wrong ones proves nothing, for its acknowledgment may be what the capture missed.
"""

from ..connection import Suspect
from ..duplicate import HOP_WINDOW
from ..evidence import stranger
from ..model import INCONCLUSIVE, OTHER, VIOLATES
from ..note import conclude, notes
from ..sequence import unwrap

MOST_KEPT = 8  # damaged segments of an end that are remembered
PLACE = 65536  # a sequence number and a length in one number


def wrong_checksum(arrival):
    """FL014: remember the damage until the same octets come again."""
    segment = arrival.segment
    opening = arrival.own.opening
    number = segment.seq * PLACE + arrival.length % PLACE
    mark = segment.checksum * 1048576 + segment.ip_id % 1048576
    kept = 0
    one = opening.suspects
    while one is not None:
        if one.code == "FL014":
            kept += 1
            if one.number == number and arrival.length > 0:
                if one.proof == 0 and one.mark != mark and arrival.time - one.time > HOP_WINDOW:
                    one.proof = arrival.frame
                    if one.why == "":
                        one.why = doubt_about_damage(arrival)
                return
        one = one.before
    if kept < MOST_KEPT:
        why = doubt_about_damage(arrival)
        opening.suspects = Suspect("FL014", arrival.frame, arrival.time, why, opening.suspects)
        opening.suspects.number = number
        opening.suspects.mark = mark


def doubt_about_damage(arrival):
    """Why the segment may not be of this end."""
    if not arrival.own.iss_seen:
        return "mid-stream"
    if stranger(arrival):
        return "third-party"
    return ""


def wrong_again(ending):
    """FL014: damaged twice, and right at last; or damaged once, which is only noted."""
    for endpoint in ending.connection.ends:
        one = endpoint.opening.suspects
        while one is not None:
            if one.code == "FL014":
                judge_damage(ending, endpoint, one)
            one = one.before


def judge_damage(ending, endpoint, one):
    """One place in the stream."""
    if one.proof == 0:
        notes(ending, OTHER, "FL014", "damaged", endpoint.side, one.frame, 0, -1, -1)
        return
    why = one.why
    if why == "" and not came_whole(endpoint, one.number):
        why = "hole"
    verdict = VIOLATES
    if why != "":
        verdict = INCONCLUSIVE
    conclude(ending, OTHER, "FL014", "wrong-again", verdict, why, endpoint.side, one.proof, one.frame, -1, -1)


def came_whole(endpoint, number):
    """The octets at this place were captured undamaged as well."""
    if endpoint.seen < 0:
        return False
    start = unwrap(endpoint.nxt, number // PLACE)
    stop = start + number % PLACE
    if stop > endpoint.seen or (endpoint.first >= 0 and start < endpoint.first):
        return False
    index = 0
    while index < len(endpoint.gaps):
        if endpoint.gaps[index] < stop and start < endpoint.gaps[index + 1]:
            return False
        index += 2
    return True
