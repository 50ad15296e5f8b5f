"""What tcplint says of a capture, frame by frame: by tshark with the plugin, and by the parts of the command line."""

import os
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tcplint.check import Run
from tcplint.results import STATES, Options

SEPARATOR, BETWEEN = "\x1f", "\x1e"
SIDES = (("client", "server", "both", "unknown"), ("server", "client", "both", "unknown"))

OF_FRAME = ("step", "again", "sender", "client.state", "server.state")
OF_FINDING = ("rule", "code", "kind", "severity", "finding.verdict", "side")
OF_CONNECTION = (
    "connection", "connection.verdict", "connection.client", "connection.server", "connection.client_certain",
    "handshake", "handshake.verdict", "teardown", "teardown.verdict", "active_closer", "connection.client_state",
    "connection.server_state", "connection.first_frame", "connection.last_frame", "connection.segments",
    "connection.completeness", "evidence",
)  # fmt: skip
OTHERS = ("why", "count", "last_frame", "related", "skipped", "verdict", "error")
FAILURE = "_ws.lua.error"
CLAIMS = ("again", "connection.client_certain")  # 1 and 0; in the words of Wireshark 4.4 True and False
WORDS = {"True": "1", "False": "0"}
NOT_OURS = ("Running as user", "Dissector bug, protocol MPTCP")  # of 4.4, about damaged options


class Told(NamedTuple):
    """What is said at one frame; texts, as tshark prints them."""

    step: tuple[str, ...]  # OF_FRAME; empty for an ICMP error
    findings: tuple[tuple[str, ...], ...]  # OF_FINDING and the missing evidence, sorted
    counts: tuple[str, ...]  # of the findings that stand for several, sorted
    connection: tuple[str, ...]  # OF_CONNECTION


@dataclass
class Answers:
    """By frame, and the reasons why frames hold no segment."""

    frames: dict[int, Told] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    findings: int = 0


def tshark(plugin: Path, capture: Path, *arguments: str) -> str:
    """What tshark prints. Fails when tshark, or Lua in it, complains."""
    command = ["tshark", "-n", "-r", str(capture), "-X", f"lua_script:{plugin}", *arguments]
    environment = os.environ | {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)
    said = [line for line in done.stderr.splitlines() if line and not any(words in line for words in NOT_OURS)]
    assert (done.returncode, said) == (0, []), said
    return done.stdout


def fields_of(plugin: Path, capture: Path, *arguments: str, fields: tuple[str, ...]) -> list[list[str]]:
    """The fields of every frame that is printed; several values of one are joined by BETWEEN."""
    how = ["-T", "fields", "-E", f"separator={SEPARATOR}", "-E", f"aggregator={BETWEEN}", "-E", "occurrence=a"]
    asked = [part for name in fields for part in ("-e", name)]
    printed = tshark(plugin, capture, *how, *arguments, *asked)
    return [line.split(SEPARATOR) for line in printed.split("\n")[:-1]]


def by_wireshark(plugin: Path, capture: Path, *arguments: str) -> Answers:
    """What the plugin says. Fails when anything failed in Lua."""
    names = (*OF_FRAME, *OF_FINDING, *OF_CONNECTION, *OTHERS)
    answers = Answers()
    asked = ("frame.number", FAILURE, *(f"tcplint.{name}" for name in names))
    for number, failure, *values in fields_of(plugin, capture, *arguments, fields=asked):
        value = dict(zip(names, values, strict=True))
        value |= {name: WORDS.get(value[name], value[name]) for name in CLAIMS}
        assert (failure, value["error"]) == ("", ""), f"frame {number}: {failure} {value['error']}"
        if value["skipped"]:
            answers.skipped[value["skipped"]] += 1
        columns = [value[name].split(BETWEEN) if value[name] else [] for name in OF_FINDING]
        whys = iter(value["why"].split(BETWEEN))
        findings = [(*row, next(whys) if row[4] == "inconclusive" else "") for row in zip(*columns, strict=True)]
        counts = value["count"].split(BETWEEN) if value["count"] else []
        answers.findings += len(findings)
        answers.frames[int(number)] = Told(
            step=tuple(value[name] for name in OF_FRAME) if value["step"] else (),
            findings=tuple(sorted(findings)),
            counts=tuple(sorted(counts)),
            connection=tuple(value[name] for name in OF_CONNECTION) if value["connection"] else (),
        )
    return answers


class _Steps:
    """Writes down the step of every segment."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[Any, ...]] = {}

    def add(self, frame: Any, segment: Any, step: Any) -> None:
        self.rows[frame.number] = (step.connection, step.side, step.name, step.again, step.state0, step.state1)


def _yes(claim: bool) -> str:
    return "1" if claim else "0"


def by_command_line(capture: Path, **settings: Any) -> Answers:
    """What `tcplint check` says, from the same conclusions as its reports. `settings`: fields of results.Options."""
    steps = _Steps()
    run = Run(capture, Options(**settings))
    conclusions = {}
    reports = {}
    for connection in run.connections(steps):
        conclusion = run.engine.conclude(connection, run.clock.latest)
        conclusions[conclusion.number] = conclusion
        reports[conclusion.number] = run.report(conclusion)
    answers = Answers(skipped=Counter(run.close().skipped))
    findings: dict[int, list[tuple[str, ...]]] = {}
    counts: dict[int, list[str]] = {}
    for report in reports.values():
        for found in report.findings:
            row = (found.rule, found.code, found.kind, found.severity, found.verdict, found.side, found.why or "")
            findings.setdefault(found.frame, []).append(row)
            answers.findings += 1
            if found.count > 1:
                counts.setdefault(found.frame, []).append(str(found.count))
    for frame, (number, side, name, again, state0, state1) in steps.rows.items():
        client = conclusions[number].client if number in conclusions else 0
        states = [STATES[state0], STATES[state1]]
        step = (name, _yes(again) if again else "", SIDES[client][side], states[client], states[1 - client])
        answers.frames[frame] = Told(step, (), (), _connection(reports[number]) if number in reports else ())
    for frame in findings.keys() | answers.frames.keys():
        told = answers.frames.get(frame, Told((), (), (), ()))
        answers.frames[frame] = told._replace(
            findings=tuple(sorted(findings.get(frame, []))), counts=tuple(sorted(counts.get(frame, [])))
        )
    return answers


def _connection(report: Any) -> tuple[str, ...]:
    return (
        str(report.connection), report.verdict, report.client, report.server, _yes(report.client_certain),
        report.handshake, report.handshake_verdict, report.teardown, report.teardown_verdict,
        report.active_closer or "", report.client_state, report.server_state, str(report.first_frame),
        str(report.last_frame), str(report.segments), str(report.tcp_completeness), BETWEEN.join(report.evidence),
    )  # fmt: skip


def differences(capture: Path, shown: Answers, expected: Answers) -> list[str]:
    """What the plugin says otherwise, frame by frame.

    An ICMP error has no step in the command line; the connection that the plugin shows with it is not compared.
    """
    told = []
    for frame, want in sorted(expected.frames.items()):
        have = shown.frames.get(frame)
        if have is None:
            told.append(f"{capture.name} frame {frame}: not shown; expected {want}")
            continue
        if not want.step:
            want = want._replace(connection=have.connection)
        if have != want:
            parts = zip(Told._fields, have, want, strict=True)
            unlike = [f"{name}: {mine} instead of {its}" for name, mine, its in parts if mine != its]
            told.append(f"{capture.name} frame {frame}: {'; '.join(unlike)}")
    extra = [frame for frame, have in shown.frames.items() if have.findings and frame not in expected.frames]
    told += [f"{capture.name} frame {frame}: {shown.frames[frame].findings} instead of nothing" for frame in extra]
    return told
