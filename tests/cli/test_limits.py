"""Limits are named options, and one that is reached is named in the notes of its capture."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tcplint.ladder.frames import frames
from tcplint.ladder.parse import parse
from tcplint.ladder.pcap import write_pcap

STORIES = {
    "finding": "> SP 20\n< S.\n> .\n",  # PSH and data on a SYN: two notes of one connection
    "lone-syn": "> S\nb> S\nc> S\n",
    "connection": "> S\n< S.\nb> S\nb< S.\nc> S\nc< S.\n",
}


def notes(path: Path, *options: str) -> list[Any]:
    """The notes of the capture line."""
    command = [sys.executable, "-m", "tcplint", "check", str(path), "-o", "jsonl", "--fail-on", "never", *options]
    done = subprocess.run(command, capture_output=True, check=True)
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])["notes"]
    return found


@pytest.mark.parametrize("what", sorted(STORIES))
def test_limit_that_is_reached_is_named_and_one_that_is_not_is_silent(tmp_path: Path, what: str) -> None:
    path = tmp_path / "a.pcap"
    write_pcap(frames(parse(STORIES[what])), path)
    assert f"{what}-limit" in notes(path, f"--max-{what}s", "1")
    assert f"{what}-limit" not in notes(path)
