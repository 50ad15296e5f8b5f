"""Which frames a story means: `is_fin & from_server`, `is_syn | is_synack`, `~is_data`."""

from collections.abc import Callable

from tools.lab.frame import ACK, FIN, PSH, RST, SYN, Seen


class Match:
    """A claim about a frame. `&`, `|` and `~` join claims."""

    def __init__(self, holds: Callable[[Seen], bool]) -> None:
        self._holds = holds

    def __call__(self, seen: Seen) -> bool:
        """Whether it is true of this frame."""
        return self._holds(seen)

    def __and__(self, other: "Match") -> "Match":
        return Match(lambda seen: self(seen) and other(seen))

    def __or__(self, other: "Match") -> "Match":
        return Match(lambda seen: self(seen) or other(seen))

    def __invert__(self) -> "Match":
        return Match(lambda seen: not self(seen))


def _flags(wanted: int, among: int) -> Match:
    return Match(lambda seen: seen.tcp and seen.flags & among == wanted)


everything = Match(lambda seen: True)
is_tcp = Match(lambda seen: seen.tcp)
is_syn = _flags(SYN, SYN | ACK)  # of an opening, not SYN,ACK
is_synack = _flags(SYN | ACK, SYN | ACK)
is_fin = _flags(FIN, FIN)
is_rst = _flags(RST, RST)
is_data = Match(lambda seen: seen.tcp and len(seen.payload) > 0)
is_bare_ack = _flags(ACK, SYN | FIN | RST | PSH | ACK) & ~is_data
from_client = Match(lambda seen: seen.side == "client")
from_server = Match(lambda seen: seen.side == "server")


def carries(octets: bytes) -> Match:
    """The payload contains these octets."""
    return Match(lambda seen: octets in seen.payload)


def on_port(number: int) -> Match:
    """One of the two ports is this: for stories with several connections at a time."""
    return Match(lambda seen: number in (seen.source_port, seen.target_port))
