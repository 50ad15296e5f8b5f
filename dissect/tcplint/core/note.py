"""How rules speak: each call adds one finding, or counts it where the same was said before.

The same rule, kind, side and verdict in one connection is one finding at its first frame, with a count and the last
frame. Phases: rules HS*, RS001-RS004 and RS021, and option and header findings on segments with SYN speak of the
handshake, TD* and the other RS* of the close, everything else of the connection alone.
"""

from .model import HANDSHAKE, INCONCLUSIVE, OBSERVED, OTHER, SYN, VIOLATES, Finding


def phase_of_header(arrival):
    """Option and header findings speak of the handshake on a segment with SYN, else of the connection alone."""
    if arrival.flags & SYN != 0:
        return HANDSHAKE
    return OTHER


def known(findings, code, kind, verdict, why, side):
    """The finding that says the same, or None."""
    for finding in findings:
        if finding.code == code and finding.kind == kind and finding.side == side:
            if finding.verdict == verdict and finding.why == why:
                return finding
    return None


def add(arrival, phase, code, kind, verdict, why, side, related, n1, n2):
    """Add a finding at the frame of the segment."""
    connection = arrival.connection
    if verdict == VIOLATES:
        arrival.fired.append(code)
    finding = known(connection.findings, code, kind, verdict, why, side)
    if finding is None:
        if len(connection.findings) >= arrival.engine.settings.max_findings:
            arrival.engine.count_note("finding-limit")
            return
        finding = Finding(code, kind, verdict, side, arrival.frame)
        finding.why = why
        finding.n1 = n1
        finding.n2 = n2
        if related > 0 and related != arrival.frame:
            finding.related.append(related)
        finding.phase = phase
        connection.findings.append(finding)
    else:
        finding.count += 1
        finding.last_frame = arrival.frame
    arrival.fresh.append(finding)


def violates(arrival, phase, code, kind, related, n1, n2):
    """The sender of the segment breaks the rule; `related` is the frame that proves it, 0 for none."""
    add(arrival, phase, code, kind, VIOLATES, "", arrival.side, related, n1, n2)


def undecided(arrival, phase, code, kind, why, related, n1, n2):
    """It looks like a breach, but `why` could explain it."""
    add(arrival, phase, code, kind, INCONCLUSIVE, why, arrival.side, related, n1, n2)


def observed(arrival, phase, code, kind, related, n1, n2):
    """A note about the sender of the segment."""
    add(arrival, phase, code, kind, OBSERVED, "", arrival.side, related, n1, n2)


def fired(arrival, code):
    """Another rule has already named the fault of this segment."""
    for other in arrival.fired:
        if other == code:
            return True
    return False


def spoke(arrival, code):
    """Another rule has named this frame, decided or not: its finding, or None."""
    for finding in arrival.fresh:
        if finding.code == code:
            return finding
    return None


def said_before(arrival, code, kind, side):
    """The note of this kind about an end of the connection, or None."""
    return known(arrival.connection.findings, code, kind, OBSERVED, "", side)


class Ending:
    """A connection at a given time, for the rules that wait for time or for the end of the capture.

    Filled by core/outcome before those rules run; they change nothing in the connection.
    """

    def __init__(self, connection, end_time):
        self.engine = None  # whose census tells of the other connections
        self.connection = connection
        self.end_time = end_time
        self.client = 0
        self.opener = connection.ends[0]  # the client's end
        self.answerer = connection.ends[1]
        self.rtt = 0  # µs, from the handshake; 0 when not known
        self.handshake = ""
        self.teardown = ""
        self.closer = -1
        self.last_ack_inferred = False
        self.one_way_capture = False
        self.clock_broken = False  # times before and after the break cannot be compared
        self.findings = []
        self.evidence = []


def conclude(ending, phase, code, kind, verdict, why, side, frame, related, n1, n2):
    """Add a deferred finding. It belongs to the frame of its event, whose number is `frame`."""
    if ending.clock_broken and why == "capture-end":
        why = "order"
    if known(ending.findings, code, kind, verdict, why, side) is None:
        finding = Finding(code, kind, verdict, side, frame)
        finding.why = why
        finding.n1 = n1
        finding.n2 = n2
        if related > 0 and related != frame:
            finding.related.append(related)
        finding.phase = phase
        ending.findings.append(finding)


def notes(ending, phase, code, kind, side, frame, related, n1, n2):
    """A deferred note."""
    conclude(ending, phase, code, kind, OBSERVED, "", side, frame, related, n1, n2)


def leaves_open(ending, phase, code, kind, why, side, frame, related, n1, n2):
    """A deferred rule that the evidence cannot decide."""
    conclude(ending, phase, code, kind, INCONCLUSIVE, why, side, frame, related, n1, n2)


def ran(ending, since, wait):
    """RUN: the capture demonstrably ran for `wait` µs after `since`."""
    return not ending.clock_broken and ending.end_time - since >= wait
