"""Captures of the whole repository as one file, because tshark takes a third of a second to start.

Frames keep their octets and lengths; their times become one millisecond after the other, and of each link type there
is one interface. So the file says nothing about clocks, which tests/capture does.
"""

import io
import random
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tcplint.capture import Frame, UnknownFormat, open_capture
from tcplint.ladder.frames import frames as ladder_frames
from tcplint.ladder.parse import parse
from tests.capture.awkward import ALL
from tests.engine.tunnels import FRAGMENTED, OTHERS, TUNNELS
from tests.rules.pages import LADDERS
from tests.wire.stacks import STACKS
from tests.wire.test_agree_tshark import FRAMES

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = sorted((ROOT / "corpus").rglob("*.pcap*"))
Raw = tuple[int, bytes, int]  # link type, captured octets, octets on the wire


class Piece(NamedTuple):
    """Where a frame of the joined file comes from."""

    origin: str
    link_type: int
    data: bytes
    original: int


def of_file(octets: bytes) -> list[Raw]:
    """The frames of a capture file; none when it is no capture at all."""
    try:
        with open_capture(io.BytesIO(octets)) as capture:
            return [(frame.link_type, frame.data, frame.original) for frame in capture]
    except UnknownFormat:
        return []


def of_frames(frames: Sequence[Frame]) -> list[Raw]:
    return [(frame.link_type, frame.data, frame.original) for frame in frames]


def sources() -> Iterator[tuple[str, list[Raw]]]:
    """Every capture of the repository, by name."""
    for path in CORPUS:
        yield str(path.relative_to(ROOT)), of_file(path.read_bytes())
    for name, case in ALL.items():
        yield f"awkward: {name}", of_file(case.octets)
    for name, link_type, data in STACKS + TUNNELS:
        yield f"stack: {name}", [(link_type, data, len(data))]
    for name, link_type, data, _ in OTHERS:
        yield f"other: {name}", [(link_type, data, len(data))]
    for name, frames in FRAGMENTED:
        yield f"pieces: {name}", [(1, data, len(data)) for data in frames]
    yield "wire", list(FRAMES)
    for page in LADDERS:
        yield f"ladder: {page}", of_frames(ladder_frames(parse(page.ladder.text)))


def pieces() -> list[Piece]:
    """Every frame of every capture."""
    return [Piece(name, *raw) for name, raws in sources() for raw in raws]


def cut(whole: Sequence[Piece], seed: int) -> list[Piece]:
    """The frames as a capture with a small snapshot length has them, each with another one."""
    short = []
    for piece in whole:
        chance = random.Random(f"{seed} {piece.origin}")  # so that new captures change nothing for the others
        octets = chance.randrange(1, min(len(piece.data), 120) + 1) if piece.data else 0
        short.append(piece._replace(origin=f"cut to {octets}: {piece.origin}", data=piece.data[:octets]))
    return short


def dropped(whole: Sequence[Piece], seed: int) -> list[Piece]:
    """Two of three frames."""
    chance = random.Random(seed)
    return [piece._replace(origin=f"with gaps: {piece.origin}") for piece in whole if chance.random() < 0.67]


def block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


def write(path: Path, joined: Sequence[Piece]) -> Path:
    """The frames as a pcapng file."""
    links = sorted({piece.link_type for piece in joined})
    parts = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    parts += [block(1, struct.pack("<HHI", link_type, 0, 0)) for link_type in links]
    for number, piece in enumerate(joined):
        head = struct.pack("<IIIII", links.index(piece.link_type), 0, number * 1000, len(piece.data), piece.original)
        parts.append(block(6, head + piece.data))
    path.write_bytes(b"".join(parts))
    return path
