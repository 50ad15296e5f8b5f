"""The configuration: found upward, outranked by options, refused with line and nearest name; and what it changes."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import tcplint
from tcplint.cli.main import main
from tcplint.config import find
from tcplint.core.rules import teardown_end
from tcplint.thresholds import in_use, thresholds, use
from tests.cli import captures

LINGERING = captures.HANDSHAKE + "1.000 > F.\n1.020 < .\n75.000 < F.\n75.020 > .\n"


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("TCPLINT_LANG", raising=False)
    monkeypatch.chdir(tmp_path)
    yield
    use({})


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def codes(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, set[str]]:
    """The exit code of a check, and which rules spoke."""
    code = main(["check", *map(str, arguments), "-o", "jsonl", "-q"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return code, {line["code"] for line in lines if line["type"] == "finding"}


def error(capsys: pytest.CaptureFixture[str], text: str, name: str = "tcplint.toml") -> str:
    """What is said of a configuration that is refused, on one line."""
    write(Path(name), text)
    assert main(["config"]) == 2
    return capsys.readouterr().err.splitlines()[-1]


def test_nearest_file_upward_counts_and_a_pyproject_only_with_our_table(tmp_path: Path) -> None:
    far = write(tmp_path / "tcplint.toml", "")
    folder = tmp_path / "a" / "b"
    foreign = write(tmp_path / "a" / "pyproject.toml", "[tool.other]\nx = 1\n")
    folder.mkdir()
    assert find(folder) == far
    foreign.write_text("[tool.tcplint]\n", encoding="utf-8")
    assert find(folder) == foreign
    beside = write(tmp_path / "a" / "tcplint.toml", "")
    assert find(folder) == beside


def test_ignored_rule_is_not_reported_and_the_verdict_forgets_it(capsys: pytest.CaptureFixture[str]) -> None:
    captures.write(Path("a.pcap"), captures.BROKEN)
    code, spoke = codes(capsys, "a.pcap")
    assert code == 1
    assert "TD004" in spoke
    write(Path("tcplint.toml"), 'ignore = ["data-after-fin"]\n')
    code, spoke = codes(capsys, "a.pcap")
    assert code == 0
    assert "TD004" not in spoke
    (report, _) = tcplint.check("a.pcap", severity={"TD004": {"new-data": "off"}})
    assert report.type == "connection"
    assert report.verdict == "conforms"


def test_selected_rules_alone_are_reported_and_an_option_outranks_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    captures.write(Path("a.pcap"), captures.BROKEN)
    write(Path("tcplint.toml"), 'select = ["handshake"]\n')
    assert codes(capsys, "a.pcap")[1] == {"HS004"}
    assert codes(capsys, "a.pcap", "--select", "TD004") == (1, {"TD004"})
    assert "TD004" in codes(capsys, "a.pcap", "--no-config")[1]
    kept = codes(capsys, "a.pcap", "--no-config", "--ignore", "teardown")[1]
    assert "HS004" in kept
    assert not [code for code in kept if code.startswith("TD")]


def test_severity_is_changed_for_a_rule_and_the_exit_code_follows(capsys: pytest.CaptureFixture[str]) -> None:
    captures.write(Path("a.pcap"), captures.BROKEN)
    write(Path("tcplint.toml"), "[severity]\ndata-after-fin = 'warning'\n")
    assert codes(capsys, "a.pcap")[0] == 0
    assert codes(capsys, "a.pcap", "--fail-on", "warning")[0] == 1
    write(Path("tcplint.toml"), "fail-on = 'warning'\n[severity]\n'TD004/new-data' = 'warning'\n")
    assert codes(capsys, "a.pcap")[0] == 1


def test_threshold_moves_where_a_rule_begins_to_speak(capsys: pytest.CaptureFixture[str]) -> None:
    captures.write(Path("a.pcap"), LINGERING)
    assert "TD018" in codes(capsys, "a.pcap")[1]
    write(Path("tcplint.toml"), '[thresholds]\n"teardown-end.linger" = "2 min"\n')
    assert "TD018" not in codes(capsys, "a.pcap")[1]
    assert "TD018" in codes(capsys, "a.pcap", "--no-config")[1]


@pytest.mark.parametrize("value", ["120000000", '"2min"', '"120 s"', '"120000 ms"', '"0.5 h"'])
def test_span_of_time_is_written_in_microseconds_or_with_a_unit(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("tcplint.toml"), f"[thresholds]\nteardown-end.linger = {value}\n")
    assert main(["config", "--output-format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)["thresholds"]["teardown-end.linger"]
    assert shown["value"] == (1_800_000_000 if "h" in value else 120_000_000)
    assert shown["origin"].endswith("tcplint.toml:2")


def test_threshold_reaches_every_module_that_uses_it_and_goes_back(tmp_path: Path) -> None:
    from tcplint.core import outcome
    from tcplint.core.rules import reset_after

    use({"outcome.settled": 5, "teardown-end.linger": 7})
    assert (outcome.SETTLED, reset_after.SETTLED, teardown_end.LINGER) == (5, 5, 7)
    assert in_use() == {"outcome.settled": 5, "teardown-end.linger": 7}
    use({"teardown-end.linger": 7})
    assert outcome.SETTLED == reset_after.SETTLED == thresholds()["outcome.settled"].default
    use({})
    assert teardown_end.LINGER == 60_000_000
    assert in_use() == {}


def test_every_waiting_time_of_the_rules_is_a_threshold_with_its_source() -> None:
    known = thresholds()
    assert len(known) > 60
    assert known["reuse.rfc-time-wait"].source == "µs; RFC 9293 §3.4.2: 2 · MSL"
    assert known["reuse.rfc-time-wait"].default == 240_000_000
    assert known["duplicate.window"].place.startswith("core/duplicate.py:")
    assert not [key for key in known if key.startswith(("model.", "zeek.", "conntrack.", "options."))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nfail-onn = 'error'\n", "tcplint.toml:2: unknown key 'fail-onn'; did you mean 'fail-on'?"),
        ("fail-on = 'fatal'\n", ":1: 'fail-on' is 'fatal'; it is one of error, warning, inconclusive, note, never"),
        ("notes = 1\n", ":1: 'notes' is 1; it is true or false"),
        ("max-findings = 0\n", ":1: 'max-findings' is 0; it is a number, 1 or more"),
        ("max-expand = '1X'\n", ":1: 'max-expand' is '1X'; it is a number of octets, or like '64K', '16M', '2G'"),
        ("\n\nignore = ['TD', 'mooved-fin']\n", ":3: 'ignore': unknown rule 'mooved-fin'; did you mean 'moved-fin'?"),
        ("select = 'TD'\n", ":1: 'select' is 'TD'; it is a list of rules, groups, codes or prefixes"),
        ("[severity]\nTD004 = 'fatal'\n", ":2: 'TD004' is 'fatal'; severities are note, warning, error, off"),
        ("[severity]\n\nTD04x = 'note'\n", ":3: unknown rule 'TD04x'; did you mean"),
        (
            "[severity]\n'TD004/old-data' = 'note'\n",
            ":2: data-after-fin has no kind 'old-data'; did you mean 'new-data'?",
        ),
        ("[thresholds]\n'teardown-end.lingr' = 5\n", ":2: unknown threshold 'teardown-end.lingr'; did you mean"),
        ("[thresholds]\n'teardown-end.linger' = 'long'\n", ":2: 'teardown-end.linger': 'long' is no span of time"),
        ("[thresholds]\n'teardown-end.linger' = 0\n", ":2: 'teardown-end.linger': 0 is out of range"),
        ("[thresholds]\n'unheard.fin-copies' = 'two'\n", ":2: 'unheard.fin-copies': 'two' is no whole number"),
        ("severity = 3\n", ":1: 'severity' must be a table: [severity]"),
        ("fail-on = \n", "tcplint.toml: Invalid value (at line 1"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(
    text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in error(capsys, text)


def test_line_in_a_pyproject_is_counted_in_that_file(capsys: pytest.CaptureFixture[str]) -> None:
    text = "[project]\nignore = 1\n[tool.tcplint]\nignor = []\n[tool.tcplint.severity]\nmoved-fun = 'note'\n"
    assert "pyproject.toml:4: unknown key 'ignor'; did you mean 'ignore'?" in error(capsys, text, "pyproject.toml")
    text = text.replace("ignor = []\n", "")
    assert "pyproject.toml:5: unknown rule 'moved-fun'" in error(capsys, text, "pyproject.toml")


def test_configuration_that_is_not_there_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--config", "nowhere.toml", "."]) == 2
    assert "nowhere.toml: cannot be read: No such file or directory" in capsys.readouterr().err


def test_what_holds_is_shown_with_where_it_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        Path("tcplint.toml"), 'notes = true\n[severity]\nTD018 = "off"\n[thresholds]\n"reuse.rfc-time-wait" = "60 s"\n'
    )
    assert main(["config"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    here = Path("tcplint.toml").resolve()
    assert f"configuration: {here}" in lines
    assert f"notes true {here}:1" in lines
    assert "checksums false default" in lines
    assert f"TD018 lingering off {here}" in lines
    assert f"reuse.rfc-time-wait 1 min {here}:5" in lines


def test_printed_configuration_is_one_that_says_the_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "--output-format", "toml"]) == 0
    text = capsys.readouterr().out
    assert tomllib.loads(text) == {}
    keys = [line for line in text.splitlines() if line.startswith(("# [", '# "')) or " = " in line]
    spoken = "\n".join(line.removeprefix("# ") for line in keys if ": " not in line)
    write(Path("tcplint.toml"), spoken)
    assert main(["config", "--output-format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert all(one["value"] == one["default"] for one in shown["thresholds"].values())
    assert [key for key, one in shown["options"].items() if one["origin"] == "default"] == []
