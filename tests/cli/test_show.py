"""`tcplint show`: the ladder, the table, TIME-WAIT, and why the close took four segments or three."""

from pathlib import Path

import pytest

from tcplint.check import check
from tcplint.cli.main import main
from tcplint.ladder.width import width
from tcplint.report import closing, ladder, table
from tcplint.report.ansi import Palette
from tcplint.results import Options
from tcplint.trace import NoSuchConnectionError, trace_connection
from tests.cli import captures


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TCPLINT_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def shown(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[str]:
    assert main(["show", *map(str, arguments)]) == 0
    return capsys.readouterr().out.splitlines()


def rungs(lines: list[str]) -> list[str]:
    """The lines with an arrow."""
    return [line for line in lines if "▶" in line or "◀" in line]


def test_ladder_of_a_four_way_close_names_each_step_and_both_states(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = captures.write(tmp_path / "four.pcap", captures.FOUR)
    lines = shown(capsys, path)
    assert lines[0] == f"{path}  connection 0  192.0.2.1:51514 (client) → 198.51.100.2:443 (server)"
    assert lines[1] == "handshake: three-way, conforms · close: four-way, conforms · verdict: conforms"
    assert rungs(lines) == [
        "    1 0.000000  SYN-SENT     ── SYN seq 0 ────────────────────────────▶  LISTEN        handshake 1/3",
        "    2 0.020000  SYN-SENT     ◀────────────────── SYN,ACK seq 0 ack 1 ──  SYN-RECEIVED  handshake 2/3",
        "    3 0.040000  ESTABLISHED  ── ACK seq 1 ack 1 ──────────────────────▶  ESTABLISHED   handshake 3/3",
        "    4 0.050000  ESTABLISHED  ── PSH,ACK seq 1 ack 1 len 120 ──────────▶  ESTABLISHED   data",
        "    5 0.070000  ESTABLISHED  ◀──────────────────── ACK seq 1 ack 121 ──  ESTABLISHED   ack",
        "    6 1.000000  FIN-WAIT-1   ── FIN,ACK seq 121 ack 1 ────────────────▶  ESTABLISHED   close 1/4",
        "    7 1.020000  FIN-WAIT-2   ◀──────────────────── ACK seq 1 ack 122 ──  CLOSE-WAIT    close 2/4",
        "    8 1.100000  FIN-WAIT-2   ◀──────── PSH,ACK seq 1 ack 122 len 300 ──  CLOSE-WAIT    data",
        "    9 1.120000  FIN-WAIT-2   ── ACK seq 122 ack 301 ──────────────────▶  CLOSE-WAIT    ack",
        "   10 1.500000  FIN-WAIT-2   ◀────────────── FIN,ACK seq 301 ack 122 ──  LAST-ACK      close 3/4",
        "   11 1.520000  TIME-WAIT    ── ACK seq 122 ack 302 ──────────────────▶  CLOSED        close 4/4",
    ]
    assert max(map(len, rungs(lines))) <= 100


def test_chinese_ladder_names_the_steps_as_textbooks_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = captures.write(tmp_path / "four.pcap", captures.FOUR)
    lines = shown(capsys, path, "--lang", "zh")
    steps = [line.split()[-1] for line in rungs(lines)]
    assert steps == [
        "第一次握手",
        "第二次握手",
        "第三次握手",
        "数据",
        "确认",
        "第一次挥手",
        "第二次挥手",
        "数据",
        "确认",
        "第三次挥手",
        "第四次挥手",
    ]
    assert len({width(line[: line.rindex(line.split()[-1])]) for line in rungs(lines)}) == 1
    begin = next(index for index, line in enumerate(lines) if line.startswith("状态："))
    legend = "".join(lines[begin : lines.index("", begin)])
    assert "TIME-WAIT 时间等待" in legend
    assert "LAST-ACK 最后确认" in legend


@pytest.mark.parametrize(
    ("story", "english", "chinese"),
    [
        (
            captures.FOUR,
            "Four segments: the server acknowledged the FIN after 20 ms (frame 7); it still had 300 bytes to send, "
            "and its own FIN came 480 ms after that ACK (frame 10).",
            "四个报文段：服务器在 20 毫秒后确认了 FIN（第 7 帧）；它还有 300 字节数据要发送，"
            "自己的 FIN 在这个 ACK 之后 480 毫秒才发出（第 10 帧）。",
        ),
        (
            captures.FOUR.replace("1.100 < P. 300\n1.120 > .\n", ""),
            "Four segments: the server acknowledged the FIN after 20 ms (frame 7); it had nothing more to send, yet "
            "its own FIN came 480 ms after that ACK, when its application closed (frame 8).",
            "四个报文段：服务器在 20 毫秒后确认了 FIN（第 7 帧）；它已没有数据要发送，但直到其应用程序关闭连接，"
            "才在这个 ACK 之后 480 毫秒发出自己的 FIN（第 8 帧）。",
        ),
        (
            captures.THREE,
            "Three segments: the server had nothing more to send, so its ACK and its FIN are one segment (frame 5).",
            "三个报文段：服务器已没有数据要发送，ACK 与 FIN 合并为一个报文段（第 5 帧）。",
        ),
        (
            captures.THREE.replace("1.020 < F.", "1.020 < FP. 300"),
            "Three segments: the ACK of the server, its last 300 bytes and its FIN are one segment (frame 5).",
            "三个报文段：服务器的 ACK、最后 300 字节数据与 FIN 合并为一个报文段（第 5 帧）。",
        ),
        (
            captures.SIMULTANEOUS,
            "Simultaneous close: each end sent its FIN before it had received the other's (frames 4 and 5).",
            "同时关闭：双方在收到对方的 FIN 之前都已发出自己的 FIN（第 4、5 帧）。",
        ),
        (
            captures.ABORT,
            "Abort: the server sent RST (frame 6) instead of a FIN. "
            "Not acknowledged until then: 0 bytes of the client, 0 bytes of the server.",
            "异常终止：服务器以 RST（第 6 帧）代替 FIN。此时尚未得到确认的数据：客户端 0 字节，服务器 0 字节。",
        ),
        (
            captures.ABORT.replace("0.070 < .\n", "0.060 < P. 1 ack 1\n"),
            "Abort: the server sent RST (frame 6) instead of a FIN. "
            "Not acknowledged until then: 120 bytes of the client, 1 byte of the server; they may be lost.",
            "异常终止：服务器以 RST（第 6 帧）代替 FIN。此时尚未得到确认的数据：客户端 120 字节，服务器 1 字节，"
            "这些数据可能丢失。",
        ),
        (
            captures.HANDSHAKE,
            "No close: no FIN and no RST in this capture.",
            "未见终止：抓包中没有 FIN，也没有 RST。",
        ),
    ],
)
def test_one_line_says_why_the_close_took_the_segments_it_took(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], story: str, english: str, chinese: str
) -> None:
    path = captures.write(tmp_path / "a.pcap", story)
    assert english in " ".join(shown(capsys, path))
    assert chinese.replace(" ", "") in "".join(shown(capsys, path, "--lang", "zh")).replace(" ", "")


def test_passive_closer_that_is_the_client_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mirrored = captures.HANDSHAKE + "1.0 < F.\n1.02 > .\n1.5 > P. 7\n1.6 > F.\n1.62 < .\n"
    lines = shown(capsys, captures.write(tmp_path / "a.pcap", mirrored))
    assert (
        "Four segments: the client acknowledged the FIN after 20 ms (frame 5); it still had 7 bytes to send, "
        "and its own FIN came 580 ms after that ACK (frame 7)." in " ".join(lines)
    )
    assert any(line.startswith("TIME-WAIT: the server enters it at 1.620000 s (frame 8)") for line in lines)


def test_time_wait_is_told_with_its_holder_and_the_four_ends_of_the_wait(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(capsys, captures.write(tmp_path / "a.pcap", captures.FOUR))
    at = next(index for index, line in enumerate(lines) if line.startswith("TIME-WAIT"))
    assert lines[at:] == [
        "TIME-WAIT: the client enters it at 1.520000 s (frame 11) and leaves it after 2MSL. With a 2MSL of",
        "    30 s  until  31.520000 s  2020-09-13 12:27:11.520000 UTC",
        "   1 min  until  61.520000 s  2020-09-13 12:27:41.520000 UTC",
        "   2 min  until 121.520000 s  2020-09-13 12:28:41.520000 UTC",
        "   4 min  until 241.520000 s  2020-09-13 12:30:41.520000 UTC",
    ]


def test_repeated_fin_starts_the_wait_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = captures.FOUR + "2.500 < F.  seq 301\n2.520 > .\n"
    lines = shown(capsys, captures.write(tmp_path / "a.pcap", story))
    assert (
        "TIME-WAIT: the client waits anew from 2.500000 s (a repeated FIN, frame 12) and leaves it after 2MSL."
        in " ".join(lines)
    )


def test_both_ends_wait_after_a_simultaneous_close(tmp_path: Path) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.SIMULTANEOUS)
    lines = closing.time_wait(trace_connection(str(path), 0, Options()))
    assert [line.split()[2] for line in lines if line.startswith("TIME-WAIT")] == ["client", "server"]


def test_abort_leaves_nobody_waiting(tmp_path: Path) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.ABORT)
    assert closing.time_wait(trace_connection(str(path), 0, Options())) == []


def test_finding_stands_under_its_frame(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, captures.write(tmp_path / "a.pcap", captures.BROKEN))
    at = next(index for index, line in enumerate(lines) if line.startswith("    8 "))
    assert lines[at + 1] == "      └─ error TD004 data-after-fin: client sent 10 bytes after its own FIN (frame 6)"


def test_table_is_the_one_of_the_textbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, captures.write(tmp_path / "a.pcap", captures.FOUR), "--table")
    head = next(index for index, line in enumerate(lines) if line.startswith("#"))
    assert [" ".join(line.split()) for line in lines[head + 2 : head + 9]] == [
        "1 handshake 1/3 client 1 0 0 x 0 1000 SYN-SENT LISTEN",
        "2 handshake 2/3 server 1 1 0 y x+1 0 / 1 5000 / 1001 SYN-SENT SYN-RECEIVED",
        "3 handshake 3/3 client 0 1 0 x+1 y+1 1 / 1 1001 / 5001 ESTABLISHED ESTABLISHED",
        "6 close 1/4 client 0 1 1 u v 121 / 1 1121 / 5001 FIN-WAIT-1 ESTABLISHED",
        "7 close 2/4 server 0 1 0 v u+1 1 / 122 5001 / 1122 FIN-WAIT-2 CLOSE-WAIT",
        "10 close 3/4 server 0 1 1 w u+1 301 / 122 5301 / 1122 FIN-WAIT-2 LAST-ACK",
        "11 close 4/4 client 0 1 0 u+1 w+1 122 / 302 1122 / 5302 TIME-WAIT CLOSED",
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [80, 100, 120])
def test_table_gives_up_numbers_rather_than_run_over_the_edge_and_says_so(
    tmp_path: Path, lang: str, columns: int
) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.FOUR)
    trace = trace_connection(str(path), 0, Options())
    whole, narrow = table.table(trace, lang), table.table(trace, lang, columns)
    assert max(map(width, narrow)) <= columns
    assert ("5301 / 1122" in "".join(narrow)) == (max(map(width, whole)) <= columns)
    assert narrow == whole or narrow[-1].startswith(("A wider terminal", "在更宽的终端上"))


def test_table_of_a_refused_connection_shows_the_reset_that_answers_the_syn(tmp_path: Path) -> None:
    path = captures.write(tmp_path / "a.pcap", "> S\n< R.  seq =0 ack 1\n")
    lines = table.table(trace_connection(str(path), 0, Options()))
    assert lines[0].split()[3:9] == ["SYN", "ACK", "FIN", "RST", "seq", "ack"]
    assert lines[3].split()[:9] == ["2", "reset", "server", "0", "1", "0", "1", "0", "x+1"]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [80, 100, 140])
def test_what_stands_below_the_ladder_fits_the_terminal(tmp_path: Path, lang: str, columns: int) -> None:
    for name in ("FOUR", "THREE", "ABORT", "SIMULTANEOUS"):
        path = captures.write(tmp_path / f"{name}.pcap", getattr(captures, name))
        trace = trace_connection(str(path), 0, Options())
        lines = [*ladder.ladder(trace, Palette(False), lang, columns), *closing.lines(trace, lang, columns)]
        assert max(map(width, lines)) <= columns


def test_table_computes_its_letters_so_a_wrong_acknowledgment_does_not_look_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = captures.HANDSHAKE.replace("0.020 < S. ", "0.020 < S. ack 2 ")
    lines = shown(capsys, captures.write(tmp_path / "a.pcap", wrong), "--table")
    row = next(line for line in lines if "handshake 2/3" in line)
    assert row.split()[7:9] == ["y", "x+2"]


def test_number_that_does_not_exist_is_2_and_says_which_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.FOUR)
    assert main(["show", str(path), "--connection", "7"]) == 2
    assert capsys.readouterr().err == f"tcplint: {path}: no connection 7; the capture has connection 0 only\n"


def test_cut_capture_shows_what_is_there_and_is_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.FOUR)
    path.write_bytes(path.read_bytes()[:-10])
    assert main(["show", str(path)]) == 3
    out, err = capsys.readouterr()
    assert len(rungs(out.splitlines())) == 10
    assert "(truncated-file)" in err


def test_long_connection_keeps_its_ends_and_its_close_and_counts_what_it_leaves_out(tmp_path: Path) -> None:
    data = "".join("+0.001 > P. 10\n+0.001 < .\n" for _ in range(300))
    story = captures.HANDSHAKE + "0.050 > P. 10\n" + data + "+1 > F.\n+0.02 < F.\n+0.02 > .\n"
    path = captures.write(tmp_path / "long.pcap", story)
    trace = trace_connection(str(path), 0, Options(), rows=40)
    assert len(trace.rows) <= 40
    assert len(trace.rows) + sum(row.left_out_after for row in trace.rows) == 607
    assert [row.step for row in trace.rows[:3]] == ["handshake-1", "handshake-2", "handshake-3"]
    assert [row.step for row in trace.rows[-3:]] == ["close-1", "close-2+3", "close-4"]


def test_trace_agrees_with_the_check_on_every_connection(tmp_path: Path) -> None:
    for name in ("FOUR", "THREE", "BROKEN", "ABORT", "SIMULTANEOUS"):
        path = str(captures.write(tmp_path / f"{name}.pcap", getattr(captures, name)))
        report = next(iter(check(path)))
        trace = trace_connection(path, 0, Options())
        assert report.type == "connection"
        assert (trace.report.verdict, trace.report.teardown) == (report.verdict, report.teardown)
        assert [f.code for row in trace.rows for f in row.findings] == [f.code for f in report.findings]
        assert [row.time_ns for row in trace.rows if row.frame == 2] == [1600000000_020000000]


def test_missing_file_is_a_problem_not_an_exception_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(NoSuchConnectionError) as caught:
        trace_connection(str(tmp_path / "nowhere"), 0, Options())
    assert caught.value.capture.problem is not None
