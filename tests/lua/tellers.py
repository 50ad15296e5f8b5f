"""Two tellers of one capture: the interpreted core, and the core translated to Lua. Told alike, they say the same text.

A text holds every field of what was decoded and of what the engine answered, and the messages of all findings in both
languages. The translation is made anew from the sources, so that these tests do not depend on the committed files.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import lupa.lua52
import lupa.lua53
import lupa.lua54

from tcplint.capture.frame import Frame
from tcplint.catalogue.load import LANGUAGES, load, message
from tcplint.core.decoder import Decoder
from tcplint.core.model import CHECKSUM_BAD, Conclusion, Finding, Options, Quote, Segment, Step
from tcplint.core.skips import QUOTE, SEGMENT, skip_name
from tcplint.core.wire import decode
from tcplint.luagen.pages import catalogue_module
from tcplint.luagen.translate import translate
from tcplint.segments.checksum import checksum_state
from tcplint.segments.dpkt import looks_damaged
from tests.promise.play import feed, new_engine
from tests.promise.transcript import open_connections
from tools.build_lua import LUA, word_tables

VERSIONS = {"5.2": lupa.lua52.LuaRuntime, "5.3": lupa.lua53.LuaRuntime, "5.4": lupa.lua54.LuaRuntime}
CATALOGUE = load()

_SAMPLES: list[Any] = [Segment(1, 0, b"", 0, 0, 0, 0, 0), Options(), Quote(1, 0, b""), Finding("", "", 0, 0, 1)]
_SAMPLES += [Step(), Conclusion()]
_INSIDE = {"options", "findings"}  # described on lines of their own
FIELDS = {type(sample).__name__: [name for name in vars(sample) if name not in _INSIDE] for sample in _SAMPLES}


def say(value: Any) -> str:
    """A value as the driver in Lua writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return f"[{','.join(map(say, value))}]"
    return "nil" if value is None else str(value)


def describe(thing: Any) -> str:
    """All fields of an object of the core on one line."""
    name = type(thing).__name__
    return " ".join([name, *(f"{field}={say(getattr(thing, field))}" for field in FIELDS[name])])


class PythonTeller:
    """The interpreted core. With `nosy`, every open connection is concluded twice at every frame."""

    def __init__(self, nosy: bool = False, checksums: bool = False) -> None:
        self.decoder = Decoder()
        self.engine = new_engine()
        self.nosy = nosy
        self.checksums = checksums
        self.checksum_state = -1  # of the last frame, if it was verified

    def frame(self, frame: Frame, time: int) -> str:
        """What is said at one frame."""
        code = decode(
            self.decoder, frame.data, frame.link_type, frame.number, time, frame.interface, frame.captured,
            frame.original,
        )  # fmt: skip
        lines = [f"frame {frame.number} {code} {skip_name(code)}"]
        self.checksum_state = -1
        found: Any = time
        if code == SEGMENT:
            found = self.decoder.segment
            self._verify(found, frame.data)
        elif code == QUOTE:
            found = self.decoder.quote
            lines.append(describe(found))
        return "\n".join([*lines, *self._take(found, time)])

    def _verify(self, segment: Any, data: bytes) -> None:
        if self.checksums or looks_damaged(segment):
            self.checksum_state = checksum_state(segment, data, self.decoder.tcp_offset, self.decoder.tcp_length)
            segment.checksum_state = self.checksum_state
            segment.odd = segment.odd or segment.checksum_state == CHECKSUM_BAD

    def made(self, found: Segment | Quote) -> str:
        """What is said of a segment or quotation that was made elsewhere."""
        return "\n".join(self._take(found, found.time))

    def _take(self, found: Any, time: int) -> list[str]:
        lines = []
        if isinstance(found, Segment):
            lines += [describe(found), describe(found.options)]
            step = self.engine.observe(found)
            lines += [describe(step), *map(describe, step.findings)]
        else:
            feed(self.engine, found)
        if self.nosy:
            for connection in open_connections(self.engine):
                self._conclude(connection, time)
                self._conclude(connection, time + 1_000_000_000)
        for connection in self.engine.retired():
            lines += self._conclude(connection, time)
        return lines

    def _conclude(self, connection: Any, time: int) -> list[str]:
        conclusion = self.engine.conclude(connection, time)
        lines = [describe(conclusion)]
        for finding in conclusion.findings:
            lines.append(describe(finding))
            lines += [message(finding, CATALOGUE, lang, conclusion.client) for lang in LANGUAGES]
        return lines

    def finish(self, time: int) -> str:
        """What is said at the end of the capture."""
        lines = []
        while (connection := self.engine.take()) is not None:
            lines += self._conclude(connection, time)
        return "\n".join(lines)


class LuaTeller:
    """The translated core in one version of Lua."""

    def __init__(self, version: str, nosy: bool = False) -> None:
        self.lua, self.driver = started(version)
        self.run = self.driver.new(nosy)

    def frame(self, frame: Frame, time: int, state: int) -> str:
        """What is said at one frame; `state` is that of the segment's checksum, if it was verified, else -1."""
        size = [frame.captured, frame.original]
        data = [frame.data, frame.link_type, frame.number, time, frame.interface]
        return text(self.driver.frame(self.run, *data, *size, state))

    def made(self, found: Segment | Quote) -> str:
        """What is said of a segment or quotation that was made elsewhere."""
        if isinstance(found, Quote):
            return text(self.driver.quote(self.run, self._table(found)))
        return text(self.driver.segment(self.run, self._table(found), self._table(found.options)))

    def _table(self, thing: Any) -> Any:
        names = FIELDS[type(thing).__name__]
        values = {name.encode(): getattr(thing, name) for name in names}
        return self.lua.table_from({name: value for name, value in values.items() if not isinstance(value, list)})

    def finish(self, time: int) -> str:
        """What is said at the end of the capture."""
        return text(self.driver.finish(self.run, time))


def text(octets: bytes) -> str:
    return octets.decode("utf-8")


@cache
def sources() -> dict[str, bytes]:
    """The Lua modules as they would be built now."""
    hand = {"words": LUA / "src" / "words.lua", "driver": LUA.parent / "tests" / "lua" / "driver.lua"}
    made = {"core": translate(), "catalogue": catalogue_module(CATALOGUE, word_tables())}
    return {name: made_text.encode() for name, made_text in made.items()} | {
        name: path.read_bytes() for name, path in hand.items()
    }


STRICT = b"""
local function missing(_, name) error("no such global: " .. tostring(name), 2) end
setmetatable(_G, { __index = missing, __newindex = missing })
"""


def runtime(version: str, strict: bool = False) -> Any:
    """A fresh Lua of this version whose texts are octets. With `strict`, code that makes or misses a global fails."""
    lua = VERSIONS[version](encoding=None)
    if strict:
        lua.execute(STRICT)
    return lua


@cache
def modules(version: str) -> tuple[Any, Any, Any, Any]:
    """A Lua of this version with core, catalogue and words loaded."""
    lua = runtime(version, strict=True)
    core, catalogue = (lua.execute(sources()[name]) for name in ("core", "catalogue"))
    return lua, core, catalogue, lua.execute(sources()["words"], catalogue)


@cache
def started(version: str) -> tuple[Any, Any]:
    """A Lua of this version and the driver in it."""
    lua, core, catalogue, words = modules(version)
    fields = {name.encode(): lua.table_from([each.encode() for each in names]) for name, names in FIELDS.items()}
    return lua, lua.execute(sources()["driver"], core, catalogue, words, lua.table_from(fields))


def told_differently(
    frames: Sequence[tuple[Frame, int]], checksums: bool = False, versions: Iterable[str] = VERSIONS
) -> list[str]:
    """Frames with their times through all tellers: version and texts of the first frame, or end, where one differs."""
    python = PythonTeller(checksums=checksums)
    tellers = {version: LuaTeller(version) for version in versions}
    for frame, time in frames:
        expected = python.frame(frame, time)
        for version, teller in tellers.items():
            if (said := teller.frame(frame, time, python.checksum_state)) != expected:
                return [version, expected, said]
    end = frames[-1][1] if frames else 0
    expected = python.finish(end)
    for version, teller in tellers.items():
        if (said := teller.finish(end)) != expected:
            return [version, expected, said]
    return []
