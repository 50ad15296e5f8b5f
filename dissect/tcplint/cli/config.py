"""`tcplint config`: every option and threshold, its value, and where that comes from."""

from typing import TYPE_CHECKING, Any

import click

from tcplint.cli import options

if TYPE_CHECKING:
    from tcplint.config import Config
    from tcplint.thresholds import Threshold

EPILOG = """\b
Examples:
  tcplint config                                   what holds here, and which file says so
  tcplint config --config strict.toml              what holds with this file
  tcplint config --output-format toml > tcplint.toml   a file to begin with: all defaults, as comments
  tcplint config --output-format json              for programs
"""


@click.command(epilog=EPILOG)
@click.option(
    "--output-format", "form", type=click.Choice(("text", "json", "toml")), default="text", help="[default: text]"
)
@options.config_options
def config(form: str) -> int:
    """Show the configuration: options, rules and thresholds, each with its value and its source.

    The thresholds stand with the file that they are used in and with the RFC or the measurement they come from.
    """
    import sys

    from tcplint.thresholds import thresholds

    found = click.get_current_context().meta[options.CONFIG]
    known = list(thresholds().values())
    if form == "json":
        import json

        text = json.dumps(as_object(found, known), ensure_ascii=False, indent=2) + "\n"
    elif form == "toml":
        text = as_toml(known)
    else:
        text = as_text(found, known)
    sys.stdout.write(text)
    return 0


def as_text(config: "Config", known: "list[Threshold]") -> str:
    """For people: one line a value, the source of a threshold below it."""
    from tcplint.config import SETTINGS
    from tcplint.report.escape import escape

    where = escape(str(config.path)) if config.path else "none found; defaults hold"
    lines = [f"configuration: {where}", "", "Options"]
    for key, setting in SETTINGS.items():
        lines.append(_row(key, _plain(config.value(key)), escape(config.origin(key)), 20))
        lines.append(f"      {setting.help}{': ' + ', '.join(setting.choices) if setting.choices else ''}")
    lines += ["", "Severities that differ from the pages"]
    lines += [
        _row(f"{code} {kind}", word, escape(str(config.path)), 40)
        for code, kinds in sorted(config.severity.items())
        for kind, word in kinds.items()
    ] or ["  none"]
    lines += ["", "Thresholds"]
    for one in known:
        lines.append(_row(one.key, _amount(one, config), escape(config.origin(one.key)), 32))
        lines.append(f"      {one.place}{': ' + one.source.removeprefix('µs').lstrip('; ,') if one.source else ''}")
    return "\n".join(lines) + "\n"


def _row(key: str, value: str, origin: str, width: int) -> str:
    return f"  {key:{width}}  {value:14}  {origin}"


def _plain(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) or "-" if isinstance(value, list) else str(value)


def _amount(one: "Threshold", config: "Config") -> str:
    from tcplint.catalogue.duration import duration

    value = config.thresholds.get(one.key, one.default)
    return duration(value, "en") if one.is_time else str(value)


def as_object(config: "Config", known: "list[Threshold]") -> dict[str, Any]:
    """For programs. Keys are only ever added."""
    from tcplint.config import SETTINGS

    return {
        "file": str(config.path) if config.path else None,
        "options": {
            key: {"value": config.value(key), "default": setting.default, "origin": config.origin(key)}
            for key, setting in SETTINGS.items()
        },
        "severity": config.severity,
        "thresholds": {
            one.key: {
                "value": config.thresholds.get(one.key, one.default),
                "default": one.default,
                "unit": "µs" if one.is_time else None,
                "origin": config.origin(one.key),
                "place": one.place,
                "source": one.source,
            }
            for one in known
        },
    }


def as_toml(known: "list[Threshold]") -> str:
    """A configuration of comments: every key with its default, ready to be changed."""
    import json

    from tcplint.config import SETTINGS

    lines = ["# Configuration of tcplint. What is not set has its default, which stands here as a comment."]
    for key, setting in SETTINGS.items():
        value = setting.choices[0] if setting.default is None else setting.default
        lines += ["", f"# {setting.help}", f"# {key} = {json.dumps(value)}"]
    lines += ["", "# [severity]", '# data-after-fin = "warning"', '# "TD018/lingering" = "off"', "", "# [thresholds]"]
    for one in known:
        lines += [f"# {one.place}{': ' + one.source if one.source else ''}", f'# "{one.key}" = {one.default}']
    return "\n".join(lines) + "\n"
