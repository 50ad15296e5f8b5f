"""One pair of addresses and ports, used by several conforming connections that agree on different options each.

Timestamps, SACK, window scale and ECN are offered or not, answered or not, and given up when a SYN is repeated. What
was agreed on is used: timestamps stand in every later segment, SACK blocks are sent where octets are missing.
"""

import random

from tools.faults.pen import Ends

SLOW = [1.0, 2.0, 4.0]  # seconds before a SYN is repeated


def agreeing_pair(rnd: random.Random) -> str:
    """A ladder of one to three conforming connections on one pair; what they agree on is random."""
    pen = Ends(rnd)
    isn = [rnd.randrange(2**32), rnd.randrange(2**32)]
    for _ in range(rnd.randint(1, 3)):
        pen.next = [1, 1]
        pen.heard = [0, 0]
        pen.lines.append(f"isn {isn[0]} {isn[1]}")
        _open(pen)
        for _ in range(rnd.randint(0, 3)):
            _talk(pen)
        _close(pen)
        above = [(isn[side] + pen.next[side] + 65537) % 2**32 for side in (0, 1)]
        isn = rnd.choice([above, above, [rnd.randrange(2**32), rnd.randrange(2**32)], [isn[0], above[1]]])
    return "\n".join(pen.lines)


def _open(pen: Ends) -> None:
    rnd = pen.rnd
    offer = [rnd.random() < 0.6 for _ in range(4)]  # timestamps, SACK, window scale, ECN
    retries = rnd.choice([0, 0, 0, 1, 2])
    gives_up = retries > 0 and rnd.random() < 0.6
    pen.say(0, "SEW seq 0" if offer[3] else "S seq 0", _options(offer), offer[0], rnd.choice([0.01, 0.3, 1.1, 70]))
    answered, heard = offer, pen.heard[1]
    for number in range(retries):
        last = number == retries - 1
        again = [False] * 4 if gives_up and last else offer
        pen.say(0, "SEW seq 0" if again[3] else "S seq 0", _options(again), again[0], SLOW[number])
        if rnd.random() < 0.5:
            answered, heard = again, pen.heard[1]
    given_up = gives_up and answered[0]  # the client no longer remembers what it had offered first
    pen.heard[1] = heard if answered[0] else 0
    reply = [asked and rnd.random() < 0.8 for asked in answered]
    reply[1] = reply[1] or rnd.random() < 0.2
    pen.say(1, f"{'S.E' if reply[3] else 'S.'} seq 0 ack 1", _options(reply), reply[0], 0.02)
    pen.stamps = [reply[0] and not given_up, reply[0]]
    pen.sack = [reply[1], answered[1]]
    pen.go(0, ".")


def _options(offer: list[bool]) -> list[str]:
    return ["mss 1460", *(["sackok"] if offer[1] else []), *(["wscale 7"] if offer[2] else [])]


def _talk(pen: Ends) -> None:
    """One side sends, once in a while with a segment that is late; the other acknowledges, in blocks if it may."""
    side = pen.rnd.randrange(2)
    length = pen.rnd.choice([1, 20, 500])
    if pen.rnd.random() < 0.6:
        pen.go(side, "P.", length)
        pen.go(1 - side, ".")
        return
    start = pen.next[side]
    pen.next[side] += length
    pen.go(side, "P.", length)
    block = f"sack {start + length}:{start + 2 * length}"
    end, pen.next[side] = pen.next[side], start
    pen.go(1 - side, ".", 0, [block] if pen.sack[1 - side] else [])
    pen.go(side, "P.", length)
    pen.next[side] = end
    pen.go(1 - side, ".")


def _close(pen: Ends) -> None:
    how = pen.rnd.choice(["client", "server", "reset", "open"])
    if how == "reset":
        pen.go(pen.rnd.randrange(2), "R.")
    elif how != "open":
        first = int(how == "server")
        pen.go(first, "F.")
        if pen.rnd.random() < 0.5:
            pen.go(1 - first, ".")
        pen.go(1 - first, "F.")
        pen.go(first, ".")
