"""Which files a run reads.

A file that is named is always read, whatever it is called. A directory is walked: links to directories are not
followed, only regular files are taken, and the suffix makes the shortlist; what a file really is, its first octets
say. Without a path the current directory is walked. `-` is standard input.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SUFFIX = re.compile(r"\.(pcap|pcapng|cap)(\.(gz|zst|lz4))?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read."""

    path: str
    named: bool  # False when a walk met it


@dataclass(slots=True)
class Inputs:
    """The files of a run, and the directories that kept theirs."""

    files: list[Input] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)  # directory that could not be listed, and why


def collect(paths: Sequence[str]) -> Inputs:
    """The files of a run, in the order of the paths and by name within a directory."""
    inputs = Inputs()
    for path in paths or (".",):
        if path != "-" and Path(path).is_dir():
            _walk(path, inputs)
        else:
            inputs.files.append(Input(path, named=True))
    return inputs


def _walk(top: str, inputs: Inputs) -> None:
    pending = [top]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            inputs.unread.append((folder, error.strerror or str(error)))
            continue
        folders = []
        for entry in entries:
            path = entry.name if folder == "." else str(Path(folder, entry.name))
            if _is(entry, folder=True):
                folders.append(path)
            elif SUFFIX.search(entry.name) and _is(entry, folder=False):
                inputs.files.append(Input(path, named=False))
        pending.extend(reversed(folders))


def _is(entry: "os.DirEntry[str]", folder: bool) -> bool:
    """Whether the entry is a real directory, or a regular file or a link to one."""
    try:
        return entry.is_dir(follow_symlinks=False) if folder else entry.is_file()
    except OSError:
        return False
