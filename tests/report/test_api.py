"""`tcplint.check`, the public interface."""

import subprocess
import sys
from pathlib import Path

import pytest

import tcplint
from tcplint.capture.frame import Frame
from tcplint.check import Clock
from tcplint.ladder.frames import frames
from tcplint.ladder.parse import parse
from tcplint.ladder.pcap import write_pcap
from tcplint.results import CaptureReport, ConnectionReport
from tests.cli import captures


def test_one_path_gives_its_connections_and_then_its_capture(tmp_path: Path) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.BROKEN)
    connection, capture = tcplint.check(path)
    assert isinstance(connection, ConnectionReport)
    assert isinstance(capture, CaptureReport)
    assert connection.verdict == "violates"
    finding = next(finding for finding in connection.findings if finding.verdict == "violates")
    assert finding.message == "client sent 10 bytes after its own FIN (frame 6)"
    assert finding.text("zh") == "客户端在自己的 FIN（第 6 帧）之后又发送了 10 字节"


def test_several_paths_are_checked_in_their_order(tmp_path: Path) -> None:
    paths = [captures.write(tmp_path / name, captures.FOUR) for name in ("b.pcap", "a.pcap")]
    assert [report.capture for report in tcplint.check(paths) if report.type == "capture"] == [str(p) for p in paths]


def test_unreadable_capture_raises_nothing_and_says_why(tmp_path: Path) -> None:
    (report,) = tcplint.check(tmp_path / "nowhere")
    assert report.type == "capture"
    assert report.problem is not None
    assert report.problem.name == "unreadable"


def test_unknown_setting_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        list(tcplint.check("a.pcap", colour="red"))


def test_import_is_light_and_check_stays_a_function_after_its_first_use(tmp_path: Path) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.FOUR)
    program = (
        "import sys, tcplint\n"
        "heavy = {'dpkt', 'click', 'rich', 'pyshark', 'dataclasses'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        f"assert len(list(tcplint.check({str(path)!r}))) == 2\n"
        f"assert len(list(tcplint.check({str(path)!r}))) == 2\n"
        "from tcplint.check import check_capture\n"
        "assert callable(tcplint.check)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_connections_leave_while_the_capture_is_still_read(tmp_path: Path) -> None:
    """The first connection is long closed when the last frames come: it is reported before the capture ends."""
    long_after = "".join(f"+1 b> S\n+1 b< R.\nisn b {n} {n}\n" for n in range(2000, 2400))
    story = captures.THREE + "+400 tick\n" + long_after
    path = tmp_path / "a.pcap"
    write_pcap(frames(parse(story)), path)
    seen: list[int] = []
    reports = tcplint.check(path, progress=lambda capture, count, octets: seen.append(count))
    first = next(iter(reports))
    assert first.type == "connection"
    assert first.connection == 0
    assert len(list(reports)) > 1


@pytest.mark.parametrize(
    ("nanoseconds", "microseconds"),
    [(0, 0), (499, 0), (500, 1), (1499, 1), (1500, 2), (-499, 0), (-500, 0), (-501, -1), (-1500, -1), (-1501, -2)],
)
def test_time_is_rounded_half_up_to_whole_microseconds(nanoseconds: int, microseconds: int) -> None:
    clock = Clock()
    clock.read(1_700_000_000_123_456_789)
    assert clock.read(1_700_000_000_123_456_789 + nanoseconds) == microseconds
    assert not clock.broken


def test_frame_without_a_time_has_that_of_the_frame_before_it() -> None:
    clock = Clock()
    assert clock.read(None) == 0
    assert clock.read(5_000) == 0
    assert clock.read(9_000) == 4
    assert clock.read(None) == 4
    assert clock.untimed


@pytest.mark.parametrize(
    ("step", "broken"),
    [(-1_000_000_000, False), (-1_000_002_000, True), (86_400_000_000_000, False), (86_400_000_002_000, True)],
)
def test_clock_is_broken_by_a_second_backwards_or_a_day_forwards(step: int, broken: bool) -> None:
    clock = Clock()
    clock.read(10**18)
    clock.read(10**18 + step)
    assert clock.broken is broken


def test_impossible_time_is_held_at_what_the_core_can_count() -> None:
    clock = Clock()
    clock.read(0)
    assert clock.read(2**64 * 10**9) == 2**53 - 1
    assert clock.read(-(2**64) * 10**9) == -(2**53 - 1)
    assert clock.broken


def test_clock_that_jumps_is_noted_on_the_capture(tmp_path: Path) -> None:
    whole = frames(parse(captures.FOUR))
    moved = [
        Frame(f.number, (f.time_ns or 0) + (2 * 86400 * 10**9 if f.number > 5 else 0), *(
            f.link_type, f.interface, f.captured, f.original, f.offset, f.data
        ))
        for f in whole
    ]  # fmt: skip
    path = tmp_path / "a.pcap"
    write_pcap(moved, path)
    assert list(tcplint.check(path))[-1].notes == ["clock"]  # type: ignore[union-attr]
