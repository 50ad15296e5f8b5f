"""A home directory of one's own, a small plugin instead of the real one, and a tshark that answers as it is told."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tcplint import data
from tcplint.wireshark import parts

ROOT = Path(__file__).resolve().parent.parent.parent

# What the mechanics of installing need of a plugin: one of our fields on every packet, and the line of the deep mode.
SMALL_PLUGIN = b"""-- A stand-in for the plugin.
local DEEP = false
set_plugin_info({ version = "0.0.1", description = "a stand-in" })
local tcplint = Proto("tcplint", "tcplint")
local verdict = ProtoField.string("tcplint.verdict", "Verdict")
tcplint.fields = { verdict }
function tcplint.dissector(buffer, pinfo, tree)
  tree:add(tcplint):add(verdict, DEEP and "deep" or "plain")
end
register_postdissector(tcplint)
"""

_FAKE = """#!{python}
import os, sys
arguments = sys.argv[1:]
plugin = os.path.join({plugins!r}, "tcplint.lua")
loads = {loads!r} and os.path.exists(plugin)
if arguments == ["-v"]:
    print("TShark (Wireshark) {version} (Git v{version}).")
elif arguments == ["-G", "folders"]:
    print({folders!r})
elif arguments == ["-G", "plugins"]:
    print("g711.so\\t0.1.0\\tcodec\\t/usr/lib/g711.so")
    if loads:
        print("tcplint.lua\\t0.0.1\\tlua script\\t" + plugin)
else:
    assert arguments[-2:] == ["-Y", "tcplint.verdict"], arguments
    assert sys.stdin.buffer.read()[:4] == b"\\xd4\\xc3\\xb2\\xa1"
    sys.stderr.write({says!r})
    sys.exit(0 if loads else 2)
"""


@dataclass(frozen=True, slots=True)
class Home:
    """Where Wireshark looks, in a directory of the test."""

    directory: Path

    @property
    def plugins(self) -> Path:
        return self.directory / "lib" / "wireshark" / "plugins"

    @property
    def plugin(self) -> Path:
        return self.plugins / "tcplint.lua"

    @property
    def configuration(self) -> Path:
        return self.directory / "config" / "wireshark"

    @property
    def profile(self) -> Path:
        return self.configuration / "profiles" / "tcplint"

    def files(self) -> set[str]:
        """Every file, by its path in the home."""
        found = (path for path in self.directory.rglob("*") if path.is_file() and path.parent.name != "bin")
        return {path.relative_to(self.directory).as_posix() for path in found}

    def tshark(
        self, *, version: str = "4.0.17", loads: bool = True, says: str = "", lua: bool = True, folders: str = ""
    ) -> str:
        """Write a tshark that answers so, and give the directory it is in."""
        lines = [f"Personal configuration:\t{self.configuration}", f"Personal Lua Plugins:\t{self.plugins}"]
        text = _FAKE.format(
            python=sys.executable, plugins=str(self.plugins), loads=loads, version=version, says=says,
            folders=folders or "\n".join(lines[: 2 if lua else 1]),
        )  # fmt: skip
        program = self.directory / "bin" / "tshark"
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        return str(program.parent)


def use_small_plugin(directory: Path, monkeypatch: pytest.MonkeyPatch, plugin: bytes = SMALL_PLUGIN) -> None:
    """Let tcplint find this plugin, and the real profile, as if installed in `directory`."""
    lua = directory / "_data" / "lua"
    shutil.copytree(ROOT / "lua" / "profile", lua / "profile")
    (lua / parts.PLUGIN).write_bytes(plugin)
    monkeypatch.setattr(data, "PACKAGE", directory)
