"""Writes ladders line by line, keeping time and numbers."""

import random


class Pen:
    """Writes a ladder, keeping time and numbers."""

    def __init__(self, rnd: random.Random) -> None:
        self.rnd = rnd
        self.time = 0.0
        self.lines: list[str] = []
        self.next = [1, 1]

    def line(self, text: str, later: float = 0.01) -> None:
        self.time += later
        self.lines.append(f"{self.time:.4f} {text}")

    def send(self, side: int, flags: str, length: int = 0) -> None:
        size = f" {length}" if length else ""
        self.line(f"{'><'[side]} {flags}{size} seq {self.next[side]} ack {self.next[1 - side]}")
        self.next[side] += length + ("F" in flags)
