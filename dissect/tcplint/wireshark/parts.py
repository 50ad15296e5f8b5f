"""What is installed: the plugin, which is one Lua file, and the profile, which is a folder.

Both travel in the package (data.py finds them). The plugin has a constant that says how it reads a frame; the deep mode
changes that one line and nothing else. Of the profile, `recent` holds the widths of the columns; Wireshark rewrites
that file whenever it ends, so ours is a start for a folder that has none, and never brought up to date.
"""

from pathlib import Path

from tcplint import data
from tcplint.wireshark.errors import WiresharkError

PLUGIN = "tcplint.lua"
PROFILE = "tcplint"  # its name in Wireshark, and that of its folder
PROFILE_FILES = ("preferences", "colorfilters", "dfilter_buttons")
RECENT = "recent"
PLAIN, DEEP = b"\nlocal DEEP = false", b"\nlocal DEEP = true"


def plugin(*, deep: bool = False) -> dict[str, bytes]:
    """The plugin by its file name. Raises WiresharkError when it is not there, or has no deep mode but should."""
    text = _read(f"lua/{PLUGIN}")
    if deep:
        if text.count(PLAIN) != 1:
            raise WiresharkError(f"this {PLUGIN} has no deep mode")
        text = text.replace(PLAIN, DEEP)
    return {PLUGIN: text}


def profile() -> dict[str, bytes]:
    """The files of the profile by name. Raises WiresharkError when they are not there."""
    return {name: _read(f"lua/profile/{PROFILE}/{name}") for name in PROFILE_FILES}


def recent() -> dict[str, bytes]:
    """The widths of the columns, for a profile that was never used. Raises WiresharkError when they are not there."""
    return {RECENT: _read(f"lua/profile/{PROFILE}/{RECENT}")}


def profile_zip() -> Path | None:
    """The profile as the zip that Wireshark imports, if it is there."""
    try:
        return data.find(f"lua/profile/{PROFILE}.zip")
    except FileNotFoundError:
        return None


def _read(name: str) -> bytes:
    try:
        return data.find(name).read_bytes()
    except OSError as error:
        raise WiresharkError(f"{error}; in the source tree `make lua` makes it") from error
