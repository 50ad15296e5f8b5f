r"""`-o jsonl`: one JSON object a line, for programs.

Three types of lines, told apart by `type`: the findings of a connection, then its `connection` line, when it can
change no more; the `capture` line last of its capture. Keys are only ever added; `schema` is raised when one must
change its meaning. Everything is English and ASCII: other characters stand as JSON escapes, so no file name can reach a
terminal as a command. A file name that is no valid text has its odd bytes written as `\xff`.

`community_id` is the Community ID flow hash, version 1 (seed 0), which other tools of network analysis print as well.
`zeek_conn_state` and `history` are the words of Zeek's conn.log, `conntrack_state` is what Linux would show
(docs/en/outside-words.md says where they differ from the originals).
"""

import json
from collections.abc import Callable
from typing import Any

from tcplint.address import split
from tcplint.report.base import Totals, View
from tcplint.report.escape import escape
from tcplint.results import CaptureReport, ConnectionReport, FindingReport

SCHEMA = 1


class JsonLines:
    """Writes the format `jsonl`."""

    def __init__(self, write: Callable[[str], object], view: View) -> None:
        self.write = write
        self.community_id = _community_id()

    def connection(self, report: ConnectionReport) -> None:
        """The findings of a connection, then the connection."""
        lines = [_line(finding_object(report, finding)) for finding in report.findings]
        lines.append(_line(self._connection(report)))
        self.write("".join(lines))

    def capture(self, report: CaptureReport) -> None:
        """The capture line."""
        self.write(_line(capture_object(report)))

    def end(self, totals: Totals) -> None:
        """Nothing."""

    def _connection(self, report: ConnectionReport) -> dict[str, Any]:
        return {
            "type": "connection",
            "schema": SCHEMA,
            "capture": _name(report.capture),
            "connection": report.connection,
            "client": report.client,
            "server": report.server,
            "client_certain": report.client_certain,
            "first_frame": report.first_frame,
            "last_frame": report.last_frame,
            "segments": report.segments,
            "handshake": report.handshake,
            "handshake_verdict": report.handshake_verdict,
            "teardown": report.teardown,
            "teardown_verdict": report.teardown_verdict,
            "verdict": report.verdict,
            "active_closer": report.active_closer,
            "client_state": report.client_state,
            "server_state": report.server_state,
            "evidence": report.evidence,
            "tcp_completeness": report.tcp_completeness,
            "zeek_conn_state": report.zeek_conn_state,
            "history": report.zeek_history,
            "conntrack_state": report.conntrack_state,
            "community_id": self.community_id(report.key),
        }


def finding_object(report: ConnectionReport, finding: FindingReport) -> dict[str, Any]:
    """The keys of a finding, in their order."""
    return {
        "type": "finding",
        "schema": SCHEMA,
        "capture": _name(report.capture),
        "connection": report.connection,
        "rule": finding.rule,
        "code": finding.code,
        "kind": finding.kind,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "frame": finding.frame,
        "related": finding.related,
        "side": finding.side,
        "why": finding.why,
        "count": finding.count,
        "last_frame": finding.last_frame,
        "message": finding.message,
    }


def capture_object(report: CaptureReport) -> dict[str, Any]:
    """The keys of a capture, in their order."""
    return {
        "type": "capture",
        "schema": SCHEMA,
        "capture": _name(report.capture),
        "format": report.format,
        "frames": report.frames,
        "tcp_segments": report.tcp_segments,
        "connections": report.connections,
        "skipped": report.skipped,
        "notes": report.notes,
    }


_ENCODER = json.JSONEncoder(separators=(",", ":"))


def _line(fields: dict[str, Any]) -> str:
    return _ENCODER.encode(fields) + "\n"


def _name(path: str) -> str:
    """The path as it is when it is valid text; JSON readers refuse lone surrogates."""
    return "".join(escape(c) if "\ud800" <= c <= "\udfff" else c for c in path)


def _community_id() -> Callable[[bytes], str]:
    """The function from a connection's key to its Community ID."""
    import communityid

    maker = communityid.CommunityID()

    def identify(key: bytes) -> str:
        first, second, first_port, second_port = split(key)
        return str(maker.calc(communityid.FlowTuple.make_tcp(first, second, first_port, second_port)))

    return identify


writer = JsonLines
