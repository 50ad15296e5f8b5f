"""Writes ladders line by line, keeping time and numbers."""

import random

CLOCKS = [100, 1000, 1_000_000]  # ticks a second


class Pen:
    """Writes a ladder, keeping time and numbers."""

    def __init__(self, rnd: random.Random) -> None:
        self.rnd = rnd
        self.time = 0.0
        self.lines: list[str] = []
        self.next = [1, 1]

    def line(self, text: str, later: float = 0.01) -> None:
        """Write a line, so many seconds later."""
        self.time += later
        self.lines.append(f"{self.time:.4f} {text}")

    def send(self, side: int, flags: str, length: int = 0) -> None:
        """A segment at the next numbers of both sides."""
        size = f" {length}" if length else ""
        self.line(f"{'><'[side]} {flags}{size} seq {self.next[side]} ack {self.next[1 - side]}")
        self.next[side] += length + ("F" in flags)


class Ends(Pen):
    """A pen that knows what both ends have agreed on."""

    def __init__(self, rnd: random.Random) -> None:
        super().__init__(rnd)
        self.base = [rnd.randrange(1, 2**32), rnd.randrange(1, 2**32)]
        self.ticks = [rnd.choice(CLOCKS), rnd.choice(CLOCKS)]
        self.stamps = [False, False]  # whether each side puts timestamps into its later segments
        self.heard = [0, 0]  # the timestamp that each side has to echo
        self.sack = [False, False]  # whether each side may send blocks

    def clock(self, side: int, later: float) -> int:
        """The timestamp that a side would send now."""
        return (self.base[side] + int((self.time + later) * self.ticks[side])) % 2**32

    def say(self, side: int, text: str, options: list[str], stamped: bool, later: float = 0.01) -> None:
        """One segment; with timestamps, if so wanted, whose echo is what that side heard last."""
        if stamped:
            now = self.clock(side, later)
            options = [*options, f"ts {now}/{self.heard[side]}"]
            self.heard[1 - side] = now
        listed = f" <{', '.join(options)}>" if options else ""
        self.line(f"{'><'[side]} {text}{listed}", later)

    def go(self, side: int, flags: str, length: int = 0, options: list[str] | None = None) -> None:
        """A later segment, at the next number of its side."""
        size = f" {length}" if length else ""
        stamped = self.stamps[side] and "R" not in flags
        self.say(side, f"{flags}{size} seq {self.next[side]} ack {self.next[1 - side]}", options or [], stamped)
        self.next[side] += length + ("F" in flags)
