"""Files that tcplint puts into a folder of the user, and takes away again.

The folder belongs to the user: other plugins may lie there, and what was installed may have been edited since.
Wireshark itself rewrites the files of a profile when a column is added or a button changed. So a manifest beside the
files keeps the SHA-256 of what was written. A file that still has its hash is ours: it may be replaced and removed. Any
other file of that name is the user's: it is left alone, or, when replacing it is asked for, kept under another name.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "tcplint.installed.json"  # Wireshark reads *.lua only
LARGEST = 1 << 26  # octets; nothing of ours is larger


@dataclass(frozen=True, slots=True)
class Deed:
    """What became of one file."""

    path: Path
    done: str  # written, replaced, unchanged, kept; removed, absent
    backup: Path | None = None  # where the user's own file is now


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was written into a folder, by which version."""

    version: str | None
    files: Mapping[str, str]  # name → SHA-256 in hexadecimal


NOTHING = Manifest(None, {})


def state(folder: Path, name: str, wanted: bytes) -> str:
    """`absent`; `current` (it is what would be written now); `older` (we wrote it, once); `foreign` (the user's)."""
    path = folder / name
    if path.is_symlink():
        return "foreign"
    if not path.exists():
        return "absent"
    found = _read(path)
    if found == wanted:
        return "current"
    return "older" if found is not None and _hash(found) == read_manifest(folder).files.get(name) else "foreign"


def put(folder: Path, files: Mapping[str, bytes], version: str, *, force: bool = False) -> list[Deed]:
    """Write files into a folder, which is made if need be.

    A file of the user's is kept, or with `force` renamed to NAME.bak. Raises OSError when the folder cannot be written;
    what was written before that is in the manifest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ours = dict(read_manifest(folder).files)
    deeds: list[Deed] = []
    try:
        for name, wanted in files.items():
            deeds.append(_put(folder / name, wanted, state(folder, name, wanted), force))
            if deeds[-1].done == "kept":
                ours.pop(name, None)
            else:
                ours[name] = _hash(wanted)
    except OSError:
        with contextlib.suppress(OSError):
            _remember(folder, version, ours)
        raise
    _remember(folder, version, ours)
    return deeds


def take(folder: Path, names: Iterable[str]) -> list[Deed]:
    """Remove the files that are still as we wrote them, then the manifest. Raises OSError."""
    ours = read_manifest(folder).files
    deeds = []
    for name in names:
        path = folder / name
        found = None if path.is_symlink() else _read(path)
        if found is not None and _hash(found) == ours.get(name):
            path.unlink()
            deeds.append(Deed(path, "removed"))
        else:
            deeds.append(Deed(path, "kept" if os.path.lexists(path) else "absent"))
    (folder / MANIFEST).unlink(missing_ok=True)
    return deeds


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; NOTHING when there is none, or when what is there is not one of ours."""
    text = _read(folder / MANIFEST)
    try:
        found = json.loads(text) if text is not None else {}
        files = {name: value for name, value in found["files"].items() if isinstance(value, str)}
        return Manifest(str(found["tcplint"]), files)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return NOTHING


def _remember(folder: Path, version: str, files: Mapping[str, str]) -> None:
    if not files:
        (folder / MANIFEST).unlink(missing_ok=True)
        return
    text = json.dumps({"tcplint": version, "files": files}, indent=2, sort_keys=True) + "\n"
    _write(folder / MANIFEST, text.encode())


def _put(path: Path, wanted: bytes, before: str, force: bool) -> Deed:
    if before == "current":
        return Deed(path, "unchanged")
    if before == "foreign" and not force:
        return Deed(path, "kept")
    backup = None
    if before == "foreign":
        backup = next(place for place in _backups(path) if not os.path.lexists(place))
        path.rename(backup)
    _write(path, wanted)
    return Deed(path, "written" if before == "absent" else "replaced", backup)


def _backups(path: Path) -> Iterable[Path]:
    """NAME.bak, NAME.bak2, …: none ends in .lua, so Wireshark loads none."""
    yield path.with_name(f"{path.name}.bak")
    for number in range(2, 10_000):
        yield path.with_name(f"{path.name}.bak{number}")


def _write(path: Path, octets: bytes) -> None:
    """Write all or nothing: a Wireshark that starts meanwhile finds the old file or the new one."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_bytes(octets)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    """The octets of a regular file that can be read and is not huge, else None."""
    with contextlib.suppress(OSError):
        if path.is_file() and path.stat().st_size <= LARGEST:
            return path.read_bytes()
    return None


def _hash(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()
