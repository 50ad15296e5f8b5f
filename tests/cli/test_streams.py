"""The command among other processes: pipes that break, Ctrl-C, captures on standard input."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from tests.cli import captures

COMMAND = [sys.executable, "-m", "tcplint"]


def start(*arguments: object, **options: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        **options,  # type: ignore[call-overload]
    )


def wait_until_it_waits(process: "subprocess.Popen[bytes]") -> None:
    """Until the process has slept twice in a row: it has read what there is (Linux; elsewhere time must do)."""
    stat = Path(f"/proc/{process.pid}/stat")
    if not stat.exists():
        time.sleep(5)
    asleep, deadline = 0, time.monotonic() + 30
    while stat.exists() and asleep < 4 and time.monotonic() < deadline:
        time.sleep(0.25)
        asleep = asleep + 1 if stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] == "S" else 0


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A capture of 3000 connections, each with an error: more output than a pipe holds."""
    whole = captures.octets(captures.BROKEN)
    header, frames = whole[:24], whole[24:]
    parts = [header]
    for number in range(3000):
        parts.append(frames.replace(bytes([192, 0, 2, 1]), bytes([10, 0, number >> 8, number & 255])))
    path = tmp_path / "many.pcap"
    path.write_bytes(b"".join(parts))
    return path


@pytest.mark.parametrize("form", ["full", "jsonl"])
def test_reader_of_the_output_that_leaves_early_makes_a_quiet_0(many: Path, form: str) -> None:
    with start("check", many, "-o", form) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.close()
        process.stdout.read(100)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_capture_on_standard_input_is_checked() -> None:
    process = start("check", "-", "-o", "jsonl")
    out, err = process.communicate(captures.octets(captures.BROKEN), timeout=60)
    lines = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 1
    assert err == b""
    assert lines[-1]["capture"] == "-"
    assert "data-after-fin" in {line.get("rule") for line in lines}


def test_pipe_that_is_named_is_read_like_standard_input(tmp_path: Path) -> None:
    pipe = tmp_path / "live"
    os.mkfifo(pipe)
    process = start("check", pipe, "-o", "concise")
    # A thread, because opening a pipe waits for its reader, and would wait forever for a command that has failed.
    Thread(target=pipe.write_bytes, args=[captures.octets(captures.BROKEN)], daemon=True).start()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err == b""
    assert out.startswith(f"{pipe}:8: TD004 ".encode())


def test_empty_standard_input_is_3() -> None:
    process = start("check", "-")
    _, err = process.communicate(b"", timeout=60)
    assert process.returncode == 3
    assert err.startswith(b"tcplint: -: ")
    assert err.count(b"\n") == 1


def test_interrupt_while_the_capture_still_grows_is_130_and_what_was_found_is_printed() -> None:
    process = start("check", "-", "-o", "jsonl")
    assert process.stdin is not None
    process.stdin.write(captures.octets(captures.BROKEN))
    process.stdin.flush()
    wait_until_it_waits(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    lines = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 130
    assert err == b""
    assert "data-after-fin" in {line.get("rule") for line in lines}
    assert lines[-1]["type"] == "capture"
    assert lines[-1]["frames"] == 10


def test_interrupt_in_the_middle_of_the_output_cuts_no_line(many: Path) -> None:
    process = start("check", many, "-q", "-o", "jsonl")
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    lines = [json.loads(line) for line in (first + out).splitlines()]
    assert process.returncode == 130
    assert err == b""
    assert lines[-1]["type"] == "capture"


def test_locale_that_knows_no_arrows_gets_numbers_instead_of_a_crash(tmp_path: Path) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.BROKEN)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "TCPLINT_LANG": "zh"}
    process = start("show", path, env=environment)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert err == b""
    assert rb"\u25b6" in out
