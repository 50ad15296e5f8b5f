"""How `tcplint check` ends: for every kind of input one line on standard error, the right code, the rest checked."""

import gzip
import json
import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tcplint.cli.main import main
from tests.cli import captures

Run = Callable[..., tuple[int, str, list[str]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line: exit code, standard output, lines of standard error."""
    for name in ("TCPLINT_LANG", "TCPLINT_DEBUG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def call(*arguments: object) -> tuple[int, str, list[str]]:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err.splitlines()

    return call


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return captures.write(tmp_path / "clean.pcap", captures.FOUR)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return captures.write(tmp_path / "broken.pcap", captures.BROKEN)


def test_clean_capture_is_0_and_says_so(run: Run, clean: Path) -> None:
    assert run("check", clean) == (0, "1 connection: 1 conforms, 0 violate, 0 inconclusive\n", [])


@pytest.mark.parametrize("form", ["full", "concise", "jsonl"])
def test_error_is_1_in_every_format(run: Run, broken: Path, form: str) -> None:
    code, out, err = run("check", broken, "-o", form)
    assert (code, err) == (1, [])
    assert "data-after-fin" in out


@pytest.mark.parametrize("form", ["full", "concise", "jsonl"])
def test_error_under_fail_on_never_is_0_in_every_format(run: Run, broken: Path, form: str) -> None:
    assert run("check", broken, "-o", form, "--fail-on", "never")[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--no-such-option"),
        ("check", "-o", "xml"),
        ("check", "-o", "full", "-o", "concise"),
        ("check", "--fail-on", "sometimes"),
        ("check", "--engine", "scapy"),
        ("check", "--max-expand", "0"),
        ("check", "-", "-"),
        ("frobnicate",),
        ("rule", "no-such-rule"),
        ("show",),
    ],
)
def test_wrong_usage_is_2_with_a_reason(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err[-1].startswith("Error: ")


def test_unknown_language_in_the_environment_is_2(run: Run, clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TCPLINT_LANG", "fr")
    assert run("check", clean)[0] == 2


def test_folder_without_captures_is_2_because_nothing_was_checked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "readme.txt").touch()
    code, _, err = run("check", tmp_path)
    assert (code, err) == (2, ["tcplint: nothing to check: no capture file found"])


def test_folder_whose_files_only_look_like_captures_is_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pcap").write_text("a list of bottle caps")
    code, _, err = run("check", tmp_path)
    assert code == 2
    assert err == [
        "tcplint: 1 file is no capture and passed over",
        "tcplint: nothing to check: no capture file found",
    ]


def test_unknown_file_met_while_walking_is_counted_and_no_error(run: Run, tmp_path: Path, clean: Path) -> None:
    (tmp_path / "odd.pcap").write_text("a list of bottle caps")
    code, out, err = run("check", tmp_path, "-o", "jsonl")
    assert (code, err) == (0, ["tcplint: 1 file is no capture and passed over"])
    assert [json.loads(line)["capture"] for line in out.splitlines() if '"type":"capture"' in line] == [str(clean)]


def test_unknown_file_that_is_named_is_3_and_the_rest_is_checked(run: Run, tmp_path: Path, broken: Path) -> None:
    odd = tmp_path / "odd.pcap"
    odd.write_text("a list of bottle caps")
    code, out, err = run("check", odd, broken)
    assert code == 3
    assert len(err) == 1
    assert err[0].startswith(f"tcplint: {odd}: offset 0: ")
    assert "unknown-format" in err[0]
    assert "data-after-fin" in out


def test_missing_path_is_3_and_the_rest_is_checked(run: Run, tmp_path: Path, broken: Path) -> None:
    code, out, err = run("check", tmp_path / "nowhere.pcap", broken)
    assert code == 3
    assert err == [f"tcplint: {tmp_path / 'nowhere.pcap'}: cannot be opened: No such file or directory (unreadable)"]
    assert "data-after-fin" in out


def test_capture_cut_short_is_3_with_the_offset_and_its_whole_frames_are_checked(run: Run, broken: Path) -> None:
    whole = broken.read_bytes()
    broken.write_bytes(whole[:-10])
    code, out, err = run("check", broken, "-o", "jsonl")
    assert code == 3
    assert len(err) == 1
    assert err[0].startswith(f"tcplint: {broken}: offset ")
    assert err[0].endswith("(truncated-file); the 9 frames before it were checked")
    lines = [json.loads(line) for line in out.splitlines()]
    assert "data-after-fin" in {line.get("rule") for line in lines}
    assert lines[-1]["frames"] == 9
    assert lines[-1]["notes"] == ["truncated-file"]


def test_impossible_record_length_is_3_with_the_offset_and_the_frames_before_are_checked(
    run: Run, broken: Path
) -> None:
    whole = broken.read_bytes()
    broken.write_bytes(whole + struct.pack(">IIII", 0, 0, 1 << 30, 1 << 30) + b"x" * 100)
    code, out, err = run("check", broken)
    assert code == 3
    assert len(err) == 1
    assert err[0].startswith(f"tcplint: {broken}: offset {len(whole)}: ")
    assert "(record-too-long); the 10 frames before it were checked" in err[0]
    assert "data-after-fin" in out


def test_cut_compressed_capture_is_3_and_what_expands_is_checked(run: Run, tmp_path: Path) -> None:
    packed = gzip.compress(captures.octets(captures.BROKEN), mtime=0)
    path = tmp_path / "cut.pcap.gz"
    path.write_bytes(packed[:-9])
    code, _, err = run("check", path)
    assert code == 3
    assert len(err) == 1
    assert str(path) in err[0]


def test_compressed_capture_that_expands_beyond_the_limit_is_3(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "big.pcap.gz"
    path.write_bytes(gzip.compress(captures.octets(captures.FOUR) + b"\0" * (1 << 20), mtime=0))
    code, _, err = run("check", path, "--max-expand", "64K")
    assert code == 3
    assert "expand-limit" in err[0]


def test_unread_input_outranks_findings(run: Run, broken: Path, tmp_path: Path) -> None:
    assert run("check", broken, tmp_path / "nowhere")[0] == 3


def test_unknown_link_type_is_a_named_skip_and_0(run: Run, clean: Path) -> None:
    octets = bytearray(clean.read_bytes())
    octets[20:24] = struct.pack(">I", 147)  # LINKTYPE_USER0
    clean.write_bytes(octets)
    code, out, err = run("check", clean, "-o", "jsonl")
    report = json.loads(out)
    assert code == 0
    assert (report["frames"], report["tcp_segments"], report["notes"]) == (11, 0, ["no-tcp"])
    assert sum(report["skipped"].values()) == 11
    assert len(err) == 1


def test_capture_without_tcp_is_0_with_a_note(run: Run, tmp_path: Path) -> None:
    path = captures.write(tmp_path / "quiet.pcap", captures.FOUR)
    header = path.read_bytes()[:24]
    path.write_bytes(header)
    code, out, err = run("check", path, "-o", "jsonl")
    assert code == 0
    assert json.loads(out)["notes"] == ["no-tcp"]
    assert err == [f"tcplint: {path}: note: no-tcp"]


def test_fault_of_our_own_is_2_in_one_line_and_the_other_captures_are_checked(
    run: Run, clean: Path, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tcplint.core.engine import Engine

    observe = Engine.observe
    calls = []

    def stumble(self, segment):  # type: ignore[no-untyped-def]
        calls.append(segment)
        if len(calls) == 1:
            raise RuntimeError("boom\x1b[2J")
        return observe(self, segment)

    monkeypatch.setattr(Engine, "observe", stumble)
    code, out, err = run("check", clean, broken)
    assert code == 2
    assert len(err) == 1
    assert err[0].startswith(rf"tcplint: {clean}: internal error: RuntimeError: boom\x1b[2J; please report it")
    assert "data-after-fin" in out


def test_name_full_of_commands_for_the_terminal_is_shown_harmless_everywhere(run: Run, tmp_path: Path) -> None:
    path = captures.write(tmp_path / "a\x1b[2J\u202eb.pcap", captures.BROKEN)
    path.write_bytes(path.read_bytes()[:-10])
    for form in ("full", "concise", "jsonl"):
        _, out, err = run("check", path, "-o", form)
        assert not {"\x1b", "\u202e"} & set(out + "".join(err))
    for verb in ("connections", "show"):
        _, out, err = run(verb, path)
        assert not {"\x1b", "\u202e"} & set(out + "".join(err))


def test_name_that_is_no_text_can_be_checked_and_printed(run: Run, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.pcap")
    captures.write(path, captures.BROKEN)
    _, out, _ = run("check", path, "-o", "jsonl")
    assert json.loads(out.splitlines()[0])["capture"].endswith(r"caf\xe9.pcap")
    assert r"caf\xe9.pcap:8: TD004" in run("check", path, "-o", "concise")[1]


def test_report_goes_to_the_screen_and_to_a_file_in_one_run(run: Run, broken: Path, tmp_path: Path) -> None:
    code, out, _ = run("check", broken, "-o", "concise", "-o", f"jsonl:{tmp_path / 'found.jsonl'}")
    assert code == 1
    assert out.count("\n") == 1
    lines = (tmp_path / "found.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["type"] for line in lines][-2:] == ["connection", "capture"]


def test_report_never_overwrites_a_capture_of_the_run(run: Run, broken: Path) -> None:
    before = broken.read_bytes()
    code, _, err = run("check", broken, "-o", f"jsonl:{broken}")
    assert code == 2
    assert "one of the captures" in err[-1]
    assert broken.read_bytes() == before


def test_report_that_cannot_be_written_is_2_before_anything_is_checked(run: Run, broken: Path, tmp_path: Path) -> None:
    code, out, err = run("check", broken, "-o", f"jsonl:{tmp_path / 'no' / 'such.jsonl'}")
    assert (code, out) == (2, "")
    assert "cannot be written" in err[-1]


def test_quiet_run_prints_findings_only(run: Run, clean: Path, broken: Path) -> None:
    assert run("check", clean, "-q") == (0, "", [])
    assert "conform" not in run("check", broken, "-q")[1]
