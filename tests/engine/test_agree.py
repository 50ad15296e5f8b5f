"""Engine tshark and engine dpkt give the same segments, field by field, on every capture of the repository.

The captures are read whole, cut short frame by frame, with frames missing, and with octets changed. Each disagreement
has to be one of the table KNOWN, and each row of the table has to occur.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tcplint.core.model import CHECKSUM_BAD, CHECKSUM_GOOD, Quote, Segment
from tests.engine.both import Row, attributes, read
from tests.engine.join import Piece, cut, dropped, pieces
from tests.engine.tunnels import RARE

UNREAD = ("not-tcp", "unknown-protocol", "unknown-link-type", "authentication-header", "too-deep")


def rare(row: Row) -> bool:
    """A layer that engine dpkt reads by means of dpkt."""
    return any(row.piece.origin.endswith(f"stack: {name}") for name in RARE)


# What differs: a test for it, and why it may.
KNOWN: dict[str, tuple[Callable[[Row], bool], str]] = {
    "tunnel": (
        lambda row: isinstance(row.tshark, Segment | Quote) and row.dpkt in UNREAD,
        "an encapsulation that only tshark knows; engine dpkt names the skip",
    ),
    "link": (
        lambda row: rare(row) and isinstance(row.tshark, Segment) and isinstance(row.dpkt, Segment)
        and attributes(row.tshark) | {"link": 0} == attributes(row.dpkt),
        "found by dpkt, a segment has no link number; found by tshark it has that of its way",
    ),
    "no segment behind": (
        lambda row: row.tshark == "not-tcp" and row.dpkt in UNREAD,
        "tshark reads the layer that engine dpkt does not know, and finds no TCP behind it",
    ),
    "guess": (
        lambda row: row.tshark == "unknown-protocol" and isinstance(row.dpkt, Segment) and "pseudo-wire" in str(row),
        "whether a pseudo-wire has a control word is a guess; tshark needs addresses of a known maker for it",
    ),
    "short link layer": (
        lambda row: rare(row) and isinstance(row.tshark, str) and row.piece.origin.startswith("cut "),
        "of a header cut to less than 14 octets tshark does not say which layer it belongs to",
    ),
}  # fmt: skip


def renamed(rows: Sequence[Row]) -> Iterator[tuple[Row, dict[str, object], dict[str, object]]]:
    """The attributes of both, links by the order in which they appear: a number has no meaning of its own."""
    seen: dict[int, int] = {}
    for row in rows:
        ours, other = attributes(row.tshark), attributes(row.dpkt)
        if isinstance(row.tshark, Segment) and isinstance(row.dpkt, Segment) and not rare(row):
            ours["link"] = seen.setdefault(row.tshark.link, row.dpkt.link)
        yield row, ours, other


def check(rows: Sequence[Row], seen: set[str]) -> int:
    """Fail on the first unknown disagreement; count the segments that are equal in everything."""
    equal = 0
    for row, ours, other in renamed(rows):
        if ours == other:
            equal += isinstance(row.tshark, Segment)
            continue
        reasons = [name for name, (test, _) in KNOWN.items() if test(row)]
        assert reasons, str(row)
        seen.update(reasons)
    return equal


def changed(whole: Sequence[Piece], seed: int) -> list[Piece]:
    """Each frame with a few octets of its headers changed, often to a number that means something there."""
    damaged = []
    for piece in whole:
        chance, octets = random.Random(f"{seed} {piece.origin}"), bytearray(piece.data)
        for _ in range(chance.randrange(1, 4)):
            if octets:
                new = chance.choice((0, 1, 6, 17, 41, 47, 50, 255, chance.randrange(256)))
                octets[chance.randrange(min(len(octets), 100))] = new
        damaged.append(piece._replace(origin=f"changed: {piece.origin}", data=bytes(octets)))
    return damaged


@pytest.fixture(scope="module")
def whole() -> list[Piece]:
    return pieces()


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The rows of KNOWN that occurred."""
    return set()


def test_whole_captures_give_equal_segments(whole: list[Piece], seen: set[str], tmp_path: Path) -> None:
    rows = read(tmp_path / "whole.pcapng", whole)
    assert check(rows, seen) > 1000
    assert [str(row) for row in rows if row.differs] == []
    assert sum(isinstance(row.tshark, Quote) for row in rows) > 4


def test_cut_and_thinned_captures_give_equal_segments(whole: list[Piece], seen: set[str], tmp_path: Path) -> None:
    rows = read(tmp_path / "cut.pcapng", cut(whole, 1) + cut(whole, 2) + dropped(whole, 3))
    assert check(rows, seen) > 1000
    assert [str(row) for row in rows if row.differs] == []
    assert sum(isinstance(row.tshark, Segment) and row.tshark.truncated for row in rows) > 100


def test_every_known_difference_occurs(seen: set[str]) -> None:
    assert seen == set(KNOWN)


def test_verified_checksums_are_the_same(whole: list[Piece], tmp_path: Path) -> None:
    some = [piece for piece in whole if not piece.origin.startswith(("ladder", "stack"))]
    rows = read(tmp_path / "sums.pcapng", some + changed(some, 6), checksums=True)
    check([row for row in rows if not given_up(row)], set())
    states = [row.tshark.checksum_state for row in rows if isinstance(row.tshark, Segment)]
    assert states.count(CHECKSUM_GOOD) > 100
    assert CHECKSUM_BAD in states


def given_up(row: Row) -> bool:
    """An option of an IPv6 extension header runs past it: tshark gives the frame up, we go on behind the header."""
    return row.differs and row.tshark == "not-tcp" and isinstance(row.dpkt, Segment) and len(row.dpkt.key) == 36


def test_changed_octets_give_equal_segments_and_tshark_contradicts_only_impossible_lengths(
    whole: list[Piece], tmp_path: Path
) -> None:
    rows = read(tmp_path / "changed.pcapng", changed(whole, 4))
    rows = [row for row in rows if "stack:" not in row.piece.origin and not given_up(row)]
    check(rows, set())
    contradicted = [row for row in rows if row.differs]
    assert contradicted
    for row in contradicted:
        # The IP header claims more octets than the frame had on the wire. We report its claim, tshark the frame.
        assert isinstance(row.dpkt, Segment), str(row)
        assert row.dpkt.length + row.dpkt.header_stated > row.piece.original - 54, str(row)
