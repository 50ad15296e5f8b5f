"""Connections in which one end makes one mistake with an option, each with the code of the rule that names it."""

import random

from tools.faults.pen import Ends

OPTION_MISTAKES = {
    "the MSS on data": "OP003",
    "a shift of fifteen": "OP007",
    "SACK permitted on data": "OP009",
    "blocks that nobody permitted": "OP010",
    "a false echo on the SYN-ACK": "OP013",
    "a false echo on the third step": "OP013",
    "data without timestamps": "OP015",
    "a FIN without timestamps": "OP015",
    "ECN that nobody asked for": "OP020",
}
OPENING = ("mss 1460", "wscale 7")


def option_mistake(fault: str, rnd: random.Random) -> str:
    """A ladder of one connection with timestamps in which one end makes this mistake once."""
    pen = Ends(rnd)
    pen.stamps = [True, True]
    pen.lines.append(f"isn {rnd.randrange(2**32)} {rnd.randrange(2**32)}")
    shift = "wscale 15" if fault == "a shift of fifteen" else "wscale 7"
    pen.say(0, "S seq 0", ["mss 1460", shift], True)
    if fault == "a false echo on the SYN-ACK":
        pen.heard[1] = (pen.heard[1] + rnd.randrange(2**28, 2**31)) % 2**32
    pen.say(1, "S.E seq 0 ack 1" if fault == "ECN that nobody asked for" else "S. seq 0 ack 1", [*OPENING], True, 0.02)
    if fault == "a false echo on the third step":
        pen.heard[0] = (pen.heard[0] + rnd.randrange(2**28, 2**31)) % 2**32
    pen.go(0, ".")
    for _ in range(rnd.randint(1, 3)):
        side = rnd.randrange(2)
        pen.go(side, "P.", rnd.choice([20, 500, 1460]))
        pen.go(1 - side, ".")
    _misbehave(pen, fault, rnd.randrange(2))
    return "\n".join(pen.lines)


def _misbehave(pen: Ends, fault: str, guilty: int) -> None:
    """A late segment, the mistake of the guilty end, and the close."""
    wrong = {
        "the MSS on data": ["mss 1400"],
        "SACK permitted on data": ["sackok"],
    }.get(fault, [])
    start = pen.next[1 - guilty]
    blocks = [f"sack {start + 500}:{start + 1000}"] if fault == "blocks that nobody permitted" else []
    pen.next[1 - guilty] += 500
    pen.go(1 - guilty, "P.", 500)
    end, pen.next[1 - guilty] = pen.next[1 - guilty], start
    pen.go(guilty, ".", 0, blocks)
    pen.go(1 - guilty, "P.", 500)
    pen.next[1 - guilty] = end
    pen.stamps[guilty] = fault != "data without timestamps"
    pen.go(guilty, "P.", 50, wrong)
    pen.stamps[guilty] = fault != "a FIN without timestamps"
    pen.go(1 - guilty, ".")
    pen.go(guilty, "F.")
    pen.stamps[guilty] = True
    pen.go(1 - guilty, ".")
    pen.go(1 - guilty, "F.")
    pen.go(guilty, ".")
