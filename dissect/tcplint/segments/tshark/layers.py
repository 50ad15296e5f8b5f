"""One packet as tshark sees it: its layers with their place in the frame, out of the XML that tshark writes.

The text belongs to whoever made the capture, in parts, so it is read with care: without a document type and without
entities of its own, and every octet that is no plain ASCII becomes a question mark before expat sees it, because one
control character would end the reading. Of a packet at most `MAX_LAYERS` layers are kept, the innermost ones.

expat needs some four microseconds for a line, and tshark writes sixty for a packet, of which a dozen matter. tshark
writes one element a line, and escapes `<`, `>` and quotation marks inside it; so the lines of other fields, attributes
that nobody reads and long payloads can be left out before, which halves the time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

if TYPE_CHECKING:
    from re import Match

MAX_LAYERS = 256

FIELDS = frozenset(
    """num caplen
    ip.src ip.dst ip.len ip.id ip.ttl ip.dsfield ipv6.src ipv6.dst ipv6.plen ipv6.tclass ipv6.flow ipv6.hlim
    icmp.type icmp.code icmpv6.type icmpv6.code
    tcp.srcport tcp.dstport tcp.seq_raw tcp.ack_raw tcp.hdr_len tcp.flags tcp.window_size_value tcp.checksum
    tcp.urgent_pointer tcp.options tcp.payload tcp.len tcp.seq
    gtp.teid geneve.vni l2tp.tunnel l2tp.session l2tp.ccid l2tp.sid nsh.spi erspan.spanid wlan.ra wlan.ta
    """.split()  # noqa: SIM905
)
# A field with layers inside: the frames of an 802.11 aggregate. Wireshark 4.0 misspells it.
NESTING = ("wlan_aggregate.a_mdsu.subframe", "wlan_aggregate.a_msdu.subframe")
_NAMES = "|".join(re.escape(name) for name in sorted(FIELDS.union(NESTING)))
_OTHER_FIELD = re.compile(rf'<field name="(?!(?:{_NAMES})")[^>]*/>\s*'.encode())
# Attributes in the order in which tshark writes them; of a layer `pos` stays. The texts of options take 119 characters.
_UNREAD = re.compile(
    rb' (?:showname="[^"]*"(?: hide="yes")?(?: size="\d+")?(?: pos="\d+"(?= show))?|(?:show|value)="[^"]{200,}")'
)
_ASCII = bytes(octet if 32 <= octet < 127 or octet in b"\t\n\r" else ord("?") for octet in range(256))

QUOTING = ("icmp", "icmpv6")  # what stands inside these is a quotation


class BadOutputError(Exception):
    """This is not what tshark writes."""


class Layer:
    """One protocol of a packet."""

    __slots__ = ("fields", "name", "pos", "quoted")

    def __init__(self, name: str, pos: int, quoted: bool) -> None:
        self.name = name
        self.pos = pos  # in the frame, or in what was reassembled or decrypted; nothing says which
        self.quoted = quoted
        # Name -> attributes; `show` is the text for people, `value` the octets in hexadecimal. Of two the first.
        self.fields: dict[str, dict[str, str]] = {}


class Packet:
    """One frame as tshark sees it."""

    __slots__ = ("_layers", "captured", "number", "ordinary")

    def __init__(self, ordinary: Match[bytes] | None = None) -> None:
        self.ordinary = ordinary  # what `match_ordinary` found in it
        self.number = -1 if ordinary is None else int(ordinary[1])
        # Octets, without the header that some link types put before the frame.
        self.captured = -1 if ordinary is None else int(ordinary[2])
        self._layers: list[Layer] = []

    @property
    def layers(self) -> list[Layer]:
        """From the outermost; the first one tells of the frame itself."""
        if not self._layers and self.ordinary is not None:
            reader = LayerReader()
            reader.read(b"<pdml>")
            (whole,) = reader.read(self.ordinary[0])
            self._layers = whole._layers
        return self._layers

    def settle(self) -> None:
        """Take number and length from the first layer, now that all is there."""
        if self._layers:
            fields = self._layers[0].fields
            self.number = _number(fields.get("num", {}).get("show", ""))
            self.captured = _number(fields.get("caplen", {}).get("show", ""))


class LayerReader:
    """Reads the text of packets in order, the head of the document before the first one."""

    def __init__(self) -> None:
        self.creator = ""  # "wireshark/4.0.17", once the head was read
        self._done: list[Packet] = []
        self._parser = self._new_parser()

    def read(self, text: bytes) -> list[Packet]:
        """The packets in `text`, which must end with one. Raises BadOutputError."""
        text = _UNREAD.sub(b"", _OTHER_FIELD.sub(b"", text)).translate(_ASCII)
        try:
            self._parser.Parse(text, False)
        except expat.ExpatError as error:
            raise BadOutputError(str(error)) from error
        done, self._done = self._done, []
        for packet in done:
            packet.settle()
        return done

    def _new_parser(self) -> Any:
        """The parser. Its handlers are called forty times a packet, so what they need is in local names."""
        layers: list[Layer] = []  # of the packet that began
        fields: dict[str, dict[str, str]] = {}  # of the innermost layer that began
        inside = 0  # open elements inside a quoting layer, itself included
        parser = expat.ParserCreate("ISO-8859-1")

        def start(element: str, attributes: dict[str, str]) -> None:
            nonlocal layers, fields, inside
            if inside:
                inside += 1
            if element == "field":
                name = attributes.get("name", "")
                if name in FIELDS:
                    fields.setdefault(name, attributes)
            elif element == "proto":
                layer = Layer(attributes.get("name", ""), _number(attributes.get("pos", "")), inside > 0)
                fields = layer.fields
                layers.append(layer)
                if len(layers) > MAX_LAYERS:
                    del layers[1]
                if not inside and layer.name in QUOTING:
                    inside = 1
                    parser.EndElementHandler = end
            elif element == "packet":
                packet, fields, inside = Packet(), {}, 0
                layers = packet._layers
                self._done.append(packet)
            elif element == "pdml":
                self.creator = attributes.get("creator", "")

        def end(element: str) -> None:
            nonlocal inside
            inside -= 1
            if not inside:
                parser.EndElementHandler = None

        def refuse(*_: Any) -> None:
            raise BadOutputError("it declares a document type or an entity")

        parser.StartElementHandler = start
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
        return parser


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else -1
