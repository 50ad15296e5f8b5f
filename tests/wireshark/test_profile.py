"""The profile: a zip that is fresh and the same everywhere, filters and columns of our fields, legible colours."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from tcplint.wireshark import parts
from tools import build_profile
from tools.build_profile import FOLDER

PROFILE = FOLDER / parts.PROFILE
HELD = (*parts.PROFILE_FILES, parts.RECENT)
FIELDS = {
    "verdict", "rule", "code", "kind", "severity", "why", "step", "client.state", "server.state", "connection",
    "connection.verdict", "handshake", "teardown",
}  # fmt: skip


def lines(name: str) -> list[str]:
    text = (PROFILE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def filters() -> dict[str, str]:
    """Every display filter of the profile by the name of its button or colour."""
    found = {}
    for line in lines("dfilter_buttons"):
        shown, name, text, remark = re.findall(r'"([^"]*)"', line)
        assert (shown, remark) == ("TRUE", "")
        found[f"button {name}"] = text.replace("\\x22", '"')
    for line in lines("colorfilters"):
        _, name, text, _ = line.split("@")
        found[f"colour {name}"] = text
    return found


def colours() -> list[tuple[str, list[int], list[int]]]:
    """Name, background and text of every colouring rule, 16 bits a channel."""
    found = []
    for line in lines("colorfilters"):
        back, text = ([int(part) for part in group.split(",")] for group in re.findall(r"\[([\d,]+)\]", line))
        found.append((line.split("@")[1], back, text))
    return found


def luminance(colour: list[int]) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [part / 65535 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_committed_zip_is_fresh() -> None:
    assert not build_profile.stale(), "run `make lua`"


def test_zip_does_not_depend_on_dates_or_permissions_of_the_files(tmp_path: Path) -> None:
    copy = tmp_path / parts.PROFILE
    copy.mkdir()
    for name in HELD:
        (copy / name).write_bytes((PROFILE / name).read_bytes())
        (copy / name).chmod(0o600)
    assert build_profile.packed(tmp_path) == build_profile.packed()


def test_zip_holds_one_folder_with_the_files_as_they_are_installed() -> None:
    with zipfile.ZipFile(io.BytesIO(build_profile.packed())) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    installed = parts.profile() | parts.recent()
    assert held == {f"tcplint/{name}": octets for name, octets in installed.items()}


def test_stale_zip_is_named_and_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / parts.PROFILE).mkdir()
    for name in HELD:
        (tmp_path / parts.PROFILE / name).write_bytes((PROFILE / name).read_bytes() + b"# more\n")
    (tmp_path / "tcplint.zip").write_bytes((FOLDER / "tcplint.zip").read_bytes())
    monkeypatch.setattr(build_profile, "FOLDER", tmp_path)
    assert build_profile.main(["--check"]) == 1
    assert capsys.readouterr().out == "stale: lua/profile/tcplint.zip\n"
    assert build_profile.main([]) == 0
    assert build_profile.main(["--check"]) == 0


def test_every_file_of_the_folder_is_installed() -> None:
    assert {path.name for path in PROFILE.iterdir()} == set(HELD)


def test_columns_show_step_states_of_both_ends_and_verdict() -> None:
    shown = re.findall(r"%Cus:([\w.]+):0:R", (PROFILE / "preferences").read_text(encoding="utf-8"))
    assert {"tcplint.step", "tcplint.client.state", "tcplint.server.state", "tcplint.verdict"} <= set(shown)


def test_every_column_has_a_width() -> None:
    columns = re.findall(r'"(%[^"]+)"', (PROFILE / "preferences").read_text(encoding="utf-8"))
    widths = re.findall(r'^\t"?(%[^",]+)"?, (\d+),?$', (PROFILE / "recent").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _ in widths] == [column.removesuffix(":0:R") for column in columns]


def test_buttons_are_violations_handshake_close_and_inconclusive() -> None:
    assert [name for name in filters() if name.startswith("button")] == [
        "button violations", "button handshake", "button close", "button inconclusive",
    ]  # fmt: skip


def test_filters_and_columns_name_no_other_field_of_ours() -> None:
    text = "\n".join([*filters().values(), *lines("preferences")])
    named = set(re.findall(r"tcplint\.([\w.]+)", text))
    assert named <= FIELDS


@pytest.mark.parametrize(("name", "back", "text"), colours(), ids=[name for name, _, _ in colours()])
def test_text_stands_out_from_its_background(name: str, back: list[int], text: list[int]) -> None:
    light, dark = sorted((luminance(back), luminance(text)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 7, f"{name}: WCAG AAA asks for 7"


def test_violations_are_coloured_before_anything_else() -> None:
    assert [name for name, _, _ in colours()][:3] == ["tcplint violation", "tcplint warning", "tcplint inconclusive"]
