"""Where tshark is, whether it is new enough, and in what surroundings it runs.

tshark obeys preferences, profiles, Lua scripts and plugins of the user, and dozens of environment variables. None of
them may change a verdict, so it gets a home directory that is empty, and of the variables only those that have nothing
to do with it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tcplint.segments.unusable import EngineUnusableError

OLDEST = (4, 0)  # nothing older was compared with the other engine
ELSEWHERE = {
    "darwin": ("/Applications/Wireshark.app/Contents/MacOS/tshark",),
    "win32": (r"C:\Program Files\Wireshark\tshark.exe", r"C:\Program Files (x86)\Wireshark\tshark.exe"),
}
INSTALL = "install it: apt install tshark (Debian, Ubuntu), dnf install wireshark-cli (Fedora), brew install wireshark"
LEFT_OUT = ("WIRESHARK_", "XDG_", "LC_", "LANG", "SSLKEYLOGFILE")
HOMES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_CONFIG_HOME", "WIRESHARK_CONFIG_DIR")
VERSION = re.compile(r"(\d+)\.(\d+)(?:\.\d+)?")
WAIT = 30  # seconds for a version


def find_tshark() -> str:
    """The absolute path of tshark. Raises EngineUnusableError."""
    found = shutil.which("tshark")
    for path in (found, *ELSEWHERE.get(sys.platform, ())):
        if path is not None and os.access(path, os.X_OK):
            return str(Path(path).absolute())
    raise EngineUnusableError(f"--engine tshark needs tshark, which is not found; {INSTALL}")


def environment(home: str) -> dict[str, str]:
    """The variables of a tshark whose home is the empty directory `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(LEFT_OUT)}
    return kept | dict.fromkeys(HOMES, home) | {"LC_ALL": "C"}


def check_version(text: str) -> None:
    """Raises EngineUnusableError if `text`, such as "wireshark/4.0.17", names a version before OLDEST, or none."""
    found = VERSION.search(text)
    if found is None:
        raise EngineUnusableError("--engine tshark: what is called tshark does not say its version")
    if (int(found[1]), int(found[2])) < OLDEST:
        oldest = ".".join(str(part) for part in OLDEST)
        raise EngineUnusableError(f"--engine tshark needs tshark {oldest} or later; found is {found[0]}; {INSTALL}")


def ask_version(path: str, home: str) -> None:
    """Let tshark itself say its version, when it has ended without a word of output. Raises EngineUnusableError."""
    try:
        command = [path, "-v"]
        said = subprocess.run(
            command, capture_output=True, env=environment(home), stdin=subprocess.DEVNULL, timeout=WAIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineUnusableError(f"--engine tshark: tshark does not start: {error}") from error
    check_version(said.stdout.decode(errors="replace")[:200])
