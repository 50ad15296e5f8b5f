"""From a recording to a case of the corpus: `capture.pcap` and `case.toml`.

Frames enter only by their number and time. A moment is placed behind the last frame that was captured before it; a
frame captured while the kernel was being asked would make the answer worthless, and so does a wrong number of frames.
"""

import json
import platform
import struct
from datetime import UTC, datetime
from pathlib import Path

from tools.record.scene import Moment
from tools.record.stories import Story

_MAGIC_NANOSECONDS = 0xA1B23C4D


class SpoiltError(Exception):
    """The recording is not what the story tells."""


def frame_times(octets: bytes) -> list[int]:
    """Nanoseconds since the epoch for each record of a pcap file that this machine wrote."""
    (magic,) = struct.unpack_from("=I", octets)
    if magic != _MAGIC_NANOSECONDS:
        raise SpoiltError(f"not a pcap file with nanoseconds: magic {magic:#x}")
    times, at = [], 24
    while at < len(octets):
        seconds, nanoseconds, captured, _ = struct.unpack_from("=IIII", octets, at)
        times.append(seconds * 1_000_000_000 + nanoseconds)
        at += 16 + captured
    return times


def describe(name: str, story: Story, moments: list[Moment], times: list[int]) -> str:
    """The text of `case.toml`. Raises SpoiltError when frames and story do not fit together."""
    if len(times) != story.frames:
        raise SpoiltError(f"{name}: {len(times)} frames instead of {story.frames}")
    if not moments or moments[-1].begin_ns < times[-1]:
        raise SpoiltError(f"{name}: frames came after the last moment")
    last = moments[-1]
    lines = [
        f"name = {quoted(name.partition('/')[2])}",
        f"title = {both(story.title)}",
        f"story.en = {quoted(story.text[0])}",
        f"story.zh = {quoted(story.text[1])}",
        f"wireshark = {quoted(story.wireshark)}",
        'license = "CC-BY-4.0"',
        "",
        "[origin]",
        'kind = "kernel"',
        f"kernel = {quoted('Linux ' + platform.release().partition('-')[0])}",
        'recorder = "tools/record"',
        f"date = {datetime.fromtimestamp(times[0] // 1_000_000_000, UTC).date()}",
        'tap = "client"  # whose card tcpdump listened at',
        "",
        "# What the two programs did, and the states that the kernel reported at the end.",
        "[expect]",
        f"frames = {story.frames}",
        f"handshake = {quoted(story.handshake)}",
        f"teardown = {quoted(story.teardown)}",
        'verdict = "conforms"',
        f"active_closer = {quoted(story.active_closer)}",
        f"client_state = {quoted(last.client)}",
        f"server_state = {quoted(last.server)}",
        "findings = []",
        "",
        "# What the kernel said while the wire was quiet; `time` in seconds since the first frame.",
    ]
    for moment in moments:
        if any(moment.begin_ns <= time <= moment.end_ns for time in times):
            raise SpoiltError(f"{name}: a frame was captured while the kernel was asked for the states")
        lines += [
            "[[moment]]",
            f"after_frame = {sum(time < moment.begin_ns for time in times)}",
            f"time = {(moment.begin_ns - times[0]) / 1e9:.6f}",
            f"client = {quoted(moment.client)}",
            f"server = {quoted(moment.server)}",
            "",
        ]
    return "\n".join(lines)


def write(directory: Path, octets: bytes, text: str) -> None:
    """Put a case into its directory: both files or, when the disk is full, neither half-written."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in (("capture.pcap", octets), ("case.toml", text.encode("utf-8"))):
        beside = directory / f".{name}.new"
        beside.write_bytes(content)
        beside.replace(directory / name)


def quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)


def both(texts: tuple[str, str]) -> str:
    """English and Chinese as an inline table."""
    return f"{{ en = {quoted(texts[0])}, zh = {quoted(texts[1])} }}"
