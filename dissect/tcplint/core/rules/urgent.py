"""FL009: the urgent pointer (RFC 9293 §3.1, §3.8.5): an offset to the number behind the urgent octets, with URG only.

URG may come ahead of the octets that it speaks of, when the window has no room for them. So a pointer beyond what its
sender has sent is judged at the end, when its FIN has told that they never came.
"""

from ..connection import Suspect
from ..evidence import damaged, stranger
from ..model import OTHER, URG, VIOLATES
from ..note import conclude, leaves_open, observed, phase_of_header
from .negotiation import elsewhere
from .options import report


def inconsistent_urgent_pointer(arrival):
    """FL009: a pointer without URG is a note, URG that points at nothing a warning."""
    segment = arrival.segment
    pointer = segment.urgent
    if arrival.flags & URG == 0:
        if pointer > 0 and not damaged(arrival):
            observed(arrival, phase_of_header(arrival), "FL009", "pointer-without-urg", 0, pointer, -1)
        return
    if not arrival.has_ack and not arrival.syn and not arrival.rst:
        return  # FL003, FL008
    why = ""
    if damaged(arrival) or stranger(arrival):
        why = "third-party"
    elif pointer < 0:
        why = "truncated"
    if pointer <= 0:
        if arrival.syn:
            return  # HS001
        report(arrival, "FL009", "no-pointer", why, 0, -1, -1)
    elif arrival.syn or arrival.rst:
        report(arrival, "FL009", "nothing-urgent", why, 0, pointer, -1)
    elif why == "" and arrival.seq + pointer > arrival.right and elsewhere(arrival) == "":
        keep_urgent(arrival, pointer)


def keep_urgent(arrival, pointer):
    """Remember the segment that points furthest."""
    opening = arrival.own.opening
    one = opening.suspects
    while one is not None:
        if one.code == "FL009":
            if arrival.seq + pointer > one.number:
                one.number = arrival.seq + pointer
                one.frame = arrival.frame
            return
        one = one.before
    opening.suspects = Suspect("FL009", arrival.frame, arrival.time, "", opening.suspects)
    opening.suspects.number = arrival.seq + pointer


def urgent_that_never_came(ending):
    """FL009: the FIN stands in front of where the pointer pointed."""
    for endpoint in ending.connection.ends:
        one = endpoint.opening.suspects
        while one is not None:
            if one.code == "FL009":
                judge_pointer(ending, endpoint, one)
            one = one.before


def judge_pointer(ending, endpoint, one):
    """One of them."""
    closing = endpoint.closing
    if closing.fin >= 0:
        beyond = one.number - closing.fin
        if beyond > 0:
            conclude(
                ending,
                OTHER,
                "FL009",
                "nothing-urgent",
                VIOLATES,
                "",
                endpoint.side,
                one.frame,
                closing.frame,
                beyond,
                -1,
            )
    elif one.number > endpoint.nxt:
        beyond = one.number - endpoint.nxt
        leaves_open(ending, OTHER, "FL009", "nothing-urgent", "capture-end", endpoint.side, one.frame, 0, beyond, -1)
