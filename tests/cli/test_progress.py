"""Progress: on a terminal, after a second, gone before anything is written."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tcplint.cli import progress as module
from tcplint.cli.progress import Progress, progress
from tests.cli import captures


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_no_progress_without_a_terminal_or_when_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert progress(quiet=False) is None
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert progress(quiet=True) is None
    assert progress(quiet=False) is not None


def test_nothing_is_shown_in_the_first_second_and_the_line_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    shown = Progress()
    now[0] += 0.9
    shown("a.pcap", 4096, 10**6)
    assert shown.status is None
    assert terminal.getvalue() == ""
    now[0] += 0.2
    shown("a\x1b[2J[bold].pcap", 8192, 2 * 10**6)
    shown("a\x1b[2J[bold].pcap", 12288, 3 * 10**6)
    shown.hide()
    assert shown.status is None
    assert r"a\x1b[2J[bold].pcap: 12,288 frames, 3 MB" in terminal.getvalue()


def test_short_run_on_a_terminal_shows_its_report_and_no_progress(tmp_path: Path) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.FOUR)
    try:
        leader, follower = pty.openpty()
    except OSError as error:  # a container without /dev/pts
        pytest.skip(f"no pseudo-terminal can be had here: {error}")
    command = [sys.executable, "-m", "tcplint", "check", str(path), "--color", "never"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TCPLINT_LANG": "en"}
    done = subprocess.run(
        command, stdout=follower, stderr=follower, stdin=subprocess.DEVNULL, env=environment, check=False
    )
    os.close(follower)
    text = os.read(leader, 65536).decode()
    os.close(leader)
    assert done.returncode == 0
    assert text == "1 connection: 1 conforms, 0 violate, 0 inconclusive\r\n"
