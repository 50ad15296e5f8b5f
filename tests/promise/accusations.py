"""Who is accused of what in damaged copies of a capture, and was not in the whole.

Two rules are taken as one: payload that overlaps the FIN of its own end contradicts it, and only the order of the two
tells whether the FIN stands inside the data (TD002) or the data come after the FIN (TD004). No capture proves that
order when frames may have changed their places.
"""

from collections.abc import Iterator

from tests.promise.mutations import Frames
from tests.promise.play import play
from tests.promise.stories import Tale

OVERLAP = frozenset({"TD002", "TD004"})


def new_errors(tale: Tale, copies: Iterator[tuple[str, Frames]]) -> list[str]:
    """What damaged copies of the capture say that the whole does not."""
    found: list[str] = []
    for damage, frames in copies:
        for fault in play(frames, tale.checksums).faults:
            names = OVERLAP if fault.code in OVERLAP else {fault.code}
            if not {(name, fault.who) for name in names} & tale.whole.accusations:
                found.append(f"{tale}: {damage}: {fault.code} {fault.kind} at frame {fault.frame}")
    return found
