"""A story: a function that plays it, what it is called, and what must come out.

    @story(
        "teardown/close-by-client",
        title=("The client closes first", "客户端先关闭"),
        text=("The client asks, …", "客户端提问，……"),
        wireshark="tcp.flags.fin == 1",
        frames=11,
        expect=Outcome("three-way", "four-way", active_closer="client"),
    )
    def close_by_client(scene: Scene) -> None:
        client, server = scene.open()
        scene.talk(client, server)
        client.close()
        scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
        server.close()
        scene.moment("TIME-WAIT", "CLOSED")

`frames` is counted by hand from the deeds, at the point of capture `tap`. A second connection needs a second `Outcome`.
The words of an outcome are those of `tcplint connections` and follow from the deeds by RFC 9293; they are never copied
from what tcplint prints. A file in tools/lab/stories is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.lab.scene import Scene

    Play = Callable[[Scene], None]

STORIES: dict[str, Story] = {}


class Found(NamedTuple):
    """A warning or an error that must be reported: rule, kind, severity, side and frame, as `tcplint check` names them.

    Only a fault is reported so: a story of two sound stacks has none unless the wire forged a frame.
    """

    rule: str
    kind: str
    severity: str
    side: str
    frame: int


@dataclass(frozen=True)
class Outcome:
    """What must come out of one connection.

    `notes` are names of rules whose note must be among the findings, `evidence` is what the capture lacks. `hidden`
    are the sides whose last state the point of capture cannot show, such as that of an end whose last segment was lost
    before it got there; for them the kernel's word is written down and not compared.
    """

    handshake: str
    teardown: str
    active_closer: str = "none"  # client, server, both, none
    verdict: str = "conforms"
    findings: tuple[Found, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """One story; texts are English and Chinese."""

    name: str  # <group>/<case>
    title: tuple[str, str]
    text: tuple[str, str]
    wireshark: str  # a display filter for what is worth seeing
    frames: int
    expect: tuple[Outcome, ...]
    play: Play
    tap: str = "client"  # client, middle, server
    version: int = 4  # of IP
    offload: bool = False  # cards that finish checksums and cut segments


def story(
    name: str,
    *,
    title: tuple[str, str],
    text: tuple[str, str],
    wireshark: str,
    frames: int,
    expect: Outcome | tuple[Outcome, ...],
    tap: str = "client",
    version: int = 4,
    offload: bool = False,
) -> Callable[[Play], Play]:
    """Register the function below as the story of this name. Raises ValueError for a name that is taken."""
    if name in STORIES:
        raise ValueError(f"two stories are called {name}")
    outcomes = (expect,) if isinstance(expect, Outcome) else expect

    def register(play: Play) -> Play:
        STORIES[name] = Story(name, title, text, wireshark, frames, outcomes, play, tap, version, offload)
        return play

    return register


def load() -> dict[str, Story]:
    """Every story, by name."""
    import tools.lab.stories as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(STORIES.items()))
