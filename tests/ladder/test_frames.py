"""From a story to octets: an outside reader (tshark) must see what the ladder said."""

import shutil
import subprocess

import dpkt
import pytest

from tcplint.ladder.frames import frame_refs, frames
from tcplint.ladder.parse import parse
from tcplint.ladder.pcap import pcap_octets, write_pcap
from tcplint.ladder.story import LadderError

RICH = """
isn 1000 4294967295
capture from -130
0.000 > S       win 64240 ttl 57 id 7  <mss 1460, nop, wscale 7, sackok, ts 10/0, tfo 0011>
0.020 < SE.     ecn 2 vlan 42          <mss 1400, md5, ao>
> .             reserved 5
> PUWA. 120     urg 7 ecn 3
dup             ttl 62 vlan 9 link 3
lost < .
< .             sum partial            <nop, nop, sack 1:100 200:=1321>
> . 4           sum bad
b> S            doff 10
b< R.
icmp < 3/1      quotes 1
+1.5 > R        seq =0
tick
capture to 300
"""


def tcp(frame):
    """The TCP header of a frame, as dpkt reads it."""
    return dpkt.ethernet.Ethernet(frame.data).data.data


def numbers(text):
    """Sequence and acknowledgment numbers of every frame, raw."""
    return [(tcp(frame).seq, tcp(frame).ack) for frame in frames(parse("isn 1000 5000\n" + text))]


def test_handshake_data_and_close_count_their_numbers_by_themselves():
    assert numbers("> S\n< S.\n> .\n> P. 120\n< .\n> F.\n< F.\n> .") == [
        (1000, 0),
        (5000, 1001),
        (1001, 5001),
        (1001, 5001),
        (5001, 1121),
        (1121, 5001),
        (5001, 1122),
        (1122, 5002),
    ]


def test_a_stated_number_does_not_set_the_counter_back():
    assert numbers("> S\n> . seq -1\n> .") == [(1000, 0), (999, 5001), (1001, 5001)]


def test_a_capture_that_starts_late_begins_behind_the_syns():
    assert numbers("> P. 10\n< .") == [(1001, 5001), (5001, 1011)]


def test_a_refusing_reset_has_number_zero_and_other_resets_go_on_counting():
    assert numbers("> S\n< R.") == [(1000, 0), (0, 1001)]
    assert numbers("> S\n< S.\n> R") == [(1000, 0), (5000, 1001), (1001, 0)]


def test_padding_that_counts_as_payload_is_nothing_the_sender_sent():
    assert numbers("> S\n> . pad 6\n> .") == [(1000, 0), (1001, 5001), (1001, 5001)]


def test_a_second_isn_line_begins_a_new_incarnation():
    assert numbers("> S\n< S.\nisn 70000 80000\n> S\n< S.") == [(1000, 0), (5000, 1001), (70000, 0), (80000, 70001)]


def test_a_line_that_is_lost_changes_no_other_frame():
    whole = "> S\n< S.\n> .\n> P. 120\n< .\n> F."
    cut = "> S\n< S.\n> .\nlost > P. 120\n< .\n> F."
    kept = [frame for frame in frames(parse(whole)) if frame.number != 4]
    assert [(frame.time_ns, frame.data) for frame in kept] == [
        (frame.time_ns, frame.data) for frame in frames(parse(cut))
    ]


def test_one_direction_alone_is_the_whole_capture_without_the_other():
    text = "> S\n< S.\n> .\n< P. 5\n> ."
    whole = frames(parse(text))
    assert [frame.data for frame in frames(parse("only >\n" + text))] == [whole[i].data for i in (0, 2, 4)]
    assert [frame.data for frame in frames(parse("only <\n" + text))] == [whole[i].data for i in (1, 3)]


def test_a_retransmission_carries_the_payload_that_stands_at_its_number():
    first, again, middle = (tcp(frame).data for frame in frames(parse("> P. 30\n> P. 30 seq 1\n> P. 10 seq 11")))
    assert first == again
    assert middle == first[10:20]


def test_a_retransmission_is_a_new_packet_and_a_copy_is_the_same_one():
    first, again, copy = frames(parse("> P. 30\n> P. 30 seq 1\ndup"))
    assert first.data != again.data
    assert again.data == copy.data
    assert copy.time_ns - again.time_ns == 100_000


def test_snaplen_cuts_what_was_captured_and_not_what_was_sent():
    (frame,) = frames(parse("snaplen 54\n> P. 100"))
    assert (frame.captured, len(frame.data), frame.original) == (54, 54, 154)


def test_every_frame_knows_its_line_and_its_place_in_the_file():
    references = frame_refs(parse("> S\nlost < S.\n# nothing\n> ."))
    assert [(reference.frame.number, reference.line) for reference in references] == [(1, 1), (2, 4)]
    octets = pcap_octets([reference.frame for reference in references])
    for reference in references:
        assert octets[reference.frame.offset + 16 :].startswith(reference.frame.data)


def test_more_than_forty_octets_of_options_are_refused():
    with pytest.raises(LadderError, match="line 2: 44 octets of options"):
        frames(parse("> S\n< S. <md5, md5, raw 00000000000000>"))


def test_two_runs_write_the_same_file(tmp_path):
    write_pcap(frames(parse(RICH)), tmp_path / "a.pcap")
    write_pcap(frames(parse(RICH)), tmp_path / "b.pcap")
    assert (tmp_path / "a.pcap").read_bytes() == (tmp_path / "b.pcap").read_bytes()


FIELDS = {
    "time": "frame.time_relative",
    "vlan": "vlan.id",
    "ttl": "ip.ttl",
    "id": "ip.id",
    "ecn": "ip.dsfield.ecn",
    "ipsum": "ip.checksum.status",
    "flags": "tcp.flags",
    "seq": "tcp.seq_raw",
    "ack": "tcp.ack_raw",
    "len": "tcp.len",
    "win": "tcp.window_size_value",
    "urg": "tcp.urgent_pointer",
    "hdr": "tcp.hdr_len",
    "sum": "tcp.checksum.status",
    "mss": "tcp.options.mss_val",
    "shift": "tcp.options.wscale.shift",
    "tsval": "tcp.options.timestamp.tsval",
    "kinds": "tcp.option_kind",
    "left": "tcp.options.sack_le",
    "right": "tcp.options.sack_re",
    "icmp": "icmp.type",
    "code": "icmp.code",
    "mac": "eth.src",
}


def read_with_tshark(path):
    """The fields of each frame, as texts."""
    command = ["tshark", "-r", str(path), "-T", "fields", "-E", "occurrence=a", "-E", "separator=|", "-n"]
    command += ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
    command += ["-o", "tcp.relative_sequence_numbers:FALSE"]
    for field in FIELDS.values():
        command += ["-e", field]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [dict(zip(FIELDS, line.split("|"), strict=True)) for line in printed.splitlines()]


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_tshark_reads_in_every_frame_what_the_ladder_says(tmp_path):
    write_pcap(frames(parse(RICH)), tmp_path / "rich.pcap")
    rows = read_with_tshark(tmp_path / "rich.pcap")
    good, bad = "1", "0"
    expected = [
        {"time": "0.000000000", "seq": "", "icmp": ""},
        {"time": "130.000000000", "flags": "0x0002", "seq": "1000", "ack": "0", "win": "64240", "ttl": "57",
         "id": "0x0007", "mss": "1460", "shift": "7", "tsval": "10", "kinds": "2,1,3,4,8,34", "hdr": "44",
         "sum": good, "ipsum": good, "ecn": "0", "vlan": "", "mac": "02:00:00:00:00:01"},
        {"time": "130.020000000", "flags": "0x0052", "seq": "4294967295", "ack": "1001", "ecn": "2", "vlan": "42",
         "mss": "1400", "kinds": "2,19,29,0,0", "sum": good, "win": "65535", "ttl": "64", "id": "0x1102"},
        {"time": "130.030000000", "flags": "0x0a10", "seq": "1001", "ack": "0", "len": "0", "sum": good, "hdr": "20"},
        {"time": "130.040000000", "flags": "0x01b8", "seq": "1001", "len": "120", "urg": "7", "ecn": "3", "ttl": "64",
         "vlan": "", "sum": good},
        {"time": "130.040100000", "flags": "0x01b8", "seq": "1001", "len": "120", "ttl": "62", "vlan": "9",
         "mac": "02:00:00:03:00:01", "sum": good, "ipsum": good},
        {"time": "130.060100000", "seq": "0", "ack": "1121", "sum": bad, "kinds": "1,1,5", "left": "1001,1200",
         "right": "1100,1321", "id": "0x1104"},
        {"time": "130.070100000", "seq": "1121", "len": "4", "sum": bad},
        {"time": "130.080100000", "flags": "0x0002", "hdr": "40", "ipsum": good, "mac": "02:00:00:00:01:01"},
        {"time": "130.090100000", "flags": "0x0014", "seq": "0", "sum": good},
        {"time": "130.100100000", "icmp": "3", "code": "1", "ttl": "64,57", "id": "0x1105,0x0007"},
        {"time": "131.600100000", "flags": "0x0004", "seq": "0", "ack": "0", "sum": good},
        {"time": "131.610100000", "seq": "", "icmp": ""},
        {"time": "430.000000000", "seq": "", "icmp": ""},
    ]  # fmt: skip
    assert len(rows) == len(expected)
    for number, (row, wanted) in enumerate(zip(rows, expected, strict=True), 1):
        assert {"frame": number, **{key: row[key] for key in wanted}} == {"frame": number, **wanted}


def test_a_partial_checksum_is_the_sum_of_the_pseudo_header():
    whole = bytes(frames(parse("> P. 8 sum partial"))[0].data[14:])
    header, segment = whole[:20], whole[20:]
    pseudo = header[12:20] + b"\x00\x06" + len(segment).to_bytes(2, "big")
    total = sum(int.from_bytes(pseudo[i : i + 2], "big") for i in range(0, len(pseudo), 2))
    assert int.from_bytes(segment[16:18], "big") == (total & 0xFFFF) + (total >> 16)


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_ipv6_segments_and_icmpv6_errors_have_valid_checksums(tmp_path):
    write_pcap(frames(parse("ip6\n> S ttl 3 id 5 <mss 1440>\nicmp < 1/4 quotes 1\nb> S")), tmp_path / "six.pcap")
    fields = ["ipv6.src", "ipv6.hlim", "ipv6.flow", "tcp.checksum.status", "icmpv6.checksum.status", "icmpv6.code"]
    command = ["tshark", "-r", str(tmp_path / "six.pcap"), "-T", "fields", "-E", "occurrence=f", "-E", "separator=|"]
    command += ["-o", "tcp.check_checksum:TRUE"]
    for field in fields:
        command += ["-e", field]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed.splitlines() == [
        "2001:db8::1|3|0x000005|1||",
        "2001:db8::2|64|0x001102|1|1|4",
        "2001:db8::3|64|0x001201|1||",
    ]
