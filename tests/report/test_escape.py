"""Nothing out of a capture or a file name reaches the terminal as a command."""

import os
import unicodedata

import pytest

from tcplint.report.escape import escape


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain.pcap", "plain.pcap"),
        ("抓包.pcap", "抓包.pcap"),
        ("\x1b[2Jgone.pcap", r"\x1b[2Jgone.pcap"),
        ("two\nlines\tand\r\x7f", r"two\x0alines\x09and\x0d\x7f"),
        ("\x9b31m", r"\x9b31m"),  # the one-octet form of ESC [
        ("gnp.\u202epcap", r"gnp.\u202epcap"),  # right-to-left override
        ("a\u200bb\ufeff", r"a\u200bb\ufeff"),
        ("a\u2028b", r"a\u2028b"),
        ("\ue000\U000e0001", r"\ue000\U000e0001"),
    ],
)
def test_character_that_a_terminal_obeys_or_hides_is_shown_as_its_number(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_byte_that_is_no_text_is_shown_as_its_number() -> None:
    assert escape(os.fsdecode(b"caf\xe9.pcap")) == r"caf\xe9.pcap"


def test_every_character_of_the_first_planes_comes_out_printable() -> None:
    spaces = {code for code in range(0x3000) if unicodedata.category(chr(code)) == "Zs"}
    assert [code for code in range(0x3000) if not escape(chr(code)).isprintable() and code not in spaces] == []
