"""What is made of the corpus is fresh: crafted captures octet for octet, and every page."""

import shutil
from pathlib import Path

import pytest

from tcplint.check import check
from tools import build_corpus
from tools.cases import CORPUS, CaseError


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CORPUS, tmp_path / "corpus"))


def relative(paths: list[Path], corpus: Path) -> list[str]:
    return [path.relative_to(corpus).as_posix() for path in paths]


def test_committed_captures_and_pages_are_fresh() -> None:
    assert relative(build_corpus.stale(), CORPUS) == [], "run `make pages`"


def test_changed_script_makes_its_capture_stale_and_nobody_elses(copy: Path) -> None:
    script = copy / "teardown" / "data-after-fin" / "script.ladder"
    script.write_text(script.read_text(encoding="utf-8").replace("P. 24", "P. 25"), encoding="utf-8")
    assert relative(build_corpus.stale(copy), copy) == ["teardown/data-after-fin/capture.pcap"]


def test_changed_title_makes_the_page_and_the_table_stale(copy: Path) -> None:
    label = copy / "teardown" / "abort" / "case.toml"
    label.write_text(label.read_text(encoding="utf-8").replace("An abort", "A reset"), encoding="utf-8")
    assert relative(build_corpus.stale(copy), copy) == ["teardown/abort/README.md", "README.md"]


def test_script_that_cannot_be_read_is_named_with_its_line(copy: Path) -> None:
    script = copy / "teardown" / "data-after-fin" / "script.ladder"
    script.write_text("> S\n> NONSENSE\n", encoding="utf-8")
    with pytest.raises(CaseError, match=r"data-after-fin/script\.ladder: line 2: "):
        build_corpus.stale(copy)


def test_crafted_capture_is_made_again_octet_for_octet(copy: Path) -> None:
    capture = copy / "teardown" / "data-after-fin" / "capture.pcap"
    committed = capture.read_bytes()
    capture.unlink()
    assert next(octets for path, octets in build_corpus.made(copy) if path == capture) == committed


def test_page_holds_the_ladder_the_labels_and_both_languages() -> None:
    text = (CORPUS / "teardown" / "close-by-client" / "README.md").read_text(encoding="utf-8")
    for part in (
        "# The client closes first",
        "handshake 1/3",
        "close 4/4",
        "- client at the end: TIME-WAIT",
        "第四次挥手",
        "- 客户端最终状态：TIME-WAIT 时间等待",
        "TIME-WAIT: the client enters it at",
    ):
        assert part in text


def test_variant_that_is_gone_or_altered_is_stale_and_the_recording_is_not(copy: Path) -> None:
    variants = copy / "teardown" / "abort" / "variants"
    (variants / "twice.pcap").unlink()
    (variants / "client-only.pcap").write_bytes(b"")
    told = {path.name for path in build_corpus.stale(copy)}
    assert told == {"twice.pcap", "client-only.pcap", "README.md"}  # the page names the variants that are there


def test_recording_that_the_laboratory_did_not_write_is_named(copy: Path) -> None:
    (copy / "teardown" / "abort" / "capture.pcap").write_bytes(b"no capture")
    with pytest.raises(CaseError, match=r"abort/capture\.pcap: not a big-endian pcap file with nanoseconds"):
        build_corpus.stale(copy)


def test_every_capture_of_the_corpus_has_a_label() -> None:
    captures = {path.parent for path in CORPUS.rglob("capture.pcap*")}
    assert captures == {path.parent for path in CORPUS.rglob("case.toml")}
    assert len(list(check(CORPUS / "teardown" / "abort" / "capture.pcap"))) == 2
