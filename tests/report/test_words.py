"""Every word of the core has its words in both languages."""

import re
from pathlib import Path

import pytest

import tcplint
from tcplint.core import model
from tcplint.report import words
from tcplint.results import SEVERITIES, STATES, VERDICTS

CORE = Path(tcplint.__path__[0]) / "core"


@pytest.mark.parametrize("number", range(model.CLOSED + 1))
def test_state_has_the_name_of_its_constant_and_a_chinese_one(number: int) -> None:
    assert getattr(model, STATES[number].replace("-", "_")) == number
    assert words.state(number, "zh") != words.state(number, "en")
    assert words.state_both(number).startswith(STATES[number] + " ")


def test_words_of_verdicts_and_severities_stand_at_their_numbers() -> None:
    assert [VERDICTS[n] for n in (model.OBSERVED, model.INCONCLUSIVE, model.VIOLATES)] == [
        "observed",
        "inconclusive",
        "violates",
    ]
    assert [SEVERITIES[n] for n in (model.NOTE, model.WARNING, model.ERROR)] == ["note", "warning", "error"]


def test_steps_are_named_as_textbooks_name_them() -> None:
    assert words.step("handshake-2") == "handshake 2/3"
    assert words.step("handshake-2", lang="zh") == "第二次握手"
    assert words.step("close-3", lang="zh") == "第三次挥手"
    assert words.step("close-2+3") == "close 2+3/4"
    assert words.step("close-2+3", lang="zh") == "第二、三次挥手"
    assert words.step("close-1", again=True) == "close 1/4 again"


def test_every_outcome_that_the_core_can_name_has_a_chinese_word() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in CORE.rglob("*.py"))
    outcomes = {word for word in words.OUTCOMES_ZH if f'"{word}"' in source}
    assert {"three-way", "refused", "four-way", "three-segment", "abort", "none"} <= outcomes
    for name in re.findall(r'(?:handshake|teardown) = "([a-zA-Z0-9-]+)"', source):
        assert words.handshake(name, "zh") != name


@pytest.mark.parametrize("why", words.WHYS)
def test_missing_evidence_is_explained_in_one_sentence_in_both_languages(why: str) -> None:
    english, chinese = words.why(why, "en"), words.why(why, "zh")
    assert english.endswith(".")
    assert english.count(". ") == 0
    assert chinese.endswith("。")
    assert chinese.count("。") == 1
