"""What tshark prints about its folders, plugins and errors, on every system it runs on."""

import pytest

from tcplint.wireshark.ask import Folders, Tshark, lua_errors, parse_folders, parse_plugins
from tcplint.wireshark.errors import WiresharkError

LINUX = """\
Temp:                \t/tmp
Personal configuration:\t/home/lin/.config/wireshark
Global configuration:\t/usr/share/wireshark
Personal Plugins:    \t/home/lin/.local/lib/wireshark/plugins/4.0
Global Plugins:      \t/usr/lib/x86_64-linux-gnu/wireshark/plugins/4.0
Personal Lua Plugins:\t/home/lin/.local/lib/wireshark/plugins
Global Lua Plugins:  \t/usr/lib/x86_64-linux-gnu/wireshark/plugins
MaxMind database path:\t/usr/share/GeoIP
MaxMind database path:\t/var/lib/GeoIP
"""

MACOS = """\
Temp:                \t/var/folders/q1/T
Personal configuration:\t/Users/lin wang/.config/wireshark
Program:             \t/Applications/Wireshark.app/Contents/MacOS
Personal Plugins:    \t/Users/lin wang/.local/lib/wireshark/plugins/4-4
Personal Lua Plugins:\t/Users/lin wang/.local/lib/wireshark/plugins
Global Lua Plugins:  \t/Applications/Wireshark.app/Contents/PlugIns/wireshark
"""

WINDOWS = (
    "Temp:                \tC:\\Users\\lin\\AppData\\Local\\Temp\r\n"
    "Personal configuration:\tC:\\Users\\lin\\AppData\\Roaming\\Wireshark\r\n"
    "Global configuration:\tC:\\Program Files\\Wireshark\r\n"
    "Personal Plugins:    \tC:\\Users\\lin\\AppData\\Roaming\\Wireshark\\plugins\\4.4\r\n"
    "Personal Lua Plugins:\tC:\\Users\\lin\\AppData\\Roaming\\Wireshark\\plugins\r\n"
    "Global Lua Plugins:  \tC:\\Program Files\\Wireshark\\plugins\r\n"
)


@pytest.mark.parametrize(
    ("printed", "plugins", "configuration"),
    [
        (LINUX, "/home/lin/.local/lib/wireshark/plugins", "/home/lin/.config/wireshark"),
        (MACOS, "/Users/lin wang/.local/lib/wireshark/plugins", "/Users/lin wang/.config/wireshark"),
        (WINDOWS, r"C:\Users\lin\AppData\Roaming\Wireshark\plugins", r"C:\Users\lin\AppData\Roaming\Wireshark"),
    ],
    ids=["linux", "macos", "windows"],
)
def test_folders_of_every_system_are_found(printed: str, plugins: str, configuration: str) -> None:
    assert parse_folders(printed) == Folders(plugins, configuration)


def test_wireshark_without_lua_names_no_lua_folder_and_is_refused() -> None:
    printed = "".join(line for line in LINUX.splitlines(keepends=True) if "Lua" not in line)
    with pytest.raises(WiresharkError, match="without Lua"):
        parse_folders(printed)


@pytest.mark.parametrize("printed", ["", "no folders here\n", "Personal Lua Plugins:\t/x\nPersonal configuration:\t\n"])
def test_answer_without_a_personal_configuration_is_refused(printed: str) -> None:
    with pytest.raises(WiresharkError, match="personal configuration"):
        parse_folders(printed)


def test_path_and_version_of_our_plugin_stand_among_those_of_others() -> None:
    printed = "g711.so         \t0.1.0\tcodec\t/usr/lib/g711.so\r\nmy-tcplint.lua\t9\tlua script\t/x/my-tcplint.lua\r\n"
    assert parse_plugins(printed) == (None, None)
    ours = "tcplint.lua     \t0.1.0\tlua script\tC:\\Users\\lin\\tcplint.lua\r\n"
    assert parse_plugins(printed + ours) == (r"C:\Users\lin\tcplint.lua", "0.1.0")
    assert parse_plugins("tcplint.lua\t\tlua script\t/x/tcplint.lua\n") == ("/x/tcplint.lua", None)


def test_errors_of_scripts_are_told_without_their_stack() -> None:
    said = """\
Running as user "root" and group "root". This could be dangerous.
tshark: Lua: Error during loading:
/x/bad.lua:1: boom
stack traceback:
\t[C]: in function 'error'
tshark: Lua: Error during loading:
/x/tcplint.lua:1: there cannot be two
stack traceback:
tshark: Lua: syntax error: /x/worse.lua:2: syntax error near 'x'
tshark: tcplint.verdict is neither a field nor a protocol name.
"""
    assert lua_errors(said) == (
        "/x/bad.lua:1: boom",
        "/x/tcplint.lua:1: there cannot be two",
        "syntax error: /x/worse.lua:2: syntax error near 'x'",
    )
    assert lua_errors("") == ()


@pytest.mark.parametrize(("version", "skips"), [("4.0.17", False), ("4.2.5", False), ("4.4.0", True), ("5.0.1", True)])
def test_personal_plugins_of_root_are_skipped_since_4_4(version: str, skips: bool) -> None:
    assert Tshark("tshark", version).skips_root is skips
