"""Files in a folder of the user: ours are replaced and removed, the user's stay."""

from pathlib import Path

import pytest

from tcplint.wireshark import folder
from tcplint.wireshark.folder import MANIFEST, NOTHING, put, read_manifest, state, take

ONE = {"one": b"1"}


def done(deeds: list[folder.Deed]) -> list[str]:
    return [deed.done for deed in deeds]


def test_file_is_written_left_replaced_and_removed(tmp_path: Path) -> None:
    place = tmp_path / "not" / "yet"
    assert state(place, "one", b"1") == "absent"
    assert done(put(place, ONE, "1.0")) == ["written"]
    assert state(place, "one", b"1") == "current"
    assert done(put(place, ONE, "1.0")) == ["unchanged"]
    assert state(place, "one", b"2") == "older"
    assert done(put(place, {"one": b"2"}, "2.0")) == ["replaced"]
    assert read_manifest(place).version == "2.0"
    assert done(take(place, ONE)) == ["removed"]
    assert list(place.iterdir()) == []


def test_edited_file_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    put(tmp_path, ONE | {"two": b"2"}, "1.0")
    (tmp_path / "one").write_bytes(b"mine")
    assert state(tmp_path, "one", b"1") == "foreign"
    assert done(put(tmp_path, ONE | {"two": b"3"}, "2.0")) == ["kept", "replaced"]
    assert set(read_manifest(tmp_path).files) == {"two"}
    assert done(take(tmp_path, ["one", "two"])) == ["kept", "removed"]
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_forced_file_leaves_every_earlier_one_under_another_name(tmp_path: Path) -> None:
    for mine in (b"first", b"second"):
        (tmp_path / "one").write_bytes(mine)
        assert done(put(tmp_path, ONE, "1.0", force=True)) == ["replaced"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != MANIFEST} == {
        "one": b"1",
        "one.bak": b"first",
        "one.bak2": b"second",
    }


def test_link_that_a_user_made_is_the_users_even_when_it_leads_to_the_same(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"1")
    (tmp_path / "one").symlink_to(tmp_path / "source")
    assert state(tmp_path, "one", b"1") == "foreign"
    assert done(put(tmp_path, ONE, "1.0")) == ["kept"]
    assert done(take(tmp_path, ONE)) == ["kept"]
    (tmp_path / "source").unlink()
    assert done(put(tmp_path, ONE, "1.0")) == ["kept"]
    assert (tmp_path / "one").is_symlink()


def test_what_was_written_before_a_failure_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "two.new").mkdir()
    with pytest.raises(IsADirectoryError):
        put(tmp_path, {"one": b"1", "two": b"2"}, "1.0")
    assert set(read_manifest(tmp_path).files) == {"one"}
    assert done(take(tmp_path, ["one", "two"])) == ["removed", "absent"]


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"files": {}}', '{"tcplint": "1", "files": []}', "[" * 100_000])
def test_damaged_manifest_makes_every_file_the_users(tmp_path: Path, text: str) -> None:
    put(tmp_path, ONE, "1.0")
    (tmp_path / MANIFEST).write_text(text)
    assert read_manifest(tmp_path) == NOTHING
    assert done(take(tmp_path, ONE)) == ["kept"]
    assert (tmp_path / "one").exists()
