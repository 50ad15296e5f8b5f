"""A SYN flood: a million connections of one segment each must fit into 512 MiB, and every one is reported."""

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

MILLION = 1_000_000
LIMIT = 512 * 1024  # KiB, the unit of ru_maxrss on Linux
ETHERNET = bytes.fromhex("020000000002 020000000001 0800")


def flood(count: int) -> Iterator[bytes]:
    """A pcap file, in pieces: `count` ordinary SYNs from as many addresses, 50,000 in a second."""
    yield struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for index in range(count):
        options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + struct.pack(">II", index, 0) + b"\x01\x03\x03\x07"
        seq = index * 2654435761 % 2**32
        ports = (1024 + index % 60000, 443)
        tcp = struct.pack(">HHIIBBHHH", *ports, seq, 0, 0xA0, 2, 64240, 1 + index % 65535, 0) + options
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), index % 65536, 0x4000, 64, 6, 0)
        frame = ETHERNET + ip + struct.pack(">I", 0x0A000000 + index) + bytes([192, 0, 2, 1]) + tcp
        time = (1_700_000_000 + index // 50_000, index % 50_000 * 20)
        yield struct.pack("<IIII", *time, len(frame), len(frame)) + frame


def test_million_syns_from_a_million_sources_stay_under_512_mib(tmp_path: Path) -> None:
    results = tmp_path / "flood.txt"
    command = [sys.executable, "-m", "tcplint", "check", "--notes", "-q", "-o", f"concise:{results}", "-"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stderr is not None
    said: list[bytes] = []
    reader = threading.Thread(target=lambda: said.append(process.stderr.read()))
    reader.start()
    with process.stdin as pipe:
        for piece in flood(MILLION):
            pipe.write(piece)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    process.stderr.close()
    assert process.returncode == 0, said
    assert usage.ru_maxrss < LIMIT, f"{usage.ru_maxrss / 1024:.0f} MiB"
    with results.open("rb") as lines:
        answered = sum(b" HS011 " in line for line in lines)
    assert answered == MILLION  # each of them was found to be unanswered, or cut by the end of the capture
