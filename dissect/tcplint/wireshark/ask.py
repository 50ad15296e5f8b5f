r"""What tshark says of itself: its version, its folders, and whether it loads the plugin.

tshark and Wireshark share one set of folders and load the same plugins, and `tshark -G folders` names the folders on
every system:

    Personal configuration:  ~/.config/wireshark             %APPDATA%\Wireshark on Windows
    Personal Lua Plugins:    ~/.local/lib/wireshark/plugins  %APPDATA%\Wireshark\plugins on Windows

Whether the plugin is loaded, its own filter field proves: tshark refuses a display filter that names a field it does
not know, and a capture without a packet is enough to ask. The list of plugins then says which file it was. Here tshark
runs in the surroundings of the user, unlike in segments/tshark: what is asked is how it is set up.
"""

import itertools
import os
import struct
import subprocess
from dataclasses import dataclass

from tcplint.segments.tshark.find import INSTALL, OLDEST, VERSION, find_tshark
from tcplint.segments.unusable import EngineUnusableError
from tcplint.wireshark.errors import WiresharkError

FIELD = "tcplint.verdict"
EMPTY = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)  # a pcap of Ethernet without a packet
WAIT = 60  # seconds for an answer; usual is a third of one
ROOT_SKIPS = (4, 4)  # from this version on root's personal plugins are not loaded, and nothing says so


@dataclass(frozen=True, slots=True)
class Tshark:
    """A tshark that is new enough."""

    path: str
    version: str  # "4.0.17"

    @property
    def skips_root(self) -> bool:
        """Whether this version does not load the personal plugins of root."""
        return _number(self.version) >= ROOT_SKIPS


@dataclass(frozen=True, slots=True)
class Folders:
    """Where Wireshark looks for what belongs to one user."""

    plugins: str
    configuration: str


@dataclass(frozen=True, slots=True)
class Loading:
    """Whether tshark loads the plugin."""

    loads: bool
    path: str | None  # of the file it loads
    version: str | None  # that this file states
    errors: tuple[str, ...]  # of Lua scripts, one line each: the plugin's own and those of others


def find() -> Tshark:
    """The tshark of this machine. Raises WiresharkError when there is none, or one before 4.0."""
    try:
        path = find_tshark()
    except EngineUnusableError:
        raise WiresharkError(
            f"tshark, which names Wireshark's folders, is not found; {INSTALL}; "
            "or name the folder yourself (Help ▸ About Wireshark ▸ Folders ▸ Personal Lua Plugins): --folder FOLDER"
        ) from None
    first = _run(path, "-v").stdout.partition("\n")[0]
    found = VERSION.search(first)
    if found is None:
        raise WiresharkError(f"{path} does not say its version")
    if _number(found[0]) < OLDEST:
        oldest = ".".join(str(part) for part in OLDEST)
        raise WiresharkError(f"Wireshark {oldest} or later is needed; {path} is {found[0]}; {INSTALL}")
    return Tshark(path, found[0])


def folders(tshark: Tshark) -> Folders:
    """The personal folders. Raises WiresharkError when tshark names none."""
    return parse_folders(_run(tshark.path, "-G", "folders").stdout)


def parse_folders(text: str) -> Folders:
    """The personal folders from what `tshark -G folders` prints: a line for each, `Name:` and tabs before the path.

    A path may hold colons and spaces. Raises WiresharkError when one is missing; a tshark that was built without Lua
    names no Lua folder.
    """
    named: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, path = line.partition(":")
        if colon and path.strip():
            named.setdefault(name.strip().lower(), path.strip())
    plugins, configuration = named.get("personal lua plugins"), named.get("personal configuration")
    if configuration is None:
        raise WiresharkError("tshark -G folders names no personal configuration; use --folder FOLDER")
    if plugins is None:
        raise WiresharkError("tshark -G folders names no folder for Lua plugins: this Wireshark was built without Lua")
    return Folders(plugins, configuration)


def loading(tshark: Tshark) -> Loading:
    """Let tshark start and see whether it knows our fields. Raises WiresharkError when it does not answer."""
    asked = _run(tshark.path, "-n", "-r", "-", "-Y", FIELD, stdin=EMPTY)
    loads = asked.returncode == 0
    path, version = parse_plugins(_run(tshark.path, "-G", "plugins").stdout) if loads else (None, None)
    return Loading(loads, path, version, lua_errors(asked.stderr))


def parse_plugins(text: str) -> tuple[str | None, str | None]:
    """Path and version of tcplint.lua in what `tshark -G plugins` prints: name, version, type and path by tabs."""
    for line in text.splitlines():
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) >= 4 and columns[0] == "tcplint.lua":
            return columns[-1], columns[1] or None
    return None, None


def lua_errors(text: str) -> tuple[str, ...]:
    """The errors of Lua scripts in what tshark writes to standard error: place and reason, without the stack.

    They stand behind "Lua: syntax error: ", or below a line that ends with "Lua: Error during loading:".
    """
    lines = [*text.splitlines(), ""]
    found = []
    for line, below in itertools.pairwise(lines):
        head, mark, error = line.partition("Lua: ")
        if mark and head.endswith(": "):
            found.append((below if error.endswith(":") else error).strip())
    return tuple(error for error in found if error)


def _run(path: str, *arguments: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[str]":
    """One answer of tshark, as text. Raises WiresharkError when it does not start or does not end."""
    try:
        done = subprocess.run(
            [path, *arguments], input=stdin, capture_output=True, timeout=WAIT, check=False, env=_environment()
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WiresharkError(f"tshark does not answer: {error}") from error
    return subprocess.CompletedProcess(done.args, done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr))


def _environment() -> dict[str, str]:
    """The user's own variables, but English."""
    return {name: value for name, value in os.environ.items() if name != "LANGUAGE"} | {"LC_ALL": "C.UTF-8"}


def _number(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)
