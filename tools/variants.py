"""What a worse capture of the same connections would hold, made from a recording, the same octets on every machine.

    starts-late     the first third of the frames is missing: the capture was started too late
    stops-early     the last third is missing
    client-only     only what the client sent passed the point of capture
    server-only     only what the server sent
    twice           every frame stands twice, as from a mirror port that sees it come and go

None of them can prove a fault that the whole capture does not show, and `twice` proves everything that it shows.
"""

from collections.abc import Callable

from tools.lab.end import LINKS
from tools.lab.pcap import Record, pcap_octets, pcap_records

_COPY_LATER = 1000  # ns, less where the next frame comes sooner
_SENDER = slice(6, 12)  # of an Ethernet header


def variants(capture: bytes) -> dict[str, bytes]:
    """The files of all variants that have frames, by name. Raises ValueError for a file of another recorder."""
    records = pcap_records(capture)
    made = {name: make(records) for name, make in _MAKERS.items()}
    return {f"{name}.pcap": pcap_octets(kept) for name, kept in made.items() if kept}


def starts_late(records: list[Record]) -> list[Record]:
    """Without the first third, and at least the first frame."""
    return records[max(1, len(records) // 3) :]


def stops_early(records: list[Record]) -> list[Record]:
    """Without the last third, and at least the last frame."""
    return records[: len(records) - max(1, len(records) // 3)]


def sent_by(side: str) -> Callable[[list[Record]], list[Record]]:
    """What one side sent."""
    link = bytes.fromhex(LINKS[side].replace(":", ""))
    return lambda records: [record for record in records if record.octets[_SENDER] == link]


def twice(records: list[Record]) -> list[Record]:
    """Every frame, and right behind it a copy."""
    doubled = []
    for index, record in enumerate(records):
        room = records[index + 1].time_ns - record.time_ns if index + 1 < len(records) else 2 * _COPY_LATER
        doubled += [record, Record(record.time_ns + min(_COPY_LATER, max(0, room // 2)), record.octets)]
    return doubled


_MAKERS: dict[str, Callable[[list[Record]], list[Record]]] = {
    "starts-late": starts_late,
    "stops-early": stops_early,
    "client-only": sent_by("client"),
    "server-only": sent_by("server"),
    "twice": twice,
}
