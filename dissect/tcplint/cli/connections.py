"""`tcplint connections`: one line for each connection."""

from typing import Any

import click

from tcplint.cli import options

EPILOG = """\b
Examples:
  tcplint connections a.pcap               number, ends, how it opened and closed, verdict, states, frames
  tcplint connections captures/ --lang zh

The number is the one that `tcplint show --connection` takes. Lines come when a connection can change no more, so
their numbers need not ascend.
"""


@click.command(epilog=EPILOG)
@options.paths_argument
@click.option("-q", "--quiet", is_flag=True, help="Lines only: no head, no progress.")
@options.lang_option
@options.color_option
@options.reading_options
def connections(
    paths: tuple[str, ...], quiet: bool, lang: str | None, color: str, engine: str, checksums: bool,
    **limits: Any,
) -> int:  # fmt: skip
    """List the connections of captures, one line each.

    PATH is a capture, a directory to walk, or - for standard input; without a path, the current directory.
    """
    import os
    import sys

    from tcplint.cli.inputs import collect
    from tcplint.cli.runner import Runner
    from tcplint.report.ansi import use_colour
    from tcplint.report.base import View
    from tcplint.report.lines import Lines
    from tcplint.results import Options

    inputs = collect(options.checked_paths(paths))
    view = View(lang=options.language(lang), colour=use_colour(color, sys.stdout, os.environ), quiet=quiet)
    settings = Options(engine=engine, checksums=checksums, outside_words=False, **options.applied(limits))
    return Runner(Lines(sys.stdout.write, view, several=len(inputs.files) > 1), quiet).run(inputs, settings, "never")
