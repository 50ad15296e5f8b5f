"""The block format (draft-ietf-opsawg-pcapng): sections, interfaces, packets.

Every block says its type and its length, and says the length again at its end, so unknown blocks can be passed over
and a slip is noticed at once. A *section* begins with a header block that sets the byte order and forgets the
interfaces of the section before. An *interface* block sets link type, snapshot length and clock of the packets that
name it; interfaces may appear anywhere before their first packet. All of that happens in real files: `mergecap` makes
one section with many interfaces, `cat` makes many sections.

**Time** is a 64-bit count of units, by default microseconds; `if_tsresol` makes the unit 10^-n or 2^-n s and
`if_tsoffset` adds whole seconds. Here it is integer arithmetic, floored to nanoseconds, so exact for every resolution
down to a nanosecond. (Wireshark 4.0 overflows 64 bits with picoseconds and then gets the fraction wrong.)

**Numbers.** Wireshark numbers some blocks that are no packets: custom blocks, journal entries, system calls. They get
no Frame here, but their numbers are used up and the note `not-a-packet` counts them, so that frame 7 is frame 7 in
both programs.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .frame import Frame
from .source import MAX_RECORD, Window
from .status import Status

SECTION, INTERFACE, OBSOLETE_PACKET, SIMPLE_PACKET, ENHANCED_PACKET = 0x0A0D0D0A, 1, 2, 3, 6
RARE_PACKETS = (SIMPLE_PACKET, OBSOLETE_PACKET)
NUMBERED = {9, 0xBAD, 0x40000BAD, 0x204, 0x216, 0x221}  # journal, custom (copied or not), system calls
SILENT = {4, 5, 10}  # name resolution, interface statistics, decryption secrets: known, and nothing to us
ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
VERSIONS = {(1, 0), (1, 2)}

SMALLEST = 12
SMALLEST_ENHANCED = 32
SMALLEST_OF = {SECTION: 28, INTERFACE: 20, OBSOLETE_PACKET: 32, SIMPLE_PACKET: 16, ENHANCED_PACKET: SMALLEST_ENHANCED}

END_OF_OPTIONS, IF_TSRESOL, IF_TSOFFSET = 0, 9, 14
DEFAULT_RESOLUTION = 6


Unpack = Callable[[bytes, int], tuple[Any, ...]]


class BadBlockError(Exception):
    """What a block says cannot be."""


class Interface(NamedTuple):
    """What a packet takes from its interface. Time in ns = units * `multiply` // `divide` + `offset_ns`."""

    number: int  # from 0, through all sections of the file
    link_type: int
    snaplen: int  # 0: no limit
    multiply: int
    divide: int
    offset_ns: int


class Section:
    """The byte order of a section, its interfaces, and how many the file had before."""

    __slots__ = ("before", "declared", "interfaces", "options", "order")

    def __init__(self, order: str, before: int) -> None:
        self.order = order
        self.before = before
        self.interfaces: list[Interface] = []
        self.declared = 0  # with those that were not kept because of the limit
        self.options = struct.Struct(order + "HH").unpack_from

    def missing(self, local: int) -> bool:
        """Whether interface `local` exists but is not kept. Raises BadBlockError if there is none."""
        if local >= self.declared:
            raise BadBlockError(f"a packet names interface {local}, but the section has {self.declared} before it")
        return local >= len(self.interfaces)


def recognise(window: Window) -> bool:
    """Whether the file in a window that stands at its beginning is a pcapng file, perhaps cut in its first block."""
    if not window.data.startswith(b"\n\r\r\n"):
        return False
    return not window.fill(0, SMALLEST) or window.data[8:12] in ORDERS


def _section(data: bytes, position: int, before: int) -> Section:
    """The section that begins at `position`, of which 12 octets are there."""
    order = ORDERS.get(data[position + 8 : position + 12])
    if order is None:
        raise BadBlockError("a section header without a byte-order mark")
    return Section(order, before)


def _unpackers(order: str) -> tuple[Unpack, Unpack, Unpack]:
    """For a byte order: what reads the head of a block, its tail, and the fields of an Enhanced Packet Block."""
    return (
        struct.Struct(order + "II").unpack_from,
        struct.Struct(order + "I").unpack_from,
        struct.Struct(order + "IIIII").unpack_from,
    )


def _check_version(section: Section, body: bytes) -> None:
    version = struct.unpack_from(section.order + "HH", body, 4)
    if version not in VERSIONS:
        raise BadBlockError(f"a section of pcapng version {version[0]}.{version[1]}, only 1.0 and 1.2 are known")


def _interface(section: Section, body: bytes, status: Status) -> Interface:
    """The interface that a block body describes."""
    link_type, snaplen = struct.unpack_from(section.order + "HxxI", body)
    resolution, offset = DEFAULT_RESOLUTION, 0
    seen = set()
    position = 8
    while position + 4 <= len(body):
        code, length = section.options(body, position)
        position += 4
        if code == END_OF_OPTIONS:
            break
        value = body[position : position + length]
        if len(value) < length:
            raise BadBlockError("an option of an interface block runs past the block")
        position += length + (-length & 3)
        if code in seen:  # the first one counts, as in Wireshark
            continue
        if code == IF_TSRESOL and length == 1:
            resolution = value[0]
        elif code == IF_TSOFFSET and length == 8:
            offset = struct.unpack(section.order + "q", value)[0]
        elif code in (IF_TSRESOL, IF_TSOFFSET):
            status.note("bad-option", f"if_tsresol or if_tsoffset with a wrong length ({length}) is not used")
            continue
        else:
            continue
        seen.add(code)
    divide = 1 << (resolution & 0x7F) if resolution & 0x80 else 10**resolution
    multiply = 1_000_000_000
    if multiply % divide == 0:
        multiply, divide = multiply // divide, 1
    return Interface(section.before + section.declared, link_type, snaplen, multiply, divide, offset * 1_000_000_000)


def _check_length(kind: int, length: int) -> None:
    """Raises BadBlockError unless a block of this type can have this length."""
    smallest = SMALLEST_OF.get(kind, SMALLEST)
    if length < smallest:
        raise BadBlockError(f"a block of type {kind:#x} states a length of {length}, less than {smallest}")
    if length % 4:
        raise BadBlockError(f"a block of type {kind:#x} states a length of {length}, not a multiple of 4")


def _rare_packet(kind: int, section: Section, body: bytes) -> tuple[int, int | None, int, int, int, int]:
    """Interface, both halves of the time, captured and original length, and where in the body the data begins."""
    if kind == OBSOLETE_PACKET:
        local, high, low, captured, original = struct.unpack_from(section.order + "HxxIIII", body)
        return local, high, low, captured, original, 20
    # A Simple Packet Block belongs to the first interface and does not say how much of the packet it holds.
    section.missing(0)
    (original,) = struct.unpack_from(section.order + "I", body)
    return 0, None, 0, min(original, section.interfaces[0].snaplen or original), original, 4


def _no_packet(kind: int, section: Section, body: bytes, status: Status, max_interfaces: int) -> int:
    """Take in a block that is no packet. Returns how many frame numbers it uses up, 0 or 1."""
    if kind == SECTION:
        _check_version(section, body)
    elif kind == INTERFACE:
        if section.declared < max_interfaces:
            section.interfaces.append(_interface(section, body, status))
        section.declared += 1
    elif kind in NUMBERED:
        status.note("not-a-packet", f"a block of type {kind:#x} has a frame number in Wireshark but is no packet")
        return 1
    elif kind not in SILENT:
        status.note("unknown-block", f"a block of unknown type {kind:#x} was passed over")
    return 0


def frames(window: Window, status: Status, max_interfaces: int) -> Iterator[Frame]:
    """The frames of a pcapng file, from a window that stands at its beginning.

    Stops at a block that is cut (`truncated-file`), longer than `MAX_RECORD` (`record-too-long`) or contradicts itself
    (`bad-block`), and says so in `status`. Of each section `max_interfaces` (at least 1) interfaces are kept; packets
    of others are passed over and counted in the note `interface-limit`.
    """
    data, base, end, position = window.data, window.base, len(window.data), 0
    section = Section("<", 0)
    interfaces = section.interfaces
    head, tail, enhanced = _unpackers("<")
    sieve = status.sieve
    count = 0  # frames handed over, or taken by the sieve
    passed = 0  # frame numbers used up by others
    try:
        while True:
            if position + SMALLEST > end:
                if not window.fill(position, SMALLEST):
                    return window.settle(status, SMALLEST, "a block header")
                data, base, end, position = window.data, window.base, len(window.data), 0
            kind, length = head(data, position)
            if kind == SECTION:
                section = _section(data, position, section.before + section.declared)
                interfaces = section.interfaces
                head, tail, enhanced = _unpackers(section.order)
                kind, length = head(data, position)
            if length > MAX_RECORD:
                message = f"a block of type {kind:#x} states a length of {length}, more than the limit of {MAX_RECORD}"
                return status.stop("record-too-long", base + position, message)
            if kind != ENHANCED_PACKET or length < SMALLEST_ENHANCED or length & 3:
                _check_length(kind, length)
            after = position + length
            if after > end:
                if not window.fill(position, length):
                    return window.settle(status, length, "a block")
                data, base, end, position = window.data, window.base, len(window.data), 0
                after = length
            if tail(data, after - 4)[0] != length:
                raise BadBlockError(f"a block of type {kind:#x} states the length {length} and another one at its end")

            if kind == ENHANCED_PACKET:
                local, high, low, captured, original = enhanced(data, position + 8)
                begin = position + 28
            elif kind in RARE_PACKETS:
                body = data[position + 8 : after - 4]
                local, high, low, captured, original, begin = _rare_packet(kind, section, body)
                begin += position + 8
            else:
                passed += _no_packet(kind, section, data[position + 8 : after - 4], status, max_interfaces)
                position = after
                continue
            if captured > after - 4 - begin:
                raise BadBlockError(f"a block of length {length} is too small for {captured} captured octets")
            if local >= len(interfaces) and section.missing(local):
                status.note("interface-limit", f"packets of interfaces beyond the first {max_interfaces} are not read")
                passed += 1
                position = after
                continue
            interface, link_type, _, multiply, divide, offset_ns = interfaces[local]
            time_ns = None if high is None else (high << 32 | low) * multiply // divide + offset_ns
            count += 1
            status.frames = count
            number = count + passed
            if sieve is None or not sieve(number, time_ns, link_type, interface, captured, data, begin):
                packet = data[begin : begin + captured]
                yield Frame(number, time_ns, link_type, interface, captured, original, base + position, packet)
            position = after
    except BadBlockError as error:
        status.stop("bad-block", base + position, str(error))
