"""`tcplint show`: the ladder of one connection."""

from typing import Any

import click

from tcplint.cli import options

EPILOG = """\b
Examples:
  tcplint show a.pcap                       the first connection of the capture
  tcplint show a.pcap --connection 3        the connection with that number in `tcplint connections a.pcap`
  tcplint show a.pcap --table --lang zh     the table of the textbook: seq=x, ack=x+1
  tcplint show a.pcap --rows 5000           more of a long connection
"""


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("-c", "--connection", type=click.IntRange(0), default=0, metavar="N", help="Its number [default: 0].")
@click.option("--table", "as_table", is_flag=True, help="The textbook's table instead of the ladder.")
@click.option("--rows", type=click.IntRange(8), default=400, metavar="N", help="Segments shown [default: 400].")
@options.lang_option
@options.color_option
@options.reading_options
def show(
    file: str, connection: int, as_table: bool, rows: int, lang: str | None, color: str, engine: str, checksums: bool,
    **limits: Any,
) -> int:  # fmt: skip
    """Draw one connection as a ladder: each segment, the step it is, and the state of both ends after it.

    Below it: why the close took four segments or three, and who holds TIME-WAIT until when. FILE is a capture, or -
    for standard input.
    """
    import os
    import sys

    from tcplint.cli import say
    from tcplint.cli.exit_code import FAILED, UNREAD
    from tcplint.report import closing, ladder, table
    from tcplint.report.ansi import Palette, use_colour
    from tcplint.report.escape import escape
    from tcplint.results import Options
    from tcplint.trace import NoSuchConnectionError, trace_connection

    lang = options.language(lang)
    options.checked_paths((file,))
    settings = Options(engine=engine, checksums=checksums, outside_words=False, **options.applied(limits))
    try:
        trace = trace_connection(file, connection, settings, rows)
    except NoSuchConnectionError as missing:
        if missing.capture.problem is not None:
            say.problem(file, missing.capture.problem, missing.capture.frames)
            return UNREAD
        count = missing.capture.connections
        has = f"connections 0 to {count - 1}" if count > 1 else "connection 0 only" if count else "none"
        say.say(f"{escape(file)}: no connection {connection}; the capture has {has}")
        return FAILED
    palette = Palette(use_colour(color, sys.stdout, os.environ))
    lines = ladder.title(trace, palette, lang)
    columns = options.columns()
    if as_table:
        lines += ["", *table.table(trace, lang, columns if sys.stdout.isatty() else 0)]
    else:
        lines += ["", *ladder.ladder(trace, palette, lang, columns)]
    lines += ["", *closing.lines(trace, lang, columns)]
    sys.stdout.write("\n".join(lines) + "\n")
    if trace.capture.problem is not None:
        say.problem(file, trace.capture.problem, trace.capture.frames)
        return UNREAD
    return 0
