"""The packets in PDML, the XML that tshark writes, a piece at a time and never more of it than there is room.

Most packets are ordinary ones, which one regular expression reads (`ordinary`); all others an XML parser (`layers`).
"""

from __future__ import annotations

from .layers import BadOutputError, LayerReader, Packet
from .ordinary import match_ordinary

MAX_PACKET = 1 << 27  # octets of text; a frame of 16 MiB, in hexadecimal and once more with colons
MARK = b"</packet>"


class PdmlReader:
    """Feed it PDML and take the packets that are complete."""

    def __init__(self) -> None:
        self._rest: list[bytes] = []  # of a packet that has not ended
        self._kept = 0  # octets in it
        self._tail = b""  # its last octets: the mark may lie across two pieces
        self._others = LayerReader()

    @property
    def creator(self) -> str:
        """The program that wrote it, such as "wireshark/4.0.17"; empty until the head was read."""
        return self._others.creator

    def feed(self, octets: bytes) -> list[Packet]:
        """The packets that `octets` complete. Raises BadOutputError."""
        seam = self._tail + octets
        found = seam.rfind(MARK)
        if found < 0:
            self._keep(octets)
            self._tail = seam[-len(MARK) :]
            return []
        stop = len(octets) - (len(seam) - found - len(MARK))
        text = b"".join((*self._rest, octets[:stop]))
        self._rest, self._kept, self._tail = [], 0, octets[stop:][-len(MARK) :]
        self._keep(octets[stop:])
        return self._packets(text)

    def _packets(self, text: bytes) -> list[Packet]:
        """The packets in a text that ends with one. The head of the document, before the first, is not ordinary."""
        packets, position = [], 0
        while position < len(text):
            ordinary = match_ordinary(text, position)
            if ordinary is not None:
                packets.append(Packet(ordinary))
                position = ordinary.end()
            else:
                stop = text.index(MARK, position) + len(MARK)
                packets += self._others.read(text[position:stop])
                position = stop
        return packets

    def _keep(self, octets: bytes) -> None:
        self._kept += len(octets)
        if self._kept > MAX_PACKET:
            raise BadOutputError(f"a packet takes more than {MAX_PACKET} octets")
        if octets:
            self._rest.append(octets)
