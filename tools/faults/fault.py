"""What a fault is, and the list of all.

A fault is a function that changes a scene (`tools/faults/scene`) and names whom to blame: the side, None for nobody
("the source of frame N"), and the packet at which the finding must stand. It raises NoPlaceError where the capture has
no room for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tools.faults.packet import Packet
from tools.faults.scene import Scene


@dataclass(frozen=True)
class Blame:
    """Who did it, and where. `who` is the address and port of one who is no end of the connection."""

    side: int | None
    packet: Packet
    who: bytes | None = None


Commit = Callable[[Scene], Blame]


@dataclass(frozen=True)
class Fault:
    """One way to break a rule.

    Where not even a complete capture proves it, `why` is the reason that tcplint must give (a word of `Finding.why`;
    "" where the rule says nothing at all) and `because` tells it in words, English and Chinese.
    """

    code: str
    kind: str
    commit: Commit
    why: str = ""
    because: tuple[str, str] = ("", "")

    @property
    def provable(self) -> bool:
        """Whether a complete capture proves it."""
        return not self.because[0]

    def __str__(self) -> str:
        return f"{self.code}/{self.kind}"


FAULTS: list[Fault] = []


def fault(code: str, kind: str) -> Callable[[Commit], Commit]:
    """Put a function into the list."""

    def put(commit: Commit) -> Commit:
        FAULTS.append(Fault(code, kind, commit))
        return commit

    return put


def beyond_proof(code: str, kind: str, why: str, chinese: str) -> Callable[[Commit], Commit]:
    """Put a function into the list whose fault even a complete capture does not prove; its docstring says why."""

    def put(commit: Commit) -> Commit:
        FAULTS.append(Fault(code, kind, commit, why, (commit.__doc__ or "", chinese)))
        return commit

    return put
