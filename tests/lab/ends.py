"""What the tests of the laboratory share: segments, and ends of the wire that are lists."""

import os
import struct

from tools.lab.frame import LETTERS, Seen, remade
from tools.lab.pcap import CLIENT, SERVER
from tools.lab.wire import Wire

LINKS = {CLIENT: bytes.fromhex("020000000001"), SERVER: bytes.fromhex("020000000002")}
ADDRESSES = {CLIENT: bytes([192, 0, 2, 1]), SERVER: bytes([192, 0, 2, 2])}
PORTS = {CLIENT: 51000, SERVER: 4000}


def segment(side: str, flags: str, payload: bytes = b"", seq: int = 100, ack: int = 200) -> bytes:
    """A frame that `side` sends to the other."""
    peer = SERVER if side == CLIENT else CLIENT
    word = 5 << 12 | sum(LETTERS[letter] for letter in flags)
    header = struct.pack("!HHIIHHHH", PORTS[side], PORTS[peer], seq, ack, word, 1000, 0, 0)
    length = 20 + len(header) + len(payload)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, length, 1, 0, 64, 6, 0, ADDRESSES[side], ADDRESSES[peer])
    rough = LINKS[peer] + LINKS[side] + b"\x08\x00" + ip + header + payload
    return remade(Seen(side, rough))  # with right checksums


class ListPort:
    """An end of the wire: `sends` is what it will send, `got` what it received. A pipe tells select that there is
    something to read."""

    def __init__(self) -> None:
        self.sends: list[bytes] = []
        self.got: list[bytes] = []
        self._read, self._write = os.pipe()

    def send(self, *frames: bytes) -> None:
        self.sends += frames
        os.write(self._write, b"." * len(frames))

    def read(self) -> tuple[bytes, bytes] | None:
        if not self.sends:
            return None
        os.read(self._read, 1)
        return b"", self.sends.pop(0)

    def write(self, card: bytes, octets: bytes) -> None:
        self.got.append(octets)

    def fileno(self) -> int:
        return self._read

    def close(self) -> None:
        os.close(self._read)
        os.close(self._write)


class Bench:
    """A wire between two lists."""

    def __init__(self) -> None:
        self.client, self.server = ListPort(), ListPort()
        self.wire = Wire(self.client, self.server)

    def captured(self, point: str) -> list[bytes]:
        return [record.octets for record in self.wire.captures[point]]

    def close(self) -> None:
        self.client.close()
        self.server.close()
