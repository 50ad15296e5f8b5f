"""From a story to the capture of it.

Each side keeps count of what it has sent, so that a ladder line need only say what is remarkable. What was sent but not
captured (`lost`, or the other direction of `only`) counts like the rest: dropping a line changes no other frame.
The octets are the same on every run.
"""

from dataclasses import dataclass, replace

from tcplint.capture.frame import Frame
from tcplint.ladder import packets, words
from tcplint.ladder.story import (
    CopyLine,
    Endpoint,
    IcmpLine,
    LadderError,
    Number,
    NumbersLine,
    Option,
    SegmentLine,
    Story,
    TickLine,
)

ZERO_NS = 1_600_000_000 * 1_000_000_000  # the zero of every story, as nanoseconds since 1970
ETHERNET = 1  # link type
PCAP_HEADER, RECORD_HEADER = 24, 16

SYN, RST, ACK = words.FLAGS["S"], words.FLAGS["R"], words.FLAGS["."]
FIN = words.FLAGS["F"]


@dataclass(slots=True)
class FrameRef:
    """A captured frame and the ladder line that made it; line 0 is the frame of `capture from` or `capture to`."""

    frame: Frame
    line: int


def frames(story: Story) -> list[Frame]:
    """The capture, frame by frame, numbered from 1."""
    return [reference.frame for reference in frame_refs(story)]


def frame_refs(story: Story) -> list[FrameRef]:
    """The capture, with the line of each frame. Raises LadderError when a line cannot be written as a packet."""
    return _Writer(story).write()


class _Sender:
    """What one side of one pair has sent so far; numbers relative to its initial one."""

    def __init__(self, endpoint: Endpoint, isn: int, ip_id: int) -> None:
        self.endpoint = endpoint
        self.isn = isn
        self.next = 0
        self.silent = True
        self.ip_id = ip_id

    def restart(self, isn: int) -> None:
        """Begin a new incarnation with another initial number."""
        self.isn = isn
        self.next = 0
        self.silent = True

    def raw(self, number: Number) -> int:
        return number.value if number.raw else (self.isn + number.value) & 0xFFFFFFFF

    def relative(self, raw: int) -> int:
        return ((raw - self.isn + 0x80000000) & 0xFFFFFFFF) - 0x80000000


@dataclass(slots=True)
class _Sent:
    """A packet of the story, kept for copies and quotations."""

    line: SegmentLine | IcmpLine
    packet: bytes
    numbers: packets.Numbers | None = None
    options: bytes = b""


class _Writer:
    """Writes the lines of one story in turn."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.pairs: dict[str, tuple[_Sender, _Sender]] = {}
        self.sent: list[_Sent] = []
        self.references: list[FrameRef] = []
        self.offset = PCAP_HEADER

    def write(self) -> list[FrameRef]:
        if self.story.runs_from_ns is not None:
            self._keep(0, self.story.runs_from_ns, packets.unrelated())
        for line in self.story.lines:
            if isinstance(line, SegmentLine):
                self._segment(line)
            elif isinstance(line, CopyLine):
                self._copy(line)
            elif isinstance(line, IcmpLine):
                self._icmp(line)
            elif isinstance(line, TickLine):
                self._keep(line.line, line.time_ns, packets.unrelated())
            else:
                self._numbers(line)
        if self.story.runs_to_ns is not None:
            self._keep(0, self.story.runs_to_ns, packets.unrelated())
        return self.references

    def _senders(self, pair: str) -> tuple[_Sender, _Sender]:
        if pair not in self.pairs:
            index = ord(pair) - ord("a")
            client, server = self.story.addresses.get(pair) or default_ends(index, self.story.ipv6)
            self.pairs[pair] = (
                _Sender(client, (words.CLIENT_ISN + 7_654_321 * index * index) & 0xFFFFFFFF, 0x1001 + 0x200 * index),
                _Sender(server, (words.SERVER_ISN + 8_765_432 * index * index) & 0xFFFFFFFF, 0x1101 + 0x200 * index),
            )
        return self.pairs[pair]

    def _numbers(self, line: NumbersLine) -> None:
        client, server = self._senders(line.pair)
        client.restart(line.client)
        server.restart(line.server)

    def _segment(self, line: SegmentLine) -> None:
        senders = self._senders(line.pair)
        sender, peer = senders[line.side], senders[1 - line.side]
        seq = line.seq if line.seq is not None else _default_seq(sender, peer, line.flags)
        ack = line.ack
        if ack is None:
            ack = Number(_next(peer, ACK)) if line.flags & ACK else Number(0, True)
        raw = sender.raw(seq)
        first = sender.relative(raw) + (1 if line.flags & SYN else 0)
        ip_id = line.fields.get("id", self._default_id(line, sender))
        numbers = packets.Numbers(raw, peer.raw(ack), ip_id, first)
        options = self._options(line, line.options, peer)
        packet = packets.segment(line, numbers, options, sender.endpoint, peer.endpoint)
        if not line.flags & RST:
            length = line.length + bool(line.flags & SYN) + bool(line.flags & FIN)
            end = sender.relative(raw) + length
            sender.next = end if sender.silent else max(sender.next, end)
            sender.silent = False
        self.sent.append(_Sent(line, packet, numbers, options))
        if not line.lost:
            self._capture(line, line.pair, line.side, packet, line.fields)

    def _default_id(self, line: SegmentLine, sender: _Sender) -> int:
        """IPv4 identifications count up; an IPv6 flow label stays."""
        if ":" not in sender.endpoint.address:
            sender.ip_id = sender.ip_id + 1 & 0xFFFF
        return sender.ip_id

    def _options(self, line: SegmentLine, options: list[Option], peer: _Sender) -> bytes:
        octets = packets.option_octets(options, lambda edge: peer.raw(words.sequence(line.line, "sack", edge)))
        if len(octets) > 40:
            raise LadderError(line.line, f"{len(octets)} octets of options; a TCP header has room for 40")
        return octets

    def _copy(self, copy: CopyLine) -> None:
        sent = self.sent[copy.of - 1]
        line = sent.line
        if not isinstance(line, SegmentLine) or sent.numbers is None:
            raise LadderError(copy.line, f"packet {copy.of} is no segment")
        line = replace(line, fields={**line.fields, **copy.fields}, time_ns=copy.time_ns, line=copy.line, lost=False)
        numbers = replace(sent.numbers, ip_id=copy.fields.get("id", sent.numbers.ip_id))
        senders = self._senders(line.pair)
        ends = senders[line.side].endpoint, senders[1 - line.side].endpoint
        packet = packets.segment(line, numbers, sent.options, *ends)
        self.sent.append(_Sent(line, packet, numbers, sent.options))
        self._capture(line, line.pair, line.side, packet, line.fields)

    def _icmp(self, line: IcmpLine) -> None:
        senders = self._senders(line.pair)
        sender, peer = senders[line.side], senders[1 - line.side]
        quoted = self.sent[line.quotes - 1].packet
        body = packets.icmp_error(quoted, line.type, line.code, line.short, sender.endpoint, peer.endpoint)
        sender.ip_id = sender.ip_id + 1 & 0xFFFF
        protocol = 58 if ":" in sender.endpoint.address else 1
        packet = packets.ip_packet(body, protocol, sender.endpoint, peer.endpoint, sender.ip_id, line.fields)
        self.sent.append(_Sent(line, packet))
        self._capture(line, line.pair, line.side, packet, line.fields)

    def _capture(
        self, line: SegmentLine | IcmpLine, pair: str, side: int, packet: bytes, fields: dict[str, int]
    ) -> None:
        if self.story.only not in ("", "><"[side]):
            return
        octets = packets.ethernet(packet, side, ord(pair) - ord("a"), fields)
        self._keep(line.line, line.time_ns, octets, fields.get("interface", 0))

    def _keep(self, line: int, time_ns: int, octets: bytes, interface: int = 0) -> None:
        data = octets[: self.story.snaplen] if self.story.snaplen else octets
        frame = Frame(
            number=len(self.references) + 1,
            time_ns=ZERO_NS + time_ns,
            link_type=ETHERNET,
            interface=interface,
            captured=len(data),
            original=len(octets),
            offset=self.offset,
            data=data,
        )
        self.offset += RECORD_HEADER + len(data)
        self.references.append(FrameRef(frame, line))


def default_ends(index: int, ipv6: bool) -> tuple[Endpoint, Endpoint]:
    """Addresses of the pair with this index (a: 0), from the ranges kept for documentation."""
    if ipv6:
        return Endpoint(f"2001:db8::{2 * index + 1:x}", 51514 + index), Endpoint("2001:db8::2", 443)
    return Endpoint(f"192.0.2.{index + 1}", 51514 + index), Endpoint("198.51.100.2", 443)


def _default_seq(sender: _Sender, peer: _Sender, flags: int) -> Number:
    """What comes next; the RST,ACK of a side that has said nothing has the raw number 0 (RFC 9293 §3.10.7.1)."""
    if sender.silent and not peer.silent and flags & RST and flags & ACK:
        return Number(0, True)
    return Number(_next(sender, flags))


def _next(sender: _Sender, flags: int) -> int:
    """The number after all that this side has sent; before its first segment a SYN has 0, anything else 1."""
    if sender.silent:
        return 0 if flags & SYN else 1
    return sender.next


__all__ = ["FrameRef", "default_ends", "frame_refs", "frames"]
