"""What is written down of an error: the capture, its fewest frames, and how to make it again.

Every error has a folder:

    capture.pcap   the frames that tcplint was given
    least.pcap     as few of them as still give the same error
    README.txt     seed, batch, climate, plan, damage, the accusation, and the fewest frames in words
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tcplint.capture.frame import Frame
from tcplint.core.model import Segment
from tcplint.ladder.pcap import write_pcap
from tests.promise.play import play, segments_of
from tools.soak.judge import Accusation

_LETTERS = ((1, "FIN"), (2, "SYN"), (4, "RST"), (8, "PSH"), (32, "URG"), (64, "ECE"), (128, "CWR"), (16, "ACK"))
_TRIES = 4000  # plays that shrinking may take


def write(accusation: Accusation, into: Path) -> Path:
    """Write everything; gives the folder."""
    name = accusation.damage.partition(":")[0].replace(" ", "-")
    pair = "-".join(map(str, accusation.pair or ("all",)))
    folder = into / f"{accusation.batch.name}-{accusation.point}-{pair}-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    least = fewest(accusation.frames, {(fault.code, fault.kind) for fault in accusation.faults})
    write_pcap(accusation.frames, folder / "capture.pcap")
    write_pcap(least, folder / "least.pcap")
    (folder / "README.txt").write_text("\n".join(_told(accusation, least)) + "\n", encoding="utf-8")
    return folder


def fewest(frames: list[Frame], faults: set[tuple[str, str]]) -> list[Frame]:
    """As few frames as still give one of these faults (code, kind): pieces are left out while that holds."""
    left = _TRIES
    size = max(1, len(frames) // 2)
    while size:
        at = 0
        while at < len(frames) and left > 0:
            rest = frames[:at] + frames[at + size :]
            left -= 1
            if rest and faults & {(fault.code, fault.kind) for fault in play(rest).faults}:
                frames = rest
            else:
                at += size
        size //= 2
    return [replace(frame, number=number) for number, frame in enumerate(frames, 1)]


def _told(accusation: Accusation, least: list[Frame]) -> Iterator[str]:
    batch, pair = accusation.batch, accusation.pair
    seed, _, number = batch.name.rpartition("-")
    yield f"python -m tools.soak --seed {seed} --batch {number}"
    yield f"climate: {batch.climate}"
    chain = None if pair is None else batch.chains.get(pair)
    yield str(chain or "all pairs of the batch")
    yield f"captured at: {accusation.point}; damage: {accusation.damage}"
    for fault in accusation.faults:
        yield f"{fault.code} {fault.kind} at frame {fault.frame} of capture.pcap"
    yield ""
    yield "The fewest frames (numbers relative to the first of each end):"
    for fault in play(least).faults:
        yield f"{fault.code} {fault.kind} at frame {fault.frame}"
    yield from in_words(least)


def in_words(frames: list[Frame]) -> Iterator[str]:
    """A line for each frame."""
    first: dict[bytes, int] = {}
    start = frames[0].time_ns or 0
    for frame, found in zip(frames, segments_of(frames), strict=True):
        head = f"{frame.number:4} {((frame.time_ns or 0) - start) / 1e9:10.6f} "
        if not isinstance(found, Segment):
            yield f"{head}no segment"
            continue
        key = found.key
        half = (len(key) - 4) // 2
        me, peer = key[:half] + key[-4:-2], key[half : 2 * half] + key[-2:]
        seq = (found.seq - first.setdefault(me, found.seq)) & 0xFFFFFFFF
        flags = ",".join(name for bit, name in _LETTERS if found.flags & bit)
        ack = ""
        if found.flags & 16:
            ack = f" ack {(found.ack - first.setdefault(peer, found.ack - 1)) & 0xFFFFFFFF}"
        yield (
            f"{head}{int.from_bytes(key[-4:-2])} > {int.from_bytes(key[-2:])} {flags} seq {seq}{ack}"
            f" len {found.length} win {found.window} ts {found.tsval}/{found.tsecr}"
        )
