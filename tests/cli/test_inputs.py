"""Which files a run reads: what is named, and what a walk finds."""

import os
from pathlib import Path

import pytest

from tcplint.cli.inputs import Input, collect


def found(*paths: Path | str) -> list[str]:
    return [file.path for file in collect([str(path) for path in paths]).files]


def test_walk_takes_captures_by_suffix_in_the_order_of_names_and_leaves_the_rest(tmp_path: Path) -> None:
    for name in ("b.pcap", "a.pcapng.zst", "c.CAP", "d.pcap.gz", "e.pcapng.lz4", "notes.txt", "pcap", "x.pcap.bak"):
        (tmp_path / name).touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "z.pcap").touch()
    names = [Path(path).relative_to(tmp_path).as_posix() for path in found(tmp_path)]
    assert names == ["a.pcapng.zst", "b.pcap", "c.CAP", "d.pcap.gz", "e.pcapng.lz4", "sub/z.pcap"]


def test_walk_follows_no_link_to_a_directory_so_a_loop_ends(tmp_path: Path) -> None:
    (tmp_path / "a.pcap").touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link.pcap").symlink_to(tmp_path / "a.pcap")
    (tmp_path / "dangling.pcap").symlink_to(tmp_path / "nowhere")
    assert [Path(path).name for path in found(tmp_path)] == ["a.pcap", "link.pcap"]


def test_walk_opens_no_pipe_and_no_directory_that_is_named_like_a_capture(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pcap")
    (tmp_path / "folder.pcap").mkdir()
    assert found(tmp_path) == []


def test_named_file_is_taken_whatever_it_is_called_even_when_it_is_missing(tmp_path: Path) -> None:
    assert collect(["capture.bin", "-"]).files == [Input("capture.bin", named=True), Input("-", named=True)]


def test_no_path_is_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pcap").touch()
    monkeypatch.chdir(tmp_path)
    assert collect([]).files == [Input("a.pcap", named=False)]


def test_folder_that_cannot_be_listed_is_told_and_the_others_are_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "a.pcap").touch()
    scandir = os.scandir

    def refuse(folder: str) -> object:
        if folder.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    inputs = collect([str(tmp_path)])
    assert inputs.unread == [(str(tmp_path / "closed"), "Permission denied")]
    assert [Path(file.path).name for file in inputs.files] == ["a.pcap"]
