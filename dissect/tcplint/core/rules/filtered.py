"""CA011: a capture that was filtered or sampled, seen from all its connections together.

Who captures SYN, FIN and RST alone, to save space, gets connections without a single plain segment. Who captures every
tenth packet gets acknowledgments of octets that were never captured. One connection may be so by accident; a whole
capture is not.
"""

from ..evidence import has_hole
from ..model import OTHER
from ..note import notes

ENOUGH_CLOSES = 3  # connections with a FIN
ENOUGH_HOLES = 3  # connections with octets that are missing


def filtered_capture(ending):
    """CA011: nothing but SYN, FIN and RST in the whole capture, or holes in more than half of its connections."""
    census = ending.engine.census
    connection = ending.connection
    zero = connection.ends[0]
    one = connection.ends[1]
    if not census.plain_seen and census.closes >= ENOUGH_CLOSES and (zero.closing.fin >= 0 or one.closing.fin >= 0):
        notes(ending, OTHER, "CA011", "control-only", -1, connection.last_frame, 0, census.closes, -1)
    if (has_hole(zero) or has_hole(one)) and census.holed >= ENOUGH_HOLES:
        if 2 * census.holed > ending.engine.next_number:
            number = ending.engine.next_number
            notes(ending, OTHER, "CA011", "sampled", -1, connection.last_frame, 0, census.holed, number)
