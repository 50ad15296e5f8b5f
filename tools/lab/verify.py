"""Is a recording made again the one that is committed? Compared is what the labels say and the shape of every frame.

Dates, times, the kernel's version and raw numbers differ at every recording. What must not differ: outcomes, states,
moments, deeds of the wire, and for each frame of each capture its sender, flags and payload length.
"""

import tomllib
from pathlib import Path
from typing import Any

from tools.lab.case import VARIANTS
from tools.lab.end import LINKS
from tools.lab.frame import Seen
from tools.lab.pcap import pcap_records


def differences(committed: Path, made: dict[str, bytes]) -> list[str]:
    """What is not as in the folder of the committed case, one line each."""
    if not (committed / "case.toml").exists():
        return ["there is no such case yet"]
    old = _label((committed / "case.toml").read_text(encoding="utf-8"))
    new = _label(made["case.toml"].decode("utf-8"))
    told = [
        f"{key}: committed {old.get(key)!r}, now {new.get(key)!r}"
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key) and not (key.endswith("_path") and None in (old.get(key), new.get(key)))
    ]
    points = {path.relative_to(committed).as_posix() for path in (committed / VARIANTS).glob("at-*.pcap")}
    captures = points | {"capture.pcap"} | {name for name in made if name.endswith(".pcap")}
    for name in sorted(captures):
        path = committed / name
        if not path.exists() or name not in made:
            told.append(f"{name}: {'committed' if path.exists() else 'made'} only")
        else:
            told += _frames(name, path.read_bytes(), made[name])
    return told


def _frames(name: str, committed: bytes, made: bytes) -> list[str]:
    old, new = shapes(committed), shapes(made)
    if len(old) != len(new):
        return [f"{name}: committed {len(old)} frames, now {len(new)}"]
    return [
        f"{name}: frame {number}: committed {before}, now {now}"
        for number, (before, now) in enumerate(zip(old, new, strict=True), 1)
        if before != now
    ]


def shapes(octets: bytes) -> list[str]:
    """Sender, flags and payload length of each frame of a capture."""
    sides = {bytes.fromhex(link.replace(":", "")): side for side, link in LINKS.items()}
    return [str(Seen(sides.get(record.octets[6:12], "nobody"), record.octets)) for record in pcap_records(octets)]


def _label(text: str) -> dict[str, Any]:
    """What is compared of a label, flat: `moment 2 client` and the like."""
    flat: dict[str, Any] = {}
    for key, value in tomllib.loads(text).items():
        _flatten(key, value, flat)
    for key in [key for key in flat if key in _VARYING or key.endswith(" time")]:
        del flat[key]
    return flat


_VARYING = {"origin kernel", "origin date", "origin recorder"}


def _flatten(prefix: str, value: Any, flat: dict[str, Any]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(f"{prefix} {key}", inner, flat)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        flat[f"{prefix} count"] = len(value)
        for index, inner in enumerate(value):
            _flatten(f"{prefix} {index}", inner, flat)
    else:
        flat[prefix] = value
