"""The command `tcplint`: one verb, one module, whose body imports what it needs when it runs.

`main` is the entry point. It turns every ending into an exit code (cli/exit_code) and never shows a traceback.
"""

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from tcplint import __version__
from tcplint.cli.check import check
from tcplint.cli.completion import completion
from tcplint.cli.config import config
from tcplint.cli.connections import connections
from tcplint.cli.rule import rule
from tcplint.cli.show import show
from tcplint.cli.wireshark import wireshark
from tcplint.segments.unusable import EngineUnusableError

EPILOG = """\b
Examples:
  tcplint check a.pcap                      judge the connections of a capture
  tcplint check captures/ -o jsonl          every capture in a folder, for programs
  tcplint connections a.pcap                one line for each connection
  tcplint show a.pcap --connection 3        the ladder of one connection
  tcplint rule data-after-fin               what a rule says and why
  tcplint wireshark install                 the same verdicts inside Wireshark
"""


def _version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(version_text())
        context.exit(0)


def version_text() -> str:
    """Our version and the engines that are there: by package metadata and a look-up in PATH, nothing is started."""
    from importlib.metadata import PackageNotFoundError, version
    from shutil import which

    from tcplint.report.escape import escape

    lines = [f"tcplint {__version__}"]
    for package in ("dpkt", "pyshark"):
        try:
            lines.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            lines.append(f"{package} not installed")
    tshark = which("tshark")
    lines.append(f"tshark {escape(tshark)}" if tshark else "tshark not found")
    return "\n".join(lines)


class PipeClosedError(Exception):
    """The reader of our output is gone."""


class Verbs(click.Group):
    """The group of verbs. click would end with 1 when the reader of the output has gone; here that is no failure."""

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """Read the command line, of which --version and --help print already."""
        with _pipe():
            return super().make_context(*arguments, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb."""
        with _pipe():
            return super().invoke(ctx)


@contextlib.contextmanager
def _pipe() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise PipeClosedError from None


SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Verbs, epilog=EPILOG, context_settings=SETTINGS)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show versions.")
def cli() -> None:
    """Judge TCP handshakes and closes in packet captures against RFC 9293."""


for verb in (check, connections, show, rule, wireshark, config, completion):
    cli.add_command(verb)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    _tolerant_streams()
    try:
        code = cli.main(args=arguments, prog_name="tcplint", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        return 130
    except (BrokenPipeError, PipeClosedError):
        _silence()
        return 0
    except EngineUnusableError as error:
        print(f"tcplint: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"tcplint: the output cannot be written: {error.strerror or error}", file=sys.stderr)
        _silence()
        return 2
    except Exception as error:  # noqa: BLE001 the last resort
        from tcplint.cli.say import internal_error

        internal_error("tcplint", error, bool(os.environ.get("TCPLINT_DEBUG")))
        return 2


def _tolerant_streams() -> None:
    """A terminal that cannot show an arrow gets its number, not a crash."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _silence() -> None:
    """Let the interpreter's last flush go nowhere: the reader of our output is gone."""
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
