"""A capture file of frames: pcap with nanoseconds, big-endian, the same octets on every machine."""

import struct
from collections.abc import Sequence
from pathlib import Path

from tcplint.capture.frame import Frame

MAGIC_NANOSECONDS = 0xA1B23C4D
SNAPLEN = 262144


def write_pcap(frames: Sequence[Frame], path: Path | str) -> None:
    """Write the frames. Raises ValueError for a mixture of link types or a time before 1970, and OSError.

    A frame without a time gets 1970-01-01: the format cannot leave it out.
    """
    Path(path).write_bytes(pcap_octets(frames))


def pcap_octets(frames: Sequence[Frame]) -> bytes:
    """The file as octets; without frames, an empty Ethernet capture. A pcap file cannot keep interfaces apart."""
    link_types = {frame.link_type for frame in frames} or {1}
    if len(link_types) > 1:
        raise ValueError(f"a pcap file holds one link type, not {sorted(link_types)}")
    parts = [struct.pack(">IHHiIII", MAGIC_NANOSECONDS, 2, 4, 0, 0, SNAPLEN, link_types.pop())]
    for frame in frames:
        seconds, nanoseconds = divmod(frame.time_ns or 0, 1_000_000_000)
        if not 0 <= seconds < 1 << 32:
            raise ValueError(f"frame {frame.number}: {seconds} s since 1970 do not fit into a pcap file")
        parts.append(struct.pack(">IIII", seconds, nanoseconds, frame.captured, frame.original))
        parts.append(frame.data)
    return b"".join(parts)
