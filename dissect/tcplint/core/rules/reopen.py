"""ID: how a pair of addresses and ports is opened again, and what the end in TIME-WAIT makes of it.

The end that closed first waits, so that no segment of the old connection is taken for one of the next. Three things end
the wait early: a SYN of the other end that is surely new (RFC 9293 §3.6.1 MAY-2, RFC 6191 §2), a RST, and the end's own
impatience. Whoever opens again has to stay clear of the numbers that old segments may still carry (§3.4.1 MUST-8).

All of this compares one incarnation with the one before it, of which the chain keeps a little (connection.Past).
"""

from ..connection import Suspect
from ..evidence import damaged
from ..model import INCONCLUSIVE, OBSERVED, OTHER, VIOLATES
from ..note import add, fired, leaves_open, notes, ran
from ..outcome import SETTLED
from ..sequence import MODULUS, between, difference
from .reuse import FIELD_TIME_WAIT, RFC_TIME_WAIT

ABOVE_WINDOW = 65535  # numbers; RFC 9293 §3.1: the largest window without scaling. Stacks that reopen start 65537 above
QUIET_TIME = 120000000  # µs; RFC 9293 §3.4.2: one MSL
BOOT_TICKS = 120000  # the same in ticks of the fastest timestamp clock, 1 ms (RFC 7323 §5.4)


class Reopening:
    """The SYN that opens a pair again, at the frame that shows it to be one, and the incarnation before."""

    def __init__(self, past, side, number, tsval, time, frame):
        self.past = past
        self.side = side
        self.number = number  # raw
        self.tsval = tsval
        self.time = time
        self.frame = frame
        self.gap = time - past.time


def past_of(connection):
    """The incarnation that this connection follows, or None."""
    past = connection.chain.past
    if connection.reuse_of < 0 or len(past) == 0 or past[-1].number != connection.reuse_of:
        return None
    return past[-1]


def reopening(arrival):
    """The Reopening that this frame shows, or None: the first SYN of a connection that follows an ended one."""
    past = past_of(arrival.connection)
    if past is None or arrival.has_ack:
        return None
    if arrival.committed:
        return reopened_by(past, arrival.own)
    if arrival.connection.segments > 0:
        return None
    segment = arrival.segment
    return Reopening(past, arrival.side, segment.seq, segment.tsval, arrival.time, arrival.frame)


def reopened_by(past, opener):
    """The Reopening by the SYN of an end that has been captured before."""
    opening = opener.opening
    number = opener.iss % MODULUS
    return Reopening(past, opener.side, number, opening.tsval, opening.alone_time, opening.alone_frame)


def high_of(past, side):
    """Raw number behind the last of an end of the old connection; -1 when not known."""
    if side == 0:
        return past.high0
    return past.high1


def low_of(past, side):
    """Raw first number of an end of the old connection."""
    if side == 0:
        return past.low0
    return past.low1


def tsval_of(past, side):
    """Last timestamp of an end of the old connection; -1 without timestamps."""
    if side == 0:
        return past.tsval0
    return past.tsval1


def window_towards(past, side):
    """The largest window that was offered to an end of the old connection."""
    if side == 0:
        return past.window1
    return past.window0


def may_wait(past, side):
    """This end was left in TIME-WAIT, or nobody knows which was."""
    return past.orderly and not past.reset and (past.closer == side or past.closer == 2 or past.closer < 0)


def newer(tsval, old):
    """The timestamp shows that the segment is none of the old connection, which may have had no timestamps at all."""
    return tsval >= 0 and (old < 0 or difference(tsval, old) > 0)


def doubt(arrival, past, gap):
    """Why nobody knows whether an end was still in TIME-WAIT; "" when it was."""
    if past.closer < 0:
        return "hole"
    if gap >= FIELD_TIME_WAIT or arrival.engine.clock_breaks > past.breaks:
        return "order"
    return ""


def say(arrival, code, kind, why, side, frame, number):
    """A breach, or what leaves it open."""
    verdict = VIOLATES
    if why != "":
        verdict = INCONCLUSIVE
    add(arrival, OTHER, code, kind, verdict, why, side, frame, number, -1)


def active_closer_reopens_early(arrival):
    """ID004: the end that closed first opens the pair again while it has to wait (RFC 9293 §3.6.1 MUST-13)."""
    again = reopening(arrival)
    if again is not None:
        judge_patience(arrival, again)


def judge_patience(arrival, again):
    """ID004 for the end that opens again."""
    past = again.past
    if again.gap >= RFC_TIME_WAIT or not may_wait(past, again.side):
        return
    high = high_of(past, again.side)
    clear = high >= 0 and difference(again.number, high) > ABOVE_WINDOW
    clear = clear or newer(again.tsval, tsval_of(past, again.side))
    if past.closer >= 0 and again.gap >= FIELD_TIME_WAIT:
        add(arrival, OTHER, "ID004", "late", OBSERVED, "", again.side, again.frame, again.gap, -1)
    elif past.closer >= 0 and clear:
        add(arrival, OTHER, "ID004", "kept-clear", OBSERVED, "", again.side, again.frame, again.gap, -1)
    elif not clear:
        say(arrival, "ID004", "early", doubt(arrival, past, again.gap), again.side, again.frame, again.gap)


def isn_inside_old_connection(arrival):
    """ID006: an initial number that the same end used in the connection before (RFC 9293 §3.4.1 MUST-8)."""
    again = reopening(arrival)
    if again is not None:
        judge_inside(arrival, again)
    past = past_of(arrival.connection)
    if past is not None and accepts(arrival):
        segment = arrival.segment
        judge_inside(arrival, Reopening(past, arrival.side, segment.seq, segment.tsval, arrival.time, arrival.frame))


def opened_unseen(arrival):
    """The third step of a connection whose SYN was taken for a part of the one before: only now it is its opener's own.

    A SYN that repeats the old initial number may be a late copy, whatever it is answered.
    """
    past = past_of(arrival.connection)
    opening = arrival.own.opening
    if past is None or opening.alone_frame == 0:
        return
    for finding in arrival.connection.findings:
        if finding.side == arrival.side and (finding.code == "ID004" or finding.code == "ID006"):
            return
    again = reopened_by(past, arrival.own)
    judge_patience(arrival, again)
    judge_inside(arrival, again)


def accepts(arrival):
    """The first SYN-ACK of its sender, and it acknowledges the captured SYN."""
    asker = arrival.peer
    if not arrival.syn or not arrival.has_ack or arrival.own.opening.answer_frame > 0 or damaged(arrival):
        return False
    if asker.opening.alone_frame == 0:
        return False
    return between(asker.iss + 1, arrival.ack, asker.iss + 1 + asker.opening.length)


def judge_inside(arrival, again):
    """ID006 for one end."""
    past = again.past
    low = low_of(past, again.side)
    high = high_of(past, again.side)
    if again.gap >= RFC_TIME_WAIT or high < 0 or fired(arrival, "ID002") or fired(arrival, "ID004"):
        return
    above = difference(again.number, low)
    beyond = difference(again.number, high)
    old = tsval_of(past, again.side)
    if above >= 0 and beyond < 0:
        if old >= 0 and newer(again.tsval, old):
            add(arrival, OTHER, "ID006", "inside-stamped", OBSERVED, "", again.side, again.frame, above, -1)
        elif arrival.engine.clock_breaks > past.breaks:
            say(arrival, "ID006", "inside", "order", again.side, again.frame, above)
        else:
            say(arrival, "ID006", "inside", "", again.side, again.frame, above)
    elif between(0, beyond, window_towards(past, again.side) - 1) and not past.orderly:
        if old < 0 or not newer(again.tsval, old):
            say(arrival, "ID006", "inside", "hole", again.side, again.frame, above)


def time_wait_reopen_ineligible_syn(arrival):
    """ID003: an end leaves TIME-WAIT for a SYN that may be an old one (RFC 6191 §2, RFC 9293 SHLD-4)."""
    past = past_of(arrival.connection)
    if past is None or not accepts(arrival) or not may_wait(past, arrival.side):
        return
    asker = arrival.peer
    gap = arrival.time - past.time
    high = high_of(past, asker.side)
    if gap >= RFC_TIME_WAIT or high < 0:
        return
    stamps = asker.opening.tsval >= 0 and arrival.segment.tsval >= 0
    if eligible(asker.iss % MODULUS, high, asker.tsval, tsval_of(past, asker.side), stamps):
        return
    why = doubt(arrival, past, gap)
    tried = kept_try(asker)
    if tried is not None and tried.copies > 1:
        return  # a RST has ended TIME-WAIT meanwhile
    if why == "" and (asker.opening.alone_copies > 1 or (tried is not None and tried.proof > 0)):
        why = "hole"  # refused at first: a RST that was not captured may have ended TIME-WAIT
    say(arrival, "ID003", "accepted", why, arrival.side, asker.opening.alone_frame, gap)


def eligible(number, high, tsval, old, stamps):
    """RFC 6191 §2: a newer timestamp, or none that could be older and a number above that of the old FIN.

    `high` is the number behind that FIN; `stamps`: the new connection uses timestamps.
    """
    above = difference(number, high) >= 0
    if not stamps:
        return above
    if old < 0:
        return True
    step = difference(tsval, old)
    return step > 0 or (step == 0 and above)


def kept_try(endpoint):
    """What was kept of a SYN to an end in TIME-WAIT, or None."""
    one = endpoint.opening.suspects
    while one is not None and one.code != "ID005":
        one = one.before
    return one


def keep_try(arrival):
    """A SYN meets an end in TIME-WAIT: keep it until its answer is known."""
    again = reopening(arrival)
    if again is None or arrival.committed or again.gap >= RFC_TIME_WAIT or not may_wait(again.past, 1 - again.side):
        return
    past = again.past
    opening = arrival.own.opening
    why = doubt(arrival, past, again.gap)
    opening.suspects = Suspect("ID005", arrival.frame, again.gap, why, opening.suspects)
    high = high_of(past, again.side)
    old = tsval_of(past, again.side)
    above = high >= 0 and difference(again.number, high) >= 0
    sure = above and again.tsval < 0
    if above and old < 0:
        sure = True  # whether or not the other end would use timestamps
    if old >= 0 and again.tsval >= 0 and high >= 0:
        sure = eligible(again.number, high, again.tsval, old, True)
    if sure:
        opening.suspects.number = 1


def hear_old_reply(arrival):
    """An ACK or a RST in answer to a SYN that met TIME-WAIT, or the RST with which its sender answers that ACK."""
    if damaged(arrival) or arrival.syn:
        return
    tried = kept_try(arrival.peer)
    if tried is not None and arrival.own.opening.answer_frame == 0 and tried.proof == 0:
        if arrival.rst or arrival.has_ack:
            tried.proof = arrival.frame
            tried.mark = 0
            if arrival.rst:
                tried.mark = 1
        return
    tried = kept_try(arrival.own)
    if tried is not None and arrival.rst and tried.proof > 0 and tried.mark == 0:
        tried.copies = 2


def syn_dropped_in_time_wait(ending):
    """ID005: a SYN to an end in TIME-WAIT was answered by silence, an old ACK or a RST (RFC 9293 §3.10.7.4)."""
    tried = kept_try(ending.opener)
    if tried is None:
        return
    side = 1 - ending.client
    opening = ending.opener.opening
    kind = "silence"
    frame = opening.alone_last_frame
    why = tried.why
    if tried.proof > 0:
        frame = tried.proof
        kind = "old-ack"
        if tried.mark == 1:
            kind = "reset"
        elif tried.copies > 1:
            kind = "old-ack-reset"
    elif ending.answerer.last_frame > 0 or ending.connection.quote is not None:
        return
    elif not ending.connection.superseded and not ran(ending, opening.alone_last_time, SETTLED):
        why = "capture-end"
    elif ending.one_way_capture:
        why = "one-way"
    elif why == "" and opening.alone_copies < 2:
        why = "hole"  # a single SYN, or its answer, may simply be lost
    copies = opening.alone_copies
    if why != "":
        leaves_open(ending, OTHER, "ID005", kind, why, side, frame, tried.frame, copies, -1)
        return
    notes(ending, OTHER, "ID005", kind, side, frame, tried.frame, copies, -1)
    if tried.number == 1 and kind != "reset":
        notes(ending, OTHER, "ID003", "refused", side, frame, tried.frame, tried.time, -1)


def no_quiet_time(arrival):
    """ID011: a hint that a restarted host opens an old pair before old segments are gone (RFC 9293 §3.4.2)."""
    again = reopening(arrival)
    if again is None or again.gap >= QUIET_TIME or again.tsval < 0 or again.tsval > BOOT_TICKS:
        return
    old = tsval_of(again.past, again.side)
    if old > 2 * BOOT_TICKS and difference(again.tsval, old) < 0:
        say(arrival, "ID011", "restarted", "far-tap", again.side, again.frame, again.gap)
