"""ICMP errors: what they quote is evidence for its connection, never a segment of it."""

import pytest

from tcplint.core.model import Quote, Segment
from tests.wire.build import (
    CLIENT,
    CLIENT6,
    PORTS,
    SEQ,
    SERVER,
    SERVER6,
    ethernet,
    extension,
    icmp,
    ipv4,
    ipv6,
    read,
    tcp,
    vlan,
)  # fmt: skip
from tests.wire.stacks import FOUR, OUTER, SIX

ROUTER = {"source": bytes([203, 0, 113, 9]), "destination": CLIENT}
ROUTER6 = {"source": CLIENT6[:-1] + b"\x09", "destination": CLIENT6}


@pytest.mark.parametrize("kind", range(20))
def test_the_five_errors_of_icmp_give_a_quote(kind):
    quote = read(ethernet(ipv4(icmp(FOUR[:28], kind, 13), 1, ttl=33, **ROUTER)))
    if kind not in (3, 4, 5, 11, 12):
        assert quote == "not-tcp"
        return
    assert isinstance(quote, Quote)
    assert quote.key == CLIENT + SERVER + PORTS
    assert (quote.seq, quote.version, quote.type, quote.code, quote.hop_limit) == (SEQ, 4, kind, 13, 33)


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 4, 5, 128, 135])
def test_the_four_errors_of_icmpv6_give_a_quote(kind):
    quote = read(ethernet(ipv6(icmp(SIX, kind, 4), 58, hops=61, **ROUTER6)))
    if not 1 <= kind <= 4:
        assert quote == "not-tcp"
        return
    assert isinstance(quote, Quote)
    assert quote.key == CLIENT6 + SERVER6 + PORTS
    assert (quote.seq, quote.version, quote.type, quote.code, quote.hop_limit) == (SEQ, 6, kind, 4, 61)


@pytest.mark.parametrize("octets", range(33))
def test_a_short_quotation_lacks_the_sequence_number_or_cannot_be_read(octets):
    quote = read(ethernet(ipv4(icmp(FOUR[: 20 + octets]), 1, **ROUTER)))
    if octets < 4:
        assert quote == "unreadable-quote"
    else:
        assert quote.seq == (SEQ if octets >= 8 else -1)


def test_padding_behind_the_error_is_not_read_as_part_of_the_quotation():
    frame = ethernet(ipv4(icmp(FOUR[:26]), 1, **ROUTER)) + b"\xee" * 20
    assert read(frame).seq == -1


def test_a_quotation_cut_by_the_capture_is_short():
    frame = ethernet(ipv4(icmp(FOUR), 1, **ROUTER))
    assert read(frame[: 14 + 28 + 20 + 6], original=len(frame)).seq == -1
    assert read(frame[: 14 + 28 + 12], original=len(frame)) == "unreadable-quote"


def test_lengths_that_a_host_changed_in_its_quotation_do_not_matter():
    for total in (0, 20, 0x3C00, 65535):
        assert read(ipv4(icmp(ipv4(tcp(), total=total)[:28]), 1, **ROUTER), 101).seq == SEQ
    assert read(ipv6(icmp(ipv6(tcp(), size=1), 1, 0), 58, **ROUTER6), 101).seq == SEQ


def test_options_and_extension_headers_inside_the_quotation_are_passed_over():
    assert read(ipv4(icmp(ipv4(tcp(), options=b"\1" * 12)), 1, **ROUTER), 101).seq == SEQ
    assert read(ipv6(icmp(ipv6(extension(tcp(), 6), 60), 3, 0), 58, **ROUTER6), 101).seq == SEQ


@pytest.mark.parametrize("quoted", [ipv4(b"x" * 20, 17), ipv4(FOUR, 4, **OUTER), ipv4(icmp(FOUR), 1)])
def test_an_error_about_something_else_than_tcp_is_no_quote(quoted):
    assert read(ipv4(icmp(quoted), 1, **ROUTER), 101) == "not-tcp"


def test_an_error_that_quotes_nothing_readable_is_a_skip():
    for quoted in (b"", b"\x45", b"\x35" + FOUR[1:], b"\x42" + FOUR[1:], SIX[:20]):
        assert read(ipv4(icmp(quoted), 1, **ROUTER), 101) == "unreadable-quote"


def test_a_tunnelled_error_behind_a_tag_is_a_quote_and_the_next_frame_a_segment_again():
    frame = ethernet(vlan(ipv4(ipv4(icmp(FOUR), 1, **ROUTER), 4, **OUTER)), 0x8100)
    assert isinstance(read(frame), Quote)
    assert isinstance(read(FOUR, 101), Segment)
