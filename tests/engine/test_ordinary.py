"""Ordinary packets are read by a regular expression; whatever it accepts, the XML parser reads alike."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tcplint.core.model import Segment
from tcplint.segments.tshark import TsharkEngine, engine, pdml
from tcplint.segments.tshark import location as at
from tcplint.segments.tshark.child import Child
from tcplint.segments.tshark.layers import BadOutputError, Packet
from tcplint.segments.tshark.ordinary import is_shown, match_ordinary
from tcplint.segments.tshark.pdml import MARK, PdmlReader
from tests.engine import programs
from tests.engine.both import LIMITS, attributes
from tests.engine.join import Piece, cut, pieces, write
from tests.engine.test_agree import changed
from tests.promise.stories import THOROUGH

COPIES = 200 if THOROUGH else 20  # of the text of one packet
Told = list[tuple[dict[str, object], dict[str, int]]]


def told(path: Path) -> Told:
    """What the engine says of each frame, and its notes so far."""
    reader, found = TsharkEngine(), []
    with reader.open(str(path), **LIMITS) as reading:
        for frame in reading:
            found.append((attributes(reader.extract(frame, (frame.time_ns or 0) // 1000)), reader.notes))
    return found


@pytest.fixture(scope="module")
def whole() -> list[Piece]:
    return pieces()


def test_engine_says_the_same_when_no_packet_is_ordinary(
    whole: list[Piece], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = 0

    def counted(*arguments: object) -> bool:
        nonlocal accepted
        shown = is_shown(*arguments)  # type: ignore[arg-type]
        accepted += shown
        return shown

    path = write(tmp_path / "all.pcapng", whole + changed(whole, 7) + cut(whole, 8))
    monkeypatch.setattr(engine, "is_shown", counted)
    quick = told(path)
    monkeypatch.setattr(pdml, "match_ordinary", lambda text, position: None)
    before, slow = accepted, told(path)
    assert accepted == before
    assert accepted > 0.6 * sum(segment.get("kind") == "Segment" for segment, _ in slow)
    assert [one for one in zip(quick, slow, strict=True) if one[0] != one[1]] == []


def text_of(path: Path) -> bytes:
    """What tshark writes."""
    child = Child(programs.REAL, str(path))
    try:
        return b"".join(iter(child.read, b""))
    finally:
        child.close()


@pytest.fixture(scope="module")
def corpus(whole: list[Piece], tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[bytes], list[Segment]]:
    """The head of a document, its packets, and the segments in them: one capture each of many."""
    some = {piece.origin: piece for piece in whole if piece.link_type == 1}
    path = write(tmp_path_factory.mktemp("ordinary") / "some.pcapng", list(some.values()))
    head, first = text_of(path).split(b"<packet>", 1)
    texts = [text + MARK for text in (b"<packet>" + first).split(MARK)[:-1]]
    reader, segments, kept = TsharkEngine(), [], []
    with reader.open(str(path), **LIMITS) as reading:
        for frame, text in zip(reading, texts, strict=True):
            found = reader.extract(frame, 0)
            if isinstance(found, Segment) and match_ordinary(text, 0):
                segments.append(found)
                kept.append(text)
    return head, kept, segments


def test_most_packets_of_the_corpus_are_ordinary(corpus: tuple[bytes, list[bytes], list[Segment]]) -> None:
    _, texts, segments = corpus
    assert len(texts) > 300
    assert any(len(segment.key) == 36 for segment in segments)


def damaged(text: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Lines doubled, lost, swapped, taken from another packet, or with an octet changed."""
    lines = text.splitlines(keepends=True)
    for _ in range(chance.randrange(1, 4)):
        place, kind = chance.randrange(1, len(lines) - 1), chance.randrange(5)
        if kind == 0:
            lines.insert(place, chance.choice(lines[1:-1]))
        elif kind == 1 and len(lines) > 9:
            del lines[place]
        elif kind == 2:
            other = chance.randrange(1, len(lines) - 1)
            lines[place], lines[other] = lines[other], lines[place]
        elif kind == 3:
            lines.insert(place, chance.choice(chance.choice(others).splitlines(keepends=True)[1:-1]))
        else:
            line = bytearray(lines[place])
            line[chance.randrange(len(line))] = chance.choice(b'<>"/ 0129afx\n&')
            lines[place] = bytes(line)
    return b"".join(lines)


def agrees(packet: Packet, segment: Segment) -> bool:
    """What the engine asks of a packet that is not ordinary."""
    place = at.innermost(packet, quoted=False)
    return place is not None and not place.several and at.agrees(segment, place)


def copies(corpus: tuple[bytes, list[bytes], list[Segment]]) -> Iterator[tuple[bytes, Segment]]:
    _, texts, segments = corpus
    chance = random.Random(9)
    for text, segment in zip(texts[::10], segments[::10], strict=True):
        for _ in range(COPIES):
            yield damaged(text, texts, chance), segment


def test_damaged_text_is_accepted_only_if_it_still_shows_the_same_segment(
    corpus: tuple[bytes, list[bytes], list[Segment]],
) -> None:
    accepted = refused = 0
    for text, segment in copies(corpus):
        found = match_ordinary(text, 0)
        if found is None or not is_shown(found, segment, int(found[5]), int(found[2])):
            refused += 1
            continue
        packet = Packet(found)
        try:
            assert packet.layers
        except BadOutputError:  # of a line that nobody reads
            continue
        accepted += 1
        assert agrees(packet, segment), text.decode("latin-1")
        assert [layer.name for layer in packet.layers if layer.name in ("ip", "ipv6", "tcp", "icmp", "icmpv6")] in (
            ["ip", "tcp"], ["ipv6", "tcp"],
        ), text  # fmt: skip
    assert accepted > COPIES
    assert refused > COPIES


SECOND = {
    "a second segment behind": (b"</packet>", b"%b</packet>"),
    "a segment inside the header": (b'    <field name="tcp.len"', b'%b    <field name="tcp.len"'),
    "a segment inside a tunnel": (b'  <proto name="ip', b'%b  <proto name="ip'),
    "a quotation around": (b'  <proto name="ip', b'  <proto name="icmp" size="8" pos="34">\n  <proto name="ip'),
}


@pytest.mark.parametrize("how", SECOND)
def test_packet_with_more_than_one_segment_is_not_ordinary(
    corpus: tuple[bytes, list[bytes], list[Segment]], how: str
) -> None:
    text = next(text for text in corpus[1] if b'<proto name="ip"' in text)
    segment = text[text.index(b'  <proto name="tcp"') : text.index(MARK)]
    old, new = SECOND[how]
    assert match_ordinary(text, 0)
    assert match_ordinary(text.replace(old, new.replace(b"%b", segment), 1), 0) is None


def test_pieces_of_any_size_give_the_same_ordinary_packets(corpus: tuple[bytes, list[bytes], list[Segment]]) -> None:
    head, texts, _ = corpus
    text = head + b"\n".join(texts[:20])
    for size in (1000, 4096, len(text)):
        reader = PdmlReader()
        found = [one for start in range(0, len(text), size) for one in reader.feed(text[start : start + size])]
        assert len(found) == 20
        assert sum(one.ordinary is not None for one in found) == 19  # before the first stands the head
