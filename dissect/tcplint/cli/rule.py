"""`tcplint rule`: what a rule says, and lists of rules."""

from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from tcplint.cli import options

if TYPE_CHECKING:
    from tcplint.catalogue.load import Rule

EPILOG = """\b
Examples:
  tcplint rule data-after-fin               one rule, by name
  tcplint rule TD004 --lang zh              the same by code, in Chinese
  tcplint rule teardown                     the rules of a group, one a line; also a code prefix: TD
  tcplint rule suricata:stream.fin_syn      what another program calls so; also zeek: wireshark: snort:
  tcplint rule --all --output-format json   the whole catalogue, for programs
"""


def _complete(context: click.Context, parameter: click.Parameter, word: str) -> list[CompletionItem]:
    """Names, codes and groups that begin with the word, each rule with its title."""
    from tcplint.catalogue.load import GROUPS, load
    from tcplint.catalogue.page import PEERS

    known = [(group, "group") for group in GROUPS]
    known += [(f"{peer}:", "words of another program") for peer in PEERS]
    for found in load().rules:
        known += [(found.name, found.title["en"]), (found.code, found.title["en"])]
    return [CompletionItem(name, help=title) for name, title in known if name.lower().startswith(word.lower())]


@click.command(epilog=EPILOG)
@click.argument("selectors", nargs=-1, metavar="[NAME|CODE|GROUP]...", shell_complete=_complete)
@click.option("--all", "everything", is_flag=True, help="Every rule in full.")
@click.option(
    "--output-format", "form", type=click.Choice(("text", "json", "markdown")), default="text",
    help="[default: text]",
)  # fmt: skip
@options.lang_option
def rule(selectors: tuple[str, ...], everything: bool, form: str, lang: str | None) -> int:
    """Explain a rule: what it says, why it matters, where it fires and where it does not.

    Without a name, or with a group, the rules are listed one a line.
    """
    import sys

    from tcplint.catalogue.load import UnknownRuleError, load

    lang = options.language(lang)
    catalogue = load()
    try:
        rules = [found for selector in selectors or ("all",) for found in catalogue.select(selector)]
    except UnknownRuleError as error:
        raise click.UsageError(f"{error}; `tcplint rule` lists them") from None
    rules = list({found.code: found for found in rules}.values())
    if form == "json":
        import json

        text = json.dumps([as_object(found) for found in rules], ensure_ascii=False, indent=2) + "\n"
    elif form == "markdown":
        text = "\n".join(as_markdown(found, lang) for found in rules)
    else:
        exact = all(
            word.lower() in catalogue.by_name or word.upper() in catalogue.by_code or len(catalogue.called(word)) == 1
            for word in selectors
        )
        text = _text(rules, lang, full=everything or (bool(selectors) and exact))
    sys.stdout.write(text)
    return 0


def _text(rules: "list[Rule]", lang: str, full: bool) -> str:
    from tcplint.catalogue.explain import explain, listing

    return "\n".join(explain(found, lang) for found in rules) if full else listing(rules, lang)


def as_object(found: "Rule") -> dict[str, Any]:
    """One rule as JSON, in both languages. Keys are only ever added."""
    return {
        "name": found.name,
        "code": found.code,
        "group": found.group,
        "severity": found.severity,
        "kinds": found.kinds,
        "clauses": found.clauses,
        "title": found.title,
        "messages": found.messages,
        "yields_to": found.yields_to,
        "aliases": found.aliases,
        "sections": found.sections,
    }


def as_markdown(found: "Rule", lang: str) -> str:
    """One rule as a Markdown page."""
    lines = [f"# {found.title[lang]}", "", f"`{found.name}` · {found.code} · {found.severity}", ""]
    lines += [f"{'; '.join(found.clauses)}", ""]
    if found.aliases:
        lines += ["; ".join(f"{peer}: {', '.join(words)}" for peer, words in found.aliases.items()), ""]
    for heading, body in found.sections[lang].items():
        lines += [f"## {heading}", "", body, ""]
    return "\n".join(lines)
