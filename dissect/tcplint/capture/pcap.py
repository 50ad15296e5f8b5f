"""The classic capture format: a header of 24 octets, then records, each a header of 16 octets and its data.

The first four octets tell byte order and resolution. Everything else that can differ is history, and is decided as
Wireshark decides it:

- **Lengths swapped.** Before version 2.3 the two lengths of a record stood the other way round; of the programs that
  wrote 2.3 some still did, so there the lengths are exchanged when the captured one would exceed the original.
- **Longer record headers.** A patch to libpcap of 1999 (by A. Kuznetzov) added interface, protocol and packet type,
  8 octets, under a magic number of its own; an earlier state of the patch had 12 octets under the same number, and an
  even earlier one 8 octets under the standard number. Nokia's version adds 4. Which it is shows in the first records:
  read with the wrong size, a record header makes no sense. The size with the fewest absurdities is taken.
- **Version 2.2 with an interface type of AIX.** AIX counts nanoseconds under the microsecond magic number and has
  link type numbers of its own.
- **The link type field** holds, above its low 16 bits, how long the frame check sequences are. These bits are dropped:
  a check sequence lies behind the IP datagram, whose length counts.

The zone and accuracy fields of the header were never used and are not looked at.
"""

import struct
from collections.abc import Iterator

from .frame import Frame
from .source import MAX_RECORD, Window
from .status import Status

HEADER = 24
STANDARD, NANOSECOND, MODIFIED = 0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34
IXIA = (0x1C0001AC, 0x1C0001AB)  # captured in hardware, in software; their file header has 4 octets more
EXTRA_OCTETS = {STANDARD: (0, 8, 4), NANOSECOND: (0,), MODIFIED: (8, 12), IXIA[0]: (0,), IXIA[1]: (0,)}
AIX_LINK_TYPES = {6: 1, 9: 6, 24: 0}  # Ethernet, Token Ring, loopback

IN_ORDER, SWAPPED, PERHAPS_SWAPPED = 0, 1, 2

TRIED_RECORDS = 3
SANE_CAPTURED = 1 << 18  # Wireshark's largest snapshot for ordinary links
SANE_ORIGINAL = 1 << 27


class UnsupportedVersionError(Exception):
    """The file header states a version nobody describes."""


def _magic_of(head: bytes) -> tuple[str, int] | None:
    for order in "<>":
        magic: int = struct.unpack_from(order + "I", head)[0]
        if magic in EXTRA_OCTETS:
            return order, magic
    return None


def recognise(head: bytes) -> bool:
    """Whether a file that begins with these octets is a pcap file."""
    return len(head) >= 4 and _magic_of(head) is not None


class Layout:
    """What the file header says about the records behind it."""

    __slots__ = ("begin", "extra", "lengths", "link_type", "order", "snaplen", "unit_ns")

    def __init__(self, head: bytes) -> None:
        """Read the file header, of which 24 octets must be there. Raises UnsupportedVersionError."""
        found = _magic_of(head)
        assert found is not None
        self.order, magic = found
        major, minor, snaplen, network = struct.unpack_from(self.order + "HH8xII", head, 4)
        if major < 2:
            raise UnsupportedVersionError(f"pcap version {major}.{minor} is not known, only 2.0 and later")
        self.begin = HEADER + (4 if magic in IXIA else 0)
        self.extra = EXTRA_OCTETS[magic]
        self.unit_ns = 1 if magic == NANOSECOND else 1000
        self.snaplen: int = snaplen or SANE_CAPTURED
        self.link_type: int = network & 0xFFFF
        self.lengths = IN_ORDER
        if (major, minor) < (2, 3) or major == 543:  # 543.0 is what DG/UX writes
            self.lengths = SWAPPED
        elif (major, minor) == (2, 3):
            self.lengths = PERHAPS_SWAPPED
        if (major, minor) == (2, 2) and network in AIX_LINK_TYPES:
            self.link_type = AIX_LINK_TYPES[network]
            self.unit_ns = 1
            self.extra = (0,)

    def in_order(self, captured: int, original: int) -> tuple[int, int]:
        """The two lengths of a record as they are meant."""
        if self.lengths == SWAPPED or (self.lengths == PERHAPS_SWAPPED and captured > original):
            return original, captured
        return captured, original


def _absurdities(data: bytes, layout: Layout, extra: int) -> int:
    """How much is wrong in the first records, read with `extra` octets behind each record header."""
    position = layout.begin
    for _ in range(TRIED_RECORDS):
        if position + 16 > len(data):
            break
        _, part, captured, original = struct.unpack_from(layout.order + "4I", data, position)
        captured, original = layout.in_order(captured, original)
        wrong: int = (
            (part * layout.unit_ns >= 1_000_000_000)
            + (captured > SANE_CAPTURED)
            + (original > SANE_ORIGINAL)
            + (captured > layout.snaplen)
            + (captured > original)
        )
        if wrong:
            return wrong
        position += 16 + extra + captured
    return 0


def frames(window: Window, status: Status) -> Iterator[Frame]:
    """The frames of a pcap file, from a window that stands at its beginning.

    The file header is read at once: raises UnsupportedVersionError. The frames stop at a record that is cut
    (`truncated-file`) or longer than `MAX_RECORD` (`record-too-long`), which `status` then says.
    """
    whole = window.fill(0, HEADER)
    layout = Layout(window.data) if whole else None
    if layout is None or not window.fill(0, layout.begin):
        window.settle(status, HEADER, "the file header")
        return iter(())
    # Only octets that are there anyway are looked at: frames of a live pipe must not wait for this.
    extra = min(layout.extra, key=lambda octets: _absurdities(window.data, layout, octets))
    return _records(window, status, layout, 16 + extra)


def _records(window: Window, status: Status, layout: Layout, header: int) -> Iterator[Frame]:
    unpack = struct.Struct(layout.order + "4I").unpack_from
    lengths, unit_ns, link_type, sieve = layout.lengths, layout.unit_ns, layout.link_type, status.sieve
    data, base, end = window.data, window.base, len(window.data)
    position = layout.begin
    number = 0
    second, second_ns = 0, 0  # of the record before: most records share theirs
    while True:
        if position + header > end:
            if not window.fill(position, header):
                window.settle(status, header, "a record header")
                return
            data, base, end, position = window.data, window.base, len(window.data), 0
        seconds, part, captured, original = unpack(data, position)
        if lengths:
            captured, original = layout.in_order(captured, original)
        if captured > MAX_RECORD:
            message = f"a record states {captured} captured octets, more than the limit of {MAX_RECORD}"
            status.stop("record-too-long", base + position, message)
            return
        begin = position + header
        after = begin + captured
        if after > end:
            if not window.fill(position, header + captured):
                window.settle(status, header + captured, "a record")
                return
            data, base, end, position = window.data, window.base, len(window.data), 0
            begin, after = header, header + captured
        number += 1
        status.frames = number
        if seconds != second:
            second, second_ns = seconds, seconds * 1_000_000_000
        time_ns = second_ns + part * unit_ns
        if sieve is None or not sieve(number, time_ns, link_type, 0, captured, data, begin):
            yield Frame(number, time_ns, link_type, 0, captured, original, base + position, data[begin:after])
        position = after
