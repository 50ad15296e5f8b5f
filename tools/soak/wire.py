"""The wire of a soak: all frames of a batch pass it, each pair of ports under a sky of its own.

A frame is captured as its sender's device gives it, in the middle of its way, and as its receiver's device gets it.
Each half of the way has loss, copies and delay of its own, so the middle sees what a tap between two routers sees:
frames out of order, and frames that never arrive.
"""

import heapq
import itertools
import struct
import time

from tools.lab.pcap import CLIENT, MIDDLE, POINTS, SERVER, Clock, Record
from tools.lab.wire import OTHER, Port
from tools.soak.weather import CALM, Sky

Pair = tuple[int, int]  # port of the client's end, port of the server's end

_BURST = 64  # frames taken from a device before the other one is looked at


class RoughWire:
    """Moves frames between two ports whenever `forward` is called."""

    def __init__(self, client: Port, server: Port) -> None:
        self.ports: dict[str, Port] = {CLIENT: client, SERVER: server}
        self.clock = Clock()
        self.captures: dict[str, list[Record]] = {point: [] for point in POINTS}
        self.skies: dict[Pair, Sky] = {}
        self.last_moved = time.monotonic()
        self._calm = Sky(CALM, "")
        self._under_way: list[tuple[float, int, bool, str, bytes, bytes]] = []
        self._count = itertools.count()

    def due(self) -> float:
        """Seconds until the next frame that is under way moves on; a second when there is none."""
        return max(0.0, self._under_way[0][0] - time.monotonic()) if self._under_way else 1.0

    @property
    def empty(self) -> bool:
        """No frame is under way."""
        return not self._under_way

    def forward(self) -> None:
        """Move what is due, then take what the ends have sent."""
        while self._under_way and self._under_way[0][0] <= time.monotonic():
            _, _, first_half, side, card, octets = heapq.heappop(self._under_way)
            self._arrive(first_half, side, card, octets)
        for side, port in self.ports.items():
            for _ in range(_BURST):
                taken = port.read()
                if taken is None:
                    break
                card, octets = taken
                if ports_of(octets) is None:
                    continue  # neighbour discovery and the like: a permanent neighbour needs no answer
                self.last_moved = time.monotonic()
                self.captures[side].append(Record(self.clock.now(), octets))
                self._go(True, side, card, octets)

    def _go(self, first_half: bool, side: str, card: bytes, octets: bytes) -> None:
        source, target = ports_of(octets) or (0, 0)
        pair = (source, target) if side == CLIENT else (target, source)
        for delay in self.skies.get(pair, self._calm).copies(side, first_half):
            if delay <= 0.0:
                self._arrive(first_half, side, card, octets)
            else:
                at = time.monotonic() + delay
                heapq.heappush(self._under_way, (at, next(self._count), first_half, side, card, octets))

    def _arrive(self, first_half: bool, side: str, card: bytes, octets: bytes) -> None:
        point = MIDDLE if first_half else OTHER[side]
        self.captures[point].append(Record(self.clock.now(), octets))
        if first_half:
            self._go(False, side, card, octets)
        else:
            self.ports[OTHER[side]].write(card, octets)


def ports_of(octets: bytes) -> Pair | None:
    """Source and target port of a TCP segment directly behind IP, None for every other frame."""
    if octets[12:14] == b"\x08\x00" and octets[23] == 6:
        at = 14 + 4 * (octets[14] & 15)
    elif octets[12:14] == b"\x86\xdd" and octets[20] == 6:
        at = 54
    else:
        return None
    source, target = struct.unpack_from("!HH", octets, at)
    return source, target
