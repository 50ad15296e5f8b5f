"""The ladder notation: one line a packet, what must come out written beside it.

    isn 1000 5000                            initial sequence numbers of client and server
    0.000 > S              <mss 1460>        time, direction, flags, options
    0.020 < S.  ack 1      <mss 1460>
    +0.020 > .                               20 ms after the line before; without a time 10 ms
    > P. 120                                 120 octets of payload
    > F.                                     # client FIN-WAIT-1
    > P. 10                                  # data-after-fin
    = handshake three-way, verdict violates

**A packet** is `[TIME] DIR FLAGS [LEN] key value … [<options>] [# expectations]`. `>` is sent by the client, `<` by
the server; `b>` by the client of a second pair of addresses, up to `z>`. Flags are written as tcpdump does: S F R P .
U, and E W A for ECE, CWR, AE; `-` for none. What is not written has a value: `seq` is the number after all that this
side has sent (raw 0 in the RST,ACK of a side that has sent nothing), `ack` (with the ACK bit) the number after all that
the peer has sent, the window 65535, the TTL 64; IP identifications count up for each sender. Numbers are relative (the
SYN has 0), may be negative, and are raw after `=`: `seq =0`.

Keys: `seq ack win ttl id urg doff ecn vlan`; `sum N|bad|partial`; `reserved N` (the three header bits); `pad N` (link
padding that the IP length counts as payload, zeros); `trailer N` (link padding behind the IP packet); `iplen N` (states
another IP length; 0 is what segmentation offload leaves); `link N` (other link addresses); `interface N`.
Options: `mss N`, `wscale N`, `sackok`, `ts VAL/ECR`, `sack L:R …` (relative), `tfo [HEX]`, `mptcp HEX` (all behind the
length), `md5`, `ao`, `nop`, `eol`, `raw HEX`; zeros fill up to a multiple of four octets.

**Other lines.** `lost DIR …` a packet that was sent but not captured: time, numbers and IP identification go on.
`dup [N] [key value]` the last segment (or packet N) once more, 0.1 ms later, if wanted with other `ttl vlan link
interface trailer id`. `icmp < 3/1 quotes N [short] [ttl N]` an ICMP error about packet N; packets are counted from 1
in the order of their lines, whether captured or not. `tick` an unrelated frame. A line that begins with `#` is a
comment.

**Heads.** `isn N M` (also `isn b N M`; further down it begins a new incarnation), `pair b ADDR:PORT > ADDR:PORT`,
`ip6`, `snaplen N`, `only >`, `capture from T`, `capture to T` (the capture already or still runs at T: an unrelated
frame stands there), `checksums` (TCP checksums are verified, as `--checksums` does).

Expectations, behind `#` and in lines that begin with `=`, are explained in `tcplint.ladder.expect`.
"""

from tcplint.ladder import expect, words
from tcplint.ladder.story import (
    CopyLine,
    Endpoint,
    IcmpLine,
    LadderError,
    NumbersLine,
    SegmentLine,
    Story,
    TickLine,
)

STEP_NS = 10_000_000  # from a line to the next
COPY_NS = 100_000  # from a frame to its copy


def parse(text: str) -> Story:
    """Read a ladder. Raises LadderError with the number of the line, counted from 1."""
    return _Parser().read(text)


class _Parser:
    """Reads line by line; knows the time of the line before and how many packets there were."""

    def __init__(self) -> None:
        self.story = Story()
        self.clock_ns: int | None = None
        self.packets: list[SegmentLine | CopyLine | IcmpLine] = []

    def read(self, text: str) -> Story:
        for number, line in enumerate(text.splitlines(), 1):
            body, _, expectations = line.partition("#")
            tokens = body.split()
            if tokens:
                self._line(number, body, tokens, expectations.strip())
        if not self.packets:
            raise LadderError(1, "the ladder holds no packet")
        return self.story

    def _line(self, number: int, body: str, tokens: list[str], expectations: str) -> None:
        if tokens[0] == "=":
            expect.read(self.story, number, 0, body.strip()[1:].strip())
            return
        head = _HEADS.get(tokens[0])
        if head is not None:
            head(self, number, tokens[1:])
            if expectations:
                raise LadderError(number, "an expectation needs a frame; write it in a line that begins with '='")
            return
        self._packet(number, body, expectations)

    # Heads

    def _isn(self, number: int, tokens: list[str]) -> None:
        pair = tokens.pop(0) if tokens and words.is_pair(tokens[0]) else "a"
        if len(tokens) not in (1, 2):
            raise LadderError(number, "isn takes one or two numbers: isn CLIENT [SERVER]")
        client = words.unsigned(number, "isn", tokens[0], 32)
        server = words.unsigned(number, "isn", tokens[-1], 32) if len(tokens) == 2 else words.SERVER_ISN
        self.story.lines.append(NumbersLine(number, pair, client, server))

    def _pair(self, number: int, tokens: list[str]) -> None:
        if len(tokens) != 4 or not words.is_pair(tokens[0]) or tokens[2] != ">":
            raise LadderError(number, "write: pair LETTER ADDRESS:PORT > ADDRESS:PORT")
        ends = (words.endpoint(number, tokens[1]), words.endpoint(number, tokens[3]))
        self.story.addresses[tokens[0]] = (Endpoint(*ends[0]), Endpoint(*ends[1]))

    def _ip6(self, number: int, tokens: list[str]) -> None:
        if tokens:
            raise LadderError(number, "ip6 stands alone")
        self.story.ipv6 = True

    def _checksums(self, number: int, tokens: list[str]) -> None:
        if tokens:
            raise LadderError(number, "checksums stands alone")
        self.story.checksums = True

    def _snaplen(self, number: int, tokens: list[str]) -> None:
        if len(tokens) != 1:
            raise LadderError(number, "snaplen takes one number of octets")
        self.story.snaplen = words.unsigned(number, "snaplen", tokens[0], 16)
        if self.story.snaplen == 0:
            raise LadderError(number, "snaplen must be at least 1")

    def _only(self, number: int, tokens: list[str]) -> None:
        if tokens not in ([">"], ["<"]):
            raise LadderError(number, "write: only > or only <")
        self.story.only = tokens[0]

    def _capture(self, number: int, tokens: list[str]) -> None:
        if len(tokens) != 2 or tokens[0] not in ("from", "to"):
            raise LadderError(number, "write: capture from SECONDS or capture to SECONDS")
        at_ns = words.nanoseconds(number, tokens[1])
        if tokens[0] == "from":
            self.story.runs_from_ns = at_ns
        else:
            self.story.runs_to_ns = at_ns

    # Packets

    def _packet(self, number: int, body: str, expectations: str) -> None:
        body, options = words.split_options(number, body)
        tokens = body.split()
        time = tokens.pop(0) if words.is_time(tokens[0]) else ""
        if not tokens:
            raise LadderError(number, "a time, and no packet behind it")
        word = tokens[0]
        if options and (word in ("tick", "dup", "icmp")):
            raise LadderError(number, f"{word} takes no TCP options")
        if word == "tick":
            if len(tokens) > 1:
                raise LadderError(number, "tick stands alone")
            self.story.lines.append(TickLine(number, self._time(number, time, STEP_NS)))
        elif word == "dup":
            self._dup(number, time, tokens[1:])
        elif word == "icmp":
            self._icmp(number, time, tokens[1:])
        else:
            self._segment(number, time, tokens, options)
        if expectations:
            expect.read(self.story, number, number, expectations)

    def _time(self, number: int, text: str, step_ns: int) -> int:
        """Move the clock to the time of this line; the first line without a time is at 0."""
        if text.startswith("+"):
            self.clock_ns = (self.clock_ns or 0) + words.nanoseconds(number, text[1:])
        elif text:
            self.clock_ns = words.nanoseconds(number, text)
        else:
            self.clock_ns = 0 if self.clock_ns is None else self.clock_ns + step_ns
        return self.clock_ns

    def _segment(self, number: int, time: str, tokens: list[str], options: str) -> None:
        lost = tokens[0] == "lost"
        if lost:
            tokens.pop(0)
        pair, side = words.direction(number, tokens.pop(0) if tokens else "")
        if not tokens:
            raise LadderError(number, "flags are missing; write '-' for none")
        flags = words.flags(number, tokens.pop(0))
        length = words.unsigned(number, "payload length", tokens.pop(0), 16) if tokens and tokens[0].isdigit() else 0
        segment = SegmentLine(number, self._time(number, time, STEP_NS), pair, side, flags, length, lost)
        segment.options = words.options(number, options)
        for key, value in words.pairs(number, tokens, words.SEGMENT_KEYS):
            if key == "seq":
                segment.seq = words.sequence(number, key, value)
            elif key == "ack":
                segment.ack = words.sequence(number, key, value)
            elif key == "sum":
                segment.checksum = words.checksum(number, value)
            else:
                segment.fields[key] = words.unsigned(number, key, value, words.SEGMENT_KEYS[key])
        self._add(segment)

    def _dup(self, number: int, time: str, tokens: list[str]) -> None:
        if tokens and tokens[0].startswith("+"):
            time = tokens.pop(0)
        of = self._earlier(number, tokens.pop(0)) if tokens and tokens[0].isdigit() else len(self.packets)
        if of == 0 or isinstance(self.packets[of - 1], IcmpLine):
            raise LadderError(number, "only a segment can be doubled, and there must be one before")
        copy = CopyLine(number, self._time(number, time, COPY_NS), of)
        for key, value in words.pairs(number, tokens, words.COPY_KEYS):
            copy.fields[key] = words.unsigned(number, key, value, words.COPY_KEYS[key])
        self._add(copy)

    def _icmp(self, number: int, time: str, tokens: list[str]) -> None:
        if len(tokens) < 4 or tokens[2] != "quotes":
            raise LadderError(number, "write: icmp DIR TYPE/CODE quotes N")
        pair, side = words.direction(number, tokens[0])
        kind, slash, code = tokens[1].partition("/")
        if not slash:
            raise LadderError(number, f"{tokens[1]!r} is not TYPE/CODE")
        quotes = self._earlier(number, tokens[3])
        if isinstance(self.packets[quotes - 1], IcmpLine):
            raise LadderError(number, f"packet {quotes} is no segment")
        rest = tokens[4:]
        short = "short" in rest
        if short:
            rest.remove("short")
        error = IcmpLine(
            number,
            self._time(number, time, STEP_NS),
            pair,
            side,
            words.unsigned(number, "ICMP type", kind, 8),
            words.unsigned(number, "ICMP code", code, 8),
            quotes,
            short,
        )
        for key, value in words.pairs(number, rest, words.ICMP_KEYS):
            error.fields[key] = words.unsigned(number, key, value, words.ICMP_KEYS[key])
        self._add(error)

    def _earlier(self, number: int, text: str) -> int:
        """The number of an earlier packet."""
        wanted = words.unsigned(number, "packet number", text, 16)
        if not 1 <= wanted <= len(self.packets):
            raise LadderError(number, f"there is no packet {wanted} before this line")
        return wanted

    def _add(self, packet: SegmentLine | CopyLine | IcmpLine) -> None:
        self.story.lines.append(packet)
        self.packets.append(packet)


_HEADS = {
    "isn": _Parser._isn,
    "pair": _Parser._pair,
    "ip6": _Parser._ip6,
    "checksums": _Parser._checksums,
    "snaplen": _Parser._snaplen,
    "only": _Parser._only,
    "capture": _Parser._capture,
}

__all__ = ["LadderError", "Story", "parse"]
