"""The cases of the corpus: what `case.toml` holds, read strictly.

    corpus/<group>/<case>/case.toml       title, story, origin, and what must come out
    corpus/<group>/<case>/capture.pcap    the frames; or capture.pcapng
    corpus/<group>/<case>/script.ladder   only of a crafted case: what the frames are made from

`origin.kind` is `kernel` for a recording of a real stack (its states stand in `[[moment]]`) and `crafted` for frames
that were written from a script. A key that is missing or unknown is an error: a label with a slip of the pen would test
nothing.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
LANGUAGES = {"en", "zh"}

_CASE = {"name", "title", "story", "wireshark", "license", "origin", "expect"}
_ORIGINS = {"kernel": {"kind", "kernel", "recorder", "date", "tap"}, "crafted": {"kind", "script"}}
_MOMENT = {"after_frame", "time", "client", "server"}
_FINDING = {"rule", "kind", "severity", "side", "frame"}


class CaseError(ValueError):
    """A case that cannot be used: which file, and what is wrong with it."""


class Finding(NamedTuple):
    """A warning or an error that must be reported."""

    rule: str
    kind: str
    severity: str
    side: str
    frame: int


class Moment(NamedTuple):
    """The states that the kernel reported behind frame `after_frame`, `time` seconds after the first frame."""

    after_frame: int
    time: float
    client: str
    server: str


@dataclass(frozen=True)
class Expect:
    """What must come out; the words are those of `tcplint connections`. `findings` has no notes in it."""

    frames: int
    handshake: str
    teardown: str
    verdict: str
    active_closer: str
    client_state: str
    server_state: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Case:
    """One case. `name` is `<group>/<case>`; `title` and `story` have the keys `en` and `zh`."""

    name: str
    directory: Path
    capture: Path
    title: dict[str, str]
    story: dict[str, str]
    wireshark: str
    license: str
    origin: dict[str, Any]
    expect: Expect
    moments: tuple[Moment, ...]

    @property
    def crafted(self) -> bool:
        """Whether the frames are made from a script."""
        return bool(self.origin["kind"] == "crafted")


def cases(corpus: Path = CORPUS) -> Iterator[Case]:
    """Every case, sorted by name. Raises CaseError."""
    for path in sorted(corpus.glob("*/*/case.toml")):
        yield load(path)


def load(path: Path) -> Case:
    """One `case.toml`. Raises CaseError."""
    try:
        text = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(f"{path}: {error}") from None
    directory = path.parent
    moments = text.pop("moment", [])
    _same_keys(path, "the case", text, _CASE)
    for name in ("title", "story"):
        _same_keys(path, name, text[name], LANGUAGES)
    kind = text["origin"].get("kind")
    if kind not in _ORIGINS:
        raise CaseError(f"{path}: origin.kind is {kind!r}, not one of {', '.join(_ORIGINS)}")
    _same_keys(path, "origin", text["origin"], _ORIGINS[kind])
    if text.pop("name") != directory.name:
        raise CaseError(f"{path}: the name is not that of the directory")
    _same_keys(path, "expect", text["expect"], set(Expect.__dataclass_fields__))
    for index, finding in enumerate(text["expect"]["findings"]):
        _same_keys(path, f"finding {index}", finding, _FINDING)
    for index, moment in enumerate(moments):
        _same_keys(path, f"moment {index}", moment, _MOMENT)
    expect = dict(text.pop("expect"))
    findings = tuple(Finding(**finding) for finding in expect.pop("findings"))
    return Case(
        name=f"{directory.parent.name}/{directory.name}",
        directory=directory,
        capture=_capture(directory),
        expect=Expect(**expect, findings=findings),
        moments=tuple(Moment(**moment) for moment in moments),
        **text,
    )


def _capture(directory: Path) -> Path:
    """The capture of a case; `capture.pcap` also when it has still to be made."""
    ng = directory / "capture.pcapng"
    return ng if ng.exists() else directory / "capture.pcap"


def _same_keys(path: Path, where: str, table: Any, keys: set[str]) -> None:
    if not isinstance(table, dict) or set(table) != keys:
        found = sorted(table) if isinstance(table, dict) else table
        raise CaseError(f"{path}: {where} must have the keys {', '.join(sorted(keys))}, and has {found}")
