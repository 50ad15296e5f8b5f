"""Conforming connections drawn by chance: who, what they agree on, what they say, who closes, where it is seen.

The capture is taken near the client, near the server or between them; every answer comes as late as the way to its
sender makes it. Written as ladders.
"""

import random

from tools.faults.pen import Ends

DISTANCES = ((0.0005, 0.03), (0.03, 0.0005), (0.01, 0.015), (0.02, 0.008))  # s from the tap to client and server
PACES = (0.0, 0.002, 0.02, 0.15)  # seconds that a program thinks


class Call(Ends):
    """A pen that knows how far away both ends are."""

    def __init__(self, rnd: random.Random) -> None:
        super().__init__(rnd)
        stretch = rnd.uniform(0.8, 2.0)
        self.distance = [one * stretch for one in rnd.choice(DISTANCES)]
        self.last = 0
        self.fields = [f" ttl {rnd.choice([64, 57, 128, 115])} win {rnd.choice([8192, 29200, 65535])}" for _ in "cs"]

    def say(self, side: int, text: str, options: list[str], stamped: bool, later: float = 0.0) -> None:
        """One segment, as late as the way to its sender makes it."""
        later += 0.0005 if side == self.last else 2 * self.distance[side]
        self.last = side
        super().say(side, text + self.fields[side], options, stamped, later)

    def go(self, side: int, flags: str, length: int = 0, options: list[str] | None = None, later: float = 0.0) -> None:
        """A later segment, at the next number of its side."""
        size = f" {length}" if length else ""
        text = f"{flags}{size} seq {self.next[side]} ack {self.next[1 - side]}"
        self.say(side, text, options or [], self.stamps[side], later)
        self.next[side] += length + ("F" in flags)


def conforming_call(rnd: random.Random) -> str:
    """A ladder of one conforming connection from SYN to the last ACK."""
    pen = Call(rnd)
    pen.lines += _who(rnd)
    near_wrap = rnd.random() < 0.2
    isn = [rnd.randrange(2**32 - 3000, 2**32) if near_wrap else rnd.randrange(2**32) for _ in "cs"]
    pen.lines.append(f"isn {isn[0]} {isn[1]}")
    offer = [rnd.random() < share for share in (0.7, 0.7, 0.7, 0.2)]  # timestamps, SACK, window scale, ECN
    reply = [asked and rnd.random() < 0.85 for asked in offer]
    mss = rnd.choice([1460, 1460, 1400, 1220])
    pen.say(0, "SEW seq 0" if offer[3] else "S seq 0", _options(offer, mss, rnd), offer[0])
    pen.say(1, "S.E seq 0 ack 1" if reply[3] else "S. seq 0 ack 1", _options(reply, mss, rnd), reply[0])
    pen.stamps = [reply[0], reply[0]]
    pen.go(0, ".")
    for number in range(rnd.randint(1, 4)):
        _exchange(pen, rnd.choice([0, 0, 1]) if number else rnd.choice([0, 0, 0, 1]), mss)
    _close(pen)
    return "\n".join(pen.lines)


def _who(rnd: random.Random) -> list[str]:
    ports = rnd.randrange(32768, 61000), rnd.choice([22, 25, 80, 443, 8080])
    if rnd.random() < 0.3:
        ends = f"[2001:db8::{rnd.randrange(1, 0xFFFF):x}]", f"[2001:db8:1::{rnd.randrange(1, 0xFFFF):x}]"
        return ["ip6", f"pair a {ends[0]}:{ports[0]} > {ends[1]}:{ports[1]}"]
    return [f"pair a 192.0.2.{rnd.randrange(1, 255)}:{ports[0]} > 198.51.100.{rnd.randrange(1, 255)}:{ports[1]}"]


def _options(chosen: list[bool], mss: int, rnd: random.Random) -> list[str]:
    sackok, scale = ["sackok"] if chosen[1] else [], [f"wscale {rnd.choice([0, 2, 7, 10])}"] if chosen[2] else []
    return [f"mss {mss}", *sackok, *scale]


def _exchange(pen: Call, side: int, mss: int) -> None:
    rnd = pen.rnd
    largest = mss - 12 if pen.stamps[0] else mss
    for count in range(rnd.choice([1, 1, 2])):
        pen.go(side, "P.", rnd.choice([20, 200, 500, largest]), later=rnd.choice(PACES) if count == 0 else 0.0)
    if rnd.random() < 0.6:
        pen.go(1 - side, ".")
        return
    pen.go(1 - side, "P.", rnd.choice([20, 200, 500, largest]), later=rnd.choice(PACES[:3]))
    pen.go(side, ".")


def _close(pen: Call) -> None:
    rnd = pen.rnd
    first = rnd.randrange(2)
    how = rnd.choice(["three", "four", "four", "half"])
    pen.go(first, "F.", later=rnd.choice(PACES))
    if how != "three":
        pen.go(1 - first, ".")
    if how == "half":
        pen.go(1 - first, "P.", rnd.choice([20, 200, 500]), later=0.05)
        pen.go(first, ".")
    pen.go(1 - first, "F.", later=0.0 if how == "three" else rnd.choice(PACES))
    pen.go(first, ".")
