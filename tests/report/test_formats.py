"""The three formats of one broken capture, and what each leaves out."""

import json
import re
from pathlib import Path

import pytest

import tcplint
from tcplint.ladder.width import wrap
from tcplint.report import FORMATS, writer
from tcplint.report.base import Totals, View
from tcplint.report.full import grouped, summary
from tcplint.results import Report
from tests.cli import captures


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    monkeypatch.chdir(tmp_path)
    captures.write(tmp_path / "a.pcap", captures.BROKEN)
    return list(tcplint.check("a.pcap", ladders=True))


def written(form: str, reports: list[Report], view: View | None = None) -> str:
    """What a format makes of these reports."""
    texts: list[str] = []
    made = writer(form, texts.append, view or View())
    totals = Totals()
    for report in reports:
        if report.type == "connection":
            totals.connection(report)
            made.connection(report)
        else:
            made.capture(report)
    made.end(totals)
    return "".join(texts)


def test_full_draws_the_frames_that_prove_the_fault(reports: list[Report]) -> None:
    lines = written("full", reports).splitlines()
    assert lines[:5] == [
        "a.pcap  connection 0  192.0.2.1:51514 (client) → 198.51.100.2:443 (server)",
        "",
        "TD004 data-after-fin  error  frame 8: client sent 10 bytes after its own FIN (frame 6)",
        "   #6  1.000000  client ──FIN,ACK──────────▶ server   seq 121 ack 1",
        "   #8  1.100000  client ──PSH,ACK──────────▶ server   seq 122 ack 1 len 10  ◀── here",
    ]
    assert lines[5].startswith("   expected:  ")
    assert "(RFC 9293 §3.10.2, §3.6)" in " ".join(" ".join(lines).split())
    assert lines[-4:] == [
        "   wireshark: frame.number in {6,8} && ip.addr == 192.0.2.1 && ip.addr == 198.51.100.2",
        "   explain:   tcplint rule data-after-fin",
        "",
        "1 connection: 0 conform, 1 violates, 0 inconclusive",
    ]


def test_full_in_chinese_keeps_names_and_codes(reports: list[Report]) -> None:
    lines = written("full", reports, View(lang="zh")).splitlines()
    assert lines[0] == "a.pcap  连接 0  192.0.2.1:51514（客户端）→ 198.51.100.2:443（服务器）"
    assert lines[2].startswith("TD004 data-after-fin  错误  第 8 帧：")
    assert "客户端 ──PSH,ACK──────────▶ 服务器" in lines[4]
    assert lines[4].endswith("◀── 此处")
    assert lines[-1] == "1 个连接：0 个符合，1 个违反，0 个无法判定"


def test_clauses_of_one_document_are_named_together() -> None:
    clauses = ["RFC 9293 §3.6", "RFC 9293 §3.5.2 group 1", "RFC 1644 §3"]
    assert grouped(clauses, "en").replace("\u00a0", " ") == "RFC 9293 §3.6, §3.5.2 group 1; RFC 1644 §3"
    assert grouped(clauses, "zh").replace("\u00a0", " ") == "RFC 9293 §3.6、§3.5.2 group 1；RFC 1644 §3"
    (line, *_) = wrap("closes in order " + grouped(clauses[:1], "en"), 24)
    assert line == "closes in order"


def test_colour_adds_nothing_but_colour(reports: list[Report]) -> None:
    plain = written("full", reports)
    coloured = written("full", reports, View(colour=True))
    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_lines_of_full_stay_within_the_terminal(reports: list[Report]) -> None:
    for line in written("full", reports, View(width=80)).splitlines():
        assert len(line) <= 80 or "wireshark:" in line or line.startswith(("TD004", "   #"))


def test_concise_is_one_line_that_tools_can_split(reports: list[Report]) -> None:
    expected = "a.pcap:8: TD004 data-after-fin client sent 10 bytes after its own FIN (frame 6)\n"
    assert written("concise", reports) == expected


@pytest.mark.parametrize("form", ["full", "concise"])
def test_notes_are_shown_only_when_asked_for(reports: list[Report], form: str) -> None:
    assert "HS004" not in written(form, reports)
    assert "HS004" in written(form, reports, View(notes=True))


def test_jsonl_has_exactly_these_keys_in_this_order(reports: list[Report]) -> None:
    lines = [json.loads(line) for line in written("jsonl", reports).splitlines()]
    assert [line["type"] for line in lines[-2:]] == ["connection", "capture"]
    assert {line["type"] for line in lines[:-2]} == {"finding"}
    finding = next(line for line in lines if line.get("code") == "TD004")
    assert json.dumps(finding) == json.dumps(
        {
            "type": "finding",
            "schema": 1,
            "capture": "a.pcap",
            "connection": 0,
            "rule": "data-after-fin",
            "code": "TD004",
            "kind": "new-data",
            "severity": "error",
            "verdict": "violates",
            "frame": 8,
            "related": [6],
            "side": "client",
            "why": None,
            "count": 1,
            "last_frame": 8,
            "message": "client sent 10 bytes after its own FIN (frame 6)",
        }
    )
    connection = lines[-2]
    community_id = connection.pop("community_id")
    assert community_id.startswith("1:")
    assert json.dumps(connection) == json.dumps(
        {
            "type": "connection",
            "schema": 1,
            "capture": "a.pcap",
            "connection": 0,
            "client": "192.0.2.1:51514",
            "server": "198.51.100.2:443",
            "client_certain": True,
            "first_frame": 1,
            "last_frame": 10,
            "segments": 10,
            "handshake": "three-way",
            "handshake_verdict": "conforms",
            "teardown": "four-way",
            "teardown_verdict": "violates",
            "verdict": "violates",
            "active_closer": "client",
            "client_state": "TIME-WAIT",
            "server_state": "CLOSED",
            "evidence": [],
            "tcp_completeness": 31,
            "zeek_conn_state": "SF",
            "history": "ShADaFf",
            "conntrack_state": "TIME_WAIT",
        }
    )
    assert json.dumps(lines[-1]) == json.dumps(
        {
            "type": "capture",
            "schema": 1,
            "capture": "a.pcap",
            "format": "pcap",
            "frames": 10,
            "tcp_segments": 10,
            "connections": 1,
            "skipped": {},
            "notes": [],
        }
    )


def test_community_id_is_that_of_the_published_hash(tmp_path: Path) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.FOUR)
    octets = path.read_bytes()
    # The first TCP vector of the specification: 128.232.110.120:34855 and 66.35.250.204:80.
    octets = octets.replace(bytes([192, 0, 2, 1]), bytes([128, 232, 110, 120]))
    octets = octets.replace(bytes([198, 51, 100, 2]), bytes([66, 35, 250, 204]))
    octets = octets.replace((51514).to_bytes(2, "big"), (34855).to_bytes(2, "big"))
    octets = octets.replace((443).to_bytes(2, "big"), (80).to_bytes(2, "big"))
    path.write_bytes(octets)
    connection = json.loads(written("jsonl", list(tcplint.check(path))).splitlines()[-2])
    assert connection["community_id"] == "1:LQU9qZlK+B5F3KDmev6m5PMibrg="


def test_jsonl_is_plain_ascii_whatever_the_capture_is_called(tmp_path: Path) -> None:
    path = captures.write(tmp_path / "抓包\u202e.pcap", captures.FOUR)
    text = written("jsonl", list(tcplint.check(str(path))))
    assert text.isascii()
    assert json.loads(text.splitlines()[-1])["capture"] == str(path)


@pytest.mark.parametrize(
    ("verdicts", "english", "chinese"),
    [
        (
            {"conforms": 3, "violates": 1},
            "4 connections: 3 conform, 1 violates, 0 inconclusive",
            "4 个连接：3 个符合，1 个违反，0 个无法判定",
        ),
        (
            {"conforms": 1180, "violates": 9, "warns": 1, "inconclusive": 14},
            "1,204 connections: 1,180 conform, 9 violate, 1 has warnings, 14 inconclusive",
            "1,204 个连接：1,180 个符合，9 个违反，1 个有警告，14 个无法判定",
        ),
        ({}, "0 connections: 0 conform, 0 violate, 0 inconclusive", "0 个连接：0 个符合，0 个违反，0 个无法判定"),
    ],
)
def test_last_line_counts_connections_by_verdict(verdicts: dict[str, int], english: str, chinese: str) -> None:
    totals = Totals(connections=sum(verdicts.values()), verdicts=verdicts)
    assert summary(totals, "en") == english
    assert summary(totals, "zh") == chinese


def test_unknown_format_is_refused() -> None:
    assert "xml" not in FORMATS
    with pytest.raises(ValueError, match="xml"):
        writer("xml", print, View())
