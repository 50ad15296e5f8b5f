"""What is committed under lua/: fresh, readable by every Lua, without globals of its own, and one file at the end."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lua.tellers import VERSIONS, runtime, sources
from tools import build_lua
from tools.build_lua import LUA

FILES = sorted(path for path in LUA.rglob("*.lua"))

# The globals of Wireshark that its side uses.
WIRESHARK = """bit bit32 Address Dissector Field Pref Proto ProtoExpert ProtoField TextWindow base expert
apply_filter copy_to_clipboard get_version gui_enabled new_dialog register_menu register_postdissector report_failure
retap_packets set_filter set_plugin_info MENU_TOOLS_UNSORTED"""

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def test_committed_files_are_fresh() -> None:
    assert [path.relative_to(LUA.parent).as_posix() for path in build_lua.stale()] == [], "run `make lua`"


@each_file
@pytest.mark.parametrize("version", VERSIONS)
def test_file_is_read_by_this_lua(path: Path, version: str) -> None:
    lua = runtime(version)
    chunk = lua.globals().load(path.read_bytes(), b"@" + path.name.encode())
    assert not isinstance(chunk, tuple), chunk


@each_file
@pytest.mark.parametrize("compiler", ["luac5.2", "luac5.4"])
def test_file_passes_the_compiler_of_the_distribution(path: Path, compiler: str) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler} here (Debian: lua{compiler[4:]})")
    done = subprocess.run([compiler, "-p", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("std", ["lua52", "lua54"])
def test_modules_pass_luacheck(std: str) -> None:
    if shutil.which("luacheck") is None:
        pytest.skip("no luacheck here (Debian: lua-check)")
    wireshark = re.findall(r"\w+", WIRESHARK)
    rules = ["--std", std, "--no-max-line-length", "--no-unused-args", "--read-globals", *wireshark, "--"]
    files = [str(path) for path in (LUA / "src").glob("*.lua") if path.stem != "catalogue"]
    done = subprocess.run(["luacheck", *rules, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_names_that_are_no_locals_are_found_out(version: str) -> None:
    """All other tests here run the generated code in such a Lua: it makes no global and misses none."""
    lua = runtime(version, strict=True)
    for code in (b"stray = 1", b"return stray"):
        with pytest.raises(Exception, match="no such global: stray"):
            lua.execute(code)


def test_generated_core_uses_no_syntax_that_5_2_lacks() -> None:
    """Behind the comment marks and texts: no operators on bits, no `//`, no attributes of locals."""
    text = (LUA / "src" / "core.lua").read_text(encoding="utf-8")
    code = "\n".join(re.sub(r'"[^"]*"', '""', line).partition("--")[0] for line in text.splitlines())
    assert re.findall(r"//|&|\||<<|>>|<const>|<close>", code) == []


def test_shell_is_joined_with_the_others_into_one_file_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_lua, "translate", lambda: sources()["core"].decode())
    generated = shutil.ignore_patterns("core.lua", "catalogue.lua")
    shutil.copytree(LUA / "src", tmp_path / "src", ignore=generated)
    shell = "local core, catalogue, words = ...\nseen = words.state(core.model.CLOSED, 'zh') .. catalogue.version\n"
    (tmp_path / "src" / "shell.lua").write_text(shell, encoding="utf-8")
    made = dict(build_lua.made(tmp_path))
    assert [path.name for path in made] == ["core.lua", "catalogue.lua", "tcplint.lua"]
    assert build_lua.stale(tmp_path) == list(made)
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
    assert build_lua.stale(tmp_path) == []
    for version in VERSIONS:
        lua = runtime(version)
        lua.execute(made[tmp_path / "tcplint.lua"].encode())
        assert lua.globals().seen.decode().startswith("关闭0.")


def test_changed_file_is_stale_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(LUA / "src", tmp_path / "src", ignore=shutil.ignore_patterns("shell.lua"))
    monkeypatch.setattr(build_lua, "LUA", tmp_path)
    monkeypatch.setattr(build_lua, "made", lambda: [(tmp_path / "src" / "core.lua", "return {}\n")])
    assert build_lua.main(["--check"]) == 1
    assert capsys.readouterr().out == f"stale: {tmp_path.name}/src/core.lua\n"
    assert build_lua.main([]) == 0
    assert (tmp_path / "src" / "core.lua").read_text(encoding="utf-8") == "return {}\n"
    assert build_lua.main(["--check"]) == 0
