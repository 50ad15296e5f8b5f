"""The cases of the corpus: what `case.toml` holds, read strictly.

    corpus/<group>/<case>/case.toml       title, story, origin, and what must come out
    corpus/<group>/<case>/capture.pcap    the frames; or capture.pcapng
    corpus/<group>/<case>/variants/       only of a recording: other points of capture (at-*.pcap, recorded with it) and
                                          what a worse capture would hold (the rest, made from capture.pcap)
    corpus/<group>/<case>/script.ladder   only of a crafted case: what the frames are made from

`origin.kind` is `kernel` for a recording of a real stack (its states stand in `[[moment]]`, what was done to its frames
in `[[wire]]`), `stack` for one of another stack (`origin.stack`, with its version) against Linux, which alone tells its
state, and `crafted` for frames that were written from a script. What must come out of a capture with one
connection stands in `[expect]`; with several, `[expect]` holds `frames` alone and each has its `[[connection]]`, in the
order in which they open. A key that is missing or unknown is an error: a label with a slip of the pen would test
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
_ORIGINS = {
    "kernel": {"kind", "kernel", "recorder", "date", "tap"},
    "stack": {"kind", "stack", "kernel", "recorder", "date", "tap"},
    "crafted": {"kind", "script"},
}
_MOMENT = {"after_frame", "time", "client", "server"}
_FINDING = {"rule", "kind", "severity", "side", "frame"}
_DEED = {"did", "side"}
_EXPECT = {"handshake", "teardown", "verdict", "active_closer", "client_state", "server_state", "findings"}
_EXPECT_MAY = {"client", "server", "hidden", "notes", "evidence", "client_path", "server_path"}


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
    """The states that the kernel reported behind frame `after_frame`, `time` seconds after the first frame.

    `hidden` are the sides whose state cannot be told from the frames captured so far.
    """

    after_frame: int
    time: float
    client: str
    server: str
    connection: int = 0
    hidden: tuple[str, ...] = ()


class Deed(NamedTuple):
    """What the wire did to a frame of `side`; `frame` is 0 where the capture does not hold it."""

    did: str  # dropped, held, delayed, doubled, swapped, rewritten, injected
    side: str
    frame: int = 0


@dataclass(frozen=True)
class Expect:
    """What must come out of one connection; the words are those of `tcplint connections`.

    `findings` are all warnings and errors, `notes` the names of rules of which a note must be there. `hidden` are the
    sides whose last state the frames do not show. The paths are the states that the kernel passed through, without
    LISTEN, TIME-WAIT and CLOSED; None where they were not recorded.
    """

    handshake: str
    teardown: str
    verdict: str
    active_closer: str
    client_state: str
    server_state: str
    findings: tuple[Finding, ...]
    client: str = ""  # address and port; empty where nothing is said
    server: str = ""
    hidden: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    client_path: tuple[str, ...] | None = None
    server_path: tuple[str, ...] | None = None


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
    frames: int
    connections: tuple[Expect, ...]
    moments: tuple[Moment, ...]
    deeds: tuple[Deed, ...]

    @property
    def crafted(self) -> bool:
        """Whether the frames are made from a script."""
        return bool(self.origin["kind"] == "crafted")

    @property
    def checksums(self) -> bool:
        """Whether TCP checksums are verified (`--checksums`): a crafted case says so in a line of its script."""
        if not self.crafted:
            return False
        script = self.directory / self.origin["script"]
        return "checksums" in script.read_text(encoding="utf-8").splitlines()

    @property
    def expect(self) -> Expect:
        """What must come out of the first connection, mostly the only one."""
        return self.connections[0]

    @property
    def variants(self) -> list[Path]:
        """The other captures of the same connections, sorted by name."""
        return sorted((self.directory / "variants").glob("*.pcap"))


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
    moments, deeds, several = text.pop("moment", []), text.pop("wire", []), text.pop("connection", [])
    _keys(path, "the case", text, _CASE)
    for name in ("title", "story"):
        _keys(path, name, text[name], LANGUAGES)
    kind = text["origin"].get("kind")
    if kind not in _ORIGINS:
        raise CaseError(f"{path}: origin.kind is {kind!r}, not one of {', '.join(_ORIGINS)}")
    _keys(path, "origin", text["origin"], _ORIGINS[kind])
    if text.pop("name") != directory.name:
        raise CaseError(f"{path}: the name is not that of the directory")
    expect = dict(text.pop("expect"))
    if several:
        _keys(path, "expect", expect, {"frames"})
    else:
        _keys(path, "expect", expect, _EXPECT | {"frames"}, _EXPECT_MAY)
    frames = expect.pop("frames")
    return Case(
        name=f"{directory.parent.name}/{directory.name}",
        directory=directory,
        capture=_capture(directory),
        frames=frames,
        connections=tuple(_expect(path, index, table) for index, table in enumerate(several or [expect])),
        moments=tuple(_moment(path, index, table, len(several or [expect])) for index, table in enumerate(moments)),
        deeds=tuple(_deed(path, index, table) for index, table in enumerate(deeds)),
        **text,
    )


def _expect(path: Path, index: int, table: dict[str, Any]) -> Expect:
    _keys(path, f"connection {index}", table, _EXPECT, _EXPECT_MAY)
    for number, finding in enumerate(table["findings"]):
        _keys(path, f"finding {number}", finding, _FINDING)
    findings = tuple(Finding(**finding) for finding in table["findings"])
    return Expect(**{**_frozen(table), "findings": findings})


def _moment(path: Path, index: int, table: dict[str, Any], connections: int) -> Moment:
    _keys(path, f"moment {index}", table, _MOMENT, {"connection", "hidden"})
    moment = Moment(**_frozen(table))
    if not 0 <= moment.connection < connections:
        raise CaseError(f"{path}: moment {index} is of connection {moment.connection}, there are {connections}")
    return moment


def _deed(path: Path, index: int, table: dict[str, Any]) -> Deed:
    _keys(path, f"wire {index}", table, _DEED, {"frame"})
    return Deed(**table)


def _frozen(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _capture(directory: Path) -> Path:
    """The capture of a case; `capture.pcap` also when it has still to be made."""
    ng = directory / "capture.pcapng"
    return ng if ng.exists() else directory / "capture.pcap"


def _keys(
    path: Path, where: str, table: Any, keys: set[str], optional: frozenset[str] | set[str] = frozenset()
) -> None:
    if not isinstance(table, dict) or not keys <= set(table) <= keys | optional:
        found = sorted(table) if isinstance(table, dict) else table
        may = f" and may have {', '.join(sorted(optional))}" if optional else ""
        raise CaseError(f"{path}: {where} must have the keys {', '.join(sorted(keys))}{may}; it has {found}")
