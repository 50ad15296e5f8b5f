"""Makes what can be made of the corpus: crafted captures, variants of recordings, the page of each case, the table.

    python -m tools.build_corpus            write what is out of date
    python -m tools.build_corpus --check    only say what is out of date; exit 1 if anything is

A crafted case has a `script.ladder`; its capture comes from it, octet for octet the same on every machine. Recordings
are never touched; their variants (tools/variants) come from them in the same way. The pages show what `tcplint show`
draws, so a change of a rule or of the drawing makes them stale.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tcplint.ladder.frames import frames
from tcplint.ladder.parse import parse
from tcplint.ladder.pcap import pcap_octets
from tcplint.ladder.story import LadderError
from tools.case_pages import index, page
from tools.cases import CORPUS, Case, CaseError, cases
from tools.variants import variants


def made(corpus: Path = CORPUS) -> Iterator[tuple[Path, bytes]]:
    """Every file that is made, with its octets. Captures come first: the pages are drawn from the files."""
    known = list(cases(corpus))
    for case in known:
        if case.crafted:
            yield case.capture, crafted(case)
    for case in known:
        if not case.crafted:
            for name, octets in variants_of(case).items():
                yield case.directory / "variants" / name, octets
    for case in known:
        yield case.directory / "README.md", page(case, corpus).encode("utf-8")
    yield corpus / "README.md", index(known).encode("utf-8")


def crafted(case: Case) -> bytes:
    """The capture that a script describes. Raises CaseError."""
    path = case.directory / case.origin["script"]
    try:
        return pcap_octets(frames(parse(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError, LadderError) as error:
        raise CaseError(f"{path}: {error}") from None


def variants_of(case: Case) -> dict[str, bytes]:
    """The variants of a recording. Raises CaseError."""
    try:
        return variants(case.capture.read_bytes())
    except (OSError, ValueError) as error:
        raise CaseError(f"{case.capture}: {error}") from None


def stale(corpus: Path = CORPUS) -> list[Path]:
    """The files that are missing or not as they would be made now."""
    return [path for path, octets in made(corpus) if not holds(path, octets)]


def holds(path: Path, octets: bytes) -> bool:
    """Whether the file is there and is just this."""
    return path.exists() and path.read_bytes() == octets


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when everything is, or now is, up to date; 1 when --check finds something stale; 2 for a case in error."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.build_corpus", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    chosen = parser.parse_args(arguments)
    old = 0
    try:
        for path, octets in made():
            if holds(path, octets):
                continue
            old += 1
            if not chosen.check:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(octets)
            print(f"{'stale' if chosen.check else 'wrote'}: {path.relative_to(CORPUS.parent)}")
    except CaseError as error:
        print(f"tools.build_corpus: {error}", file=sys.stderr)
        return 2
    return 1 if chosen.check and old else 0


if __name__ == "__main__":
    sys.exit(main())
