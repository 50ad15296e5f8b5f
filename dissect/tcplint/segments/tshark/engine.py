"""The engine: a frame, and what tshark says of it, in; its TCP segment out.

tshark decides *where* the segment stands: which of the headers is the innermost one that no ICMP error quotes, through
whatever encapsulation. What stands there is read by our own code, which every other part relies on, and then compared
with the numbers that tshark itself shows. So the two are second opinions on each other: where they differ, the note
`tshark-differs` says so, and how often.

For a place that the portable decoder found too, its segment is taken, link number and all. For others the octets are
read at the place that tshark names, or, if they are not in the frame (reassembled in a tunnel, decrypted), put together
from the fields that it shows.

Putting IP fragments together is ours alone: bounds on memory and time, and what is done about fragments that
contradict each other, may not depend on the engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tcplint.core.decoder import Decoder
from tcplint.core.model import CHECKSUM_BAD, Quote, Segment
from tcplint.core.skips import (
    AUTHENTICATED,
    FRAGMENT,
    FRAGMENT_OVERLAP,
    QUOTE,
    SEGMENT,
    TRUNCATED,
    UNKNOWN_LINK_TYPE,
    UNKNOWN_PROTOCOL,
    skip_name,
)
from tcplint.core.tcp import SHORTEST, read_tcp
from tcplint.core.wire import decode
from tcplint.segments.checksum import checksum_state
from tcplint.segments.dpkt import looks_damaged

from . import location as at
from .layers import BadOutputError, Packet
from .ordinary import is_shown
from .reading import Reading

if TYPE_CHECKING:
    from typing import BinaryIO

    from tcplint.capture.frame import Frame

    from .location import Place

MAX_LINKS = 4096  # link numbers of our own
FIRST_LINK = 4097  # those of the decoder end before
ICMP_ERRORS = (3, 4, 5, 11, 12)
ICMP6_ERRORS = (1, 2, 3, 4)


class TsharkEngine:
    """Reads one capture: `open` it, then `extract` from each frame of it, in order."""

    name = "tshark"

    def __init__(self, checksums: bool = False) -> None:
        self._decoder: Any = Decoder()
        self._checksums = checksums
        self._reading: Reading | None = None
        self._links: dict[tuple[object, ...], int] = {}
        self._differ = 0
        self._several = 0

    def open(self, source: str | BinaryIO, *, max_expand: int, max_interfaces: int) -> Reading:
        """The frames of a capture, each of which tshark has seen when it comes. To be closed.

        Raises CaptureError as `capture.open_capture` does, and EngineUnusableError.
        """
        self._reading = Reading(source, max_expand, max_interfaces)
        return self._reading

    def extract(self, frame: Frame, time_us: int) -> Segment | Quote | str:
        """The segment or quotation in the frame, or the name of the reason why there is none (core/skips).

        `frame`: the one that `Reading` gave last. `time_us`: microseconds since the first frame.
        """
        reading = self._reading
        assert reading is not None
        try:
            return self.judge(frame, time_us, reading.packet)
        except BadOutputError as error:  # in a line of an ordinary packet that is read only where both disagree
            reading.refuse(str(error))
            return self.judge(frame, time_us, Packet())

    def judge(self, frame: Frame, time_us: int, packet: Packet) -> Segment | Quote | str:
        """As `extract`, of a frame and what tshark says of it."""
        decoder, data = self._decoder, frame.data
        code = decode(
            decoder, data, frame.link_type, frame.number, time_us, frame.interface, frame.captured, frame.original
        )
        ordinary = packet.ordinary
        if code == SEGMENT and ordinary is not None:
            segment = decoder.segment
            if is_shown(ordinary, segment, decoder.tcp_offset, frame.captured):
                return self._verified(segment, data, decoder.tcp_offset, decoder.tcp_length)
        place = at.innermost(packet, quoted=False)
        if place is None:
            return self._without_segment(frame, time_us, packet, code)
        self._several += place.several
        if code in (FRAGMENT, FRAGMENT_OVERLAP):
            return cast("str", skip_name(code))
        shift = _shift(frame, packet)
        if code == SEGMENT and decoder.tcp_offset in (-1, place.tcp.pos + shift):
            segment, octets, offset, length = decoder.segment, data, decoder.tcp_offset, decoder.tcp_length
        else:
            self._differ += code == SEGMENT
            offset = place.tcp.pos + shift
            octets, offset = (data, offset) if at.stands_at(data, offset, place.tcp) else (at.header(place.tcp), 0)
            if len(octets) - offset < SHORTEST:
                return cast("str", skip_name(TRUNCATED if code in (SEGMENT, QUOTE) else code))
            length = at.tcp_length(place, len(octets) - offset)
            if length < SHORTEST:
                return cast("str", skip_name(TRUNCATED if code in (SEGMENT, QUOTE) else code))
            segment = self._segment(frame, time_us, place, self._link(packet, place, code))
            limit = min(len(octets), offset + length)
            read_tcp(decoder, segment, octets, offset, limit, length)
        if not at.agrees(segment, place):
            self._differ += 1
        return self._verified(segment, octets, offset, length)

    def _verified(self, segment: Any, octets: bytes, offset: int, length: int) -> Segment:
        """The segment, its checksum verified where that is asked for or the header looks damaged."""
        if self._checksums or looks_damaged(segment):
            segment.checksum_state = checksum_state(segment, octets, offset, length)
            segment.odd = segment.odd or segment.checksum_state == CHECKSUM_BAD
        return cast("Segment", segment)

    def _without_segment(self, frame: Frame, time_us: int, packet: Packet, code: int) -> Segment | Quote | str:
        """tshark sees no segment in the frame."""
        decoder = self._decoder
        if code == SEGMENT:
            if decoder.tcp_offset < 0:  # completed by us, given up by tshark
                segment = decoder.segment
                if self._checksums or looks_damaged(segment):
                    segment.checksum_state = checksum_state(segment, frame.data, -1, decoder.tcp_length)
                return cast("Segment", segment)
            self._differ += 1
            return "not-tcp"
        place = at.innermost(packet, quoted=True)
        if code == QUOTE:
            quote = decoder.quote
            if place is None or at.ports(place.tcp) != quote.key[-4:]:
                self._differ += 1
            return cast("Quote", quote)
        known = code in (UNKNOWN_LINK_TYPE, UNKNOWN_PROTOCOL, AUTHENTICATED)
        if place is not None and (known or skip_name(code) == "not-tcp"):
            built = _quote(frame, time_us, packet, place)
            if built is not None:
                return built
        if known and frame.captured >= frame.original and at.has_ip(packet):
            return "not-tcp"
        return cast("str", skip_name(code))

    def _segment(self, frame: Frame, time_us: int, place: Place, link: int) -> Any:
        """A segment whose IP header is what tshark shows."""
        ip = place.ip
        four = ip.name == "ip"
        ip_id = at.number(ip, "ip.id" if four else "ipv6.flow")
        ecn = max(at.number(ip, "ip.dsfield" if four else "ipv6.tclass"), 0) & 3
        hop_limit = at.number(ip, "ip.ttl" if four else "ipv6.hlim")
        key = at.addresses(ip) + at.ports(place.tcp)
        segment: Any = Segment(frame.number, time_us, key, ip_id, hop_limit, ecn, link, frame.interface)
        if at.number(ip, "ip.len" if four else "ipv6.plen") == 0:
            segment.offload = segment.odd = True
            segment.length_known = frame.captured >= frame.original
        return segment

    def _link(self, packet: Packet, place: Place, code: int) -> int:
        """The number of the way that this frame took: the decoder's, as far as it came, and the tunnels behind."""
        before = 0 if code == UNKNOWN_LINK_TYPE else self._decoder.link
        key = (before, *at.tunnel(packet, place.ip))
        link = self._links.get(key)
        if link is None:
            if len(self._links) >= MAX_LINKS:
                return 0
            link = self._links[key] = FIRST_LINK + len(self._links)
        return link

    @property
    def notes(self) -> dict[str, int]:
        """What had to be given up, and frames in which tshark contradicts our decoder, by name."""
        table = self._decoder.fragments
        counts = {
            "fragment-overlap": table.overlaps,
            "fragment-limit": table.evicted,
            "tshark-differs": self._differ,
            "several-segments": self._several,
            "tshark-error": 1 if self._reading is not None and self._reading.complaint else 0,
        }
        return {name: count for name, count in counts.items() if count > 0}


def _shift(frame: Frame, packet: Packet) -> int:
    """Octets of the header that some link types put before the frame: in the file, but not in tshark's count."""
    return max(0, frame.captured - packet.captured) if packet.captured >= 0 else 0


def _quote(frame: Frame, time_us: int, packet: Packet, place: Place) -> Quote | None:
    """The quotation inside an ICMP error that only tshark could find."""
    carrier = next((layer for layer in packet.layers if layer.name in ("icmp", "icmpv6") and not layer.quoted), None)
    if carrier is None:
        return None
    four = carrier.name == "icmp"
    kind = at.number(carrier, f"{carrier.name}.type")
    if kind not in (ICMP_ERRORS if four else ICMP6_ERRORS):
        return None
    addresses, ports = at.addresses(place.ip), at.ports(place.tcp)
    if not addresses or not ports:
        return None
    quote: Any = Quote(frame.number, time_us, addresses + ports)
    quote.seq = max(at.number(place.tcp, "tcp.seq_raw"), at.number(place.tcp, "tcp.seq"))
    quote.version = 4 if four else 6
    quote.type, quote.code = kind, at.number(carrier, f"{carrier.name}.code")
    outer = [layer for layer in packet.layers[: packet.layers.index(carrier)] if layer.name in at.IP]
    if outer:
        quote.hop_limit = at.number(outer[-1], "ip.ttl" if outer[-1].name == "ip" else "ipv6.hlim")
    return cast("Quote", quote)
