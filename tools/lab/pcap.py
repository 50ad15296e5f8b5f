"""The captures of a story: three points, each a pcap file with nanoseconds (big-endian, Ethernet)."""

import struct
import time
from dataclasses import dataclass

CLIENT, MIDDLE, SERVER = POINTS = ("client", "middle", "server")

_MAGIC_NANOSECONDS = 0xA1B23C4D
_SNAPLEN = 262144
_ETHERNET = 1


@dataclass(frozen=True, slots=True)
class Record:
    """A frame of a capture; `time_ns` counts from the epoch."""

    time_ns: int
    octets: bytes


class Clock:
    """Nanoseconds since the epoch that never step back: the time of day at the start, then the monotonic clock."""

    def __init__(self) -> None:
        self._offset = time.time_ns() - time.monotonic_ns()

    def now(self) -> int:
        """The time."""
        return self._offset + time.monotonic_ns()


def pcap_octets(records: list[Record]) -> bytes:
    """The file of these records."""
    parts = [struct.pack(">IHHiIII", _MAGIC_NANOSECONDS, 2, 4, 0, 0, _SNAPLEN, _ETHERNET)]
    for record in records:
        seconds, nanoseconds = divmod(record.time_ns, 1_000_000_000)
        length = len(record.octets)
        parts += [struct.pack(">IIII", seconds, nanoseconds, length, length), record.octets]
    return b"".join(parts)


def pcap_records(octets: bytes) -> list[Record]:
    """The records of a file that `pcap_octets` made. Raises ValueError for another one."""
    if len(octets) < 24 or struct.unpack_from(">I", octets)[0] != _MAGIC_NANOSECONDS:
        raise ValueError("not a big-endian pcap file with nanoseconds")
    records: list[Record] = []
    at = 24
    while at < len(octets):
        seconds, nanoseconds, captured, length = struct.unpack_from(">IIII", octets, at)
        at += 16
        if captured != length or at + captured > len(octets):
            raise ValueError(f"record {len(records) + 1} is not whole")
        records.append(Record(seconds * 1_000_000_000 + nanoseconds, octets[at : at + captured]))
        at += captured
    return records
