"""The catalogue as one Lua module: what every rule is called, how grave it is, what it says, and its page in full.

The page text of a language is what `tcplint rule` prints, ladders included, and the help window of Wireshark shows it.
Word tables of other parts are passed in, so that Lua and Python expand messages from one source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcplint.__about__ import __version__
from tcplint.catalogue.explain import GROUP_TITLES, explain
from tcplint.catalogue.load import GROUPS, LANGUAGES, Catalogue, Rule, severity_table
from tcplint.luagen.literal import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = """\
-- The rules of tcplint and the words of its reports, in English (en) and Chinese (zh).
-- Made by tools/build_lua.py from dissect/tcplint/catalogue/ and report/words.py: do not edit.
--
--   catalogue.version                      of tcplint
--   catalogue.severity[code][kind]         0 note, 1 warning, 2 error: for core.model.Settings().severity
--   catalogue.rules                        in the order of groups and codes; also catalogue.by_code, catalogue.by_name
--     .code .name .group .clauses .yields_to
--     .kinds[kind]                         "note", "warning" or "error"
--     .numbers                             names of n1, n2, n3 of a finding, several for a number of several meanings
--     .title[lang] .messages[lang][kind]   {side}, {other}, {frame}, {related} and numbers stand in braces
--     .page[lang]                          what `tcplint rule` prints
--   catalogue.groups                       .name .title[lang]
--   catalogue.words[lang]                  states, steps, verdicts and so on; lua/src/words.lua reads them
"""

TAIL = """\

catalogue.by_code, catalogue.by_name = {}, {}
for _, rule in ipairs(catalogue.rules) do
  catalogue.by_code[rule.code] = rule
  catalogue.by_name[rule.name] = rule
end

return catalogue
"""


def catalogue_module(catalogue: Catalogue, words: Mapping[str, object]) -> str:
    """The Lua source. `words`: language -> tables of words. Raises TypeError for what a Lua table cannot hold."""
    table = {
        "version": __version__,
        "words": words,
        "groups": [{"name": name, "title": dict(zip(LANGUAGES, GROUP_TITLES[name], strict=True))} for name in GROUPS],
        "severity": severity_table(catalogue),
        "rules": [_rule(rule) for rule in catalogue.rules],
    }
    return f"{HEAD}\nlocal catalogue = {literal(table)}\n{TAIL}"


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "group": rule.group,
        "kinds": rule.kinds,
        "clauses": rule.clauses,
        "numbers": rule.number_names,
        "yields_to": rule.yields_to,
        "title": rule.title,
        "messages": rule.messages,
        "page": {lang: explain(rule, lang) for lang in LANGUAGES},
    }
