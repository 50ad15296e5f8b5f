"""tshark reads a capture with every stack of layers, fragments and ICMP errors: it must see the same segments.

One pcapng file, one interface for each link type, one process. tshark numbers the occurrences of a field from the outer
to the inner header; the last one is that of the innermost.
"""

import ipaddress
import shutil
import struct
import subprocess

import pytest

from tcplint.core.decoder import Decoder
from tcplint.core.model import Quote, Segment
from tests.wire.build import ethernet, icmp, ipv4, ipv6, read, tcp, vlan
from tests.wire.stacks import FOUR, FRAGMENTED, OUTER, SIX, STACKS

FIELDS = [
    "frame.number", "tcp.srcport", "tcp.dstport", "tcp.seq", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.len",
    "tcp.hdr_len", "tcp.window_size_value", "tcp.checksum", "tcp.urgent_pointer", "tcp.options.mss_val",
    "tcp.options.wscale.shift", "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr", "ip.src", "ip.dst",
    "ip.ttl", "ip.id", "ipv6.src", "ipv6.dst", "ipv6.hlim", "ipv6.flow", "icmp.type", "icmpv6.type",
]  # fmt: skip
SYN = b"\2\4\5\xb4\4\2\x08\x0a" + struct.pack(">II", 77, 0) + b"\1\3\3\7"

FRAMES = [(link_type, data, len(data)) for _, link_type, data in STACKS]
FRAMES += [
    (1, frame, len(frame))
    for frame in [
        *(frame for frames in FRAGMENTED for frame in frames),
        ethernet(ipv4(tcp(SYN, b"", flags=2, ack=0, urgent=9, ports=b"\x9c\x43\x9c\x44"))),
        ethernet(ipv4(tcp(b"", b"", flags=0x1D1, ports=b"\x9c\x45\x9c\x46"))),
        ethernet(ipv4(tcp(b"", b"\0\0", window=0, seq=2**32 - 1, ack=2**31, ports=b"\x9c\x47\x9c\x48"))),
        ethernet(ipv4(icmp(FOUR[:28], 3, 1), 1)),
        ethernet(ipv4(icmp(FOUR, 11, 0), 1)),
        ethernet(ipv6(icmp(SIX, 1, 4), 58)),
        ethernet(ipv4(icmp(b"ping" * 5, 8, 0), 1)),
        ethernet(vlan(ipv4(ipv4(icmp(FOUR, 3, 13), 1), 4, **OUTER)), 0x8100),
        ethernet(b"\0\1\x08\0\6\4\0\1" + b"\0" * 20, 0x0806),
    ]
]
FULL = ethernet(ipv4(tcp(SYN, b"z" * 400, ports=b"\x9c\x49\x9c\x4a")))
FRAMES += [(1, FULL[:cut], len(FULL)) for cut in (54, 58, 64, 74, 100)]


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


def write_pcapng(path):
    links = sorted({link_type for link_type, _, _ in FRAMES})
    octets = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link_type in links:
        octets += block(1, struct.pack("<HHI", link_type, 0, 0))
    for number, (link_type, data, original) in enumerate(FRAMES):
        head = struct.pack("<IIIII", links.index(link_type), 0, number * 1000, len(data), original)
        octets += block(6, head + data)
    path.write_bytes(octets)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """What tshark says of each frame: field to text, absent fields empty."""
    if shutil.which("tshark") is None:
        pytest.fail("tshark is needed for this test (make test installs it)")
    path = tmp_path_factory.mktemp("wire") / "layers.pcapng"
    write_pcapng(path)
    command = ["tshark", "-n", "-r", str(path), "-T", "fields", "-E", "occurrence=l", "-E", "separator=/t"]
    for field in FIELDS:
        command += ["-e", field]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [dict(zip(FIELDS, line.split("\t"), strict=True)) for line in run.stdout.splitlines()]


def address(octets):
    if len(octets) == 4:
        return ".".join(str(octet) for octet in octets)
    return str(ipaddress.IPv6Address(octets))


def ends(key):
    """Addresses and ports of a key as tshark prints them."""
    half = (len(key) - 4) // 2
    ports = struct.unpack(">HH", key[-4:])
    return [address(key[:half]), address(key[half : 2 * half]), str(ports[0]), str(ports[1])]


def seen_ends(row, key):
    names = ("ip.src", "ip.dst") if len(key) == 12 else ("ipv6.src", "ipv6.dst")
    return [row[name] for name in (*names, "tcp.srcport", "tcp.dstport")]


def known(number):
    return "" if number == -1 else str(number)


def test_tshark_sees_the_same_segments_and_quotations_in_every_frame(rows):
    assert len(rows) == len(FRAMES)
    decoder = Decoder()
    kinds = {Segment: 0, Quote: 0, str: 0}
    for row, (link_type, data, original) in zip(rows, FRAMES, strict=True):
        got = read(data, link_type, decoder=decoder, original=original)
        kinds[type(got)] += 1
        if isinstance(got, str):
            assert row["tcp.srcport"] == "", (got, row)
            continue
        assert seen_ends(row, got.key) == ends(got.key), row
        if isinstance(got, Quote):
            # Of a quotation of eight octets tshark gives the number without knowing a connection it could belong to.
            assert (row["tcp.seq_raw"] or row["tcp.seq"]) == str(got.seq)
            assert row["icmp.type" if got.version == 4 else "icmpv6.type"] == str(got.type)
            continue
        assert (row["tcp.seq_raw"], row["tcp.ack_raw"]) == (str(got.seq), str(got.ack)), row
        assert int(row["tcp.flags"], 16) == got.flags
        assert row["tcp.len"] == str(got.length)
        assert row["tcp.hdr_len"] == str(got.header_stated)
        assert row["tcp.window_size_value"] == known(got.window)
        assert int(row["tcp.checksum"], 16) == got.checksum
        assert row["tcp.urgent_pointer"] == known(got.urgent)
        assert row["tcp.options.mss_val"] == known(got.options.mss)
        assert row["tcp.options.wscale.shift"] == known(got.options.wscale)
        assert row["tcp.options.timestamp.tsval"] == known(got.tsval)
        assert row["tcp.options.timestamp.tsecr"] == known(got.tsecr)
        if len(got.key) == 12:
            assert (int(row["ip.ttl"]), int(row["ip.id"], 16)) == (got.hop_limit, got.ip_id)
        else:
            assert (int(row["ipv6.hlim"]), int(row["ipv6.flow"], 16)) == (got.hop_limit, got.ip_id)
    assert kinds[Segment] > 45
    assert kinds[Quote] == 4
    assert kinds[str] == 5
