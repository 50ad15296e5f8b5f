"""Packaged data is found in the repository and in an installed package, and a wheel made from the sdist has it all."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tcplint import data

ROOT = Path(__file__).resolve().parent.parent

PROFILE = ("preferences", "colorfilters", "dfilter_buttons", "recent")
WIRESHARK = ["tcplint.lua", "profile/tcplint.zip", *(f"profile/tcplint/{name}" for name in PROFILE)]

FIND_IN_INSTALLED = "from tcplint import data; print(data.find('corpus/LICENSE')); print(data.source_tree())"


@pytest.mark.parametrize("name", ["corpus/LICENSE", "lua/tcplint.lua", "lua/profile/tcplint.zip"])
def test_in_the_repository_data_is_found_beside_the_package(name: str) -> None:
    assert data.find(name) == ROOT / name


def test_data_inside_the_package_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "dissect" / "tcplint"
    for place in (package / "_data" / "corpus", tmp_path / "corpus"):
        place.mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(data, "PACKAGE", package)
    assert data.find("corpus") == package / "_data" / "corpus"


def test_installed_package_never_reads_what_lies_around_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    monkeypatch.setattr(data, "PACKAGE", tmp_path / "site-packages" / "tcplint")
    with pytest.raises(FileNotFoundError, match=r"'corpus' is not in .*_data/corpus$"):
        data.find("corpus")


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../corpus", "corpus/../../etc"])
def test_name_that_leaves_the_data_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of packaged data"):
        data.find(name)


def build(target: str, source: Path, directory: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(directory)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)
    (built,) = directory.iterdir()
    return built


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the unpacked sdist, not from the working tree."""
    unpacked = tmp_path_factory.mktemp("source")
    subprocess.run(["tar", "-xf", str(sdist), "-C", str(unpacked)], check=True)
    (source,) = unpacked.iterdir()
    return build("wheel", source, tmp_path_factory.mktemp("wheel"))


def test_wheel_from_the_sdist_holds_code_pages_corpus_and_both_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (metadata,) = [name for name in names if name.endswith("/METADATA")]
        stated = archive.read(metadata).decode()
    package = ROOT / "dissect" / "tcplint"
    pages = {f"tcplint/{page.relative_to(package).as_posix()}" for page in package.rglob("catalogue/**/*.md")}
    cases = {
        f"tcplint/_data/{file.relative_to(ROOT).as_posix()}" for file in ROOT.glob("corpus/**/*") if file.is_file()
    }
    code = {f"tcplint/{file.relative_to(package).as_posix()}" for file in package.rglob("*.py")}
    wireshark = {f"tcplint/_data/lua/{name}" for name in WIRESHARK}
    assert (pages | cases | code | wireshark | {"tcplint/py.typed"}) - names == set()
    assert not [name for name in names if name.startswith(("dissect/", "tests/", "tools/"))]
    assert {name for name in names if name.startswith("tcplint/_data/lua/")} == wireshark
    assert "License-Expression: MIT AND CC-BY-4.0" in stated
    assert {"LICENSE", "corpus/LICENSE"} <= {name.partition(".dist-info/licenses/")[2] for name in names}


def test_sdist_holds_the_source_and_nothing_that_was_built_or_cached(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        members = [(PurePosixPath(member.name).parts[1:], member) for member in archive.getmembers()]
    assert [member.name for _, member in members if not member.isfile()] == []
    top = {parts[0] for parts, _ in members}
    assert {"corpus", "dissect", "docs", "lua", "tests", "tools", "LICENSE", "Makefile"} <= top
    hidden = {parts[0] for parts, _ in members if parts[0].startswith(".")}
    assert hidden == {".ci", ".gitignore"}
    built = {"__pycache__", ".mypy_cache", "build", "dist"}
    assert [parts for parts, _ in members if built & set(parts) or parts[-1].endswith((".so", ".pyc"))] == []


def test_installed_wheel_finds_its_own_data(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    environment = os.environ | {"PYTHONPATH": str(site)}
    found = subprocess.run(
        [sys.executable, "-c", FIND_IN_INSTALLED],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert found.stdout.splitlines() == [str(site / "tcplint" / "_data" / "corpus" / "LICENSE"), "None"]


def test_installed_wheel_installs_its_own_plugin_into_wireshark(wheel: Path, tmp_path: Path) -> None:
    site, folder = tmp_path / "site-packages", tmp_path / "plugins"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
        packed = archive.read("tcplint/_data/lua/tcplint.lua")
    command = [sys.executable, "-m", "tcplint", "wireshark", "install", "--folder", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(site), "PATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert (folder / "tcplint.lua").read_bytes() == packed == (ROOT / "lua" / "tcplint.lua").read_bytes()
    assert str(site / "tcplint" / "_data" / "lua" / "profile" / "tcplint.zip") in done.stdout
