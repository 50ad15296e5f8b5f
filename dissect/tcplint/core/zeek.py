"""Zeek's words: `history`, letter by letter as the segments pass, and `conn_state` from its states of each end.

The states are Zeek's own, not those of RFC 9293: a SYN-ACK establishes both ends, a FIN closes its sender wherever its
number stands, and nobody asks whether a FIN was acknowledged. The originator is the end that we take for the client
when the first segment passes; its letters are capitals. Defined in Zeek's documentation of conn.log.
"""

from .model import ACK, FIN, RST, SYN
from .sequence import MODULUS

INACTIVE = 0
SYN_SENT = 1
SYN_ACK_SENT = 2
PARTIAL = 3
ESTABLISHED = 4
CLOSED = 5
RESET = 6

MOST_LETTERS = 200
CONTROL = 0x007  # FIN, SYN, RST


def letter(tale, side, capital, small):
    """One letter more, a capital for the originator."""
    if len(tale.history) < MOST_LETTERS:
        if side == tale.originator:
            tale.history.append(capital)
        else:
            tale.history.append(small)


def scaled(tale, side, capital, small, count):
    """A letter for the first, the tenth, the hundredth … time."""
    while count >= 10 and count % 10 == 0:
        count = count // 10
    if count == 1:
        letter(tale, side, capital, small)


def enter(told, state):
    """Another state; the one before is remembered."""
    if told.state != state:
        told.before = told.state
        told.state = state


def write(tale, entry):
    """A segment passes."""
    flags = entry.flags
    side = entry.side
    told = tale.ends[side]
    peer = tale.ends[1 - side]
    if entry.damaged:
        told.damaged += 1
        scaled(tale, side, "C", "c", told.damaged)
        return
    if flags & CONTROL != 0:
        write_control(tale, told, entry)
    elif entry.length > 0:
        if not told.data:
            told.data = True
            letter(tale, side, "D", "d")
    elif flags & ACK != 0 and not told.ack:
        told.ack = True
        letter(tale, side, "A", "a")
    if entry.zero_window and flags & RST == 0 and peer.state != CLOSED and told.state != RESET:
        told.zero_windows += 1
        scaled(tale, side, "W", "w", told.zero_windows)
    if entry.repeated and flags & RST == 0 and told.state != RESET:
        told.copies += 1
        scaled(tale, side, "T", "t", told.copies)
    if flags & CONTROL != 0 or told.state == INACTIVE:
        move(told, peer, entry, side == tale.originator)
    if entry.gaps > 0 and is_clean(told) and is_clean(peer):
        for _hole in range(entry.gaps):
            peer.gaps += 1
            scaled(tale, 1 - side, "G", "g", peer.gaps)


def write_control(tale, told, entry):
    """The letter of a segment with SYN, FIN or RST. The same number as last time makes no new one."""
    side = entry.side
    control = entry.flags & CONTROL
    if control == SYN:
        if told.syn != entry.seq:
            told.syn = entry.seq
            if entry.flags & ACK != 0:
                letter(tale, side, "H", "h")
            else:
                letter(tale, side, "S", "s")
    elif control == FIN:
        number = (entry.seq + entry.length) % MODULUS
        if told.fin != number:
            told.fin = number
            letter(tale, side, "F", "f")
    elif control == RST:
        if told.rst != entry.seq:
            told.rst = entry.seq
            letter(tale, side, "R", "r")
    elif control & FIN != 0 and control & RST != 0:
        if not told.inconsistent:
            told.inconsistent = True
            letter(tale, side, "I", "i")
    elif not told.mixed:
        told.mixed = True
        letter(tale, side, "Q", "q")


def is_clean(told):
    """Established, or closed from there."""
    return told.state == ESTABLISHED or (told.state == CLOSED and told.before == ESTABLISHED)


def move(told, peer, entry, originates):
    """The state of the sender, and what it says of its peer's."""
    flags = entry.flags
    syn = flags & SYN != 0
    fin = flags & FIN != 0
    rst = flags & RST != 0
    if told.state == INACTIVE:
        awake(told, peer, entry, originates)
    elif told.state == SYN_SENT or told.state == SYN_ACK_SENT:
        if fin:
            enter(told, CLOSED)
        if rst:
            enter(told, RESET)
    elif told.state == ESTABLISHED or told.state == PARTIAL:
        if syn and told.state == PARTIAL and peer.state == INACTIVE and flags & ACK == 0:
            enter(told, SYN_SENT)
        if rst:
            enter(told, RESET)
        elif fin:
            enter(told, CLOSED)
            if peer.state == RESET and peer.before == CLOSED:
                enter(peer, CLOSED)  # a FIN, then a RST: that was a close
    elif told.state == CLOSED and rst and peer.state != CLOSED:
        enter(told, RESET)


def awake(told, peer, entry, originates):
    """The first segment of an end."""
    flags = entry.flags
    ack = flags & ACK != 0
    if flags & SYN != 0:
        if not originates:
            if peer.state == SYN_SENT:
                enter(peer, ESTABLISHED)
            enter(told, ESTABLISHED)
        elif ack:
            enter(told, SYN_ACK_SENT)
        else:
            enter(told, SYN_SENT)
    if flags & FIN != 0:
        enter(told, CLOSED)
    if flags & RST != 0:
        enter(told, RESET)
    if told.state == INACTIVE:
        if not originates and entry.length == 0 and peer.state == SYN_SENT:
            return  # some acknowledge the SYN before they send their own
        if ack and peer.state == ESTABLISHED:
            enter(told, ESTABLISHED)
        else:
            enter(told, PARTIAL)


def conn_state(tale, connection):
    """One of Zeek's thirteen words."""
    told = tale.ends[tale.originator]
    answer = tale.ends[1 - tale.originator]
    silent = told.state == INACTIVE or told.state == PARTIAL
    unanswered = answer.state == INACTIVE or answer.state == PARTIAL
    if answer.state == RESET:
        asked = told.state == SYN_SENT or told.state == SYN_ACK_SENT
        if asked or (told.state == RESET and is_empty(connection)):
            return "REJ"
        if silent:
            return "RSTRH"
        return "RSTR"
    if told.state == RESET:
        if not unanswered:
            return "RSTO"
        if took_back(tale.history):
            return "RSTOS0"
        return "OTH"
    if told.state == CLOSED and answer.state == CLOSED:
        return "SF"
    if told.state == CLOSED:
        if unanswered:
            return "SH"
        return "S2"
    if answer.state == CLOSED:
        if silent:
            return "SHR"
        return "S3"
    if told.state == SYN_SENT and answer.state == INACTIVE:
        return "S0"
    if told.state == ESTABLISHED and answer.state == ESTABLISHED:
        return "S1"
    return "OTH"


def took_back(history):
    """The originator sent SYN and then RST, and between them nothing that belongs to a connection."""
    index = 0
    if len(history) > 0 and history[0] == "^":
        index = 1
    if index >= len(history) or history[index] != "S":
        return False
    while index + 1 < len(history):
        index += 1
        one = history[index]
        if one == "R":
            return True
        if one == "H" or one == "A" or one == "F" or one == "G" or one == "I" or one == "Q":
            return False
    return False


def is_empty(connection):
    """No octet of payload either way, by the numbers."""
    return size(connection.ends[0]) <= 0 and size(connection.ends[1]) <= 0


def size(endpoint):
    """Octets of payload between the first and the last number of an end."""
    if endpoint.nxt < 0:
        return 0
    octets = endpoint.nxt - endpoint.first
    if endpoint.iss >= 0:
        octets -= 1
    if endpoint.closing.fin >= 0:
        octets -= 1
    return octets
