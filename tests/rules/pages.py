"""The rule pages as tests see them: every page, and every ladder with the rule it belongs to."""

from typing import NamedTuple

from tcplint.catalogue.load import Rule, load
from tcplint.catalogue.page import Ladder

SEVERAL = {"Fires": "no-fires", "Stays silent": "no-silent", "Not decided": "no-undecided"}


class PageLadder(NamedTuple):
    """One ladder of one page."""

    rule: Rule
    ladder: Ladder

    def __str__(self) -> str:
        return f"{self.rule.code} {self.rule.name}:{self.ladder.line} {self.ladder.section.lower()}"


RULES = load().rules
LADDERS = [PageLadder(rule, ladder) for rule in RULES for ladder in rule.ladders]
