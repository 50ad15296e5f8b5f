"""The verb against a real tshark: it finds the folders, what it installs is loaded, what it removes is gone."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.wireshark_home import SMALL_PLUGIN
from tests.wireshark.homes import ROOT, environment, need_plugin, need_tshark, tshark
from tests.wireshark.test_profile import filters

BROKEN = ROOT / "corpus" / "teardown" / "data-after-fin" / "capture.pcap"
SOUND = ROOT / "corpus" / "teardown" / "close-by-client" / "capture.pcap"
PLUGINS = Path(".local", "lib", "wireshark", "plugins")
PROFILE = Path(".config", "wireshark", "profiles", "tcplint")

# The command, with the plugin of the test in the place of the packaged one.
RUN = """
import sys
from tcplint.cli import main
from tcplint.wireshark import parts
plugin, *arguments = sys.argv[1:]
read = parts._read
parts._read = lambda name: open(plugin, "rb").read() if name == "lua/tcplint.lua" else read(name)
sys.exit(main.main(["wireshark", *arguments]))
"""


def verb(home: Path, plugin: bytes, *arguments: str) -> tuple[int, str, str]:
    """Run `tcplint wireshark` for the user of this home; exit code, standard output, standard error."""
    need_tshark()
    home.mkdir(exist_ok=True)
    given = home.parent / "given.lua"
    given.write_bytes(plugin)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(given), *arguments],
        env=environment(home), capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def files(home: Path) -> list[str]:
    return sorted(path.name for path in home.rglob("*") if path.is_file())


def test_real_tshark_names_the_folders_and_loads_what_is_installed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code, out, err = verb(home, SMALL_PLUGIN, "install")
    assert (code, err) == (0, "")
    assert (home / PLUGINS / "tcplint.lua").read_bytes() == SMALL_PLUGIN
    assert (home / PROFILE / "preferences").is_file()
    assert "loads tcplint 0.0.1" in out
    assert verb(home, SMALL_PLUGIN, "status")[0] == 0
    assert tshark(home, "-r", SOUND, "-c", "1", "-T", "fields", "-e", "tcplint.verdict") == (["plain"], "")

    assert verb(home, SMALL_PLUGIN, "install", "--deep")[0] == 0
    assert tshark(home, "-r", SOUND, "-c", "1", "-T", "fields", "-e", "tcplint.verdict") == (["deep"], "")

    assert verb(home, SMALL_PLUGIN, "uninstall")[0] == 0
    assert files(home) == []
    assert verb(home, SMALL_PLUGIN, "status")[0] == 1


@pytest.mark.parametrize(("plugin", "error"), [(b"error('no good')\n", "no good"), (b"no good\n", "syntax error near")])
def test_plugin_that_does_not_run_is_installed_but_not_called_active(tmp_path: Path, plugin: bytes, error: str) -> None:
    code, out, err = verb(tmp_path / "home", plugin, "install", "--no-profile")
    assert code == 0
    assert "active" not in out
    assert f"tcplint.lua:1: {error}" in err
    assert "not active" in err


def test_installed_plugin_shows_the_verdict_of_a_connection_that_breaks_a_rule(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code, out, err = verb(home, need_plugin(), "install")
    assert (code, err) == (0, "")
    assert "active" in out
    assert tshark(home, "-r", BROKEN, "-Y", "_ws.lua.error") == ([], "")
    fields = ["-T", "fields", "-e", "frame.number", "-e", "tcplint.verdict", "-e", "tcplint.rule", "-e", "tcplint.code"]
    shown, said = tshark(home, "-r", BROKEN, "-2", "-Y", 'tcplint.verdict == "violates"', *fields)
    assert said == ""
    assert ["8", "violates", "data-after-fin", "TD004"] in [line.split("\t") for line in shown]
    assert tshark(home, "-r", SOUND, "-2", "-Y", 'tcplint.verdict == "violates"') == ([], "")


def test_every_filter_of_the_profile_is_one_that_the_plugin_knows(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert verb(home, need_plugin(), "install")[0] == 0
    joined = " || ".join(f"({text})" for text in filters().values())
    assert tshark(home, "-C", "tcplint", "-r", BROKEN, "-Y", joined)[1] == ""


@pytest.mark.parametrize(
    ("button", "capture", "frames"),
    [
        ("handshake", SOUND, [1, 2, 3]),
        ("violations", BROKEN, [8]),
        ("violations", SOUND, []),
        ("inconclusive", SOUND, []),
    ],
)
def test_button_finds_the_frames_it_names(button: str, capture: Path, frames: list[int], tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert verb(home, need_plugin(), "install")[0] == 0
    arguments = ["-C", "tcplint", "-2", "-T", "fields", "-e", "frame.number", "-Y", filters()[f"button {button}"]]
    assert tshark(home, "-r", capture, *arguments) == ([str(number) for number in frames], "")
