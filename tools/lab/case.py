"""From a take to a case of the corpus: `capture.pcap`, `case.toml`, and the other points of capture as variants.

A frame enters the label only by its number and time. Another point of capture is kept where its frames are not those of
the main capture, octet for octet and in the same order; where they are, only the times would differ.
"""

import json
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tools.lab.pcap import POINTS, Record, pcap_octets
from tools.lab.play import Take
from tools.lab.scene import Connection
from tools.lab.story import Outcome, Story

VARIANTS = "variants"


def files(story: Story, take: Take) -> dict[str, bytes]:
    """Every file of the case, by its path inside the case's folder."""
    made = {
        "capture.pcap": pcap_octets(take.captures[story.tap]),
        "case.toml": describe(story, take).encode("utf-8"),
    }
    for point in POINTS:
        records = take.captures[point]
        if point != story.tap and records and _frames(records) != _frames(take.captures[story.tap]):
            made[f"{VARIANTS}/at-{point}.pcap"] = pcap_octets(records)
    return made


def write(directory: Path, made: dict[str, bytes]) -> None:
    """Put a case into its folder; no file is ever half-written, and points of capture that are no more go away."""
    (directory / VARIANTS).mkdir(parents=True, exist_ok=True)
    for name, octets in made.items():
        path = directory / name
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(octets)
        beside.replace(path)
    for path in (directory / VARIANTS).glob("at-*.pcap"):
        if f"{VARIANTS}/{path.name}" not in made:
            path.unlink()


def describe(story: Story, take: Take) -> str:
    """The text of `case.toml`."""
    start = take.captures[story.tap][0].time_ns
    lines = [
        f"name = {quoted(story.name.partition('/')[2])}",
        f"title = {{ en = {quoted(story.title[0])}, zh = {quoted(story.title[1])} }}",
        f"story.en = {quoted(story.text[0])}",
        f"story.zh = {quoted(story.text[1])}",
        f"wireshark = {quoted(story.wireshark)}",
        'license = "CC-BY-4.0"',
        "",
        "[origin]",
        'kind = "kernel"',
        f"kernel = {quoted('Linux ' + platform.release().partition('-')[0])}",
        'recorder = "tools/lab"',
        f"date = {datetime.fromtimestamp(start // 1_000_000_000, UTC).date()}",
        f"tap = {quoted(story.tap)}  # the point of capture",
        "",
        "# What follows from the deeds of programs and wire, and the states that the kernel reported at the end.",
        "[expect]",
        f"frames = {story.frames}",
    ]
    several = len(story.expect) > 1
    for connection, outcome in zip(take.connections, story.expect, strict=True):
        lines += ["", "[[connection]]"] if several else []
        lines += _connection(take, connection, outcome)
    lines.append("")
    lines += _deeds(story, take)
    lines.append("# What the kernel said; `time` in seconds since the first frame.")
    for moment in take.moments:
        lines.append("[[moment]]")
        lines += [f"connection = {moment.connection}"] if several else []
        lines += [
            f"after_frame = {moment.after[story.tap]}",
            f"time = {(moment.time_ns - start) / 1e9:.6f}",
            f"client = {quoted(moment.client)}",
            f"server = {quoted(moment.server)}",
        ]
        lines += _hidden(moment.hidden)
        lines.append("")
    return "\n".join(lines)


def _connection(take: Take, connection: Connection, outcome: Outcome) -> list[str]:
    last = next(moment for moment in reversed(take.moments) if moment.connection == connection.number)
    lines = [
        f"client = {quoted(_endpoint(*connection.client))}",
        f"server = {quoted(_endpoint(*connection.server))}",
        f"handshake = {quoted(outcome.handshake)}",
        f"teardown = {quoted(outcome.teardown)}",
        f"verdict = {quoted(outcome.verdict)}",
        f"active_closer = {quoted(outcome.active_closer)}",
        f"client_state = {quoted(last.client)}",
        f"server_state = {quoted(last.server)}",
    ]
    lines += _hidden(outcome.hidden)
    found = [
        f"{{ {', '.join(f'{key} = {_value(value)}' for key, value in one._asdict().items())} }}"
        for one in outcome.findings
    ]
    lines.append(f"findings = [{', '.join(found)}]")
    if outcome.notes:
        lines.append(f"notes = {_strings(outcome.notes)}")
    if outcome.evidence:
        lines.append(f"evidence = {_strings(outcome.evidence)}")
    for side, path in zip(("client", "server"), take.paths[connection.number], strict=True):
        if path is not None:
            lines.append(f"{side}_path = {_strings(path)}")
    return lines


def _deeds(story: Story, take: Take) -> list[str]:
    lines = []
    if take.deeds:
        lines.append("# What the wire did; `frame` is missing where this point of capture does not see it.")
    for deed in take.deeds:
        frame = deed.frames[story.tap]
        lines += ["[[wire]]", f"did = {quoted(deed.did)}", f"side = {quoted(deed.side)}"]
        lines += [f"frame = {frame}", ""] if frame is not None else [""]
    return lines


def _hidden(sides: tuple[str, ...]) -> list[str]:
    return [f"hidden = {_strings(sides)}  # cannot be told from the frames"] if sides else []


def _frames(records: Iterable[Record]) -> list[bytes]:
    return [record.octets for record in records]


def _endpoint(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _strings(texts: Iterable[str]) -> str:
    return f"[{', '.join(quoted(text) for text in texts)}]"


def _value(value: str | int) -> str:
    return quoted(value) if isinstance(value, str) else str(value)


def quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)
