"""Connections in which one end makes one mistake, each with the code of the rule that names it."""

import random

from tools.faults.pen import Pen

MISTAKES = {
    "the SYN-ACK acknowledges too little": "HS002",
    "the third step acknowledges too little": "HS003",
    "a crossing SYN is counted twice": "HS015",
    "data before the SYN-ACK": "HS024",
    "a FIN before the SYN-ACK": "TD019",
    "data without ACK": "FL008",
    "a FIN inside the data": "TD002",
    "a FIN below the stream": "TD002",
    "the FIN again, higher": "TD003",
    "the FIN again, lower": "TD003",
    "data behind the FIN": "TD004",
    "an ACK behind the FIN": "TD005",
    "a FIN without ACK": "TD006",
    "an ACK of more than the FIN": "TD007",
}


def mistaken(fault: str, rnd: random.Random) -> str:
    """A ladder of one connection in which one end, either one, makes this mistake once."""
    pen = Pen(rnd)
    pen.lines.append(f"isn {rnd.randrange(2**32)} {rnd.randrange(2**32)}")
    pen.line("> S <mss 1460>")
    if fault == "a crossing SYN is counted twice":
        _cross(pen)
        return "\n".join(pen.lines)
    if fault == "data before the SYN-ACK":
        pen.line(f"> P. {rnd.choice([1, 20, 500])} seq 1 ack =0")
    elif fault == "a FIN before the SYN-ACK":
        pen.line("> F. seq 1 ack =0")
    pen.line(f"< S. seq 0 ack {0 if fault == 'the SYN-ACK acknowledges too little' else 1} <mss 1460>", 0.02)
    pen.line(f"> . seq 1 ack {0 if fault == 'the third step acknowledges too little' else 1}", 0.02)
    for _ in range(rnd.randint(1, 3)):
        side = rnd.randrange(2)
        pen.send(side, "P.", rnd.choice([20, 500, 1460]))
        pen.send(1 - side, ".")
    guilty = rnd.randrange(2)
    _misbehave(pen, fault, guilty)
    return "\n".join(pen.lines)


def _cross(pen: Pen) -> None:
    """The other SYN and two SYN-ACKs, of which that of the server is wrong; the client counts that SYN twice, too."""
    pen.line("< S <mss 1460>", 0.005)
    answers = ["> S. seq 0 ack 1 <mss 1460>", "< S. seq 1 ack 1 <mss 1460>"]
    pen.rnd.shuffle(answers)
    for answer in answers:
        pen.line(answer)
    pen.next = [1, 2]
    for side in (0, 1, 0):
        pen.send(side, "P.", pen.rnd.choice([20, 500]))
    pen.send(0, "F.")
    pen.send(1, "F.")
    pen.send(0, ".")


def _misbehave(pen: Pen, fault: str, guilty: int) -> None:
    """The close, by the guilty end first, and its mistake."""
    other = 1 - guilty
    direction = "><"[guilty]
    if fault == "data without ACK":
        pen.line(f"{direction} P 20 seq {pen.next[guilty]}")
        pen.next[guilty] += 20
        pen.send(other, ".")
    elif fault == "a FIN without ACK":
        pen.line(f"{direction} F seq {pen.next[guilty]}")
    elif fault == "a FIN below the stream":
        pen.line(f"{direction} F. seq 0 ack {pen.next[other]}")
    elif fault == "a FIN inside the data":
        pen.send(guilty, "P.", 20)
        pen.line(f"{direction} F. seq {pen.next[guilty] - pen.rnd.randint(1, 20)} ack {pen.next[other]}")
        pen.send(other, ".")
    if fault == "the FIN again, lower" or (fault == "data behind the FIN" and pen.rnd.random() < 0.5):
        pen.send(guilty, "P.", 20)
    pen.send(guilty, "F.")
    end = pen.next[guilty]
    if fault == "the FIN again, lower":
        pen.line(f"{direction} F. seq {end - 1 - pen.rnd.randint(1, 20)} ack {pen.next[other]}", 0.3)
    pen.send(other, ".")
    if fault == "the FIN again, higher":
        pen.line(f"{direction} F. seq {end} ack {pen.next[other]}", 0.3)
        pen.next[guilty] += pen.rnd.randint(0, 1)
    elif fault == "data behind the FIN":
        pen.line(f"{direction} P. {pen.rnd.choice([20, 500])} seq {end} ack {pen.next[other]}", 0.1)
        pen.line(f"{'><'[other]} . seq {pen.next[other]} ack {end}")
        if pen.rnd.random() < 0.5:
            pen.next[guilty] += 20
    elif fault == "an ACK of more than the FIN":
        pen.line(f"{'><'[other]} . seq {pen.next[other]} ack {end + pen.rnd.choice([1, 20])}", 0.3)
    pen.send(other, "F.")
    if fault == "an ACK behind the FIN":
        pen.next[guilty] += 1
    pen.send(guilty, ".")
