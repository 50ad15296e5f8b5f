"""An ordinary packet, read at one stroke: one IP header and one TCP header, no tunnel, no quotation, nothing cut.

One regular expression takes the place of an XML parser that would call us back forty times. tshark writes one element a
line, and the expression knows the kinds of lines of such a packet, and their order: there is no room in it for another
layer. Of the lines that nobody reads it sees only the beginning. What it does not match from end to end goes to the XML
parser, and so does a packet whose numbers are not exactly those that our own decoder read in the frame (`is_shown`). So
it can make nothing up: it only says sooner what both agree on.

Every loop in it is possessive, so hostile text cannot make it go back and try again: it takes linear time.
"""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import Match

# Number and length of the frame, position of the TCP header; addresses; numbers of the header, three in hexadecimal.
DECIMAL, HEXADECIMAL, ADDRESS = r"(\d{1,10})", r"0x([0-9a-f]{1,8})", r"([0-9a-f.:]{2,45})"
WANTED_OF_IP = (("src", ADDRESS), ("dst", ADDRESS))
WANTED_OF_TCP = (
    ("srcport", DECIMAL),
    ("dstport", DECIMAL),
    ("len", DECIMAL),
    ("seq_raw", DECIMAL),
    ("ack_raw", DECIMAL),
    ("hdr_len", DECIMAL),
    ("flags", HEXADECIMAL),
    ("window_size_value", DECIMAL),
    ("checksum", HEXADECIMAL),
    ("urgent_pointer", DECIMAL),
)

TEXT = r'"[^"\n<>]*+"'
END = r"[^\n]*+(?<=>)\n"  # of a line
INSIDE = rf"      <field name=\"filtered\" value={TEXT} />\n    </field>\n"  # of a field with parts: not printed
NOT_PRINTED = rf"  <proto name={TEXT} showname={END}    <field name=\"filtered\" value={TEXT} />\n  </proto>\n"
PAYLOAD = (
    rf'  <proto name="fake-field-wrapper">\n    <field name="data" value={TEXT}'
    r'(?:/>\n|>\n      <field name="filtered" value="data" />\n  </field>\n)  </proto>\n'
)


def _layer(name: str, position: str, fields: tuple[tuple[str, str], ...]) -> str:
    """A layer with each of these fields once, in this order, others between them."""
    wanted = "|".join(field for field, _ in fields)
    others = rf'(?:    <field name="(?!(?:{name})\.(?:{wanted})"){END}|{INSIDE})*+'
    text = rf'  <proto name="(?:{name})" showname={TEXT} size="\d++" pos="{position}">\n{others}'
    for field, shown in fields:
        text += (
            rf'    <field name="(?:{name})\.{field}" showname={TEXT}(?: hide="yes")?+ size="\d++" pos="\d++" '
            rf'show="{shown}"{END}{others}'
        )
    return text + "  </proto>\n"


def _general(name: str, shown: str) -> str:
    return rf'    <field name="{name}" pos="0" show="{shown}" {END}'


match_ordinary = re.compile(
    "".join((
        rf'\n*+<packet>\n  <proto name="geninfo" {END}',
        _general("num", DECIMAL),
        _general("len", r"\d++"),
        _general("caplen", DECIMAL),
        _general("timestamp", r"[^\"\n]*+"),
        r"  </proto>\n",
        rf"(?:{NOT_PRINTED})*+",
        _layer("ip|ipv6", r"\d++", WANTED_OF_IP),
        _layer("tcp", r"(\d{1,10})", WANTED_OF_TCP),
        rf"(?:{PAYLOAD}|{NOT_PRINTED})*+\n*+</packet>",
    )).encode()
).match  # fmt: skip

_addresses: dict[bytes, bytes] = {}  # text -> octets; there are few, and most come often
MAX_ADDRESSES = 65536


def _octets(text: bytes) -> bytes:
    """Of an address as text; none of what is no address."""
    found = _addresses.get(text)
    if found is None:
        try:
            found = socket.inet_pton(socket.AF_INET6 if b":" in text else socket.AF_INET, text.decode())
        except OSError:
            return b""
        if len(_addresses) >= MAX_ADDRESSES:
            _addresses.clear()
        _addresses[text] = found
    return found


def is_shown(found: Match[bytes], segment: Any, offset: int, captured: int) -> bool:
    """Whether the packet shows exactly this segment.

    `offset`: of its header in the frame; `captured`: octets of the frame.
    """
    (
        _, caplen, source, destination, position,
        sender, receiver, length, seq, ack, header, flags, window, checksum, urgent,
    ) = found.groups()  # fmt: skip
    return (
        int(position) == offset
        and int(caplen) == captured
        and int(seq) == segment.seq
        and int(ack) == segment.ack
        and int(flags, 16) == segment.flags
        and int(length) == segment.length
        and int(window) == segment.window
        and int(header) == segment.header_stated
        and int(checksum, 16) == segment.checksum
        and int(urgent) == segment.urgent
        and segment.length_known
        and (int(sender) << 16 | int(receiver)) == int.from_bytes(segment.key[-4:], "big")
        and _octets(source) + _octets(destination) == segment.key[:-4]
    )
