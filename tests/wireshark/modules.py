"""The modules of the plugin in a Lua of their own, without Wireshark: what they make of a capture, and their texts."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tcplint.capture.frame import Frame
from tests.lua.tellers import runtime, sources
from tools.build_lua import LUA, PARTS

LANGUAGES = {"en": 1, "zh": 2}  # values of the preference
LOOK = 512


@cache
def driver(version: str) -> tuple[Any, Any]:
    """A Lua of this version, and tests/wireshark/driver.lua with the modules in it."""
    lua = runtime(version, strict=True)
    loaded: dict[str, Any] = {}
    for name, arguments in PARTS.items():
        if name not in ("deep", "shell"):
            made = sources().get(name) or (LUA / "src" / f"{name}.lua").read_bytes()
            loaded[name] = lua.execute(made, *(loaded[each] for each in arguments.split(", ") if each))
    text = (Path(__file__).parent / "driver.lua").read_bytes()
    given = ("analysis", "answers", "settings", "ladder", "windows")
    return lua, lua.execute(text, *(loaded[name] for name in given))


class Plugin:
    """One capture, analysed."""

    def __init__(self, version: str, frames: Sequence[Frame]) -> None:
        self.lua, self.driver = driver(version)
        self.frames = frames
        self.start = frames[0].time_ns or 0
        self.run = self.driver.new(frames[0].link_type)
        for frame in frames:
            seconds = ((frame.time_ns or 0) - self.start) / 1e9
            sizes = (frame.captured, frame.original)
            self.driver.frame(self.run, frame.data[:LOOK], frame.number, seconds, *sizes)

    def settings(self, lang: str = "en", select: str = "", ignore: str = "") -> Any:
        """Resolved preferences."""
        return self.driver.settings(LANGUAGES[lang], select.encode(), ignore.encode())

    def texts(self, chosen: Any, word: str = "") -> list[str]:
        """Of the windows: connections, findings, rules named by `word`."""
        return [text.decode() for text in self.driver.texts(self.run, chosen, word.encode())]

    def ladder(self, number: int, chosen: Any) -> tuple[list[dict[str, Any]], str]:
        """The rungs of a connection's ladder, and its text."""
        drawing = self.driver.ladder(self.run, number)
        for frame in self.frames:
            time = ((frame.time_ns or 0) - self.start + 500) // 1000
            sizes = (frame.captured, frame.original)
            self.driver.rung(drawing, frame.data[:LOOK], frame.number, time, *sizes)
        text = self.driver.drawn(drawing, chosen).decode()
        return [{name.decode(): value for name, value in rung.items()} for rung in drawing.rungs.values()], text
