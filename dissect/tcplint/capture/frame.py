"""A frame: one record of a capture file, before anybody has looked inside it.

Times are whole nanoseconds. A float of seconds since 1970 keeps about 200 ns, so two frames 100 ns apart could change
places; an integer keeps every digit that the file holds.
"""

from collections.abc import Callable
from dataclasses import dataclass

# Asked before a record becomes a Frame; what it takes is not handed over. Number, time (ns) or None, link type,
# interface, captured octets, octets of the file, place of the record's data in them.
Sieve = Callable[[int, int | None, int, int, int, bytes, int], bool]


@dataclass(slots=True)
class Frame:
    """One captured frame.

    Not frozen: a frozen data class takes four times as long to make, and files of a million frames are ordinary.
    """

    number: int  # from 1, as Wireshark counts
    time_ns: int | None  # nanoseconds since 1970-01-01 00:00 UTC; None where the file has no time (Simple Packet Block)
    link_type: int  # LINKTYPE_… number of the interface, 1 is Ethernet
    interface: int  # from 0, through all sections of the file; 0 in pcap
    captured: int  # octets in the file, len(data)
    original: int  # octets on the wire, as the file states it; may be anything in a hostile file
    offset: int  # of the record or block in the decompressed file
    data: bytes
