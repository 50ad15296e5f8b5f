"""Frames: what is read of them, and how another is made."""

import struct
import subprocess
from pathlib import Path

import pytest

from tests.lab.ends import segment
from tools.lab.frame import Seen, checksum, remade, turned
from tools.lab.pcap import CLIENT, SERVER, Record, pcap_octets, pcap_records

SIX = (
    bytes(12)
    + b"\x86\xdd"
    + bytes([0x60, 0, 0, 0, 0, 22, 6, 64])
    + bytes(15) + b"\x01" + bytes(15) + b"\x02"
    + struct.pack("!HHIIHHHH", 51000, 4000, 7, 8, 5 << 12 | 0x18, 9, 0, 0)
    + b"hi"
)  # fmt: skip


def test_segment_is_read_over_ipv4_and_ipv6() -> None:
    four, six = Seen(CLIENT, segment(CLIENT, "SF", b"abc")), Seen(CLIENT, SIX)
    assert (four.version, four.source_port, four.target_port, four.seq, four.payload) == (4, 51000, 4000, 100, b"abc")
    assert four.next_seq == 105
    assert (six.version, six.seq, six.ack, six.payload, six.next_seq) == (6, 7, 8, b"hi", 9)
    assert str(six) == "client PSH,ACK len 2"


def test_padding_of_a_short_frame_is_no_payload() -> None:
    assert Seen(SERVER, segment(SERVER, ".") + bytes(6)).payload == b""


@pytest.mark.parametrize("frame", [segment(CLIENT, "P.", b"odd"), SIX])
def test_frame_made_anew_has_right_checksums_for_tshark(frame: bytes, tmp_path: Path) -> None:
    made = remade(Seen(CLIENT, frame), flags="R", seq=-1, options=bytes([1, 1, 1, 0]), payload=b"x")
    path = tmp_path / "made.pcap"
    path.write_bytes(pcap_octets([Record(0, made)]))
    fields = ["tcp.checksum.status", "ip.checksum.status", "tcp.seq_raw", "tcp.hdr_len", "tcp.flags.str"]
    command = ["tshark", "-n", "-r", str(path), "-T", "fields", "-o", "tcp.check_checksum:TRUE"]
    command += ["-o", "ip.check_checksum:TRUE", *(word for field in fields for word in ("-e", field))]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.rstrip("\n").split("\t")
    assert told[0] == "1"
    assert told[1] == ("1" if Seen(CLIENT, frame).version == 4 else "")
    assert told[2:4] == [str(0xFFFFFFFF), "24"]
    assert "R" in told[4]


def test_what_is_not_named_stays_as_it_was() -> None:
    frame = segment(CLIENT, "P.", b"data")
    assert remade(Seen(CLIENT, frame)) == frame


def test_turned_segment_is_what_the_other_end_would_send_with_these_numbers() -> None:
    assert turned(Seen(CLIENT, segment(CLIENT, "S", b"abc"))) == Seen(SERVER, segment(SERVER, "S", b"abc"))
    back = turned(Seen(SERVER, SIX))
    assert (back.side, back.source_port, back.target_port, back.seq, back.payload) == (CLIENT, 4000, 51000, 7, b"hi")
    assert (back.octets[37], back.octets[53]) == (2, 1)  # the last octets of the addresses
    assert turned(back).octets == SIX


def test_options_that_do_not_fit_and_frames_that_are_no_segment_are_refused() -> None:
    with pytest.raises(ValueError, match="3 octets of options do not fit"):
        remade(Seen(CLIENT, SIX), options=b"abc")
    with pytest.raises(ValueError, match="only a TCP segment can be made anew"):
        remade(Seen(CLIENT, bytes(60)))


def test_checksum_of_octets_with_their_checksum_is_zero() -> None:
    octets = b"\x01\x02\x03"
    assert checksum(octets + b"\0" + struct.pack("!H", checksum(octets))) == 0


def test_capture_is_read_as_it_was_written_and_a_cut_one_is_refused() -> None:
    records = [Record(1_700_000_000_123_456_789, b"abc"), Record(1_700_000_001_000_000_000, b"")]
    octets = pcap_octets(records)
    assert pcap_records(octets) == records
    with pytest.raises(ValueError, match="record 1 is not whole"):
        pcap_records(octets[:42])
    with pytest.raises(ValueError, match="not a big-endian pcap file"):
        pcap_records(b"\xd4\xc3\xb2\xa1" + octets[4:])
