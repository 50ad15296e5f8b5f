"""What the READMEs show is what a reader gets: commands, Python, links."""

import re
from pathlib import Path

import pytest

from tcplint.cli.exit_code import FAIL_ON
from tcplint.report import words
from tcplint.results import SEVERITIES, VERDICTS
from tools.build_readme import READMES, ROOT, commands, replayed


@pytest.fixture(params=READMES)
def readme(request: pytest.FixtureRequest) -> str:
    return (ROOT / request.param).read_text(encoding="utf-8")


def test_shown_commands_print_what_is_shown(readme: str) -> None:
    assert {line.split()[1] for line in commands(readme) if line.startswith("tcplint ")} >= {"check", "show"}
    assert replayed(readme) == readme, "run `make pages`"


def test_output_that_is_not_what_a_command_prints_is_replaced() -> None:
    shown = "before\n```console\n$ echo one\nzwei\n$ echo three >&2\n```\nafter\n"
    assert replayed(shown) == "before\n```console\n$ echo one\none\n$ echo three >&2\nthree\n```\nafter\n"


def test_console_block_without_a_command_is_refused() -> None:
    with pytest.raises(ValueError, match="without a command"):
        replayed("```console\ntcplint check\n```\n")


def test_command_that_fails_is_never_written_down() -> None:
    with pytest.raises(ValueError, match="'tcplint check nowhere --bad' failed"):
        replayed("```console\n$ tcplint check nowhere --bad\n```\n")


def test_shown_python_prints_what_its_comment_says(
    readme: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed == [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")] != []


def test_links_lead_to_files_of_the_repository(readme: str) -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", readme) if "://" not in target]
    assert targets
    assert [target for target in targets if not Path(ROOT, target).exists()] == []


def test_both_languages_show_the_same_captures() -> None:
    shown = [sorted(re.findall(r"corpus/[\w/-]+\.pcap", (ROOT / name).read_text(encoding="utf-8"))) for name in READMES]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_page_of_verdicts_names_every_word_that_a_report_can_print(lang: str) -> None:
    page = (ROOT / "docs" / lang / "verdicts.md").read_text(encoding="utf-8")
    printed = {*words.OUTCOMES_ZH, *words.WHYS, *VERDICTS, *SEVERITIES, *FAIL_ON}
    assert {word for word in printed if f"`{word}`" not in page} == set()
    if lang == "zh":
        named = {f"`{word}` {name}" for word, name in words.OUTCOMES_ZH.items()}
        assert {text for text in named if text not in page} == set()
