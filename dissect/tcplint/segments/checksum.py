"""The TCP checksum (RFC 9293 §3.1), computed over pseudo-header, header and payload.

The sum is that of 16-bit words with end-around carry. As 65536 leaves the remainder 1 when divided by 65535, this sum
equals the remainder by 65535 of the octets read as one large number: the way Python computes it at the speed of C. A
correct segment, its checksum field included, adds up to 65535, so the remainder is 0; it cannot be 0 otherwise, because
the pseudo-header holds the protocol number 6 and the sum is never zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcplint.core.model import CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_PARTIAL, CHECKSUM_UNKNOWN

if TYPE_CHECKING:
    from tcplint.core.model import Segment


def checksum_state(segment: Segment, data: bytes, tcp_offset: int, tcp_length: int) -> int:
    """CHECKSUM_GOOD, _BAD, _PARTIAL or _UNKNOWN of a segment that stands at data[tcp_offset:][:tcp_length].

    Unknown: not captured whole (or put together from fragments: a negative `tcp_offset`), or the length of the segment
    is not that of the packet (`offload`). A sum that proves right is GOOD even where the field also equals the sum of
    the pseudo-header alone.
    """
    stop = tcp_offset + tcp_length
    if tcp_offset < 0 or tcp_length < 20 or stop > len(data) or segment.offload:
        return CHECKSUM_PARTIAL if segment.checksum_state == CHECKSUM_PARTIAL else CHECKSUM_UNKNOWN
    addresses = segment.key[:-4]
    pseudo = addresses + tcp_length.to_bytes(4, "big") + b"\0\0\0\6"
    octets = pseudo + data[tcp_offset:stop] + b"\0" * (tcp_length % 2)
    if int.from_bytes(octets, "big") % 65535 == 0:
        return CHECKSUM_GOOD
    return CHECKSUM_PARTIAL if segment.checksum_state == CHECKSUM_PARTIAL else CHECKSUM_BAD
