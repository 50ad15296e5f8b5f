"""Whatever stands around it, the same segment comes out."""

import struct

import pytest

from tcplint.core.decoder import LAYER_ETHERNET, Decoder
from tcplint.core.skips import SEGMENT
from tcplint.core.wire import decode, decode_layer
from tests.wire.build import (
    ACK,
    CLIENT,
    CLIENT6,
    MAC_A,
    MAC_B,
    PORTS,
    SEQ,
    SERVER,
    SERVER6,
    WINDOW,
    ethernet,
    extension,
    facts,
    gre,
    icmp,
    ipv4,
    ipv6,
    read,
    tcp,
    udp,
    vlan,
    vxlan,
)  # fmt: skip
from tests.wire.stacks import FOUR, JUMBO, OUTER, SIX, STACKS, label

NAMES = [name for name, _, _ in STACKS]


@pytest.mark.parametrize(("name", "link_type", "data"), STACKS, ids=NAMES)
def test_a_segment_inside_these_layers_is_read(name, link_type, data):
    segment = read(data, link_type)
    addresses = CLIENT + SERVER if len(segment.key) == 12 else CLIENT6 + SERVER6
    assert segment.key == addresses + PORTS
    assert (segment.seq, segment.ack, segment.window, segment.flags) == (SEQ, ACK, WINDOW, 0x18)
    assert (segment.length, segment.length_known, segment.offload, segment.padding) == (11, True, False, False)
    assert (segment.header_stated, segment.header_captured, segment.header_valid) == (32, 32, True)
    assert not segment.truncated
    assert (segment.tsval, segment.tsecr) == (4_111_222_333, 3_999_888_777)
    assert segment.ip_id == (0x1234 if len(segment.key) == 12 else 0x12345)
    assert segment.hop_limit == 64


def test_every_stack_of_tags_and_tunnels_is_a_link_of_its_own():
    decoder = Decoder()
    links = [read(data, link_type, decoder=decoder).link for _, link_type, data in STACKS if link_type == 1]
    again = [read(data, link_type, decoder=decoder).link for _, link_type, data in STACKS if link_type == 1]
    assert links == again
    plain = links[0]
    tunnelled = [link for (name, kind, _), link in zip(
        [stack for stack in STACKS if stack[1] == 1], links, strict=True
    ) if name.startswith(("802.1Q", "QinQ", "three", "PPPoE", "MPLS", "GRE", "VXLAN", "IPv4 in IPv4"))]  # fmt: skip
    assert plain not in tunnelled
    assert len(set(tunnelled)) == len(tunnelled) - 3  # one GRE without a key, three times; both QinQ have the same tags


def test_the_link_depends_on_addresses_and_vlan_but_not_on_priority():
    decoder = Decoder()
    one = read(ethernet(vlan(FOUR, 5, priority=0), 0x8100), decoder=decoder).link
    assert read(ethernet(vlan(FOUR, 5, priority=7), 0x8100), decoder=decoder).link == one
    assert read(ethernet(vlan(FOUR, 6), 0x8100), decoder=decoder).link != one
    assert read(ethernet(vlan(FOUR, 5), 0x8100, source=MAC_B, destination=MAC_A), decoder=decoder).link != one


def test_after_4096_links_new_ones_share_the_number_zero():
    decoder = Decoder()
    for number in range(4096):
        assert read(ethernet(FOUR, source=struct.pack(">HI", 2, number)), decoder=decoder).link == number + 1
    assert read(ethernet(FOUR, source=b"\6" * 6), decoder=decoder).link == 0
    assert read(ethernet(vlan(FOUR), 0x8100, source=b"\2\0\0\0\0\0"), decoder=decoder).link == 0
    assert read(ethernet(FOUR, source=struct.pack(">HI", 2, 99)), decoder=decoder).link == 100


@pytest.mark.parametrize("traffic", range(4))
def test_the_ecn_field_of_either_version_is_read(traffic):
    assert read(ethernet(ipv4(tcp(), tos=0xB8 | traffic))).ecn == traffic
    assert read(ethernet(ipv4(tcp(), tos=0xB8 | traffic, options=b"\1" * 4))).ecn == traffic
    assert read(ethernet(ipv6(tcp(), traffic=0xB8 | traffic))).ecn == traffic


STRAIGHT = [
    ethernet(ipv4(tcp())), ethernet(ipv4(tcp(b"", b""))), ethernet(ipv4(tcp(b"", b"\0\0\0"))),
    ethernet(ipv4(tcp(b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + b"\1" * 8 + b"\1\3\3\7"))), ethernet(ipv4(tcp(offset=3))),
    ethernet(ipv4(tcp(offset=15))), ethernet(ipv4(tcp(), tos=3, ttl=1, ident=65535, where=0)),
    ethernet(ipv4(tcp(), total=39)), ethernet(ipv4(tcp(), total=0)), ethernet(ipv4(tcp(), total=1500)),
    ethernet(ipv4(tcp(), where=0x2000)), ethernet(ipv4(tcp(payload=b"x" * 3000))),
]  # fmt: skip


@pytest.mark.parametrize("cut", [None, 54, 60, 70, 82])
@pytest.mark.parametrize("data", STRAIGHT)
def test_straight_path_and_layer_walk_agree(data, cut):
    piece = data[:cut]
    straight, general = Decoder(), Decoder()
    code = decode(straight, piece, 1, 3, 500, 2, len(piece), len(data))
    assert decode_layer(general, piece, 0, LAYER_ETHERNET, 3, 500, 2, len(piece), len(data)) == code
    if code == SEGMENT:
        assert facts(straight.segment) == facts(general.segment)
        assert (straight.tcp_offset, straight.tcp_length) == (general.tcp_offset, general.tcp_length)


@pytest.mark.parametrize(("data", "link_type", "name"), [
    (ethernet(b"\0\1\x08\0\6\4\0\1" + b"\0" * 20, 0x0806), 1, "not-ip"),
    (ethernet(b"\x42\x42\x03" + b"\0" * 35, 38), 1, "not-ip"),
    (ethernet(b"\xaa\xaa\x03\x00\x00\x0c\x20\x00" + b"\0" * 35, 43), 1, "not-ip"),
    (ethernet(b"\xaa\xaa\x03\x00\x00\x00\x08\x00" + FOUR, 100), 1, "unknown-protocol"),
    (ethernet(FOUR, 0x1234), 1, "unknown-protocol"),
    (FOUR, 147, "unknown-link-type"),
    (b"\0\0\0\7" + FOUR, 0, "not-ip"),
    (b"\2\0\0\7" + FOUR, 0, "not-ip"),
    (b"\xff\x03\xc0\x21" + b"\0" * 20, 9, "not-ip"),
    (b"\xff\x03\x00\x2d" + b"\0" * 20, 9, "unknown-protocol"),
    (ethernet(b"\x21\0\0\5\0\x40\0\x21" + FOUR, 0x8864), 1, "malformed"),
    (ethernet(label(16, 1) + b"\0\0\0\0" + ethernet(FOUR), 0x8847), 1, "unknown-protocol"),
    (ethernet(ipv4(gre(FOUR, 0x880B), 47)), 1, "unknown-protocol"),
    (ethernet(ipv4(udp(b"x" * 30, 53), 17)), 1, "not-tcp"),
    (ethernet(ipv4(udp(b"\0" * 30, 4789), 17)), 1, "not-tcp"),
    (ethernet(ipv4(icmp(b"", 8), 1)), 1, "not-tcp"),
    (ethernet(ipv4(b"\6" + b"\0" * 40, 51)), 1, "authentication-header"),
    (ethernet(ipv6(b"\6" + b"\0" * 40, 51)), 1, "authentication-header"),
    (ethernet(ipv6(b"", 59)), 1, "not-tcp"),
    (b"\x35" + FOUR[1:], 101, "malformed"),
    (b"\x44" + FOUR[1:], 101, "malformed"),
    (ipv4(tcp(), total=19), 101, "malformed"),
    (ipv4(tcp(), total=33), 101, "malformed"),
    (ipv6(extension(tcp(), 6), 0, size=4), 101, "malformed"),
    (ethernet(ipv6(gre(label(1, 0) * 130, 0x8847), 47)), 1, "too-deep"),
    (ethernet(ipv4(b"", 250)), 1, "not-tcp"),
])  # fmt: skip
def test_what_is_no_segment_is_a_skip_with_a_name(data, link_type, name):
    assert read(data, link_type) == name


def test_a_header_beyond_the_first_512_octets_is_too_deep_and_one_cut_by_it_is_truncated():
    for room in range(300):
        data = ipv6(extension(extension(tcp(), 6, bytes(254)), 60, bytes(6 + 8 * (room // 8))), 60)
        got = read(data, 101)
        start = 40 + 256 + 8 + 8 * (room // 8)
        if start + 14 > 512:
            assert got == "too-deep"
        else:
            assert got.truncated == (start + 32 > 512)
            assert got.seq == SEQ
            assert got.length == 11


def test_more_than_48_headers_are_too_deep():
    deep = FOUR
    for _ in range(50):
        deep = vlan(deep, 1, 0x8100) if deep is not FOUR else vlan(deep)
    assert read(ethernet(deep, 0x8100)) == "too-deep"


def test_the_receiver_behind_an_unfinished_routing_header_is_the_last_of_its_list():
    via = SERVER6[:-1] + b"\x99"
    home = b"\x02\1" + b"\0" * 4 + SERVER6
    segments = b"\x04\1\1\0\0\0" + SERVER6 + via
    for body in (home, segments, b"\0\2" + b"\0" * 4 + via + SERVER6):
        segment = read(ipv6(extension(tcp(), 6, body), 43, destination=via), 101)
        assert segment.key == CLIENT6 + SERVER6 + PORTS


def test_the_length_of_a_jumbogram_stands_in_its_option():
    segment = read(ethernet(ipv6(JUMBO, 0, size=0)), original=80_000)
    assert segment.length == 70_000 - 8 - 32
    assert segment.length_known
    assert not segment.offload


def test_padding_of_an_outer_packet_is_not_payload_of_the_inner_one():
    inner = ipv4(tcp(b"", b""), total=0)
    segment = read(ethernet(ipv4(inner, 4, **OUTER)) + b"\0" * 30)
    assert segment.offload
    assert segment.length == 0


def test_ethernet_inside_vxlan_is_padded_without_effect():
    segment = read(ethernet(ipv4(vxlan(ethernet(ipv4(tcp(b"", b"")))), 17, **OUTER)))
    assert (segment.length, segment.padding) == (0, False)


def test_six_in_the_type_field_and_four_in_the_packet_is_read_as_the_packet_says():
    assert read(ethernet(FOUR, 0x86DD)).key == CLIENT + SERVER + PORTS
    assert read(ethernet(SIX, 0x0800)).key == CLIENT6 + SERVER6 + PORTS
