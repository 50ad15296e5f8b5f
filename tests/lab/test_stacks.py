"""Other stacks on the wire: agents, frames on streams, who is blamed, the tables. No other stack is needed here."""

import json
import socket
import struct
import sys
from pathlib import Path

import pytest

from tools.lab.errors import LabError, SpoiltError
from tools.lab.play import missing
from tools.lab.stacks import __main__ as command
from tools.lab.stacks.agent import AgentPlayer
from tools.lab.stacks.between import StreamPort
from tools.lab.stacks.end import END_OF_STREAM, NOTHING, RESET, UnableError
from tools.lab.stacks.play import perform
from tools.lab.stacks.roster import STACKS
from tools.lab.stacks.stories import STORIES
from tools.lab.stacks.table import BEGIN, END, write_tables

LACKING = missing()
needs_root = pytest.mark.skipif(LACKING is not None, reason=f"cannot record here: {LACKING}")

AGENT = """
import socket, sys
wire = socket.socket(fileno=int(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    told = {"accept": "none", "connect 1 2": "ok 7", "connect 1 3": "error taken", "recv 7": "ok 12"}.get(line.strip())
    if line.startswith("die"):
        sys.exit("out of memory")
    if line.startswith("send 7"):
        wire.send(" ".join(sys.argv[2:]).encode())
    print(told or "ok", flush=True)
"""


@pytest.fixture
def agent(tmp_path: Path) -> AgentPlayer:
    (tmp_path / "agent.py").write_text(AGENT)
    return AgentPlayer("server", [sys.executable, str(tmp_path / "agent.py")])


def test_agent_is_asked_by_lines_and_its_frames_come_on_the_wire(agent: AgentPlayer) -> None:
    talker = agent.connect(1, 2)
    assert (agent.accept(), talker.read(), talker.ready()) == (None, 12, True)
    assert agent.port.read() is None
    talker.send(5)
    assert agent.port.read() == (b"", b"192.0.2.2 192.0.2.1 02:00:00:00:00:02 02:00:00:00:00:01")
    agent.close()


def test_agent_that_refuses_spoils_the_story_and_one_that_dies_leaves_its_last_words(agent: AgentPlayer) -> None:
    with pytest.raises(SpoiltError, match="connect: error taken"):
        agent.connect(1, 3)
    with pytest.raises(UnableError, match="vanish"):
        agent.vanish(agent.connect(1, 2))
    with pytest.raises(LabError, match=r"the agent has died \(1\): out of memory"):
        agent.ask("die")
    agent.close()


def test_program_that_does_not_say_ready_is_no_agent() -> None:
    with pytest.raises(LabError, match="did not begin"):
        AgentPlayer("client", ["echo", "hello"])


def test_what_an_agent_answers_to_recv_is_octets_nothing_the_end_or_a_reset(
    agent: AgentPlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    talker = agent.connect(1, 2)
    for told, meaning in (("none", NOTHING), ("eof", END_OF_STREAM), ("reset", RESET), ("error what", RESET)):
        monkeypatch.setattr(agent, "ask", lambda line, told=told: told.split())
        assert talker.read() == meaning
    agent.close()


def test_frames_on_a_stream_are_found_however_they_are_cut() -> None:
    ours, theirs = socket.socketpair()
    port = StreamPort(ours)
    octets = b"".join(struct.pack("!I", len(frame)) + frame for frame in (b"one", b"second"))
    found = []
    for at in range(len(octets)):
        theirs.send(octets[at : at + 1])
        found.append(port.read())
    assert [one[1] for one in found if one is not None] == [b"one", b"second"]
    assert found[6] == (b"", b"one")
    port.write(b"", b"back")
    assert theirs.recv(100) == b"\0\0\0\4back"
    ours.close()
    theirs.close()


def test_tables_count_stories_by_rule_and_leave_what_was_forged_out(tmp_path: Path) -> None:
    base = {"connections": 2, "frames": 11, "copies": 30, "accused_by_damage": [], "left_out": ""}
    said = [
        ["RS002", "no-ack", "warning", "unknown", "client", 3],
        ["RS002", "no-ack", "warning", "stack", "server", 4],
    ]
    forged = [
        ["TD004", "new-data", "error", "forged", "client", 12],
        ["TD021", "slow", "warning", "linux", "client", 9],
    ]
    results = [
        {"stack": "passt", "role": "server", "story": "refused", "said": said, **base},
        {"stack": "passt", "role": "server", "story": "fin-lost", "said": forged, **base},
        {"stack": "passt", "role": "server", "story": "unanswered", "said": [], **(base | {"frames": 0})},
    ]
    (tmp_path / "passt-server").mkdir()
    (tmp_path / "passt-server" / "results.json").write_text(json.dumps({"version": "1.2", "results": results}))
    for language in ("en", "zh"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "stacks.md").write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_tables(tmp_path, tmp_path)
    page = (tmp_path / "en" / "stacks.md").read_text(encoding="utf-8")
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "| passt | 1.2 | server | 2 | 4 | 22 | 60 | 0 | 1 |" in page
    assert "| RS002 reset-ignored-in-syn-sent | warning | 0 / 1 |" in page
    assert "TD004" not in page
    assert "TD021" not in page
    assert "old" not in page
    assert "| passt | 1.2 | 服务器 |" in (tmp_path / "zh" / "stacks.md").read_text(encoding="utf-8")


def test_page_without_marks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "stacks.md").write_text("nothing\n")
    with pytest.raises(ValueError, match="the marks of the tables are missing"):
        write_tables(tmp_path, tmp_path)


def test_stack_that_is_not_installed_is_named_with_its_packages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "missing", lambda: None)
    monkeypatch.setattr("tools.lab.stacks.roster.Stack.version", lambda self: None)
    assert command.main(["passt", "--into", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "tools.lab.stacks: passt is not here; it needs passt\n"


def test_every_stack_names_the_packages_that_its_version_is_read_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--packages"]) == 0
    printed = capsys.readouterr().out.split()
    assert {stack.package for stack in STACKS.values() if stack.package} <= set(printed)


@needs_root
def test_linux_against_linux_closes_in_turn_and_nobody_is_blamed(tmp_path: Path) -> None:
    result = perform(STACKS["linux"], "server", "close-by-client", tmp_path)
    assert (result.connections, result.frames, result.said, result.left_out) == (1, 11, [], "")
    assert result.copies == 90
    assert result.linux_state == "TIME-WAIT"  # the client is ours
    assert result.accused_by_damage == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"close-by-client-{point}.pcap" for point in ("client", "middle", "server")
    ]


@needs_root
def test_forged_data_behind_a_close_is_found_and_nobody_but_the_forger_is_blamed(tmp_path: Path) -> None:
    result = perform(STACKS["linux"], "client", "data-after-full-close", tmp_path)
    assert {(said.rule, said.severity, said.whom) for said in result.said} == {("TD004", "error", "forged")}


def test_every_story_says_in_a_sentence_what_it_does() -> None:
    assert len(STORIES) == 36
    assert all((play.__doc__ or "").endswith((".", ").")) for play in STORIES.values())
