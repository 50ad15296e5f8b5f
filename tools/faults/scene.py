"""A conforming capture of one connection as packets: what a fault may ask of it, and how it is changed.

Places are indices into `packets`. A segment that is put in pushes what follows back in time, so that order and
distances stay plausible; numbers are counted relative to the initial number of their sender.
"""

import random
import struct

from tcplint.capture.frame import Frame
from tcplint.ladder.packets import unrelated
from tools.faults.packet import ACK, FIN, FULL, OUTSIDER, PSH, RST, SACK, SACKOK, SYN, Packet, read

MS = 1_000_000  # ns
SECOND = 1000 * MS
ETHERNET_LINK = 1
NEAR = 12  # a tap is near an end when the other end's part of the round trip is so many times as long


class Scene:
    """One connection that opens with three segments, packet by packet."""

    def __init__(self, name: str, packets: list[Packet], rnd: random.Random, checksums: bool = False) -> None:
        self.name = name
        self.packets = packets
        self.rnd = rnd
        self.checksums = checksums  # verify them
        self.isn = [self.packets[self.syn].seq, self.packets[self.synack].seq]
        self._ids = 0
        self.to_server = self.to_client = self.rtt = 0  # ns from the tap and back, as the opening shows it
        self._measure()

    def _measure(self) -> None:
        times = [self.packets[at].time_ns for at in (self.syn, self.synack, self.third)]
        self.to_server, self.to_client = times[1] - times[0], times[2] - times[1]
        self.rtt = self.to_server + self.to_client

    # --- where things stand

    def first(self, side: int, bits: int, no: int = 0, start: int = 0) -> int | None:
        """The place of the first segment of a side with these flags and without those."""
        for at in range(start, len(self.packets)):
            one = self.packets[at]
            if one.side == side and one.has(bits) and not one.flags & no:
                return at
        return None

    @property
    def syn(self) -> int:
        """The place of the first SYN."""
        return need(self.first(0, SYN, ACK))

    @property
    def synack(self) -> int:
        """The place of the first SYN-ACK."""
        return need(self.first(1, SYN | ACK))

    @property
    def third(self) -> int:
        """The client's first segment behind the SYN-ACK."""
        return need(self.first(0, ACK, SYN, self.synack))

    def fin(self, side: int) -> int | None:
        """The place of the first FIN of a side."""
        return self.first(side, FIN)

    @property
    def closer(self) -> int | None:
        """The side that closed first, None where that is not plain: nobody, both, or a reset."""
        mine, theirs = self.fin(0), self.fin(1)
        if mine is None or theirs is None or any(one.has(RST) for one in self.packets if one.side >= 0):
            return None
        known = self.packets[max(mine, theirs)].ack == self.after(min(mine, theirs))
        return int(theirs < mine) if known else None

    def after(self, at: int) -> int:
        """The number behind the segment at this place."""
        return (self.packets[at].seq + self.packets[at].space) & FULL

    def relative(self, side: int, number: int) -> int:
        """A number, counted from the initial one of this side."""
        return ((number - self.isn[side] + 0x80000000) & FULL) - 0x80000000

    def nxt(self, side: int, at: int) -> int:
        """The number behind all that a side has sent before this place."""
        ends = [self.relative(side, (one.seq + one.space) & FULL) for one in self.of(side, at) if not one.has(RST)]
        return (self.isn[side] + max(ends, default=0)) & FULL

    def of(self, side: int, before: int | None = None) -> list[Packet]:
        """The packets of a side before a place."""
        return [one for one in self.packets[:before] if one.side == side]

    def data(self, side: int | None = None) -> list[int]:
        """The places of segments with payload behind the handshake, each with new octets, before any FIN."""
        found = []
        for at in range(self.third, len(self.packets)):
            one = self.packets[at]
            if one.side >= 0 and one.flags & (FIN | RST):
                break
            if one.side in ((0, 1) if side is None else (side,)) and one.payload and one.seq == self.nxt(one.side, at):
                found.append(at)
        return found

    def rests(self) -> list[int]:
        """Places in the established connection where everything sent was acknowledged and nothing is under way."""
        found = []
        for at in range(self.third + 1, len(self.packets) + 1):
            before = self.packets[:at]
            if any(one.side >= 0 and one.flags & (FIN | RST) for one in before):
                break
            acks = [next((one.ack for one in reversed(before) if one.side == side), 0) for side in (0, 1)]
            if acks == [self.nxt(1, at), self.nxt(0, at)] and all(self.quiet(side, at) for side in (0, 1)):
                found.append(at)
        return found

    def quiet(self, side: int, at: int) -> bool:
        """Whether nothing below the next number of a side comes again behind this place."""
        floor = self.relative(side, self.nxt(side, at))
        return all(
            self.relative(side, one.seq) >= floor for one in self.packets[at:] if one.side == side and not one.has(RST)
        )

    @property
    def finished_sums(self) -> bool:
        """Whether no checksum was left to a network card, and nothing else would be written otherwise than it was."""
        return all(one.made() == one.copy().made() for one in self.packets if one.side >= 0)

    @property
    def stamped(self) -> bool:
        """Whether both SYNs have timestamps."""
        return all(self.packets[at].stamps is not None for at in (self.syn, self.synack))

    @property
    def sack(self) -> bool:
        """Whether both SYNs permit SACK."""
        return all(self.packets[at].option(SACKOK) is not None for at in (self.syn, self.synack))

    def near(self, side: int) -> bool:
        """Whether the capture was plainly taken at this end."""
        here, there = (self.to_client, self.to_server) if side == 0 else (self.to_server, self.to_client)
        return there >= 10 * MS and here * NEAR < there and self.plain_opening

    @property
    def plain_opening(self) -> bool:
        """Whether the first three segments are the handshake, each sent once, without data."""
        first = [at for at, one in enumerate(self.packets) if one.side >= 0][:3]
        if first != [self.syn, self.synack, self.third] or self.packets[self.third].has(RST):
            return False
        syns = [one for one in self.packets if one.side >= 0 and one.has(SYN)]
        return len(syns) == 2 and not any(self.packets[at].payload for at in first[:2])

    # --- changes

    def segment(self, at: int, side: int, flags: int = ACK, length: int = 0) -> Packet:
        """A segment that this side might send at this place: right numbers, timestamps if agreed on, no other options.

        Its time is set when it is put in.
        """
        behind = self.of(side, at)
        model = behind[-1] if behind else self.packets[self.syn if side == 0 else self.synack]
        payload = bytes(97 + index % 26 for index in range(length))
        new = model.copy(seq=self.nxt(side, at), ack=self.nxt(1 - side, at), flags=flags, payload=payload, options=b"")
        new.set(urgent=0, doff=-1, bad_sum=False)
        if not flags & ACK:
            new.set(ack=0)
        if self.stamped and not flags & RST:
            mine = [one.stamps for one in behind if one.stamps]
            theirs = [one.stamps for one in self.of(1 - side, at) if one.stamps]
            if mine and theirs:
                new.stamped(mine[-1][0], theirs[-1][0])
        return self.own_id(new)

    def own_id(self, packet: Packet) -> Packet:
        """Give a new packet an IP identification that no other has."""
        self._ids += 1
        return packet.numbered(packet.ip_id + 1500 + 13 * self._ids) if packet.ip_id else packet

    def insert(self, at: int, packet: Packet, later_ns: int = 20 * MS, gap_ns: int = 20 * MS) -> Packet:
        """Put a packet in at this place, `later_ns` behind the one before; what follows is at least `gap_ns` later."""
        packet.time_ns = (self.packets[at - 1].time_ns if at else self.packets[0].time_ns - later_ns) + later_ns
        if at < len(self.packets):
            lacks = packet.time_ns + gap_ns - self.packets[at].time_ns
            if lacks > 0:
                self.delay(at, lacks)
        self.packets.insert(at, packet)
        return packet

    def append(self, packet: Packet, later_ns: int = 20 * MS) -> Packet:
        """Put a packet in at the end."""
        return self.insert(len(self.packets), packet, later_ns)

    def say(self, side: int, flags: int = ACK, length: int = 0, later_ns: int = 20 * MS) -> Packet:
        """Append a right segment."""
        return self.append(self.segment(len(self.packets), side, flags, length), later_ns)

    def again(self, packet: Packet, later_ns: int) -> Packet:
        """Append a copy, as a retransmission."""
        return self.append(self.own_id(packet.copy()), later_ns)

    def delay(self, at: int, ns: int) -> None:
        """Everything from a place on happens later."""
        for one in self.packets[at:]:
            one.time_ns += ns

    def cut(self, at: int) -> None:
        """The capture ends before this place."""
        del self.packets[at:]

    def run(self, seconds: float) -> None:
        """The capture goes on so long, without the connection."""
        self.packets.append(Packet(self.packets[-1].time_ns + int(seconds * SECOND), OUTSIDER, unrelated()))

    def stretch(self, side: int, ns: int) -> None:
        """Lengthen the way to this end: whatever it says behind something of its peer comes so much later."""
        before = OUTSIDER
        for at, one in enumerate(self.packets):
            if one.side == side and before == 1 - side:
                self.delay(at, ns)
            before = one.side if one.side != OUTSIDER else before
        self._measure()

    def shift(self, side: int, start: int, number: int, by: int) -> None:
        """From this place on, count what lies at `number` of a side or behind so much higher: on both ends."""
        floor = self.relative(side, number)
        for one in self.packets[start:]:
            if one.side == side and self.relative(side, one.seq) >= floor:
                one.set(seq=one.seq + by)
            elif one.side == 1 - side and one.has(ACK) and self.relative(side, one.ack) >= floor:
                one.set(ack=one.ack + by)
                blocks = one.option(SACK)
                if blocks:
                    edges = [(edge + by) & FULL for edge in struct.unpack(f">{len(blocks) // 4}I", blocks)]
                    one.plus(SACK, struct.pack(f">{len(edges)}I", *edges))

    def talk(self, at: int, side: int, lengths: list[int], gap_ns: int = 2 * MS) -> list[Packet]:
        """More data at a resting place, acknowledged; all later numbers follow. Gives the data segments."""
        number = self.nxt(side, at)
        self.shift(side, at, number, sum(lengths))
        sent: list[Packet] = []
        for length in lengths:
            sent.append(self.insert(at, self.segment(at, side, ACK | PSH, length), 20 * MS if not sent else gap_ns))
            at += 1
        self.insert(at, self.segment(at, 1 - side), max(self.rtt, 20 * MS))
        return sent

    # --- the result

    def frames(self) -> list[Frame]:
        """The capture."""
        return [
            Frame(number, one.time_ns, ETHERNET_LINK, 0, len(octets), len(octets), 0, octets)
            for number, one in enumerate(self.packets, 1)
            for octets in (one.made(),)
        ]

    def number(self, packet: Packet) -> int:
        """The frame of a packet, from 1."""
        return next(number for number, one in enumerate(self.packets, 1) if one is packet)


class NoPlaceError(Exception):
    """The capture leaves no room for a fault."""


def need(place: int | None) -> int:
    """The place. Raises NoPlaceError for none."""
    if place is None:
        raise NoPlaceError
    return place


def wants(claim: bool) -> None:
    """Raise NoPlaceError unless the claim holds."""
    if not claim:
        raise NoPlaceError


def scene_of(name: str, frames: list[Frame], rnd: random.Random) -> Scene | None:
    """The scene of a capture, or None where it is not one connection that opens with SYN, SYN-ACK, ACK."""
    packets = [read(frame.data, frame.time_ns or 0) for frame in frames]
    if any(frame.link_type != ETHERNET_LINK for frame in frames):
        return None
    segments = [one for one in packets if one.side != OUTSIDER]
    client = next((one.who for one in segments if one.has(SYN) and not one.has(ACK)), b"")
    pairs = {frozenset((one.who, _receiver(one))) for one in segments}
    if len(pairs) != 1 or not client or _crossing(segments, client):
        return None
    for one in segments:
        one.side = int(one.who != client)
    try:
        scene = Scene(name, packets, rnd)
        wants(scene.third > scene.synack > scene.syn)
    except NoPlaceError:
        return None
    return scene


def _receiver(packet: Packet) -> bytes:
    return packet.addresses[1] + struct.pack(">H", packet.ports[1])


def _crossing(segments: list[Packet], client: bytes) -> bool:
    return any(one.has(SYN) and not one.has(ACK) and one.who != client for one in segments)
