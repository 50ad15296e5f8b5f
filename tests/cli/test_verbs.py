"""`connections`, `rule`, `completion`, help, and the reader's language."""

import json
from pathlib import Path

import click
import pytest

from tcplint.cli.main import cli, main
from tcplint.cli.options import language
from tests.cli import captures


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TCPLINT_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def out(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main([str(argument) for argument in arguments]) == 0
    return capsys.readouterr().out


def test_connections_are_listed_one_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.FOUR + "isn b 7 8\n+1 b> S\n+0.01 b< R.\n")
    head, first, second = (line.split() for line in out(capsys, "connections", path).splitlines())
    assert head[0] == "#"
    assert first[:4] == ["0", "192.0.2.1:51514", "→", "198.51.100.2:443"]
    assert first[4:] == ["three-way", "four-way", "conforms", "TIME-WAIT", "/", "CLOSED", "1–11", "(11)"]
    assert second[0] == "1"
    assert second[4:7] == ["refused", "not-applicable", "conforms"]


def test_connections_in_chinese_keep_addresses_and_english_states(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = captures.write(tmp_path / "a.pcap", captures.THREE)
    line = out(capsys, "connections", path, "--lang", "zh").splitlines()[1]
    assert line.split()[1:8] == [
        "192.0.2.1:51514",
        "→",
        "198.51.100.2:443",
        "三次握手完成",
        "三次挥手（合并）",
        "符合",
        "TIME-WAIT",
    ]
    assert "时间等待 / CLOSED 关闭" in line


def test_connections_of_several_captures_stand_under_their_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.pcap", "b.pcap"):
        captures.write(tmp_path / name, captures.ABORT)
    lines = out(capsys, "connections", tmp_path).splitlines()
    assert [lines[1], lines[3]] == [str(tmp_path / "a.pcap"), str(tmp_path / "b.pcap")]


def test_connections_of_a_missing_capture_are_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connections", str(tmp_path / "nowhere")]) == 3
    assert capsys.readouterr().out == ""


def test_rule_is_found_by_name_and_by_code_in_any_case(capsys: pytest.CaptureFixture[str]) -> None:
    by_name = out(capsys, "rule", "data-after-fin")
    assert by_name == out(capsys, "rule", "TD004") == out(capsys, "rule", "td004")
    assert "Fires" in by_name
    assert "触发" in out(capsys, "rule", "TD004", "--lang", "zh")


def test_group_and_code_prefix_list_their_rules(capsys: pytest.CaptureFixture[str]) -> None:
    listed = out(capsys, "rule", "teardown")
    assert "data-after-fin" in listed
    assert "Fires" not in listed
    assert "data-after-fin" in out(capsys, "rule", "TD")
    assert "data-after-fin" in out(capsys, "rule")


def test_rule_as_json_holds_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = json.loads(out(capsys, "rule", "TD004", "--output-format", "json"))
    assert (found["name"], found["code"], found["kinds"]) == ("data-after-fin", "TD004", {"new-data": "error"})
    assert set(found["title"]) == {"en", "zh"}
    everything = json.loads(out(capsys, "rule", "--all", "--output-format", "json"))
    assert found in everything


def test_rule_as_markdown_is_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "rule", "TD004", "--output-format", "markdown")
    assert text.startswith("# New data after the own FIN\n")
    assert "## Fires" in text
    assert "```ladder" in text


def test_misspelt_rule_is_2_and_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "data-afer-fin"]) == 2
    assert "did you mean 'data-after-fin'?" in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_calls_us_back(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "_TCPLINT_COMPLETE" in out(capsys, "completion", shell)


@pytest.mark.parametrize("verb", ["check", "connections", "show", "rule", "wireshark", "config", "completion"])
def test_help_of_every_verb_has_examples(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, verb, "--help")
    assert "Examples:" in text
    assert f"tcplint {verb}" in text


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "--help")
    assert all(verb in text for verb in cli.commands)


@pytest.mark.parametrize(
    ("choice", "environment", "expected"),
    [
        (None, {}, "en"),
        ("zh", {"TCPLINT_LANG": "en"}, "zh"),
        (None, {"TCPLINT_LANG": "zh", "LC_ALL": "en_US.UTF-8"}, "zh"),
        (None, {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "C.UTF-8"}, "en"),
    ],
)
def test_language_is_that_of_option_environment_and_locale_in_this_order(
    choice: str | None, environment: dict[str, str], expected: str
) -> None:
    assert language(choice, environment) == expected


def test_unknown_language_of_the_environment_is_refused() -> None:
    with pytest.raises(click.UsageError):
        language(None, {"TCPLINT_LANG": "tlh"})
