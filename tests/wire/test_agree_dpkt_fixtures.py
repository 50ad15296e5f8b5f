"""Every capture of the repository, read by us and by dpkt's own objects, must give the same fields.

The files are the corpus and the awkward files of tests/capture; their frames come from our reader, because dpkt's own
pcapng reader is wrong about clocks, sections and simple packet blocks. A link type that dpkt has no class for by number
is left out here: tests/wire/test_agree_tshark.py has those.
"""

import io
from pathlib import Path

import dpkt
import pytest

from tcplint.capture import Frame, UnknownFormat, open_capture
from tcplint.core.decoder import Decoder
from tcplint.core.model import Segment
from tcplint.core.skips import SEGMENT
from tcplint.core.wire import decode
from tests.capture.awkward import ALL
from tests.wire.test_agree_dpkt import by_dpkt, compare

ROOT = Path(__file__).resolve().parent.parent.parent
ETHERNET = 1
CORPUS = {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted((ROOT / "corpus").rglob("*.pcap*"))}
FIXTURES = CORPUS | {f"awkward: {name}": case.octets for name, case in ALL.items()}


def frames(octets: bytes) -> list[Frame]:
    """The frames of a capture file; none when it is no capture at all."""
    try:
        with open_capture(io.BytesIO(octets)) as capture:
            return list(capture)
    except UnknownFormat:
        return []


def agreements(octets: bytes) -> tuple[int, int]:
    """Frames in which both found TCP and agreed on every field, and Ethernet frames looked at."""
    decoder = Decoder()
    agreed = looked = 0
    for frame in frames(octets):
        if frame.link_type != ETHERNET:
            continue
        looked += 1
        code = decode(
            decoder, frame.data, ETHERNET, frame.number, 0, frame.interface, frame.captured, frame.original
        )  # fmt: skip
        theirs = by_dpkt(frame.data)
        ours = decoder.segment if code == SEGMENT else None
        if isinstance(ours, Segment) and (ours.truncated or not ours.header_valid):
            continue  # dpkt gives bytes for a header of which only a part was captured, or whose length cannot be right
        assert (ours is None) == (theirs is None), f"frame {frame.number}"
        if ours is not None and theirs is not None:
            compare(ours, *theirs)
            assert ours.length == len(theirs[1].data) or frame.captured < frame.original, f"frame {frame.number}"
            agreed += 1
    return agreed, looked


@pytest.mark.parametrize("name", sorted(FIXTURES))
def test_every_field_of_a_fixture_is_the_same_for_dpkt(name: str) -> None:
    agreed, looked = agreements(FIXTURES[name])
    assert agreed <= looked


def test_comparison_is_not_empty() -> None:
    counts = [agreements(octets)[0] for octets in FIXTURES.values()]
    assert sum(counts) > 100
    # Of a variant the wire may have left the ICMP error alone.
    assert all(agreements(octets)[0] > 0 for name, octets in CORPUS.items() if "/variants/" not in name)


def test_classic_pcap_is_read_by_dpkt_with_the_same_octets() -> None:
    compared = 0
    for octets in CORPUS.values():
        ours = [frame.data for frame in frames(octets)]
        theirs = [data for _, data in dpkt.pcap.Reader(io.BytesIO(octets))]
        assert ours == theirs
        compared += len(ours)
    assert compared > 50
