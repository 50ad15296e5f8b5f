"""The form of the rule pages: both languages complete, and the same things said in both."""

import re
from string import Formatter
from unicodedata import east_asian_width

import pytest

from tcplint.catalogue.page import SECTIONS
from tests.rules.pages import RULES

LADDER_SECTIONS = ("Fires", "Stays silent", "Not decided")
WORDS = {"side", "other", "frame", "related"}
UNIT_AGAIN = re.compile(r"microseconds\}\s*([mµu]?s|min|h|d|[a-zµ]*sec[a-z]*|微秒|毫秒|秒|分|小时|天)(?![a-z])")
CODES = {
    "handshake": "HS",
    "teardown": "TD",
    "reset": "RS",
    "options": "OP",
    "header": "FL",
    "reuse": "ID",
    "capture": "CA",
}

# The only rules that cannot have a ladder in every section, by their nature: the pages give the reason.
EXCUSED = {
    ("HS008", "Not decided"),
    ("RS011", "Fires"),
    ("ID011", "Fires"),
    *((code, "Not decided") for code in ("OP008", "CA006", "CA007", "CA008", "CA009", "CA010", "CA011", "CA012")),
}

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code} {rule.name}")
both_languages = pytest.mark.parametrize("lang", ["en", "zh"])


def placeholders(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def columns(line):
    """Columns of a line in a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line)


def test_there_are_pages():
    assert len(RULES) >= 2


def test_names_and_codes_are_unique():
    assert len({rule.name for rule in RULES}) == len({rule.code for rule in RULES}) == len(RULES)


def test_no_chinese_page_stands_alone():
    folder = RULES[0].path.parent.parent
    chinese = {path.with_name(path.name.removesuffix(".zh.md") + ".md") for path in folder.glob("*/*.zh.md")}
    assert chinese == {rule.path for rule in RULES}


@every_rule
def test_name_file_group_and_code_belong_together(rule):
    assert rule.path.stem == rule.name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert re.fullmatch(CODES[rule.group] + r"\d{3}", rule.code)


@every_rule
@both_languages
def test_every_section_is_there_in_order_and_none_is_empty(rule, lang):
    assert tuple(rule.sections[lang]) == SECTIONS[lang]
    assert all(rule.sections[lang].values())


@every_rule
@pytest.mark.parametrize("section", LADDER_SECTIONS)
def test_a_ladder_or_a_reason_stands_in_each_of_the_three_sections(rule, section):
    has_ladder = any(ladder.section == section for ladder in rule.ladders)
    assert has_ladder != bool(rule.missing.get(section))


def test_only_what_cannot_have_a_ladder_gives_a_reason_instead():
    assert {(rule.code, section) for rule in RULES for section in rule.missing} == EXCUSED


@every_rule
def test_ladders_stand_in_the_english_page_only(rule):
    assert "```ladder" not in "".join(rule.sections["zh"].values())


@every_rule
@both_languages
def test_every_kind_has_a_message_of_one_clause(rule, lang):
    assert rule.messages[lang].keys() == rule.kinds.keys()
    for text in rule.messages[lang].values():
        assert text[-1] not in ".。"
        assert "\n" not in text
        assert set(placeholders(text)) <= WORDS | {name for names in rule.number_names for name in names}


@every_rule
@both_languages
def test_no_unit_stands_behind_a_span_of_time_for_it_is_printed_with_one(rule, lang):
    for text in rule.messages[lang].values():
        assert UNIT_AGAIN.search(text) is None


@every_rule
def test_both_languages_name_the_same_things(rule):
    for kind, english in rule.messages["en"].items():
        assert placeholders(english) == placeholders(rule.messages["zh"][kind])


@every_rule
def test_numbers_are_at_most_three_and_do_not_hide_other_words(rule):
    assert len(rule.numbers) <= 3
    assert not WORDS & {name for names in rule.number_names for name in names}


@every_rule
def test_titles_are_short_and_in_their_language(rule):
    assert 0 < len(rule.title["en"]) <= 72
    assert rule.title["en"].isascii()
    assert re.search(r"[\u4e00-\u9fff]", rule.title["zh"])


@every_rule
def test_a_page_says_what_other_programs_call_it_or_that_none_has_a_word(rule):
    front = rule.path.read_text(encoding="utf-8").partition("\n+++\n")[0]
    assert "\n[aliases]" in front or "\naliases = " in front
    words = [word for some in rule.aliases.values() for word in some]
    assert len(set(words)) == len(words)


@every_rule
def test_a_rule_yields_to_other_rules_by_code(rule):
    assert rule.code not in rule.yields_to
    assert all(re.fullmatch(r"[A-Z]{2}\d{3}", code) for code in rule.yields_to)


@every_rule
@both_languages
def test_prose_fits_into_120_columns_of_a_terminal(rule, lang):
    path = rule.path if lang == "en" else rule.path.with_name(rule.name + ".zh.md")
    prose = path.read_text(encoding="utf-8").partition("\n+++\n")[2]
    assert [line for line in prose.splitlines() if columns(line) > 120] == []
