"""What can go wrong with engine tshark: one clear line on standard error, the right exit code, nothing read is lost."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tcplint.check import check
from tcplint.cli.main import main
from tcplint.segments.unusable import EngineUnusableError
from tests.capture import octets as o
from tests.cli import captures
from tests.engine import programs
from tests.engine.many import write_many

Run = Callable[..., tuple[int, str, list[str]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a verb with engine tshark: exit code, standard output, lines of standard error."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def call(*arguments: object) -> tuple[int, str, list[str]]:
        code = main([str(argument) for argument in (*arguments, "--engine", "tshark")])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err.splitlines()

    return call


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return captures.write(tmp_path / "clean.pcap", captures.FOUR)


# --- no tshark, or none that will do --------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["check", "connections", "show"])
def test_missing_tshark_is_2_and_says_how_to_get_it(
    run: Run, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("tcplint.segments.tshark.find.ELSEWHERE", {})
    code, _, err = run(verb, clean)
    assert (code, len(err)) == (2, 1)
    for word in ("tshark", "not found", "apt install tshark", "dnf install wireshark-cli", "brew install wireshark"):
        assert word in err[0]


OLD_HEAD = programs.HEAD.format(creator="wireshark/3.6.2")
OLD = {
    "says so in its output": f"printf '%b' '{OLD_HEAD}<packet></packet>'; sleep 1",
    "does not know our options": 'test "$*" = -v && exec echo "TShark (Wireshark) 3.6.2"; echo unknown >&2; exit 1',
}


@pytest.mark.parametrize("how", OLD)
def test_tshark_that_is_too_old_is_2_and_both_versions_are_named(
    run: Run, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    programs.script(tmp_path / "bin", OLD[how])
    programs.use(monkeypatch, tmp_path / "bin")
    code, _, err = run("check", clean)
    assert (code, len(err)) == (2, 1)
    assert "4.0 or later" in err[0]
    assert "3.6.2" in err[0]


def test_program_that_is_no_tshark_is_2(run: Run, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs.script(tmp_path / "bin", "exit 1")
    programs.use(monkeypatch, tmp_path / "bin")
    code, _, err = run("check", clean)
    assert (code, len(err)) == (2, 1)
    assert "does not say its version" in err[0]


def test_python_interface_raises_for_a_missing_tshark(
    clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("tcplint.segments.tshark.find.ELSEWHERE", {})
    with pytest.raises(EngineUnusableError, match="not found"):
        list(check(clean, engine="tshark"))


# --- tshark ends before its time -----------------------------------------------------------------------------------


def test_tshark_killed_in_mid_run_is_3_and_the_frames_before_are_reported(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = write_many(tmp_path / "broken.pcap", captures.BROKEN, 40)
    programs.script(tmp_path / "bin", f'{programs.REAL} "$@" 2>/dev/null | head -c 300000; kill -9 $$')
    programs.use(monkeypatch, tmp_path / "bin")
    code, out, err = run("check", broken, "-o", "jsonl")
    *_, capture = [json.loads(line) for line in out.splitlines()]
    assert (code, len(err)) == (3, 1)
    assert "tshark was killed (SIGKILL)" in err[0]
    assert f"the {capture['frames']} frames before it were checked" in err[0]
    assert str(broken) in err[0]
    assert 10 < capture["frames"] < 400
    assert "data-after-fin" in out
    assert "engine-stopped" in capture["notes"]


def test_output_that_is_no_xml_is_3(run: Run, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = programs.HEAD.format(creator="wireshark/4.0.17")
    programs.script(tmp_path / "bin", f"printf '%b' '{head}<packet><a></packet>\\n'")
    programs.use(monkeypatch, tmp_path / "bin")
    code, _, err = run("check", clean)
    assert (code, len(err)) == (3, 1)
    assert "the output of tshark cannot be read" in err[0]


CHANGES = """
    s/^\\( *<field name="ip.id".* show="\\)[^"]*"/\\1\\&x;"/
    s/^\\( *<field name="tcp.window_size_value".* show="\\)[^"]*"/\\17"/
"""


def test_packet_that_contradicts_us_and_is_no_xml_ends_the_reading_with_3(
    run: Run, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs.script(tmp_path / "bin", f"""{programs.REAL} "$@" 2>/dev/null | sed '1,/<.packet>/!{{{CHANGES}}}'""")
    programs.use(monkeypatch, tmp_path / "bin")
    code, out, err = run("check", clean, "-o", "jsonl")
    assert (code, len(err)) == (3, 2)
    assert "the output of tshark cannot be read: undefined entity" in err[0]
    capture = json.loads(out.splitlines()[-1])
    assert capture["frames"] == 2  # the first stands behind the head, where nothing is ordinary
    assert capture["notes"] == ["tshark-differs", "engine-stopped"]


def test_tshark_that_ends_with_an_error_after_the_last_frame_is_a_note(
    run: Run, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs.script(tmp_path / "bin", f'{programs.REAL} "$@" 2>/dev/null; exit 2')
    programs.use(monkeypatch, tmp_path / "bin")
    code, out, err = run("check", clean, "-o", "jsonl")
    assert code == 0
    assert json.loads(out.splitlines()[-1])["notes"] == ["tshark-error"]
    assert err == [f"tcplint: {clean}: note: tshark-error"]


# --- files that only one of us reads -------------------------------------------------------------------------------


def frames_of(path: Path) -> list[tuple[bytes, int]]:
    """Octets and time in µs of the frames of a pcap file in nanoseconds, big-endian."""
    data, position, frames = path.read_bytes(), 24, []
    while position < len(data):
        seconds, nanoseconds, captured, _ = struct.unpack_from(">4I", data, position)
        frames.append((data[position + 16 : position + 16 + captured], seconds * 1_000_000 + nanoseconds // 1000))
        position += 16 + captured
    return frames


def snoop(frames: list[tuple[bytes, int]]) -> bytes:
    """The same frames as a snoop file (RFC 1761)."""
    parts = [b"snoop\0\0\0" + struct.pack(">II", 2, 4)]
    for data, time in frames:
        padded = data + bytes(-len(data) % 4)
        parts.append(struct.pack(">6I", len(data), len(data), 24 + len(padded), 0, *divmod(time, 1_000_000)) + padded)
    return b"".join(parts)


def erf(frames: list[tuple[bytes, int]]) -> bytes:
    """The same frames as ERF records of type Ethernet, whose header Wireshark takes for a part of the frame."""
    parts = []
    for data, time in frames:
        seconds, part = divmod(time, 1_000_000)
        stamp = struct.pack("<II", part * 2**32 // 1_000_000, seconds)
        parts.append(stamp + struct.pack(">BBHHH", 2, 4, 18 + len(data), 0, len(data) + 4) + b"\0\0" + data)
    return b"".join(parts)


@pytest.mark.parametrize("form", [snoop, erf])
def test_file_that_only_tshark_reads_is_judged_like_the_same_frames_in_pcap(
    run: Run, tmp_path: Path, form: Callable[[list[tuple[bytes, int]]], bytes]
) -> None:
    plain = captures.write(tmp_path / "same.pcap", captures.BROKEN)
    other = tmp_path / f"same.{form.__name__}"
    other.write_bytes(form(frames_of(plain)))
    expected = [json.loads(line) for line in run("check", plain, "-o", "jsonl")[1].splitlines()]
    code, out, err = run("check", other, "-o", "jsonl")
    found = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (1, [])
    assert found[-1]["format"] == "other"
    for said, meant in zip(found, expected, strict=True):
        assert said | {"capture": "", "format": ""} == meant | {"capture": "", "format": ""}


def test_times_of_a_file_that_only_tshark_reads_are_exact(tmp_path: Path) -> None:
    from tcplint.segments.tshark import TsharkEngine
    from tests.engine.both import LIMITS

    frames = frames_of(captures.write(tmp_path / "same.pcap", captures.FOUR))
    (tmp_path / "same.snoop").write_bytes(snoop(frames))
    with TsharkEngine().open(str(tmp_path / "same.snoop"), **LIMITS) as reading:
        assert [(frame.number, frame.time_ns, frame.data) for frame in reading] == [
            (number, time * 1000, data) for number, (data, time) in enumerate(frames, 1)
        ]


def test_cut_file_that_only_tshark_reads_is_3_and_the_rest_is_judged(run: Run, tmp_path: Path) -> None:
    whole = snoop(frames_of(captures.write(tmp_path / "same.pcap", captures.BROKEN)))
    (tmp_path / "cut.snoop").write_bytes(whole[:-20])
    code, out, err = run("check", tmp_path / "cut.snoop", "-o", "jsonl")
    capture = json.loads(out.splitlines()[-1])
    assert (code, len(err)) == (3, 1)
    assert "tshark cannot read the rest" in err[0]
    assert "offset" not in err[0]
    assert capture["frames"] == 9
    assert "data-after-fin" in out


def test_file_that_only_we_read_is_3_and_says_so(run: Run, tmp_path: Path) -> None:
    # Wireshark 4.0 refuses a link type field with reserved bits.
    odd = tmp_path / "odd.pcap"
    odd.write_bytes(o.pcap(*[o.record(1_700_000_000, 1, frame) for frame in o.FRAMES], network=0x00010001))
    assert main(["check", str(odd)]) in (0, 1)
    code, _, err = run("check", odd)
    err = [line for line in err if "note" not in line]
    assert (code, len(err)) == (3, 1)
    assert "tshark cannot read this file" in err[0]
    assert str(odd) in err[0]


@pytest.mark.parametrize("octets", [b"", b"plain text, no capture\n", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_neither_of_us_reads_is_3_as_with_the_other_engine(run: Run, tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "not-a.pcap"
    path.write_bytes(octets)
    code, _, err = run("check", path)
    assert code == 3
    assert [line for line in err if "unknown-format" in line or "is empty" in line]


def test_cut_pcap_is_told_by_our_reader_with_its_offset(run: Run, clean: Path) -> None:
    clean.write_bytes(clean.read_bytes()[:-7])
    code, _, err = run("check", clean)
    assert (code, len(err)) == (3, 1)
    assert "truncated-file" in err[0]
    assert "offset" in err[0]


# --- pipes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["pcap", "snoop"])
def test_standard_input_is_read(clean: Path, form: str) -> None:
    octets = clean.read_bytes() if form == "pcap" else snoop(frames_of(clean))
    command = [sys.executable, "-W", "error", "-m", "tcplint", "check", "--engine", "tshark", "-"]
    done = subprocess.run(command, input=octets, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"1 connection: 1 conforms" in done.stdout


def test_pipe_that_holds_more_than_the_limit_is_3(clean: Path) -> None:
    command = [sys.executable, "-m", "tcplint", "check", "--engine", "tshark", "--max-expand", "100", "-"]
    done = subprocess.run(command, input=clean.read_bytes(), capture_output=True, check=False)
    assert done.returncode == 3
    assert b"more than 100 octets came" in done.stderr
