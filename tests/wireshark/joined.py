"""Captures of many stories in one file, because tshark takes a second to start with the plugin.

Every story gets addresses of its own and stands a quiet quarter of an hour behind the one before, so that connections
which can change no more are let go on the way, as in a long capture. What a change of addresses does to a checksum is
done to the field as well, so damage stays damage and offloading stays offloading.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tcplint.capture import open_capture
from tcplint.capture.frame import Frame
from tcplint.core.decoder import Decoder
from tcplint.core.model import CHECKSUM_PARTIAL
from tcplint.core.skips import SEGMENT
from tcplint.core.wire import decode
from tcplint.ladder.pcap import write_pcap
from tests.promise.mutations import mixed
from tests.promise.play import segments_of
from tests.promise.stories import CORPUS, broken_tales, page_tales, reuse_tales

QUIET = 900_000_000_000  # ns between two stories
START = 1_700_000_000_000_000_000
LARGEST_FILE = 4_000_000_000  # seconds that a pcap file can count to

Story = list[Frame]


def corpus_stories() -> Iterator[tuple[str, Story]]:
    """Every capture of the corpus, the variants too."""
    for path in sorted(CORPUS.rglob("*.pcap*")):
        with open_capture(path) as capture:
            frames = list(capture)
        if frames:
            yield str(path.relative_to(CORPUS)), frames


def cases() -> dict[str, list[Story]]:
    """The captures of each case of the corpus."""
    found: dict[str, list[Story]] = {}
    for name, frames in corpus_stories():
        found.setdefault("/".join(name.split("/")[:2]), []).append(frames)
    return found


def told_stories() -> Iterator[tuple[str, Story]]:
    """Every ladder of a page, connections with a fault each, pairs used again and again."""
    for tale in [*page_tales(), *broken_tales(2), *reuse_tales(10)]:
        yield tale.name, tale.frames


def mutilated(captures: Sequence[Story], copies: int, seed: str) -> Iterator[Story]:
    """Copies of one of the captures with several kinds of damage each."""
    rnd = random.Random(seed)
    for _ in range(copies):
        yield mixed(rnd.choice(captures), rnd)[1]


def _words(octets: bytes) -> int:
    return sum(int.from_bytes(octets[place : place + 2], "big") for place in range(0, len(octets), 2))


def _new_address(old: bytes, story: int, index: int) -> bytes:
    if len(old) == 4:
        return bytes([10, story >> 8 & 255, story & 255, index + 1])
    return bytes([0x20, 1, 0xD, 0xB8, story >> 8 & 255, story & 255, *bytes(9), index + 1])


def readdressed(story: Story, number: int) -> Story:
    """The frames between other addresses, which no other story has."""
    keys = {found.key for found in segments_of(story) if not isinstance(found, int)}
    old = sorted({key[part] for key in keys for part in _parts(key)})
    given = {address: _new_address(address, number, index) for index, address in enumerate(old)}
    decoder = Decoder()
    return [_moved(frame, given, decoder) for frame in story]


def _parts(key: bytes) -> tuple[slice, slice]:
    size = (len(key) - 4) // 2
    return slice(0, size), slice(size, 2 * size)


def _moved(frame: Frame, given: dict[bytes, bytes], decoder: Decoder) -> Frame:
    code = decode(decoder, frame.data, frame.link_type, 1, 0, 0, frame.captured, frame.original)
    data = bytearray(frame.data)
    head = len(data)
    if code == SEGMENT and decoder.tcp_offset >= 0:
        head = decoder.tcp_offset
        place, key = head + 16, decoder.segment.key
        if place + 2 <= len(data):
            before = sum(_words(key[part]) for part in _parts(key))
            after = sum(_words(given[key[part]]) for part in _parts(key))
            partial = decoder.segment.checksum_state == CHECKSUM_PARTIAL
            rise = after - before if partial else before - after
            field = int.from_bytes(data[place : place + 2], "big")
            data[place : place + 2] = ((field + rise) % 65535).to_bytes(2, "big")
    first = bytes(data[:head])
    for address, other in given.items():
        first = first.replace(address, other)
    return replace(frame, data=first + bytes(data[head:]))


def join(stories: Sequence[Story]) -> Story:
    """One capture: story behind story, frames numbered anew. All must have one link type."""
    frames: Story = []
    now = START
    for number, story in enumerate(stories):
        start = story[0].time_ns or 0
        for frame in readdressed(story, number):
            time = now + max(0, (frame.time_ns or 0) - start)
            frames.append(replace(frame, number=len(frames) + 1, time_ns=time, interface=0))
        now = max(frame.time_ns or 0 for frame in frames[-len(story) :]) + QUIET
    if now // 1_000_000_000 > LARGEST_FILE:
        raise ValueError("too many stories for one file")
    return frames


def write_joined(stories: Sequence[Story], folder: Path, name: str, most: int = 2000) -> Iterator[Path]:
    """Files of at most `most` stories each, one link type a file."""
    kinds: dict[int, list[Story]] = {}
    for story in stories:
        if len({frame.link_type for frame in story}) == 1:
            kinds.setdefault(story[0].link_type, []).append(story)
    for link_type, alike in sorted(kinds.items()):
        for start in range(0, len(alike), most):
            path = folder / f"{name}-{link_type}-{start}.pcap"
            write_pcap(join(alike[start : start + most]), path)
            yield path
