"""From findings to verdicts: of the opening, of the close, of the connection.

`violates` if an error stands, else `warns` if a warning does, else `inconclusive` if the outcome is not a decided one,
else `conforms`. The verdict of a connection is the worst of its phases and of the findings that belong to neither.
"""

from .aggregate_host import goes_on_unheard
from .calm import sum_up
from .conntrack import state_name
from .evidence import client_certain, client_side, has_hole, reset_before
from .model import CLOSED, ERROR, HANDSHAKE, HIDDEN, INCONCLUSIVE, OTHER, TEARDOWN, VIOLATES, WARNING, Conclusion
from .note import Ending
from .outcome import handshake_decided, is_hard, prepare, teardown_decided
from .rules.table_end import at_end, at_end_of_lone_syn
from .tell import tale_of
from .zeek import conn_state


def severity_of(settings, finding):
    """NOTE, WARNING or ERROR by the catalogue; a kind that it does not name counts as a note."""
    kinds = settings.severity.get(finding.code)
    if kinds is None:
        return 0
    severity = kinds.get(finding.kind)
    if severity is None:
        return 0
    return severity


def worst(settings, findings, phase):
    """Highest severity among the violations of a phase."""
    highest = 0
    for finding in findings:
        if finding.phase == phase and finding.verdict == VIOLATES:
            severity = severity_of(settings, finding)
            if severity > highest:
                highest = severity
    return highest


def accuses(findings):
    """Any violation stands among them."""
    for finding in findings:
        if finding.verdict == VIOLATES:
            return True
    return False


def shown(settings, findings):
    """Those that are to be reported."""
    kept = []
    for finding in findings:
        if severity_of(settings, finding) != HIDDEN:
            kept.append(finding)
    return kept


def verdict_word(highest, decided):
    """The verdict of a phase."""
    if highest == ERROR:
        return "violates"
    if highest == WARNING:
        return "warns"
    if decided:
        return "conforms"
    return "inconclusive"


def rank(word):
    """Verdicts by badness."""
    if word == "violates":
        return 3
    if word == "warns":
        return 2
    if word == "inconclusive":
        return 1
    return 0


def worse(one, other):
    """The worse of two verdicts."""
    if rank(one) >= rank(other):
        return one
    return other


def mention(evidence, why):
    """Add a word to the list of missing evidence, once."""
    for word in evidence:
        if word == why:
            return
    evidence.append(why)


def by_frame(first, second):
    """Two lists of findings as one, in the order of their frames; each list may be out of order."""
    merged = []
    for finding in first:
        insert(merged, finding)
    for finding in second:
        insert(merged, finding)
    return merged


def insert(merged, finding):
    """Insertion from the end: lists are short and nearly sorted."""
    merged.append(finding)
    index = len(merged) - 1
    while index > 0 and merged[index - 1].frame > finding.frame:
        merged[index] = merged[index - 1]
        index -= 1
    merged[index] = finding


def conclude_connection(engine, connection, end_time):
    """All that is to be said of the connection at `end_time`. Changes nothing; may be asked again later."""
    sum_up(connection)
    ending = Ending(connection, end_time)
    ending.engine = engine
    ending.client = client_side(connection)
    ending.opener = connection.ends[ending.client]
    ending.answerer = connection.ends[1 - ending.client]
    ending.one_way_capture = engine.one_way_seen and not engine.both_ways_seen
    if goes_on_unheard(engine, connection.chain.key, ending.client) >= 0:
        ending.one_way_capture = True
    ending.clock_broken = engine.clock_breaks > connection.breaks
    prepare(ending)
    if connection.segments == 1 and ending.opener.opening.alone_frame > 0:
        at_end_of_lone_syn(ending)
    else:
        at_end(ending)
    result = Conclusion()
    result.number = connection.number
    result.key = connection.chain.key
    result.client = ending.client
    result.client_certain = client_certain(connection)
    result.first_frame = connection.first_frame
    result.last_frame = connection.last_frame
    result.segments = connection.segments
    result.handshake = ending.handshake
    result.teardown = ending.teardown
    result.active_closer = ending.closer
    result.state0 = connection.ends[0].state
    result.state1 = connection.ends[1].state
    if gave_up(ending) and ending.client == 0:
        result.state0 = CLOSED
    elif gave_up(ending):
        result.state1 = CLOSED
    result.completeness = connection.completeness
    if engine.settings.outside_words:
        say_outside(result, connection)
    result.retry_of = connection.retry_of
    result.reuse_of = connection.reuse_of
    result.findings = by_frame(connection.findings, ending.findings)
    settings = engine.settings
    if settings.hides:
        result.findings = shown(settings, result.findings)
    opening = 0
    closing = 0
    rest = 0
    if accuses(result.findings):
        opening = worst(settings, result.findings, HANDSHAKE)
        closing = worst(settings, result.findings, TEARDOWN)
        rest = worst(settings, result.findings, OTHER)
    result.handshake_verdict = verdict_word(opening, handshake_decided(ending))
    result.teardown_verdict = verdict_word(closing, teardown_decided(ending))
    result.verdict = worse(result.handshake_verdict, result.teardown_verdict)
    if rest > 0:
        result.verdict = worse(result.verdict, verdict_word(rest, True))
    gather_evidence(result, connection)
    return result


def say_outside(result, connection):
    """The words of other programs (core/outside)."""
    tale = tale_of(connection)
    if tale is not None:
        result.zeek_state = conn_state(tale, connection)
        result.zeek_history = tale.history
        result.conntrack = state_name(tale.tracked)


def gave_up(ending):
    """A hard ICMP error should abort the attempt (RFC 9293 §3.9.2.2 SHLD-26), and no SYN came behind it.

    As with a RST, that it arrived is taken for granted until its receiver shows the contrary.
    """
    quote = ending.connection.quote
    if ending.handshake != "refused-icmp" or quote.seq < 0 or not is_hard(quote):
        return False
    return ending.opener.opening.alone_last_frame < quote.frame


def gather_evidence(result, connection):
    """Name what the capture lacks."""
    zero = connection.ends[0]
    one = connection.ends[1]
    if not zero.iss_seen and not one.iss_seen:
        mention(result.evidence, "mid-stream")
    if has_hole(zero) or has_hole(one):
        mention(result.evidence, "hole")
    if connection.truncated:
        mention(result.evidence, "truncated")
    if (zero.segments == 0 and one.moved) or (one.segments == 0 and zero.moved):
        mention(result.evidence, "one-way")
    open_close = result.teardown == "none" or result.teardown == "unfinished-F1" or result.teardown == "unfinished-F2"
    if open_close and not reset_before(connection):
        mention(result.evidence, "capture-end")
    for finding in result.findings:
        if finding.verdict == INCONCLUSIVE:
            mention(result.evidence, finding.why)
        elif finding.code == "CA011":
            mention(result.evidence, "filtered")
