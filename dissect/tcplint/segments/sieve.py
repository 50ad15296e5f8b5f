"""The sieve: most records of a capture need not become a Frame, nor their octets a Segment.

Most of a capture is data and acknowledgments of quiet connections, and their orderly closes, each segment with exactly
the numbers expected next. The core takes such a segment as bare numbers (core/calm). So the file readers show every
record to the sieve before they make a Frame of it. The sieve reads the headers where they lie in the file's octets, and
takes the record when it is Ethernet, IPv4 and TCP of the commonest shape, on a link and between addresses met before,
and the core says that it expects the segment. Anything else it leaves untouched, and the record goes the usual way,
which would say the same of every record that the sieve takes (tests/wire/test_sieve.py compares them).

Every so many segments one is left to the usual way too, where a check looks around: at connections that retired, at
its progress, at the wish to stop.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Any

from tcplint.core.calm import PUSHED, pass_by, pass_close
from tcplint.core.calm_open import complete_opening
from tcplint.core.engine import CLOCK_JUMP
from tcplint.core.model import FIN

if TYPE_CHECKING:
    from tcplint.capture.frame import Sieve

# Link addresses; ethertype, version, IHL and TOS; total length, identification; fragment, TTL and protocol; addresses
# and ports; seq, ack, offset and flags, window, checksum, urgent pointer.
HEADERS = ">12sIHHI2x12sIIHHHH"
STAMPED = Struct(HEADERS + "III")  # and two NOPs and the head of the timestamps, TSval, TSecr
BARE = Struct(HEADERS)
ETHERNET = 1
SHAPE, IPV4 = 0xFFFFFF00, 0x08004500  # five words of header, any TOS
CARRIED, WHOLE_TCP = 0x3FFF00FF, 0x00000006  # no fragment, any TTL
STAMPS = 0x0101080A
FLAGS = 0xFFF
PLAIN_ACK = 0x010  # with or without PSH and FIN, which CALM leaves out
CALM = 0xFFF6
STAMPED_ACK = 8 << 12 | PLAIN_ACK
BARE_ACK = 5 << 12 | PLAIN_ACK
PADDING = 6  # a payload of up to so many octets may be link padding


def make_sieve(decoder: Any, engine: Any, clock: Any, capture: Any, lately: Any, drain: int) -> Sieve:
    """A sieve in front of `engine` (core.engine.Engine).

    `decoder`: the core.decoder.Decoder that numbers links and knows addresses. `clock`, `capture`: the check's Clock
    and CaptureReport, which go on as if the records had come the usual way. `lately`: the Lately that remembers
    segments, or None. `drain`: a mask; a segment that brings these bits of their count to 0 is not taken.
    """
    unpack, size, unpack_bare, bare = STAMPED.unpack_from, STAMPED.size, BARE.unpack_from, BARE.size
    chains, links, calm_step = engine.chains, decoder.links, engine.calm_step
    ring = None if lately is None else lately.ring
    places = 0 if ring is None else len(ring)

    def sieve(
        number: int, time_ns: int | None, link_type: int, interface: int, captured: int, data: bytes, at: int
    ) -> bool:
        """Whether the record was taken."""
        if captured >= size:
            (
                addresses, shape, total, ip_id, carried,
                key, seq, ack, word, window, checksum, urgent, stamps, tsval, tsecr,
            ) = unpack(data, at)  # fmt: skip
        elif captured >= bare:
            (
                addresses, shape, total, ip_id, carried,
                key, seq, ack, word, window, checksum, urgent,
            ) = unpack_bare(data, at)  # fmt: skip
            stamps = tsval = tsecr = 0
        else:
            return False
        if word & CALM == STAMPED_ACK:
            length = total - 52
            if stamps != STAMPS:
                return False
        elif word & CALM == BARE_ACK:
            length = total - 40
            tsval = tsecr = -1
        else:
            return False
        chain = chains.get(key)
        if chain is None:
            return False
        connection = chain.current
        if connection is None or not (connection.orderly or chain.fresh):
            return False
        if shape & SHAPE != IPV4 or carried & CARRIED != WHOLE_TCP or urgent or link_type != ETHERNET:
            return False
        link, pseudo = links.get(addresses), decoder.sums.get(key)
        if link is None or pseudo is None or not (pseudo + total - 20 - checksum) % 65535:
            return False  # not met before, or a checksum that the card was to finish
        segments = capture.tcp_segments + 1
        if (length <= PADDING and length != 0) or not segments & drain or time_ns is None:
            return False
        time = (time_ns - clock.origin_ns) // 1000
        if time < clock.latest or time > clock.horizon or time - engine.clock > CLOCK_JUMP:
            return False  # engine.clock is never ahead of clock.latest
        flags, ttl = word & FLAGS, carried >> 8 & 0xFF
        seen = (key, flags, length, ack, window, ip_id, tsval, tsecr, time, ttl, link, interface, number)
        mark = seq * 65536 + checksum + 1
        if connection.calm and not flags & FIN:
            if not pass_by(
                engine, chain, connection, number, time, key, flags, seq, ack, length, window, tsval, mark, seen
            ):
                return False
            step = calm_step
        else:
            step = engine.step
            if length or flags == PUSHED:
                return False
            if connection.orderly:
                if not pass_close(
                    engine, chain, connection, number, time, key, flags, seq, ack, window, tsval, mark, seen
                ):
                    return False
            elif flags != PLAIN_ACK or not complete_opening(
                engine, chain, connection, number, time, key, seq, ack, window, ttl, tsval, tsecr, mark, seen
            ):
                return False
        engine.clock = clock.now = clock.latest = time
        if time > engine.now:
            engine.now = time
        capture.tcp_segments = segments
        if ring is not None:
            row = (number, time, step.side, flags, step.seq, step.ack, length)
            ring[number % places] = row
            if flags & FIN:
                lately.keep(number, row)
            if step.findings:
                lately.keep_related(step)
        return True

    return sieve
