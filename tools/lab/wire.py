"""The wire between the two ends: it forwards frames, and does to chosen ones what the story says.

    wire.drop(is_syn)                            the next SYN is lost
    wire.hold(is_fin, times=2)                   the next two FINs wait …
    wire.release()                               … until they may go on
    wire.delay(is_synack, 0.2)                   late by 0.2 s
    wire.twice(is_synack)                        arrives twice; held="late": the copy at release("late")
    wire.swap(is_data)                           is overtaken by the next frame of its direction
    wire.rewrite(is_syn, lambda seen: remade(seen, seq=seen.seq - 1000))
    wire.inject(SERVER, remade(wire.last(is_data), flags="R", options=b"", payload=b""))

The first rule that matches a frame takes it, and forgets itself after `times` frames (None: never). `skip` frames that
match are let through first. Every deed is written down with the frame it was done to (`Wire.deeds`).

**Points of capture.** `client` and `server`: what that end's device sent and received. `middle`: every frame as it
enters the wire, before the rules, so a lost or held frame is in it and a second copy is not; injected frames are in it.

The wire knows nothing of namespaces: it moves octets between two `Port`s, which may be lists in a test.
"""

import heapq
import itertools
import select
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tools.lab.errors import SpoiltError
from tools.lab.frame import ICMPV6, Seen
from tools.lab.match import Match
from tools.lab.pcap import CLIENT, MIDDLE, POINTS, SERVER, Clock, Record

IPV6_HOUSEKEEPING = {*range(130, 137), 143}  # ICMPv6 types of neighbour discovery and multicast listeners

OTHER = {CLIENT: SERVER, SERVER: CLIENT}


class Port(Protocol):
    """One end of the wire. A frame travels with the header of its card, which is empty without offloads."""

    def read(self) -> tuple[bytes, bytes] | None:
        """Card header and frame that the end has sent; None when there is none now."""

    def write(self, card: bytes, octets: bytes) -> None:
        """Give the end a frame."""

    def fileno(self) -> int:
        """To wait for."""


@dataclass
class Deed:
    """What was done to a frame. `frames` are its numbers from 1 at each point, None where a point does not see it."""

    did: str  # dropped, held, delayed, doubled, swapped, rewritten, injected
    side: str  # whose frame: client, server
    frames: dict[str, int | None]


@dataclass(eq=False)
class Rule:
    """A rule that a story set. `forget()` ends it early."""

    match: Match
    did: str
    apply: Callable[[Seen], None]
    left: int | None
    skip: int

    def forget(self) -> None:
        """It takes no further frame."""
        self.left = 0


class Wire:
    """Forwards frames while `run` or `idle` is called, and at no other time."""

    def __init__(self, client: Port, server: Port, quiet_frames: bool = True) -> None:
        self.ports: dict[str, Port] = {CLIENT: client, SERVER: server}
        self.clock = Clock()
        self.captures: dict[str, list[Record]] = {point: [] for point in POINTS}
        self.seen: list[Seen] = []  # every frame that entered the wire, injected ones too
        self.deeds: list[Deed] = []
        self._undelivered: dict[int, Deed] = {}  # id of a Seen -> its deed
        self._rules: list[Rule] = []
        self._held: dict[str, list[Seen]] = {}
        self._swapped: dict[str, list[Seen]] = {CLIENT: [], SERVER: []}
        self._late: list[tuple[float, int, Seen]] = []
        self._count = itertools.count()
        self._drop_housekeeping = quiet_frames

    # What a story says.

    def drop(self, match: Match, times: int | None = 1, skip: int = 0) -> Rule:
        """The frame is lost in the wire."""
        return self._rule(match, "dropped", lambda seen: None, times, skip)

    def hold(self, match: Match, name: str = "held", times: int | None = 1, skip: int = 0) -> Rule:
        """The frame waits until `release(name)`."""
        return self._rule(match, "held", lambda seen: self._held.setdefault(name, []).append(seen), times, skip)

    def release(self, name: str = "held", count: int | None = None, backwards: bool = False) -> None:
        """Held frames go on, `count` of them or all, in the order in which they came or `backwards`."""
        held = self._held.get(name, [])
        if not held:
            raise SpoiltError(f"no frame is held as {name}")
        going, self._held[name] = held[:count], held[len(held[:count]) :]
        for seen in reversed(going) if backwards else going:
            self._deliver(seen)

    def held(self, name: str = "held") -> list[Seen]:
        """The frames that wait."""
        return list(self._held.get(name, []))

    def lose_held(self, name: str = "held") -> None:
        """Held frames are lost after all."""
        self._held.pop(name, None)

    def delay(self, match: Match, seconds: float, times: int | None = 1, skip: int = 0) -> Rule:
        """The frame goes on `seconds` later; frames behind it may overtake it."""
        return self._rule(match, "delayed", lambda seen: self._later(seen, seconds), times, skip)

    def twice(
        self, match: Match, times: int | None = 1, skip: int = 0, after: float = 0.0, held: str | None = None
    ) -> Rule:
        """The frame arrives, and a copy of it at once, or `after` seconds later, or at `release(held)`."""

        def double(seen: Seen) -> None:
            self._deliver(seen)
            if held is not None:
                self._held.setdefault(held, []).append(seen)
            elif after > 0:
                self._later(seen, after)
            else:
                self._deliver(seen)

        return self._rule(match, "doubled", double, times, skip)

    def swap(self, match: Match, times: int | None = 1, skip: int = 0) -> Rule:
        """The next frame of the same direction overtakes it."""
        return self._rule(match, "swapped", lambda seen: self._swapped[seen.side].append(seen), times, skip)

    def rewrite(self, match: Match, make: Callable[[Seen], bytes], times: int | None = 1, skip: int = 0) -> Rule:
        """Another frame arrives in its place: what `make` gives. The card's header is cleared."""

        def change(seen: Seen) -> None:
            other = Seen(seen.side, make(seen), bytes(len(seen.card)))
            self._undelivered[id(other)] = self._undelivered.pop(id(seen))
            self._deliver(other)

        return self._rule(match, "rewritten", change, times, skip)

    def inject(self, to: str, octets: bytes) -> None:
        """A frame that neither end sent arrives at `to` (CLIENT or SERVER), as if the other end had sent it."""
        card = bytes(len(self.seen[-1].card)) if self.seen else b""
        forged = Seen(OTHER[to], octets, card)
        self.seen.append(forged)
        self._capture(MIDDLE, forged)
        self._done("injected", forged)
        self._deliver(forged)

    def last(self, match: Match) -> Seen:
        """The frame of this kind that entered the wire last. Raises SpoiltError when there was none."""
        for seen in reversed(self.seen):
            if match(seen):
                return seen
        raise SpoiltError("no such frame has been on the wire yet")

    def run(self, seconds: float) -> None:
        """Forward frames for this time."""
        self._pump(time.monotonic() + seconds, None)

    def idle(self, quiet: float = 0.02, limit: float = 20.0) -> None:
        """Forward frames until none has come for `quiet` seconds and none is late. Held frames stay held."""
        if not self._pump(time.monotonic() + limit, quiet):
            raise SpoiltError(f"the wire was not quiet for {quiet} s within {limit} s")

    def until(self, done: Callable[[], bool], what: str, limit: float = 5.0) -> None:
        """Forward frames until `done()`. Raises SpoiltError, which names `what`, after `limit` seconds."""
        end = time.monotonic() + limit
        while not done():
            if time.monotonic() >= end:
                raise SpoiltError(f"{what}: not within {limit} s")
            self._wait(0.002)
            self._forward()

    def pending(self) -> bool:
        """Whether an end has sent a frame that the wire has not taken yet."""
        return bool(self._readable(0))

    # How it does it.

    def _rule(self, match: Match, did: str, apply: Callable[[Seen], None], times: int | None, skip: int) -> Rule:
        rule = Rule(match, did, apply, times, skip)
        self._rules.append(rule)
        return rule

    def _pump(self, end: float, quiet: float | None) -> bool:
        """Forward until `end`, or until nothing has come for `quiet` seconds (then True)."""
        last = time.monotonic()
        while True:
            now = time.monotonic()
            if self._forward():
                last = now
            elif quiet is not None and now - last >= quiet and not self._late:
                return True
            elif now >= end:
                return False
            else:
                self._wait(min(end - now, 0.05 if quiet is None else max(quiet - (now - last), 0.001)))

    def _wait(self, seconds: float) -> None:
        if self._late:
            seconds = min(seconds, self._late[0][0] - time.monotonic())
        self._readable(max(0.0, seconds))

    def _readable(self, seconds: float) -> list[Port]:
        return select.select(list(self.ports.values()), [], [], seconds)[0]

    def _forward(self) -> bool:
        """Take one frame from each end and what is due; False when there was nothing."""
        moved = False
        while self._late and self._late[0][0] <= time.monotonic():
            self._deliver(heapq.heappop(self._late)[2])
            moved = True
        for side, port in self.ports.items():
            taken = port.read()
            if taken is not None:
                self._enter(Seen(side, taken[1], taken[0]))
                moved = True
        return moved

    def _enter(self, seen: Seen) -> None:
        if self._drop_housekeeping and seen.protocol == ICMPV6 and seen.icmp_type in IPV6_HOUSEKEEPING:
            return
        self.seen.append(seen)
        self._capture(seen.side, seen)
        self._capture(MIDDLE, seen)
        waiting, self._swapped[seen.side] = self._swapped[seen.side], []
        rule = self._rule_for(seen)
        if rule is None:
            self._deliver(seen)
        else:
            self._done(rule.did, seen)
            rule.apply(seen)
        for overtaken in waiting:
            self._deliver(overtaken)

    def _rule_for(self, seen: Seen) -> Rule | None:
        for rule in self._rules:
            if rule.left == 0 or not rule.match(seen):
                continue
            if rule.skip:
                rule.skip -= 1
                continue
            if rule.left is not None:
                rule.left -= 1
            return rule
        return None

    def _later(self, seen: Seen, seconds: float) -> None:
        heapq.heappush(self._late, (time.monotonic() + seconds, next(self._count), seen))

    def _done(self, did: str, seen: Seen) -> None:
        frames: dict[str, int | None] = dict.fromkeys(POINTS)
        for point in (MIDDLE,) if did == "injected" else (MIDDLE, seen.side):
            frames[point] = len(self.captures[point])
        deed = Deed(did, seen.side, frames)
        self.deeds.append(deed)
        self._undelivered[id(seen)] = deed

    def _deliver(self, seen: Seen) -> None:
        to = OTHER[seen.side]
        self._capture(to, seen)  # before the stack gets it: its answer comes later in the capture
        deed = self._undelivered.pop(id(seen), None)
        if deed is not None:
            deed.frames[to] = len(self.captures[to])
        self.ports[to].write(seen.card, seen.octets)

    def _capture(self, point: str, seen: Seen) -> None:
        self.captures[point].append(Record(self.clock.now(), seen.octets))
