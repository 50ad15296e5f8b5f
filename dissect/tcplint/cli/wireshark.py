"""`tcplint wireshark`: the plugin and the profile, installed, removed, looked at."""

from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    F = TypeVar("F", bound=Callable[..., Any])

EPILOG = """\b
Examples:
  tcplint wireshark install                 the plugin and the profile, for yourself
  tcplint wireshark status                  what is installed, and whether Wireshark loads it
  tcplint wireshark uninstall               remove what install wrote, and nothing else
"""

INSTALL_EPILOG = """\b
Examples:
  tcplint wireshark install                 plugin and profile
  tcplint wireshark install --no-profile    the plugin alone
  tcplint wireshark install --deep          for encapsulations that only Wireshark takes apart; slower
  tcplint wireshark install --folder "$HOME/.local/lib/wireshark/plugins"
                                            without asking tshark

\b
Exit codes:
  0 installed    2 tshark is missing or too old, a folder cannot be written, or the plugin there is yours
"""

UNINSTALL_EPILOG = """\b
Examples:
  tcplint wireshark uninstall               plugin and profile
  tcplint wireshark uninstall --no-profile  the plugin alone

A file that was changed since it was installed is yours, and stays.
"""

STATUS_EPILOG = """\b
Examples:
  tcplint wireshark status

\b
Exit codes:
  0 the plugin is installed, as this tcplint has it, and tshark loads it    1 not so    2 tshark is missing or too old
"""


def place_options(function: "F") -> "F":
    """`--folder`, `--config`: where things are, when tshark is not to be asked."""
    function = click.option(
        "--config", metavar="FOLDER", type=click.Path(file_okay=False),
        help="Wireshark's personal configuration, in which the profile goes [default: as tshark says].",
    )(function)  # fmt: skip
    return click.option(
        "--folder", metavar="FOLDER", type=click.Path(file_okay=False),
        help="Folder for the plugin [default: as tshark says]. With it, a profile needs --config.",
    )(function)  # fmt: skip


no_profile_option = click.option("--no-profile", is_flag=True, help="Leave the profile out.")


@click.group(epilog=EPILOG)
def wireshark() -> None:
    """Show the verdicts of tcplint inside Wireshark and tshark 4.0 or later.

    The plugin adds the tree and the filter fields tcplint.*; the profile, also named tcplint, adds columns, colours and
    filter buttons.
    """


@wireshark.command(epilog=INSTALL_EPILOG)
@click.option("--deep", is_flag=True, help="Let Wireshark take frames apart, not our own decoder.")
@no_profile_option
@click.option("--force", is_flag=True, help="Replace files that you changed; they are kept as NAME.bak.")
@place_options
def install(deep: bool, no_profile: bool, force: bool, folder: str | None, config: str | None) -> int:
    """Install the plugin and the profile, or bring them up to date."""
    from tcplint.cli import wireshark_bodies as bodies

    return bodies.install(folder, config, deep=deep, with_profile=not no_profile, force=force)


@wireshark.command(epilog=UNINSTALL_EPILOG)
@no_profile_option
@place_options
def uninstall(no_profile: bool, folder: str | None, config: str | None) -> int:
    """Remove the files that install wrote and nobody changed since."""
    from tcplint.cli import wireshark_bodies as bodies

    return bodies.uninstall(folder, config, with_profile=not no_profile)


@wireshark.command(epilog=STATUS_EPILOG)
@place_options
def status(folder: str | None, config: str | None) -> int:
    """Say what is installed, whether it is current, and whether tshark loads it."""
    from tcplint.cli import wireshark_bodies as bodies

    return bodies.status(folder, config)
