"""The crafted violations: every rule that can be an error is broken in at least three different ways, by either end.

Their display filters are tried in one run of tshark over one file that holds all of them, each on a port of its own.
"""

import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tcplint.catalogue.load import Rule, load
from tcplint.ladder.frames import default_ends, frames
from tcplint.ladder.parse import parse
from tcplint.ladder.pcap import pcap_octets
from tcplint.ladder.story import SERVER, NumbersLine, SegmentLine, Story
from tools.cases import Case, Finding, cases

CRAFTED = [case for case in cases() if case.crafted]
ERRORS = [rule for rule in load().rules if "error" in rule.kinds.values()]
WAYS = 3
MINUTE_NS = 60_000_000_000

every_error_rule = pytest.mark.parametrize("rule", ERRORS, ids=lambda rule: rule.name)


def story(case: Case) -> Story:
    return read(case.directory / "script.ladder")


@cache
def read(script: Path) -> Story:
    return parse(script.read_text(encoding="utf-8"))


def captured(case: Case) -> list[SegmentLine]:
    return [line for line in story(case).lines if isinstance(line, SegmentLine) and not line.lost]


def breaches(rule: Rule) -> list[tuple[Case, Finding]]:
    """The crafted cases in which this rule is broken, each with its first finding of it."""
    found = []
    for case in CRAFTED:
        own = [one for one in case.expect.findings if one.rule == rule.name and one.severity == "error"]
        found += [(case, own[0])] if own else []
    return found


def shape(case: Case) -> list[tuple[object, ...]]:
    """Who sends which flags, with data or without, with which options: what differs when only numbers do not."""
    return [
        (line.side, line.flags, line.length > 0, *(option.name for option in line.options)) for line in captured(case)
    ]


@every_error_rule
def test_error_is_committed_in_three_ways_that_differ_in_more_than_numbers(rule: Rule) -> None:
    shapes = [shape(case) for case, _ in breaches(rule)]
    assert len(shapes) >= WAYS
    assert all(one not in shapes[:index] for index, one in enumerate(shapes))


@every_error_rule
def test_every_kind_of_error_is_committed(rule: Rule) -> None:
    shown = {found.kind for case in CRAFTED for found in case.expect.findings if found.rule == rule.name}
    assert shown >= {kind for kind, severity in rule.kinds.items() if severity == "error"}


@every_error_rule
def test_error_is_committed_by_the_server_too(rule: Rule) -> None:
    sides = {captured(case)[found.frame - 1].side for case, found in breaches(rule)}
    assert SERVER in sides


def test_violations_come_in_both_protocols_with_and_without_timestamps_and_where_numbers_wrap() -> None:
    stories = [story(case) for case in CRAFTED]
    stamped = [any(option.name == "ts" for line in captured(case) for option in line.options) for case in CRAFTED]
    wrapping = [any(isinstance(line, NumbersLine) and _wraps(line) for line in one.lines) for one in stories]
    for feature in ([one.ipv6 for one in stories], stamped, wrapping):
        assert 10 <= sum(feature) <= len(CRAFTED) - 10


def _wraps(line: NumbersLine) -> bool:
    return max(line.client, line.server) > 2**32 - 2000


def test_violations_stand_in_every_kind_of_opening_and_close() -> None:
    assert {case.expect.handshake for case in CRAFTED} >= {"three-way", "simultaneous", "refused", "unanswered"}
    assert {case.expect.teardown for case in CRAFTED} >= {"four-way", "three-segment", "simultaneous", "abort"}
    assert {case.expect.active_closer for case in CRAFTED} == {"client", "server", "both", "none"}


def test_every_crafted_case_violates_on_complete_evidence() -> None:
    for case in CRAFTED:
        assert (case.expect.verdict, case.expect.evidence) == ("violates", ())
        assert any(found.severity == "error" for found in case.expect.findings)


def test_display_filter_of_a_crafted_case_shows_a_frame_that_is_wrong(tmp_path: Path) -> None:
    whole, parts = [], []
    wrong: dict[str, set[int]] = {}
    for number, case in enumerate(CRAFTED):
        client, server = story(case).addresses.get("a") or default_ends(0, story(case).ipv6)
        mine = frames(replace(story(case), addresses={"a": (client._replace(port=30_000 + number), server)}))
        first, last = len(whole) + 1, len(whole) + len(mine)
        parts.append(f"(frame.number >= {first} && frame.number <= {last} && ({case.wireshark}))")
        wrong[case.name] = {first + found.frame - 1 for found in case.expect.findings}
        whole += [replace(frame, time_ns=(frame.time_ns or 0) + number * MINUTE_NS) for frame in mine]
    (tmp_path / "all.pcap").write_bytes(pcap_octets(whole))
    command = ["tshark", "-n", "-r", str(tmp_path / "all.pcap"), "-Y", " || ".join(parts)]
    told = subprocess.run(
        [*command, "-T", "fields", "-e", "frame.number"], check=True, capture_output=True, text=True
    ).stdout.split()
    shown = {int(number) for number in told}
    assert [name for name, places in wrong.items() if not places & shown] == []
