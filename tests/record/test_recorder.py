"""The recorder: what needs root records one short story; the rest runs everywhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tcplint.check import check
from tcplint.results import ConnectionReport
from tools.cases import load
from tools.record import __main__ as command
from tools.record.case import SpoiltError, describe, frame_times
from tools.record.kernel import table_state
from tools.record.scene import Moment, Scene
from tools.record.stories import STORIES, Story
from tools.record.wire import Wire

ROOT = Path(__file__).resolve().parents[2]
LACKING = command.missing()
needs_root = pytest.mark.skipif(LACKING is not None, reason=f"cannot record here: {LACKING}")

STORY = STORIES["handshake/refused"]
SECOND = 1_000_000_000


def moment(second: float, client: str = "CLOSED", server: str = "CLOSED") -> Moment:
    at = int(second * SECOND)
    return Moment(at, at + 1000, client, server)


def namespaces() -> list[str]:
    """Those of this process."""
    listed = subprocess.run(["ip", "netns", "list"], check=True, capture_output=True, text=True).stdout.split()
    return [name for name in listed if name.startswith(f"tcplint-{os.getpid()}-")]


def test_without_root_the_recorder_says_so_and_exits_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert command.main(["handshake/refused", "--into", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "tools.record: making network namespaces needs root\n"
    assert list(tmp_path.iterdir()) == []


def test_without_tcpdump_the_recorder_names_the_package_and_exits_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(command.shutil, "which", lambda name: None if name == "tcpdump" else f"/bin/{name}")
    assert command.main([]) == 2
    assert "tcpdump is missing (Debian: apt-get install iproute2 tcpdump)" in capsys.readouterr().err


def test_unknown_story_is_a_usage_error_that_lists_the_stories(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main(["teardown/nonsense"])
    assert "no story teardown/nonsense; there are handshake/refused," in capsys.readouterr().err


def test_moment_is_placed_behind_the_last_frame_before_it() -> None:
    text = describe("handshake/refused", STORY, [moment(10.5, "SYN-SENT"), moment(12)], [10 * SECOND, 11 * SECOND])
    assert 'after_frame = 1\ntime = 0.500000\nclient = "SYN-SENT"\nserver = "CLOSED"\n' in text
    assert 'after_frame = 2\ntime = 2.000000\nclient = "CLOSED"\n' in text


def test_frame_captured_while_the_kernel_was_asked_spoils_the_recording() -> None:
    asked = Moment(10 * SECOND, 12 * SECOND, "SYN-SENT", "LISTEN")
    with pytest.raises(SpoiltError, match="captured while the kernel was asked"):
        describe("handshake/refused", STORY, [asked, moment(13)], [9 * SECOND, 11 * SECOND])


def test_recording_with_another_number_of_frames_than_the_story_is_refused() -> None:
    with pytest.raises(SpoiltError, match="3 frames instead of 2"):
        describe("handshake/refused", STORY, [moment(5)], [SECOND, 2 * SECOND, 3 * SECOND])


def test_recording_that_goes_on_after_the_last_moment_is_refused() -> None:
    with pytest.raises(SpoiltError, match="frames came after the last moment"):
        describe("handshake/refused", STORY, [moment(1.5)], [SECOND, 2 * SECOND])


@needs_root
@pytest.mark.parametrize("name", ["teardown/close-by-client"])
def test_story_is_recorded_with_the_states_of_the_kernel_and_judged_alike(name: str, tmp_path: Path) -> None:
    recorder = [sys.executable, "-m", "tools.record", name, "--into", str(tmp_path)]
    done = subprocess.run(recorder, cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == (f"recorded {name}\n", "", 0)
    case = load(tmp_path / name / "case.toml")
    assert [(moment.client, moment.server) for moment in case.moments] == [
        ("ESTABLISHED", "ESTABLISHED"),
        ("ESTABLISHED", "ESTABLISHED"),
        ("ESTABLISHED", "ESTABLISHED"),
        ("FIN-WAIT-2", "CLOSE-WAIT"),
        ("TIME-WAIT", "CLOSED"),
    ]
    connection = next(iter(check(case.capture)))
    assert isinstance(connection, ConnectionReport)
    assert (connection.client, connection.server) == ("192.0.2.1:51000", "192.0.2.2:4000")
    assert (connection.teardown, connection.verdict) == ("four-way", "conforms")
    assert len(frame_times(case.capture.read_bytes())) == case.expect.frames == 11


@needs_root
def test_story_that_fails_leaves_no_namespace_and_no_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def stumble(scene: Scene) -> None:
        assert len(namespaces()) == 2
        scene.caller()
        raise OSError("the story stumbled")

    monkeypatch.setitem(STORIES, "handshake/refused", Story(**{**vars(STORY), "play": stumble}))
    assert command.main(["handshake/refused", "--into", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "tools.record: handshake/refused: the story stumbled\n"
    assert namespaces() == []
    assert list(tmp_path.iterdir()) == []


@needs_root
def test_kernel_names_a_listening_port_and_a_closed_one() -> None:
    with Wire() as wire, Scene(wire) as scene:
        scene.listen()
        with wire.server.entered():
            states = [table_state(("192.0.2.2", port), ("192.0.2.1", 51000)) for port in (4000, 4001)]
    assert states == ["LISTEN", "CLOSED"]
