"""Messages in Lua are those of Python, in both languages, also where no ladder leads."""

import random
import re

import pytest

from tcplint.catalogue.duration import duration
from tcplint.catalogue.load import LANGUAGES, load, message
from tcplint.catalogue.page import SEVERITIES
from tcplint.core.model import Finding
from tcplint.report import words
from tests.lua.tellers import VERSIONS, modules, sources
from tools.build_lua import STEPS

CATALOGUE = load()
KINDS = [(rule, kind) for rule in CATALOGUE.rules for kind in rule.kinds]
SPANS = [-5, -1_500_000, 0, 1, 999, 1000, 1001, 9990, 20_400, 100_000, 999_999, 1_000_000, 1_010_000, 59_999_999]
SPANS += [60_000_000, 61_000_000, 3_599_999_999, 3_600_000_000, 3_660_000_000, 86_400_000_000, 90_000_000_000, 2**52]

versions = pytest.mark.parametrize("version", VERSIONS)


def in_lua(version, finding, lang, client):
    lua, _, _, said = modules(version)
    fields = {name: value for name, value in vars(finding).items() if not isinstance(value, list)}
    values = {name: value.encode() if isinstance(value, str) else value for name, value in fields.items()}
    table = lua.table_from({name.encode(): value for name, value in values.items()})
    table[b"related"] = lua.table_from(finding.related)
    return said.message(table, lang.encode(), client).decode()


@versions
def test_every_kind_of_every_rule_is_said_alike_for_every_verdict_side_and_number(version):
    rnd = random.Random(0)
    for rule, kind in KINDS:
        for verdict in (0, 1, 2):
            finding = Finding(rule.code, kind, verdict, rnd.choice([-1, 0, 1]), 7)
            finding.related = rnd.choice([[], [3], [3, 12]])
            finding.n1, finding.n2, finding.n3 = (rnd.choice([-1, 0, 1, 2, 20_400, 2**32]) for _ in range(3))
            for lang in LANGUAGES:
                for client in (0, 1):
                    assert in_lua(version, finding, lang, client) == message(finding, CATALOGUE, lang, client)


@versions
@pytest.mark.parametrize("lang", LANGUAGES)
def test_optional_part_of_a_message_goes_when_a_value_in_it_is_not_known(version, lang):
    for rule, kind in KINDS:
        for related, number in (([], -1), ([], 5), ([3], -1)):
            finding = Finding(rule.code, kind, 2, 0, 7)
            finding.related = related
            finding.n1 = finding.n2 = finding.n3 = number
            text = in_lua(version, finding, lang, 0)
            assert text == message(finding, CATALOGUE, lang, 0)
            assert "[" not in text


@versions
@pytest.mark.parametrize("lang", LANGUAGES)
def test_span_of_time_has_the_same_digits_and_unit(version, lang):
    said = modules(version)[3]
    rnd = random.Random(0)
    spans = SPANS + [rnd.randrange(10 ** rnd.randrange(1, 13)) for _ in range(3000)]
    assert [said.duration(span, lang.encode()).decode() for span in spans] == [duration(span, lang) for span in spans]


@versions
def test_finding_without_a_page_is_said_in_its_bare_words(version):
    assert in_lua(version, Finding("ZZ999", "no-such-kind", 2, 0, 1), "en", 0) == "ZZ999 no-such-kind"


@versions
@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_the_reports_are_the_same(version, lang):
    said = modules(version)[3]
    tables = {
        "handshake": [*words.OUTCOMES_ZH, "new-outcome"],
        "teardown": list(words.OUTCOMES_ZH),
        "verdict": ["observed", "inconclusive", "violates", "warns", "conforms"],
        "severity": ["note", "warning", "error"],
        "side": ["client", "server", "both", "unknown"],
        "why": [*words.WHYS, "new-reason"],
    }
    for name, keys in tables.items():
        for key in keys:
            assert said[name.encode()](key.encode(), lang.encode()).decode() == getattr(words, name)(key, lang)
    for number in range(12):
        assert said.state(number, lang.encode()).decode() == words.state(number, lang)
        assert said.state_both(number).decode() == words.state_both(number)
    for step in (*STEPS, "new-step"):
        for again in (False, True):
            assert said.step(step.encode(), again, lang.encode()).decode() == words.step(step, again, lang)


def test_every_step_that_the_core_names_has_its_words_in_lua():
    named = set(re.findall(r'step\.name = "([^"]+)"|Engine\.show\(self, "([^"]+)"\)', sources()["core"].decode()))
    assert {first or second for first, second in named} <= set(STEPS)
    assert len(named) > 10


@versions
def test_catalogue_in_lua_holds_every_rule_with_its_severities_and_its_page(version):
    _, _, catalogue, said = modules(version)
    assert [rule.code.decode() for rule in catalogue.rules.values()] == [rule.code for rule in CATALOGUE.rules]
    for rule, kind in KINDS:
        in_table = catalogue.by_name[rule.name.encode()]
        assert in_table.code.decode() == rule.code
        assert catalogue.severity[rule.code.encode()][kind.encode()] == SEVERITIES.index(rule.kinds[kind])
        assert [item.decode() for item in in_table.clauses.values()] == rule.clauses
        assert in_table.title.zh.decode() == rule.title["zh"]
        assert rule.clauses[0] in in_table.page.en.decode()
        finding = modules(version)[0].table_from({b"code": rule.code.encode(), b"kind": kind.encode()})
        assert said.severity_of(finding).decode() == rule.kinds[kind]
