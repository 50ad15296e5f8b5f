"""The default engine: a frame of a capture in, its TCP segment out.

The portable decoder reads the frame. Only where it meets a layer it does not know does dpkt look for the IP header
(segments/rare); the portable decoder then reads on. Checksums over the payload, which the portable decoder does not
see, are computed here: always for a segment that looks damaged, because damage on the wire is nobody's fault; for all
segments on request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tcplint.core.decoder import LAYER_IP, Decoder
from tcplint.core.model import ACK, CHECKSUM_BAD, FIN, RESERVED, RST, SYN
from tcplint.core.options import is_suspect
from tcplint.core.skips import QUOTE, SEGMENT, UNKNOWN_LINK_TYPE, UNKNOWN_PROTOCOL, skip_name
from tcplint.core.wire import decode, decode_layer

from .checksum import checksum_state
from .rare import find_ip
from .sieve import make_sieve
from .straight import USUAL, straight_reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcplint.capture.frame import Frame, Sieve
    from tcplint.core.model import Quote, Segment


def looks_damaged(segment: Segment) -> bool:
    """Whether the header is one that a working sender would not make."""
    flags = segment.flags
    if not segment.header_valid or flags & RESERVED or not flags & (SYN | ACK | RST):
        return True
    if (flags & SYN and flags & FIN) or (flags & RST and flags & (SYN | FIN)):
        return True
    return bool(is_suspect(segment.options, flags))


class DpktEngine:
    """Reads the frames of one capture, in order. Fragments are put together from frame to frame."""

    name = "dpkt"

    def __init__(self, checksums: bool = False) -> None:
        self._decoder = Decoder()
        self._checksums = checksums
        # The segment or quotation in a frame, or the name of the reason why there is none (core/skips). The time is in
        # microseconds since the first frame. Raises nothing, whatever the octets. Whoever wants checksums verified
        # wants every frame looked at closely.
        self.extract: Callable[[Frame, int], Segment | Quote | str] = self._extract
        if not checksums:
            self.extract = straight_reader(self._decoder, self._extract)

    def sieve(self, engine: Any, clock: Any, capture: Any, lately: Any, drain: int) -> Sieve | None:
        """What takes most records before they become frames (segments/sieve); None where every frame is wanted."""
        return None if self._checksums else make_sieve(self._decoder, engine, clock, capture, lately, drain)

    def _extract(self, frame: Frame, time_us: int) -> Segment | Quote | str:
        """As `extract`, by the portable decoder."""
        decoder = self._decoder
        data = frame.data
        code = decode(
            decoder, data, frame.link_type, frame.number, time_us, frame.interface, frame.captured, frame.original
        )
        if code == SEGMENT:
            segment = cast("Segment", decoder.segment)
            if segment.flags in USUAL and not segment.odd and not self._checksums:
                return segment
        elif code in (UNKNOWN_LINK_TYPE, UNKNOWN_PROTOCOL):
            offset = find_ip(data, frame.link_type)
            if offset >= 0:
                code = decode_layer(
                    decoder, data, offset, LAYER_IP, frame.number, time_us, frame.interface, frame.captured,
                    frame.original,
                )  # fmt: skip
        if code == SEGMENT:
            segment = cast("Segment", decoder.segment)
            if self._checksums or looks_damaged(segment):
                segment.checksum_state = checksum_state(segment, data, decoder.tcp_offset, decoder.tcp_length)
                segment.odd = segment.odd or segment.checksum_state == CHECKSUM_BAD
            return segment
        if code == QUOTE:
            return cast("Quote", decoder.quote)
        return cast("str", skip_name(code))

    @property
    def notes(self) -> dict[str, int]:
        """What had to be given up, by name: datagrams with contradicting fragments, datagrams beyond the limits."""
        table = self._decoder.fragments
        counts = {"fragment-overlap": table.overlaps, "fragment-limit": table.evicted}
        return {name: count for name, count in counts.items() if count > 0}
