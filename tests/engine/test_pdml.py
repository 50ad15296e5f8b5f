"""PDML is read a piece at a time, whatever the capture makes tshark write, and never more of it than there is room."""

import pytest

from tcplint.segments.tshark import pdml
from tcplint.segments.tshark.layers import MAX_LAYERS, BadOutputError, Packet
from tcplint.segments.tshark.location import header, innermost, number
from tcplint.segments.tshark.pdml import PdmlReader

HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n<pdml version="0" creator="wireshark/4.0.17" capture_file="x">\n'
GENERAL = b'<proto name="geninfo" pos="0"><field name="num" show="%d"/><field name="caplen" show="60"/></proto>\n'


def layer(name: bytes, pos: int, inside: bytes = b"") -> bytes:
    return b'<proto name="%s" showname="x" size="20" pos="%d">\n%s</proto>\n' % (name, pos, inside)


def field(name: bytes, show: bytes, value: bytes = b"") -> bytes:
    return b'<field name="%s" showname="y" size="4" pos="38" show="%s" value="%s"/>\n' % (name, show, value)


def packet(number: int, *layers: bytes) -> bytes:
    return b"<packet>\n" + GENERAL % number + b"".join(layers) + b"</packet>\n\n"


TCP = layer(b"tcp", 34, field(b"tcp.seq_raw", b"7", b"00000007") + field(b"tcp.nobody_reads", b"8"))
TEXT = HEAD + packet(1, layer(b"eth", 0), layer(b"ip", 14), TCP) + packet(2, layer(b"arp", 14)) + b"</pdml>\n"


def told(packets: list[Packet]) -> list[object]:
    return [
        (one.number, one.captured, [(layer.name, layer.pos, layer.quoted, layer.fields) for layer in one.layers])
        for one in packets
    ]


def test_layers_come_with_their_place_and_the_fields_that_are_read() -> None:
    reader = PdmlReader()
    one, two = reader.feed(TEXT)
    assert reader.creator == "wireshark/4.0.17"
    assert (one.number, one.captured, two.number) == (1, 60, 2)
    assert [(layer.name, layer.pos) for layer in one.layers] == [("geninfo", 0), ("eth", 0), ("ip", 14), ("tcp", 34)]
    assert list(one.layers[-1].fields) == ["tcp.seq_raw"]
    assert number(one.layers[-1], "tcp.seq_raw") == 7


@pytest.mark.parametrize("size", [1, 2, 7, 64, 1000])
def test_pieces_of_any_size_give_the_same_packets(size: int) -> None:
    reader = PdmlReader()
    pieces = [reader.feed(TEXT[start : start + size]) for start in range(0, len(TEXT), size)]
    assert told([one for piece in pieces for one in piece]) == told(PdmlReader().feed(TEXT))


def test_packet_that_is_not_complete_is_not_given() -> None:
    assert [one.number for one in PdmlReader().feed(TEXT[: TEXT.rindex(b"</packet>") + 4])] == [1]


def test_octets_that_xml_does_not_allow_become_question_marks() -> None:
    odd = packet(1, layer(b"ip", 14), layer(b"tcp", 34, field(b"tcp.seq_raw", b"\x00\x1b\xff\xfe\x85")))
    (one,) = PdmlReader().feed(HEAD + odd)
    assert one.layers[-1].fields["tcp.seq_raw"]["show"] == "?????"
    assert number(one.layers[-1], "tcp.seq_raw") == -1


@pytest.mark.parametrize("declared", [b'<!DOCTYPE pdml [<!ENTITY a "aaaa">]>\n', b"<!DOCTYPE pdml>\n"])
def test_document_type_and_entities_are_refused(declared: bytes) -> None:
    with pytest.raises(BadOutputError, match="document type"):
        PdmlReader().feed(HEAD.replace(b"<pdml", declared + b"<pdml") + packet(1))


NO_XML = [b"<packet></packet></pdml></packet>", b"<packet>&x;</packet>", b"<packet><a></packet>"]


@pytest.mark.parametrize("text", NO_XML)
def test_what_is_no_xml_is_refused(text: bytes) -> None:
    with pytest.raises(BadOutputError):
        PdmlReader().feed(HEAD + text)


def test_packet_without_end_takes_no_more_memory_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdml, "MAX_PACKET", 1000)
    reader = PdmlReader()
    while reader._kept + len(HEAD) <= 1000:
        assert reader.feed(HEAD) == []
    with pytest.raises(BadOutputError, match="more than 1000 octets"):
        reader.feed(HEAD)


def test_of_a_thousand_layers_the_innermost_are_kept() -> None:
    many = [layer(b"ip", 20 * index) for index in range(1000)] + [TCP]
    (one,) = PdmlReader().feed(HEAD + packet(1, *many))
    assert len(one.layers) <= MAX_LAYERS
    assert one.number == 1
    place = innermost(one, quoted=False)
    assert place is not None
    assert place.ip.pos == 20 * 999


def test_header_inside_an_error_is_quoted_and_the_one_behind_it_is_not() -> None:
    quoted = layer(b"icmp", 34, layer(b"ip", 42) + layer(b"tcp", 62) + b'<field name="f"><field name="g"/></field>\n')
    (one,) = PdmlReader().feed(HEAD + packet(1, layer(b"ip", 14), quoted))
    assert innermost(one, quoted=False) is None
    place = innermost(one, quoted=True)
    assert place is not None
    assert (place.ip.pos, place.tcp.pos) == (42, 62)
    (one,) = PdmlReader().feed(HEAD + packet(1, layer(b"ip", 14), quoted, layer(b"ip", 90), TCP))
    place = innermost(one, quoted=False)
    assert place is not None
    assert not place.several


def test_two_segments_in_one_frame_are_told() -> None:
    (one,) = PdmlReader().feed(HEAD + packet(1, layer(b"ip", 14), layer(b"tcp", 34), layer(b"ip", 90), TCP))
    place = innermost(one, quoted=False)
    assert place is not None
    assert (place.ip.pos, place.several) == (90, True)


IMPOSSIBLE = [(b"tcp.hdr_len", b"1e9"), (b"tcp.flags", b"0x99999"), (b"tcp.srcport", b"")]


@pytest.mark.parametrize(("name", "show"), IMPOSSIBLE)
def test_numbers_that_cannot_be_make_no_header(name: bytes, show: bytes) -> None:
    fields = {b"tcp.srcport": b"1", b"tcp.dstport": b"2", b"tcp.hdr_len": b"20", b"tcp.flags": b"0x0010"} | {name: show}
    text = b"".join(field(*one) for one in fields.items())
    text += field(b"tcp.seq_raw", b"7", b"00000007") + field(b"tcp.ack_raw", b"8", b"00000008")
    (one,) = PdmlReader().feed(HEAD + packet(1, layer(b"ip", 14), layer(b"tcp", 34, text)))
    assert header(one.layers[-1]) == b""
