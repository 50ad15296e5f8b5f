"""One pair of addresses and ports, used by several conforming connections after one another."""

import random

from tools.faults.pen import Pen


def reused_pair(rnd: random.Random) -> str:
    """A ladder of one to four conforming connections on one pair; how they open, close and number is random."""
    pen = Pen(rnd)
    isn = [rnd.randrange(2**32), rnd.randrange(2**32)]
    for _ in range(rnd.randint(1, 4)):
        pen.next = [1, 1]
        pen.lines.append(f"isn {isn[0]} {isn[1]}")
        _open_and_close(pen)
        isn = _next_numbers(rnd, isn, pen.next)
    return "\n".join(pen.lines)


def _open_and_close(pen: Pen) -> None:
    rnd = pen.rnd
    pen.line("> S <mss 1460>", rnd.choice([0.01, 0.05, 0.3, 1.1]))
    for number in range(rnd.choice([0, 0, 0, 1, 2])):
        pen.line("> S seq 0 <mss 1460>", 2**number)
    opening = rnd.choice(["three-way", "three-way", "three-way", "by data", "refused", "unanswered", "reset"])
    if opening == "refused":
        pen.line("< R.")
    if opening in ("refused", "unanswered"):
        return
    pen.line("< S. seq 0 ack 1 <mss 1460>", 0.02)
    if rnd.random() < 0.3:
        pen.line("< S. seq 0 ack 1 <mss 1460>", 1)
    if opening == "reset":
        pen.line("> R seq 1")
        return
    if opening == "three-way":
        pen.send(0, ".")
    for number in range(rnd.randint(opening == "by data", 3)):
        side = 0 if number == 0 else rnd.randrange(2)
        pen.send(side, "P.", rnd.choice([1, 10, 500, 1460]))
        pen.send(1 - side, ".")
    _close(pen, rnd.choice(["client", "server", "crossing", "client resets", "server resets", "open"]))


def _close(pen: Pen, how: str) -> None:
    if how in ("client", "server"):
        first = int(how == "server")
        pen.send(first, "F.")
        if pen.rnd.random() < 0.5:
            pen.send(1 - first, ".")
        pen.send(1 - first, "F.")
        pen.send(first, ".")
    elif how == "crossing":
        pen.line(f"> F. seq {pen.next[0]} ack {pen.next[1]}")
        pen.line(f"< F. seq {pen.next[1]} ack {pen.next[0]}")
        pen.next = [pen.next[0] + 1, pen.next[1] + 1]
        pen.send(0, ".")
        pen.send(1, ".")
    elif how != "open":
        pen.send(int(how == "server resets"), "R.")


def _next_numbers(rnd: random.Random, isn: list[int], used: list[int]) -> list[int]:
    """The next initial numbers, as stacks choose them: above a TIME-WAIT, by a clock, at random; or one again."""
    above = [(isn[side] + used[side] + 65537) % 2**32 for side in (0, 1)]
    choice = rnd.choice(["time-wait", "clock", "random", "client again", "client again"])
    if choice == "time-wait":
        return above
    if choice == "clock":
        return [(number + rnd.randrange(10**7)) % 2**32 for number in above]
    if choice == "random":
        return [rnd.randrange(2**32), rnd.randrange(2**32)]
    return [isn[0], above[1]]
