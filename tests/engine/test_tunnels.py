"""Engine tshark finds the segment in encapsulations that the portable decoder does not read, whatever they are."""

import pytest

from tcplint.core.model import Quote, Segment
from tests.engine.both import Row, attributes, read
from tests.engine.join import Piece
from tests.engine.tunnels import FRAGMENTED, OTHERS, PORTABLE, RARE, TUNNELS
from tests.wire.build import CLIENT, PORTS, SEQ, SERVER
from tests.wire.build import read as decode
from tests.wire.stacks import FOUR, SIX

PLAIN = {12: attributes(decode(FOUR, 101)), 36: attributes(decode(SIX, 101))}
PLACE = ("frame", "time", "interface", "link")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """What both engines say of the last frame of each."""
    joined = [Piece(name, link_type, data, len(data)) for name, link_type, data in TUNNELS]
    joined += [Piece(name, 1, data, len(data)) for name, frames in FRAGMENTED for data in frames]
    joined += [Piece(name, link_type, data, len(data)) for name, link_type, data, _ in OTHERS]
    folder = tmp_path_factory.mktemp("tunnels")
    return {row.piece.origin: row for row in read(folder / "tunnels.pcapng", joined)}


def fields(segment: Segment) -> dict[str, object]:
    return {name: value for name, value in attributes(segment).items() if name not in PLACE}


@pytest.mark.parametrize("name", [name for name, *_ in TUNNELS + FRAGMENTED])
def test_segment_in_a_tunnel_is_the_segment_without_it(rows: dict[str, Row], name: str) -> None:
    row = rows[name]
    assert isinstance(row.tshark, Segment), str(row)
    plain = PLAIN[len(row.tshark.key)]
    assert fields(row.tshark) == {name: value for name, value in plain.items() if name not in PLACE}
    assert not row.differs


@pytest.mark.parametrize("name", [name for name, *_ in TUNNELS + FRAGMENTED])
def test_engine_dpkt_finds_it_too_or_names_the_skip(rows: dict[str, Row], name: str) -> None:
    found = rows[name].dpkt
    if name in RARE | PORTABLE:
        assert isinstance(found, Segment)
    else:
        assert found in ("not-tcp", "unknown-protocol", "authentication-header", "unknown-link-type", "too-deep")


def link(row: Row) -> int:
    assert isinstance(row.tshark, Segment)
    return row.tshark.link


def test_segments_of_two_tunnels_are_on_two_links_and_those_of_one_tunnel_on_one(rows: dict[str, Row]) -> None:
    assert link(rows["GTP-U"]) != link(rows["GTP-U of another tunnel"])
    assert link(rows["GTP-U"]) == link(rows["pieces inside GTP-U"])
    links = [link(rows[name]) for name, *_ in TUNNELS]
    assert len(set(links)) >= len(links) - 2  # the 802.11 frames come from the same station


@pytest.mark.parametrize(("name", "outcome"), [(name, outcome) for name, _, _, outcome in OTHERS if outcome != "quote"])
def test_frame_without_a_segment_is_a_named_skip(rows: dict[str, Row], name: str, outcome: str) -> None:
    assert rows[name].tshark == outcome


def test_error_inside_a_tunnel_is_a_quote(rows: dict[str, Row]) -> None:
    quote = rows["ICMP error in GTP-U"].tshark
    assert isinstance(quote, Quote)
    assert (quote.key, quote.seq) == (CLIENT + SERVER + PORTS, SEQ)
    assert (quote.version, quote.type, quote.code, quote.hop_limit) == (4, 3, 13, 33)
