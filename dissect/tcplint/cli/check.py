"""`tcplint check`: the findings of captures."""

from typing import Any

import click

from tcplint.cli import options

EPILOG = """\b
Examples:
  tcplint check                                     every capture below the current directory
  tcplint check a.pcap b.pcapng.zst captures/       files, compressed files, folders
  tcpdump -w - | tcplint check -                    standard input
  tcplint check a.pcap -o full -o jsonl:found.jsonl text on the screen, JSON in a file
  tcplint check a.pcap --fail-on warning            exit 1 for warnings too

\b
Exit codes:
  0 clean    1 findings at or above --fail-on    2 usage, nothing to check, or an error of our own
  3 some input could not be read to its end (the rest was checked)    130 interrupted
"""


@click.command(epilog=EPILOG)
@options.paths_argument
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[:PATH]",
    help="full (default), concise or jsonl, to standard output or a file; repeatable.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(("error", "warning", "inconclusive", "note", "never")), default="error",
    help="Exit 1 for findings of this rank or one before it in this list [default: error].",
)  # fmt: skip
@click.option("--notes", is_flag=True, help="Also show notes: legal but remarkable.")
@click.option("-q", "--quiet", is_flag=True, help="Findings and problems only: no summary, no progress.")
@options.lang_option
@options.color_option
@options.reading_options
def check(
    paths: tuple[str, ...], outputs: tuple[str, ...], fail_on: str, notes: bool, quiet: bool, lang: str | None,
    color: str, engine: str, checksums: bool, **limits: Any,
) -> int:  # fmt: skip
    """Judge the TCP connections of captures.

    PATH is a capture (pcap or pcapng, also .gz .zst .lz4), a directory to walk, or - for standard input; without a
    path, the current directory.
    """
    import os
    import sys

    from tcplint.cli.inputs import collect
    from tcplint.cli.outputs import Outputs, parse
    from tcplint.cli.runner import Runner
    from tcplint.report.ansi import use_colour
    from tcplint.report.base import View
    from tcplint.results import Options

    formats = parse(outputs)
    inputs = collect(options.checked_paths(paths))
    view = View(
        lang=options.language(lang),
        notes=notes,
        colour=use_colour(color, sys.stdout, os.environ),
        width=options.columns(),
        quiet=quiet,
    )
    settings = Options(
        engine=engine,
        checksums=checksums,
        **options.applied(limits),
        outside_words=any(name == "jsonl" for name, _ in formats),
        ladders=any(name == "full" for name, _ in formats),
        note_ladders=notes,
    )
    return Runner(Outputs(formats, inputs.files, view), quiet).run(inputs, settings, fail_on)
