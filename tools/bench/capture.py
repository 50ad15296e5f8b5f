"""A capture of ordinary connections, the same on every machine.

Each connection opens with three segments, exchanges requests and answers (four segments each) with timestamps on every
segment, and closes with four. Many run at once, so their segments are interleaved as in a capture of a busy server.

How long connections are decides how fast a checker is, for opening and closing cost most. So there are two kinds of
capture: `short`, where every connection has four exchanges (23 segments), and `mixed`, where most are short and a few
are long (ten exchanges, 47 segments, on average).
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SYN, ACK, PUSHED, FIN = 0x02, 0x10, 0x18, 0x11
SNAPLEN = 128
START = 1_700_000_000


def mixed(chance: random.Random) -> int:
    """Most connections are short, a few are long."""
    return 1 + min(200, int(chance.expovariate(1 / 9)))


# Exchanges of one connection, by kind of capture.
KINDS: dict[str, Callable[[random.Random], int]] = {"short": lambda chance: 4, "mixed": mixed}


@dataclass(slots=True)
class Side:
    """One end of a connection that is being written."""

    address: bytes
    port: int
    seq: int
    ip_id: int
    mac: bytes
    heard: int = 0  # the timestamp of the peer's last segment


def write_capture(path: Path, segments: int, kind: str, seed: int = 1) -> int:
    """Write at least `segments` TCP segments, in whole connections, as a pcap file; returns their exact number."""
    chance = random.Random(seed)
    records: list[tuple[int, bytes]] = []
    index = 0
    while len(records) < segments:
        records += connection(chance, index, KINDS[kind](chance))
        index += 1
    records.sort(key=lambda record: record[0])
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for time, frame in records:
            captured = frame[:SNAPLEN]
            head = struct.pack("<IIII", START + time // 1_000_000, time % 1_000_000, len(captured), len(frame))
            file.write(head + captured)
    return len(records)


def connection(chance: random.Random, index: int, exchanges: int) -> list[tuple[int, bytes]]:
    """The records (µs, frame) of one connection from SYN to the last ACK."""
    client = Side(
        bytes([10, index >> 16 & 255, index >> 8 & 255, index & 255]),
        chance.randrange(1024, 65536),
        chance.randrange(2**32),
        chance.randrange(30000),
        b"\x02\x00\x00\x00\x00\x01",
    )
    server = Side(
        bytes([192, 0, 2, chance.randrange(1, 21)]),
        443,
        chance.randrange(2**32),
        chance.randrange(30000),
        b"\x02\x00\x00\x00\x00\x02",
    )
    time = chance.randrange(60_000_000)
    clock = chance.randrange(2**31)
    records: list[tuple[int, bytes]] = []

    def send(sender: Side, receiver: Side, flags: int, length: int = 0) -> None:
        nonlocal time
        stamp = (clock + time // 1000) % 2**32
        records.append((time, segment(sender, receiver, flags, length, stamp, sender.heard)))
        receiver.heard = stamp
        sender.seq = (sender.seq + length + (flags & 3 != 0)) % 2**32
        sender.ip_id = (sender.ip_id + 1) % 65536
        time += chance.randrange(1_000, 50_000)

    send(client, server, SYN)
    send(server, client, SYN | ACK)
    send(client, server, ACK)
    for _ in range(exchanges):
        send(client, server, PUSHED, chance.randrange(1, 400))
        send(server, client, ACK, 1400)
        send(server, client, PUSHED, chance.randrange(1, 1400))
        send(client, server, ACK)
    send(client, server, FIN)
    send(server, client, ACK)
    send(server, client, FIN)
    send(client, server, ACK)
    return records


def segment(sender: Side, receiver: Side, flags: int, length: int, tsval: int, tsecr: int) -> bytes:
    """One Ethernet frame. Checksums are arbitrary but not zero: nobody verifies them by default."""
    stamps = struct.pack(">II", tsval, tsecr if flags & ACK else 0)
    if flags & SYN:
        options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + stamps + b"\x01\x03\x03\x07"
    else:
        options = b"\x01\x01\x08\x0a" + stamps
    ack = receiver.seq if flags & ACK else 0
    tcp = struct.pack(
        ">HHIIBBHHH",
        sender.port,
        receiver.port,
        sender.seq,
        ack,
        (20 + len(options)) // 4 << 4,
        flags,
        64240 if flags & SYN else 502,  # scaled by 2^7 behind the handshake
        sender.seq * 7 % 65521 + 1,
        0,
    )
    total = 20 + len(tcp) + len(options) + length
    ip = struct.pack(">BBHHHBBH", 0x45, 0, total, sender.ip_id, 0x4000, 64, 6, 0) + sender.address + receiver.address
    return receiver.mac + sender.mac + b"\x08\x00" + ip + tcp + options + bytes(length)
