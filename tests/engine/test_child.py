"""tshark as a child process: nothing of the user's reaches it, and it is gone however the reading ends."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from tcplint.check import check
from tcplint.segments.tshark import TsharkEngine, child
from tcplint.segments.tshark.child import Child, last_line
from tcplint.segments.tshark.layers import NESTING
from tests.cli import captures
from tests.engine import programs
from tests.engine.both import LIMITS
from tests.engine.many import write_many

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return captures.write(tmp_path / "small.pcap", captures.FOUR)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A second of work."""
    return write_many(tmp_path / "large.pcap", captures.FOUR, 500)


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """No child and no temporary file is left behind by any of these tests."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield None
    if sys.platform == "linux":
        assert programs.children(os.getpid()) == set()
    assert list(folder.iterdir()) == []


@linux
def test_consumer_that_stops_early_leaves_no_child(large: Path) -> None:
    engine = TsharkEngine()
    with engine.open(str(large), **LIMITS) as reading:
        for number, frame in enumerate(reading, 1):
            engine.extract(frame, 0)
            if number == 10:
                break
        assert len(programs.children(os.getpid())) == 1


@linux
def test_exception_in_the_consumer_leaves_no_child(large: Path) -> None:
    def consume() -> None:
        for _ in check(large, engine="tshark"):
            assert programs.children(os.getpid())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        consume()


def test_reports_that_nobody_takes_leave_no_child(large: Path) -> None:
    reports = check(large, engine="tshark")
    next(reports)
    del reports


@linux
def test_child_that_is_not_closed_ends_with_the_interpreter(small: Path) -> None:
    program = (
        "import sys; from tcplint.segments.tshark.child import Child; from tcplint.segments.tshark.find import *\n"
        "child = Child(find_tshark(), sys.argv[1]); print(child.pid)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(small)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert int(done.stdout) not in programs.running()


def test_reading_is_silent_when_warnings_are_errors(small: Path) -> None:
    program = "import sys; from tcplint.check import check; print(list(check(sys.argv[1], engine='tshark'))[-1].frames)"
    command = [sys.executable, "-W", "error", "-c", program, str(small)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("11\n", "")


@linux
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_reports_what_was_read_and_leaves_no_child(large: Path, times: int) -> None:
    command = [sys.executable, "-m", "tcplint", "check", "--engine", "tshark", "-o", "jsonl", str(large)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    assert process.stdout is not None
    first = process.stdout.read(1)  # a connection was reported: the reading goes on
    started = programs.children(process.pid)
    assert len(started) == 1
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130 or (times == 2 and process.returncode == -signal.SIGINT)  # it was leaving already
    assert b"Traceback" not in err
    assert not started & programs.running()
    if times == 1:
        last = (first + out).splitlines()[-1]
        assert b'"type":"capture"' in last


@linux
def test_ctrl_c_while_tshark_starts_leaves_no_child(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start, main = Child._start, threading.main_thread().ident
    assert main is not None

    async def interrupted(reader: Child) -> None:
        signal.pthread_kill(main, signal.SIGINT)
        await start(reader)
        started.append(reader.pid)

    started: list[int] = []
    monkeypatch.setattr(Child, "_start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Child(programs.REAL, str(small))
    assert started
    assert not programs.running().intersection(started)


def test_event_loop_that_is_running_already_does_not_matter(small: Path) -> None:
    async def inside() -> int:
        return len(list(check(small, engine="tshark")))

    assert asyncio.run(inside()) == 2


ENVIRONMENT = """
env > "{folder}/seen"; pwd > "{folder}/directory"; ls -A "$HOME" > "{folder}/home"
exec {real} "$@"
"""


def test_home_of_the_child_is_empty_and_no_variable_of_wireshark_reaches_it(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs.script(tmp_path / "bin", ENVIRONMENT.format(folder=tmp_path, real=programs.REAL))
    programs.use(monkeypatch, tmp_path / "bin")
    for name in ("WIRESHARK_CONFIG_DIR", "WIRESHARK_PLUGIN_DIR", "XDG_CONFIG_HOME", "HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "mine"))
    *_, report = check(small, engine="tshark")
    assert report.type == "capture"
    assert report.frames == 11
    seen = (tmp_path / "seen").read_text()
    assert "mine" not in seen
    assert "WIRESHARK_PLUGIN_DIR" not in seen
    assert (tmp_path / "home").read_text() == ""
    assert Path((tmp_path / "directory").read_text().strip()).parent == tmp_path / "temporary"


def test_preferences_of_the_user_change_nothing(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (tmp_path / ".config" / "wireshark", tmp_path / "wireshark"):
        folder.mkdir(parents=True)
        (folder / "disabled_protos").write_text("tcp\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    plain = subprocess.run(
        [programs.REAL, "-r", str(small), "-Y", "tcp"], capture_output=True, check=True, text=True
    ).stdout
    assert plain == ""  # so the preferences do take effect where they are read
    *_, report = check(small, engine="tshark")
    assert report.type == "capture"
    assert report.tcp_segments == 11


@pytest.mark.parametrize("config", ["[tshark]\ntshark_path = {evil}\n", "[unrelated]\nkey = value\n"])
def test_config_file_in_the_current_directory_chooses_no_program(small: Path, tmp_path: Path, config: str) -> None:
    evil = programs.script(tmp_path / "evil", f'touch "{tmp_path}/done"; exit 1')
    (tmp_path / "config.ini").write_text(config.format(evil=evil))
    command = [sys.executable, "-m", "tcplint", "check", "--engine", "tshark", str(small)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize("name", ["-r.pcap", "a b;c.pcap", "ü.pcap", "%s.pcap"])
def test_file_with_an_awkward_name_is_read(
    small: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small.rename(name)
    *_, report = check(name, engine="tshark")
    assert report.type == "capture"
    assert (report.frames, report.problem) == (11, None)


def test_torrent_of_complaints_does_not_stop_the_reading(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = "head -c 3000000 /dev/zero | tr '\\0' x >&2"
    programs.script(tmp_path / "bin", f'{noise}; echo >&2; echo the end >&2; exec {programs.REAL} "$@"')
    programs.use(monkeypatch, tmp_path / "bin")
    *_, report = check(small, engine="tshark")
    assert report.type == "capture"
    assert report.frames == 11


PICKY = """
for word in $*; do
    test $word = {name} && {{ echo "tshark: Some fields aren't valid:" >&2; echo "	{name}" >&2; exit 1; }}
done
exec {real} "$@"
"""


def test_name_that_another_version_does_not_know_is_left_out(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = NESTING[0]
    programs.script(tmp_path / "bin", PICKY.format(name=name, real=programs.REAL))
    programs.use(monkeypatch, tmp_path / "bin")
    monkeypatch.setattr(child, "_refused", set())
    *_, report = check(small, engine="tshark")
    assert report.type == "capture"
    assert (report.frames, report.problem, report.notes) == (11, None, [])
    assert child._refused == {name}


def test_end_is_noticed_though_something_else_keeps_standard_error_open(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs.script(tmp_path / "bin", f'sleep 20 >/dev/null & echo $! > "{tmp_path}/other"; {programs.REAL} "$@"')
    programs.use(monkeypatch, tmp_path / "bin")
    start = time.monotonic()
    *_, report = check(small, engine="tshark")
    os.kill(int((tmp_path / "other").read_text()), signal.SIGTERM)
    assert report.type == "capture"
    assert report.frames == 11
    assert time.monotonic() - start < 15


def test_closing_twice_is_once(small: Path) -> None:
    reader = Child(programs.REAL, str(small))
    assert reader.read().startswith(b"<?xml")
    reader.close()
    reader.close()
    assert reader.read() == b""


def test_last_words_are_the_last_line_that_says_something() -> None:
    assert last_line(b'tshark: bad\nRunning as user "root".\n\n') == "bad"
    assert last_line(b"") == ""
