"""Small files, each awkward in one way, with what a reader must make of them.

The first thirteen are those on which known readers disagree (one reads the second interface with the clock of the
first, two refuse a file with two link types, one passes over Simple Packet Blocks without a word). `tshark` is the
referee; the expectation stands here as well, so that the tests say something where it is not installed.
"""

import gzip
import struct
from collections import Counter
from dataclasses import dataclass
from typing import Any

import lz4.frame
import zstandard

from . import octets as o
from .octets import DATA, ETHERNET, FRAMES, NULL, RAW_IP, SYN, SYN_ACK, TOKEN_RING

T = 1_700_000_000  # seconds
S = 1_000_000_000  # nanoseconds in one
US = T * 1_000_000  # the same time in microseconds
SIZES = [len(frame) for frame in FRAMES]

Row = tuple[int, int | None, int, int, int]  # number, time in ns, captured, original, link type


@dataclass
class Case:
    """A file, its frames, and the name of the problem in it."""

    octets: bytes
    frames: list[Row]
    problem: str | None = None
    agrees: bool = True  # tshark 4.0 says the same; a comment says why not
    notes: tuple[tuple[str, int], ...] = ()


def rows(*times: int | None, link: int = ETHERNET, sizes: list[int] | None = None) -> list[Row]:
    """Rows for uncut frames with these times."""
    return [
        (number, time, size, size, link)
        for number, (time, size) in enumerate(zip(times, sizes or SIZES, strict=False), 1)
    ]


def three(order: str = "<", extra: bytes = b"", **header: Any) -> bytes:
    """A pcap file of the three frames at T + 1, 2 and 3 parts."""
    records = [o.record(T, part, frame, order=order, extra=extra) for part, frame in enumerate(FRAMES, 1)]
    return o.pcap(*records, order=order, **header)


def cut_by_snaplen(swapped: bool, **header: Any) -> bytes:
    """A pcap file of two records, of which the second was cut to 54 octets."""
    return o.pcap(
        o.record(T, 1, FRAMES[0], swapped=swapped),
        o.record(T, 2, FRAMES[2][:54], original=SIZES[2], swapped=swapped),
        **header,
    )


CUT_ROWS: list[Row] = [(1, T * S + 1000, 60, 60, ETHERNET), (2, T * S + 2000, 54, SIZES[2], ETHERNET)]
MICRO = rows(T * S + 1000, T * S + 2000, T * S + 3000)
NANO = rows(T * S + 1, T * S + 2, T * S + 3)
PLAIN = three()

THIRTEEN = {
    "pcap in nanoseconds": Case(three(magic=0xA1B23C4D), NANO),
    "pcap with the record header of Kuznetzov": Case(three(magic=0xA1B2CD34, extra=bytes(8)), MICRO),
    "pcapng whose second interface counts nanoseconds": Case(
        o.section()
        + o.interface()
        + o.interface(tsresol=9)
        + o.packet(US + 1, FRAMES[0])
        + o.packet(T * S + 2001, FRAMES[1], on=1)
        + o.packet(US + 3, FRAMES[2]),
        rows(T * S + 1000, T * S + 2001, T * S + 3000),
    ),
    "pcapng whose interfaces differ in link type": Case(
        o.section() + o.interface() + o.interface(RAW_IP) + o.packet(US, FRAMES[0]) + o.packet(US + 1, SYN_ACK, on=1),
        [(1, T * S, 60, 60, ETHERNET), (2, T * S + 1000, 40, 40, RAW_IP)],
    ),
    "pcapng whose second section has another resolution": Case(
        o.section()
        + o.interface()
        + o.packet(US, FRAMES[0])
        + o.section()
        + o.interface(tsresol=9)
        + o.packet(T * S + 7, FRAMES[1]),
        rows(T * S, T * S + 7),
    ),
    "pcapng with an interface block after packets": Case(
        o.section()
        + o.interface()
        + o.packet(US, FRAMES[0])
        + o.interface(tsresol=3)
        + o.packet(T * 1000 + 8, FRAMES[1], on=1)
        + o.packet(US + 9000, FRAMES[2]),
        rows(T * S, T * S + 8_000_000, T * S + 9_000_000),
    ),
    "pcapng with simple packet blocks": Case(
        o.section() + o.interface(snaplen=54) + o.simple(FRAMES[2][:54], original=SIZES[2]) + o.simple(SYN),
        [(1, None, 54, SIZES[2], ETHERNET), (2, None, 40, 40, ETHERNET)],
    ),
    "two frames 100 ns apart": Case(
        o.section()
        + o.interface(tsresol=9)
        + o.packet(T * S + 123_456_789, FRAMES[0])
        + o.packet(T * S + 123_456_889, FRAMES[1]),
        rows(T * S + 123_456_789, T * S + 123_456_889),
    ),
    "pcap cut in the data of a record": Case(PLAIN[:-7], MICRO[:2], "truncated-file"),
    "pcap cut in a record header": Case(PLAIN[: -SIZES[2] - 3], MICRO[:2], "truncated-file"),
    "gzip": Case(gzip.compress(PLAIN), MICRO),
    "zstd": Case(zstandard.compress(PLAIN), MICRO),
    "lz4": Case(lz4.frame.compress(PLAIN), MICRO),
}  # the thirteenth, the empty file, is no capture: test_open.py

FILE_HEADERS = {
    "pcap, big-endian": Case(three(">"), MICRO),
    "pcap in nanoseconds, big-endian": Case(three(">", magic=0xA1B23C4D), NANO),
    "pcap of Kuznetzov, big-endian": Case(three(">", magic=0xA1B2CD34, extra=bytes(8)), MICRO),
    "pcap of Kuznetzov, early: 12 octets more": Case(three(magic=0xA1B2CD34, extra=bytes(12)), MICRO),
    "pcap of Kuznetzov under the standard magic": Case(three(extra=bytes(8)), MICRO),
    "pcap of Nokia: 4 octets more": Case(three(extra=bytes(4)), MICRO),
    "pcap of Ixia": Case(three(magic=0x1C0001AC, more=bytes(4)), MICRO),
    "pcap of Ixia, big-endian, software": Case(three(">", magic=0x1C0001AB, more=bytes(4)), MICRO),
    "pcap 2.2, lengths swapped": Case(cut_by_snaplen(True, version=(2, 2)), CUT_ROWS),
    "pcap 2.0, lengths swapped": Case(cut_by_snaplen(True, version=(2, 0)), CUT_ROWS),
    "pcap 2.3 whose lengths are swapped": Case(cut_by_snaplen(True, version=(2, 3)), CUT_ROWS),
    "pcap 2.3 whose lengths are in order": Case(cut_by_snaplen(False, version=(2, 3)), CUT_ROWS),
    "pcap 543.0 of DG/UX, lengths swapped": Case(cut_by_snaplen(True, version=(543, 0)), CUT_ROWS),
    "pcap 2.4, lengths in order": Case(cut_by_snaplen(False), CUT_ROWS),
    "pcap of AIX: Ethernet, nanoseconds": Case(three(version=(2, 2), network=6), NANO),
    "pcap of AIX: loopback": Case(three(version=(2, 2), network=24), [(*row[:4], NULL) for row in NANO]),
    "pcap of AIX: Token Ring": Case(three(version=(2, 2), network=9), [(*row[:4], TOKEN_RING) for row in NANO]),
    "pcap with FCS bits above the link type": Case(three(network=0x44000001), MICRO),
    # tshark 4.0 refuses the whole file.
    "pcap with reserved bits above the link type": Case(three(network=0x00010001), MICRO, agrees=False),
    "pcap with records that claim more captured than sent": Case(
        o.pcap(*[o.record(T, 1, FRAMES[0], original=40)] * 3),
        [(number, T * S + 1000, 60, 40, ETHERNET) for number in (1, 2, 3)],
    ),
    "pcap without records": Case(o.pcap(), []),
    "pcap cut in the file header": Case(PLAIN[:17], [], "truncated-file"),
    "pcap at the last second of 32 bits": Case(
        o.pcap(o.record(2**32 - 1, 999_999, FRAMES[0])), rows((2**32) * S - 1000)
    ),
    "pcap with a second and a half of microseconds": Case(
        # tshark 4.0 prints 1700000000.1500000000, which is no number to compare.
        o.pcap(o.record(T, 1_500_000, FRAMES[0])),
        rows(T * S + 1_500_000_000),
        agrees=False,
    ),
}


def clock(units: int, **how: Any) -> bytes:
    """A pcapng file of one frame at `units` of a clock."""
    return o.section() + o.interface(**how) + o.packet(units, FRAMES[0])


TWO_THIRDS_OF_2_40 = 3 * 2**40 + 2**41 // 3
BLOCKS = {
    "pcapng, big-endian": Case(
        o.section(">") + o.interface(tsresol=9, tsoffset=-5, order=">") + o.packet(T * S, FRAMES[0], order=">"),
        rows((T - 5) * S),
    ),
    "pcapng, sections of both byte orders": Case(
        o.section(">")
        + o.interface(order=">")
        + o.packet(US, FRAMES[0], order=">")
        + o.section()
        + o.interface(RAW_IP)
        + o.interface()
        + o.packet(US + 1, FRAMES[1], on=1)
        + o.packet(US + 2, SYN),
        [(1, T * S, 60, 60, ETHERNET), (2, T * S + 1000, 60, 60, ETHERNET), (3, T * S + 2000, 40, 40, RAW_IP)],
    ),
    "pcapng with packet blocks of the obsolete kind": Case(
        o.section() + o.interface() + o.obsolete(US, FRAMES[0]) + o.obsolete(US + 1, DATA[:30], original=58),
        [(1, T * S, 60, 60, ETHERNET), (2, T * S + 1000, 30, 58, ETHERNET)],
    ),
    "a clock of whole seconds": Case(clock(T, tsresol=0), rows(T * S)),
    "a clock of milliseconds": Case(clock(T * 1000 + 3, tsresol=3), rows(T * S + 3_000_000)),
    "a clock of 100 ns": Case(clock(T * 10**7 + 3, tsresol=7), rows(T * S + 300)),
    "a clock of 2^-10 s": Case(clock(3 * 1024 + 146, tsresol=0x8A), rows(3 * S + 142_578_125)),
    "a clock of 2^-32 s": Case(clock(3 * 2**32 + 613_566_756, tsresol=0xA0), rows(3 * S + 142_857_142)),
    "a clock of picoseconds, early in the second": Case(
        clock(1_700_000 * 10**12 + 12_345_678_901, tsresol=12), rows(1_700_000 * S + 12_345_678)
    ),
    # From here on tshark 4.0 overflows 64 bits.
    "a clock of picoseconds, late in the second": Case(
        clock(1_700_000 * 10**12 + 987_654_321_987, tsresol=12), rows(1_700_000 * S + 987_654_321), agrees=False
    ),
    "a clock of 2^-40 s": Case(clock(TWO_THIRDS_OF_2_40, tsresol=0xA8), rows(3 * S + 666_666_666), agrees=False),
    "a clock of 2^-127 s": Case(clock(2**63, tsresol=0xFF), rows(0), agrees=False),
    "if_tsoffset forward": Case(clock(1_500_000, tsoffset=3600), rows(3601 * S + 500_000_000)),
    "if_tsoffset backward": Case(clock(3601_500_000, tsoffset=-3600), rows(1_500_000_000)),
    "if_tsoffset to before 1970": Case(
        # tshark 4.0 prints -3599.5: it keeps -3599 s + 0.5 s and writes them one after the other.
        clock(1_500_000, tsoffset=-3600),
        rows(-3600 * S + 1_500_000_000),
        agrees=False,
    ),
    "two if_tsresol: the first counts": Case(clock(US, tsresol=6, options=o.option(9, b"\x06")), rows(T * S)),
    "two if_tsresol that differ": Case(clock(US, tsresol=9, options=o.option(9, b"\x06")), rows(T * S)),
    "if_tsresol of two octets": Case(
        clock(US, options=o.option(9, b"\x09\x09")), rows(T * S), notes=(("bad-option", 1),)
    ),
    "if_tsresol behind the end of options": Case(
        clock(US, options=o.option(0, b"") + o.option(9, b"\x09")), rows(T * S)
    ),
    "blocks of unknown types": Case(
        o.section()
        + o.interface()
        + o.block(0x80000001, b"mine")
        + o.packet(US, FRAMES[0])
        + o.block(77, b"")
        + o.packet(US + 1, FRAMES[1]),
        rows(T * S, T * S + 1000),
        notes=(("unknown-block", 2),),
    ),
    "blocks of known types without packets": Case(
        o.section()
        + o.interface()
        + o.block(4, bytes(4))
        + o.packet(US, FRAMES[0])
        + o.block(5, bytes(12))
        + o.block(10, struct.pack("<II", 0x544C534B, 4) + b"keys"),
        rows(T * S),
    ),
    "blocks that Wireshark numbers but are no packets": Case(
        o.section()
        + o.interface()
        + o.block(0xBAD, struct.pack("<I", 32473) + b"text")
        + o.packet(US, FRAMES[0])
        + o.block(0x40000BAD, struct.pack("<I", 32473))
        + o.block(9, b"__REALTIME_TIMESTAMP=1700000000000000\n")
        + o.block(0x204, struct.pack("<HQQIH", 0, T * S, 5, 26, 1) + b"call")
        + o.packet(US + 1, FRAMES[1]),
        [(2, T * S, 60, 60, ETHERNET), (6, T * S + 1000, 60, 60, ETHERNET)],
        notes=(("not-a-packet", 4),),
    ),
    "a section that states a wrong length of itself": Case(
        o.section(length=5) + o.interface() + o.packet(US, FRAMES[0]), rows(T * S)
    ),
    "a section of version 1.2": Case(o.section(version=(1, 2)) + o.interface() + o.packet(US, FRAMES[0]), rows(T * S)),
    "a packet longer than the snapshot length of its interface": Case(clock(US, snaplen=20), rows(T * S)),
}


def joined(cases: list[Case]) -> Case:
    """What `cat` makes of pcapng files: one file, its sections one after the other, its frames counted through."""
    whole = Case(b"", [])
    notes: Counter[str] = Counter()
    for case in cases:
        last = whole.frames[-1][0] if whole.frames else 0
        whole.octets += case.octets
        whole.frames += [(last + row[0], *row[1:]) for row in case.frames]
        notes.update(dict(case.notes))
    whole.notes = tuple(notes.items())
    return whole


# tshark takes a third of a second to start: pcapng files are given to it as one.
JOINED = {"all pcapng files joined by cat": joined([case for case in BLOCKS.values() if case.agrees])}
AGREED = {name: case for name, case in (THIRTEEN | FILE_HEADERS).items() if case.agrees} | JOINED
ALL = THIRTEEN | FILE_HEADERS | BLOCKS | JOINED
