"""`tcplint wireshark`: what it writes, what it leaves alone, what it says is active. The test writes its own tshark."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tcplint.cli.main import main
from tcplint.segments.tshark import find
from tests.cli.wireshark_home import SMALL_PLUGIN, Home, use_small_plugin

PLUGIN_FILES = {"lib/wireshark/plugins/tcplint.lua", "lib/wireshark/plugins/tcplint.installed.json"}
PROFILE_FILES = {
    f"config/wireshark/profiles/tcplint/{name}"
    for name in ("preferences", "colorfilters", "dfilter_buttons", "recent", "tcplint.installed.json")
}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home without anything in it, and a tshark 4.0 that loads what is installed; not run by root."""
    found = Home(tmp_path / "home")
    use_small_plugin(tmp_path / "tcplint", monkeypatch)
    monkeypatch.setenv("PATH", found.tshark())
    monkeypatch.setattr(find, "ELSEWHERE", {})
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.delenv("SUDO_USER", raising=False)
    return found


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the verb; exit code, standard output, standard error."""

    def once(*arguments: str | Path) -> tuple[int, str, str]:
        code = main(["wireshark", *(str(argument) for argument in arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return once


def test_install_writes_plugin_and_profile_and_says_that_tshark_loads_it(home: Home, run: Run) -> None:
    code, out, err = run("install")
    assert (code, err) == (0, "")
    assert home.files() == PLUGIN_FILES | PROFILE_FILES
    assert home.plugin.read_bytes() == SMALL_PLUGIN
    lines = out.splitlines()
    assert lines[0] == f"written    {home.plugin}"
    assert "active     tshark 4.0.17 loads tcplint 0.0.1" in lines
    assert "wireshark -C tcplint" in out


def test_install_without_profile_leaves_the_configuration_alone(home: Home, run: Run) -> None:
    code, out, _ = run("install", "--no-profile")
    assert (code, home.files()) == (0, PLUGIN_FILES)
    assert "wireshark -C" not in out


def test_second_install_changes_nothing(home: Home, run: Run) -> None:
    run("install")
    before = home.plugin.stat().st_mtime_ns
    code, out, _ = run("install")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()[:4]} == {"unchanged"}
    assert home.plugin.stat().st_mtime_ns == before


def test_deep_install_differs_in_one_line_and_the_plain_one_brings_it_back(home: Home, run: Run) -> None:
    run("install", "--deep")
    changed = set(home.plugin.read_bytes().splitlines()) - set(SMALL_PLUGIN.splitlines())
    assert changed == {b"local DEEP = true"}
    assert "current, deep mode" in run("status")[1]
    assert run("install")[1].startswith("replaced")
    assert home.plugin.read_bytes() == SMALL_PLUGIN


def test_plugin_of_the_user_is_kept_unless_forced_and_then_kept_under_another_name(home: Home, run: Run) -> None:
    home.plugins.mkdir(parents=True)
    home.plugin.write_text("-- mine\n")
    code, _, err = run("install")
    assert (code, home.plugin.read_text()) == (2, "-- mine\n")
    assert "--force" in err
    code, out, _ = run("install", "--force")
    assert (code, home.plugin.read_bytes()) == (0, SMALL_PLUGIN)
    assert "(yours is now tcplint.lua.bak)" in out
    assert (home.plugins / "tcplint.lua.bak").read_text() == "-- mine\n"


def test_buttons_that_the_user_changed_survive_an_upgrade(
    home: Home, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("install")
    (home.profile / "dfilter_buttons").write_text('"TRUE","mine","tcp",""\n')
    use_small_plugin(tmp_path / "newer", monkeypatch, SMALL_PLUGIN + b"-- newer\n")
    code, out, err = run("install")
    assert code == 0
    assert home.plugin.read_bytes().endswith(b"-- newer\n")
    assert (home.profile / "dfilter_buttons").read_text() == '"TRUE","mine","tcp",""\n'
    assert f"kept       {home.profile / 'dfilter_buttons'}" in out
    assert "you changed" in err


def test_uninstall_removes_all_that_was_installed(home: Home, run: Run) -> None:
    run("install")
    code, out, err = run("uninstall")
    assert (code, err, home.files()) == (0, "", set())
    assert not home.profile.exists()
    assert {line.split()[0] for line in out.splitlines()} == {"removed"}
    assert run("uninstall")[:2] == (0, "nothing is installed\n")


def test_uninstall_keeps_what_was_edited_and_what_others_wrote(home: Home, run: Run) -> None:
    run("install")
    with home.plugin.open("a") as plugin:
        plugin.write("-- mine\n")
    (home.plugins / "other.lua").touch()
    (home.profile / "recent").write_text("written by Wireshark")
    code, _, err = run("uninstall")
    assert code == 0
    assert home.files() == {
        "lib/wireshark/plugins/tcplint.lua",
        "lib/wireshark/plugins/other.lua",
        "config/wireshark/profiles/tcplint/recent",
    }
    assert "yours" in err
    assert f"{home.profile} is kept, for there is more in it: recent" in err


def test_column_widths_that_wireshark_remembers_are_never_brought_up_to_date(home: Home, run: Run) -> None:
    run("install")
    recent = home.profile / "recent"
    recent.write_text("written by Wireshark")
    code, out, err = run("install")
    assert (code, err, recent.read_text()) == (0, "", "written by Wireshark")
    assert "recent" not in out
    assert run("status")[0] == 0


def test_uninstall_never_removes_a_plugin_that_was_copied_by_hand(home: Home, run: Run) -> None:
    home.plugins.mkdir(parents=True)
    home.plugin.write_bytes(SMALL_PLUGIN)
    assert run("uninstall")[0] == 0
    assert home.plugin.exists()


@pytest.mark.parametrize("name", ["../../precious", "/etc/precious", "preferences"])
def test_forged_manifest_removes_nothing_but_our_own_names(home: Home, run: Run, name: str) -> None:
    run("install", "--no-profile")
    precious = home.directory / "lib" / "precious"
    precious.write_bytes(SMALL_PLUGIN)
    manifest = home.plugins / "tcplint.installed.json"
    written = json.loads(manifest.read_text())
    written["files"][name] = written["files"]["tcplint.lua"]
    manifest.write_text(json.dumps(written))
    run("uninstall")
    assert home.files() == {"lib/precious"}


def test_status_tells_absent_current_outdated_and_edited_apart(
    home: Home, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = run("status")
    assert (code, [line.split("  ")[1].strip() for line in out.splitlines()]) == (1, ["not installed"] * 2)
    run("install")
    code, out, err = run("status")
    assert (code, err) == (0, "")
    assert out.count("0.1.0, current") == 2
    assert "tshark 4.0.17 loads tcplint 0.0.1" in out
    use_small_plugin(tmp_path / "newer", monkeypatch, SMALL_PLUGIN + b"-- newer\n")
    code, out, _ = run("status")
    assert code == 1
    assert "0.1.0, out of date: tcplint wireshark install" in out
    home.plugin.write_text("-- mine\n")
    code, out, _ = run("status")
    assert (code, "changed, or not installed by tcplint" in out) == (1, True)


def test_profile_without_one_of_its_files_is_out_of_date(home: Home, run: Run) -> None:
    run("install")
    (home.profile / "colorfilters").unlink()
    profile = run("status")[1].splitlines()[1]
    assert profile == f"profile  0.1.0, out of date: tcplint wireshark install  {home.profile}"


def test_newer_wireshark_of_root_skips_the_plugin_and_install_says_so(
    home: Home, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.tshark(version="4.4.18", loads=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "lin")
    code, out, err = run("install")
    assert code == 0
    assert "active" not in out
    assert "not active: tshark 4.4.18" in err
    assert "for root" in err
    assert "for lin run the command without sudo" in err
    assert run("status")[0] == 1


def test_plugin_that_4_0_does_not_load_is_not_blamed_on_root(
    home: Home, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.tshark(loads=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    err = run("install")[2]
    assert "not active" in err
    assert "for root" not in err


def test_error_of_a_script_is_shown_and_nothing_is_called_active(home: Home, run: Run) -> None:
    says = "tshark: Lua: Error during loading:\n/x/tcplint.lua:7: no \x1b[2Jpath\nstack traceback:\n\t[C]: in ?\n"
    home.tshark(loads=False, says=says)
    code, out, err = run("install")
    assert code == 0
    assert "active" not in out
    assert "tshark 4.0.17: /x/tcplint.lua:7: no \\x1b[2Jpath" in err
    assert f"not active: tshark 4.0.17 does not load {home.plugin}" in err


def test_missing_tshark_is_2_and_says_how_to_get_it(home: Home, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(home.directory))
    for verb in ("install", "uninstall", "status"):
        code, out, err = run(verb)
        assert (code, out) == (2, "")
        assert "apt install tshark" in err
        assert "--folder" in err
    assert home.files() == set()


def test_named_folder_needs_no_tshark_and_the_zip_stands_in_for_the_profile(
    home: Home, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(home.directory))
    code, out, err = run("install", "--folder", home.plugins)
    assert (code, err, home.files()) == (0, "", PLUGIN_FILES)
    assert str(tmp_path / "tcplint" / "_data" / "lua" / "profile" / "tcplint.zip") in out
    code, _, err = run("status", "--folder", home.plugins)
    assert code == 0
    assert "no tshark to ask" in err
    assert run("install", "--folder", home.plugins, "--config", home.configuration)[0] == 0
    assert home.files() == PLUGIN_FILES | PROFILE_FILES
    assert run("uninstall", "--folder", home.plugins, "--config", home.configuration)[0] == 0
    assert home.files() == set()


def test_plugin_in_a_folder_that_tshark_does_not_read_is_not_called_active(home: Home, run: Run) -> None:
    run("install", "--no-profile")
    elsewhere = home.directory / "elsewhere"
    code, out, err = run("install", "--no-profile", "--folder", elsewhere)
    assert code == 0
    assert "active" not in out
    assert f"tshark 4.0.17 loads another file: {home.plugin}" in err


def test_wireshark_before_4_0_is_2_and_nothing_is_written(home: Home, run: Run) -> None:
    home.tshark(version="3.6.2")
    code, _, err = run("install")
    assert (code, home.files()) == (2, set())
    assert "Wireshark 4.0 or later is needed" in err
    assert "is 3.6.2" in err


def test_wireshark_without_lua_is_2_and_nothing_is_written(home: Home, run: Run) -> None:
    home.tshark(lua=False)
    code, _, err = run("install")
    assert (code, home.files()) == (2, set())
    assert "built without Lua" in err


def test_folder_that_cannot_be_made_is_2_and_named(home: Home, run: Run) -> None:
    home.plugins.parent.mkdir(parents=True)
    home.plugins.touch()
    code, _, err = run("install")
    assert code == 2
    assert err.startswith(f"tcplint: {home.plugins} cannot be written: ")


def test_package_without_the_plugin_is_2_and_says_how_to_make_it(home: Home, run: Run, tmp_path: Path) -> None:
    (tmp_path / "tcplint" / "_data" / "lua" / "tcplint.lua").unlink()
    code, _, err = run("install")
    assert (code, home.files()) == (2, set())
    assert "make lua" in err


@pytest.mark.parametrize("verb", ["install", "uninstall", "status"])
def test_help_has_examples(run: Run, verb: str) -> None:
    code, out, _ = run(verb, "--help")
    assert code == 0
    assert "Examples:" in out
    assert f"tcplint wireshark {verb}" in out
