"""The command, and what needs root: a few real stories, and nothing left behind after an error."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tcplint.check import check
from tcplint.results import ConnectionReport
from tools.cases import load
from tools.lab import __main__ as command
from tools.lab.errors import LabError, SpoiltError
from tools.lab.play import missing, play, stage
from tools.lab.scene import Scene
from tools.lab.story import STORIES, Outcome, Story
from tools.lab.story import load as stories

ROOT = Path(__file__).resolve().parents[2]
LACKING = missing()
needs_root = pytest.mark.skipif(LACKING is not None, reason=f"cannot record here: {LACKING}")


def namespaces(process: int) -> list[str]:
    """Those of a laboratory in this process."""
    listed = subprocess.run(["ip", "netns", "list"], check=True, capture_output=True, text=True).stdout.split()
    return [name for name in listed if name.startswith(f"tcplint-{process}-")]


def test_without_root_the_laboratory_says_so_and_exits_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert command.main(["handshake/refused", "--into", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "tools.lab: making network namespaces needs root\n"
    assert list(tmp_path.iterdir()) == []


def test_without_a_tun_device_the_laboratory_says_so_and_exits_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: str, flags: int) -> int:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "open", refuse)
    assert command.main([]) == 2
    assert capsys.readouterr().err == "tools.lab: /dev/net/tun cannot be opened: No such file or directory\n"


def test_unknown_story_is_a_usage_error_that_lists_the_stories(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main(["teardown/nonsense"])
    assert "no story teardown/nonsense; there are handshake/" in capsys.readouterr().err


@needs_root
@pytest.mark.parametrize("name", ["teardown/close-by-client", "teardown/simultaneous-close", "handshake/ipv6"])
def test_story_is_recorded_with_the_labels_that_are_committed(name: str, tmp_path: Path) -> None:
    lab = [sys.executable, "-m", "tools.lab", name]
    done = subprocess.run([*lab, "--into", str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == (f"recorded {name}\n", 0), done.stderr
    made, committed = load(tmp_path / name / "case.toml"), load(ROOT / "corpus" / name / "case.toml")
    assert [told[2:] for told in made.moments] == [told[2:] for told in committed.moments]
    assert (made.frames, made.deeds) == (committed.frames, committed.deeds)
    connection = next(iter(check(made.capture)))
    assert isinstance(connection, ConnectionReport)
    assert (connection.client_state, connection.server_state) == (made.expect.client_state, made.expect.server_state)
    done = subprocess.run([*lab, "--verify"], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == (f"the same {name}\n", 0), done.stderr


@needs_root
def test_story_whose_states_are_others_is_tried_three_times_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def hope(scene: Scene) -> None:
        assert len(namespaces(os.getpid())) == 2
        scene.call()
        scene.moment("ESTABLISHED", "ESTABLISHED", quiet=0.01)

    story = stories()["handshake/refused"]
    monkeypatch.setitem(STORIES, "handshake/refused", Story(**{**vars(story), "play": hope}))
    assert command.main(["handshake/refused", "--into", str(tmp_path)]) == 1
    complaint = "handshake/refused: the kernel says CLOSED and CLOSED, the story ESTABLISHED and ESTABLISHED"
    told = capsys.readouterr().err.splitlines()
    assert told == [f"tools.lab: {complaint}; once more"] * 2 + [f"tools.lab: {complaint}"]
    assert namespaces(os.getpid()) == []
    assert list(tmp_path.iterdir()) == []


@needs_root
def test_interrupted_laboratory_leaves_no_namespace(tmp_path: Path) -> None:
    lab = [sys.executable, "-m", "tools.lab", "handshake/unanswered", "--into", str(tmp_path)]
    process = subprocess.Popen(lab, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(1000):
        if len(namespaces(process.pid)) == 2 or process.poll() is not None:
            break
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=20)
    assert (process.returncode, complaint) == (130, "tools.lab: interrupted\n")
    assert namespaces(process.pid) == []
    assert list(tmp_path.iterdir()) == []


@needs_root
def test_sysctl_is_read_back_and_a_refused_value_is_named() -> None:
    with stage() as scene:
        scene.sysctl("both", "tcp_fin_timeout", 7)
        with pytest.raises(LabError, match=r"sysctl net/ipv4/tcp_ecn = 99: "):
            scene.sysctl("client", "tcp_ecn", 99)
        with pytest.raises(LabError, match=r"sysctl net/ipv4/tcp_nonsense = 1: No such file or directory"):
            scene.sysctl("client", "tcp_nonsense", 1)
        scene.sysctl("client", "tcp_nonsense", 1, optional=True)


@needs_root
def test_program_that_is_missing_is_named_and_its_story_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    stories()
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "ip").symlink_to(next(path for path in ("/usr/sbin/ip", "/sbin/ip", "/bin/ip") if Path(path).exists()))
    assert command.main(["handshake/refused-by-icmp", "--into", str(tmp_path / "corpus")]) == 0
    expected = "left out: the program nft is missing (Debian: apt-get install nftables)"
    assert capsys.readouterr().err == f"tools.lab: handshake/refused-by-icmp: {expected}\n"


@needs_root
def test_vanished_end_answers_an_old_segment_with_a_reset_and_both_connections_have_their_states() -> None:
    def half_open(scene: Scene) -> None:
        listener = scene.listen()
        client, server = scene.open(listener)
        scene.vanish(server)
        scene.moment("ESTABLISHED", "CLOSED", hidden=("server",))
        scene.send(client, b"Anybody there?")
        scene.moment("CLOSED", "CLOSED")
        scene.connection()
        scene.open(listener)

    outcomes = (Outcome("three-way", "abort"), Outcome("three-way", "none", verdict="inconclusive"))
    story = Story("a/b", ("", ""), ("", ""), "", 8, outcomes, half_open)
    take = play(story)
    assert [(told.connection, told.client) for told in take.moments] == [
        (0, "ESTABLISHED"),
        (0, "ESTABLISHED"),
        (0, "CLOSED"),
        (1, "ESTABLISHED"),
    ]
    with pytest.raises(SpoiltError, match="9 frames expected at the client"):
        play(Story(**{**vars(story), "frames": 9}))


@needs_root
def test_older_connection_of_a_pair_is_closed_when_the_later_one_is_open() -> None:
    with stage() as scene:
        listener = scene.listen()
        client, server = scene.open(listener)
        scene.vanish(client)
        scene.vanish(server)
        scene.connection()
        scene.open(listener)
        scene.moment("CLOSED", "CLOSED", of=scene.connections[0])
        with pytest.raises(SpoiltError, match="the kernel says ESTABLISHED and ESTABLISHED"):
            scene.moment("CLOSED", "CLOSED")
