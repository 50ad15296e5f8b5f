"""The state that Linux connection tracking would keep of the connection: `conntrack -L` shows it.

One state for both ends. The original direction is that of the segment that made the entry: a SYN, or in the middle of
a connection (`nf_conntrack_tcp_loose`, on by default) anything with ACK alone. A segment moves the state, or is let
through without (*ignored*: its receiver will know better), or is refused (*invalid*).

Instead of windows of its own it is told, as `aim`, where the numbers lie in the connection as we know it; a segment
that does not belong to the connection never comes here. Of timers nothing is known: the state is that of the last
entry.
"""

from .model import ACK, FIN, RST, SYN, URG
from .sequence import MODULUS

NONE = 0
SYN_SENT = 1
SYN_RECV = 2
ESTABLISHED = 3
FIN_WAIT = 4
CLOSE_WAIT = 5
LAST_ACK = 6
TIME_WAIT = 7
CLOSE = 8
SYN_SENT2 = 9
IGNORED = -1
INVALID = -2

# Where the numbers of a segment lie (core/tell).
EXACT = 0
NEAR_MISS = 1  # a RST in the window, but not at the number expected next
INVALID_AIM = 2  # a RST below what was acknowledged or beyond the window, an ack above all that was sent

BY_SYN = 1
BY_ANSWER = 2
BY_FIN = 3
BY_ACK = 4
BY_RST = 5


def kind_of(entry):
    """What the segment is, or 0 for a combination of bits that is invalid."""
    flags = entry.flags
    fin = flags & FIN != 0
    ack = flags & ACK != 0
    urgent = flags & URG != 0
    if flags & SYN != 0:
        if fin or flags & RST != 0 or (ack and urgent):
            return 0
        if ack:
            return BY_ANSWER
        return BY_SYN
    if flags & RST != 0:
        if fin or urgent:
            return 0
        return BY_RST
    if not ack:
        return 0
    if fin:
        return BY_FIN
    return BY_ACK


def next_state(state, original, kind):
    """Where a segment leads from a state, IGNORED or INVALID."""
    if kind == BY_RST:
        return CLOSE
    if kind == BY_FIN:
        if state == SYN_RECV or state == ESTABLISHED:
            return FIN_WAIT
        if state == FIN_WAIT or state == CLOSE_WAIT or state == LAST_ACK:
            return LAST_ACK
        if state == TIME_WAIT or state == CLOSE:
            return state
        return INVALID
    if kind == BY_ACK:
        return after_ack(state, original)
    if kind == BY_ANSWER:
        if state == SYN_SENT2 or (state == SYN_SENT and not original) or (state == SYN_RECV and original):
            return SYN_RECV
        if original:
            return INVALID
        return IGNORED
    if state == SYN_SENT2:
        return SYN_SENT2
    if original:
        if state == SYN_SENT or state == TIME_WAIT or state == CLOSE:
            return SYN_SENT
        return IGNORED
    if state == SYN_SENT:
        return SYN_SENT2
    if state == TIME_WAIT:
        return SYN_SENT
    return INVALID


def after_ack(state, original):
    """Where an ACK, with payload or without, leads."""
    if state == FIN_WAIT or state == CLOSE_WAIT:
        return CLOSE_WAIT
    if state == LAST_ACK or state == TIME_WAIT:
        return TIME_WAIT
    if state == SYN_RECV and original:
        return ESTABLISHED
    if state == SYN_SENT or state == SYN_SENT2:
        if original:
            return INVALID
        return IGNORED  # the answerer may hold an older connection
    return state


def track(tale, entry):
    """A segment passes that belongs to the connection."""
    side = entry.side
    aim = entry.aim
    kind = kind_of(entry)
    if kind == 0:
        return
    if tale.deleted:
        tale.tracked = NONE
        tale.deleted = False
    state = tale.tracked
    if state == NONE:
        if kind == BY_SYN:
            make_entry(tale, side, SYN_SENT, kind)
        elif kind == BY_ACK:
            make_entry(tale, side, ESTABLISHED, kind)
        return
    original = side == tale.original
    follows = next_state(state, original, kind)
    if follows == INVALID:
        return
    if follows == SYN_SENT and state >= TIME_WAIT:
        if tale.closed_first or (tale.last_side == side and tale.last_kind == BY_RST):
            make_entry(tale, side, SYN_SENT, kind)
            return
        follows = IGNORED
    if follows == IGNORED:
        if kind != BY_ANSWER or not answers_ignored(tale, side, entry):
            ignore(tale, side, entry, kind)
            return
        follows = SYN_RECV  # both ends are in step, only we were not
    elif aim == INVALID_AIM:
        return
    if follows == TIME_WAIT and tale.challenge and kind == BY_ACK:
        if tale.last_kind == BY_SYN and tale.last_side != side:
            tale.challenge = False
            return  # the answer to a SYN, not to the last FIN
    if follows == SYN_SENT2:
        tale.crossed = True
    elif follows == SYN_RECV and tale.crossed and kind == BY_ACK:
        follows = ESTABLISHED
    elif kind == BY_RST and aim == NEAR_MISS and state == ESTABLISHED and tale.answered:
        follows = ESTABLISHED  # its receiver may challenge it (RFC 5961)
    accept(tale, side, follows, kind)


def accept(tale, side, follows, kind):
    """The segment moves the entry."""
    if follows == FIN_WAIT and tale.tracked != FIN_WAIT:
        tale.closed_first = True
    tale.tracked = follows
    tale.last_kind = kind
    tale.last_side = side
    tale.deleted = kind == BY_RST and not tale.answered
    if side != tale.original:
        tale.answered = True


def make_entry(tale, side, state, kind):
    """A new entry, in the direction of this entry."""
    tale.tracked = state
    tale.original = side
    tale.last_kind = kind
    tale.last_side = side
    tale.last_end = -1
    tale.answered = False
    tale.closed_first = False
    tale.challenge = False
    tale.crossed = False


def ignore(tale, side, entry, kind):
    """Let the segment through, but remember it: the answer may show that it was right."""
    tale.last_kind = kind
    tale.last_side = side
    if kind == BY_SYN:
        tale.last_end = (entry.seq + entry.length + 1) % MODULUS
        if side == tale.original:
            tale.challenge = tale.tracked == LAST_ACK


def answers_ignored(tale, side, entry):
    """A SYN-ACK for the SYN that was ignored just before."""
    return tale.last_kind == BY_SYN and tale.last_side != side and entry.ack == tale.last_end


def state_name(state):
    """The word that conntrack prints; "" where it has no entry."""
    if state == SYN_SENT:
        return "SYN_SENT"
    if state == SYN_RECV:
        return "SYN_RECV"
    if state == ESTABLISHED:
        return "ESTABLISHED"
    if state == FIN_WAIT:
        return "FIN_WAIT"
    if state == CLOSE_WAIT:
        return "CLOSE_WAIT"
    if state == LAST_ACK:
        return "LAST_ACK"
    if state == TIME_WAIT:
        return "TIME_WAIT"
    if state == CLOSE:
        return "CLOSE"
    if state == SYN_SENT2:
        return "SYN_SENT2"
    return ""
