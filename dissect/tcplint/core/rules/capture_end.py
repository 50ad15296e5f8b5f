"""CA: what the capture lacks, seen from its end."""

from ..evidence import has_hole
from ..model import INCONCLUSIVE, OTHER
from ..note import notes


def capture_ends_early(ending):
    """CA002: some rule waited for an answer and the capture stopped first."""
    for finding in ending.findings:
        if finding.verdict == INCONCLUSIVE and finding.why == "capture-end":
            waited = ending.end_time - ending.connection.last_time
            notes(ending, OTHER, "CA002", "cut", -1, ending.connection.last_frame, finding.frame, waited, -1)
            return


def sequence_gap(ending):
    """CA004: numbers that were passed over and never captured."""
    for endpoint in ending.connection.ends:
        if has_hole(endpoint):
            missing = 0
            index = 0
            while index < len(endpoint.gaps):
                missing += endpoint.gaps[index + 1] - endpoint.gaps[index]
                index += 2
            notes(
                ending, OTHER, "CA004", "gap", endpoint.side, endpoint.hole_frame, 0, missing, len(endpoint.gaps) // 2
            )


def one_way_capture(ending):
    """CA005: one end is never heard, yet the other's numbers show that it answers."""
    for endpoint in ending.connection.ends:
        peer = ending.connection.ends[1 - endpoint.side]
        if peer.segments == 0 and endpoint.moved and endpoint.ackmax >= 0:
            notes(ending, OTHER, "CA005", "one-way", endpoint.side, endpoint.last_frame, 0, endpoint.segments, -1)
