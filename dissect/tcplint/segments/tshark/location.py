"""Where tshark sees the segment, and what it says of it.

Positions in PDML count from the beginning of the data that a layer was read from. Mostly that is the frame; for a
reassembled or decrypted packet it is other data, and nothing says so. So a position is believed only if the octets that
stand there are those that tshark names.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .layers import Layer, Packet

IP = ("ip", "ipv6")
# What identifies a tunnel, of the fields that are printed.
TUNNEL = (
    "gtp.teid", "geneve.vni", "l2tp.tunnel", "l2tp.session", "l2tp.ccid", "l2tp.sid", "nsh.spi", "erspan.spanid",
    "wlan.ra", "wlan.ta", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst",
)  # fmt: skip
NOTHING: dict[str, str] = {}


class Place:
    """A TCP layer and the IP layer around it."""

    __slots__ = ("ip", "several", "tcp")

    def __init__(self, tcp: Layer, ip: Layer, several: bool) -> None:
        self.tcp = tcp
        self.ip = ip
        self.several = several  # the frame has other segments, beside this one


def innermost(packet: Packet, quoted: bool) -> Place | None:
    """The innermost TCP layer that is (or is not) part of a quotation, and the IP layer around it."""
    tcp: Layer | None = None
    place: Place | None = None
    for layer in reversed(packet.layers):
        if layer.quoted != quoted:
            continue
        if layer.name == "tcp":
            if place is not None:
                place.several = True
            elif tcp is None:
                tcp = layer
        elif layer.name in IP and tcp is not None and place is None:
            place = Place(tcp, layer, several=False)
    return place


def has_ip(packet: Packet) -> bool:
    """Whether there is an IP header that is not quoted."""
    return any(layer.name in IP and not layer.quoted for layer in packet.layers)


def number(layer: Layer, name: str) -> int:
    """The number that tshark shows for a field, decimal or hexadecimal; -1 when it shows none."""
    field = layer.fields.get(name)
    if field is None:
        return -1
    try:
        return int(field["show"], 0)
    except (KeyError, ValueError):
        return -1


def octets(layer: Layer, name: str) -> bytes:
    """The octets of a field; none when it is not there."""
    field = layer.fields.get(name)
    try:
        return b"" if field is None else bytes.fromhex(field.get("value", ""))
    except ValueError:
        return b""


_addresses: dict[str, bytes] = {}  # text -> octets; there are few, and most come often
MAX_ADDRESSES = 65536


def address(ip: Layer, end: str) -> bytes:
    """The address of an IP layer, `end` is src or dst; none when it is not shown."""
    text = ip.fields.get(f"{ip.name}.{end}", NOTHING).get("show", "")
    found = _addresses.get(text)
    if found is None:
        try:
            found = socket.inet_pton(socket.AF_INET if ip.name == "ip" else socket.AF_INET6, text)
        except (OSError, ValueError):
            return b""
        if len(_addresses) >= MAX_ADDRESSES:
            _addresses.clear()
        _addresses[text] = found
    return found


def addresses(ip: Layer) -> bytes:
    """Sender and receiver: 8 or 32 octets; none when one of them is not shown."""
    source, destination = address(ip, "src"), address(ip, "dst")
    return source + destination if source and destination else b""


def ports(tcp: Layer) -> bytes:
    """Both ports: 4 octets; none when one of them is not shown."""
    source, destination = number(tcp, "tcp.srcport"), number(tcp, "tcp.dstport")
    if not (0 <= source < 65536 and 0 <= destination < 65536):
        return b""
    return source.to_bytes(2, "big") + destination.to_bytes(2, "big")


def header(tcp: Layer) -> bytes:
    """The TCP header and payload put together again from the fields, as far as they go; from 14 octets on."""
    head = ports(tcp) + octets(tcp, "tcp.seq_raw") + octets(tcp, "tcp.ack_raw")
    words, flags = number(tcp, "tcp.hdr_len") // 4, number(tcp, "tcp.flags")
    if len(head) != 12 or not 0 <= words < 16 or not 0 <= flags < 4096:
        return b""
    head += (words << 12 | flags).to_bytes(2, "big")
    for name in ("tcp.window_size_value", "tcp.checksum", "tcp.urgent_pointer"):
        part = octets(tcp, name)
        if len(part) != 2:
            return head
        head += part
    head += octets(tcp, "tcp.options")
    return head + octets(tcp, "tcp.payload") if len(head) == words * 4 else head


def stands_at(data: bytes, offset: int, tcp: Layer) -> bool:
    """Whether the octets at `offset` are the beginning of the header that tshark shows."""
    if offset < 0 or len(data) < offset + 14:
        return False
    return (
        data[offset : offset + 4] == ports(tcp)
        and int.from_bytes(data[offset + 4 : offset + 8], "big") == number(tcp, "tcp.seq_raw")
        and int.from_bytes(data[offset + 8 : offset + 12], "big") == number(tcp, "tcp.ack_raw")
    )


def tcp_length(place: Place, available: int) -> int:
    """Octets of header and payload, as the length fields say; `available` where tshark does not tell."""
    tcp, ip = place.tcp, place.ip
    payload, stated = number(tcp, "tcp.len"), number(tcp, "tcp.hdr_len")
    if payload >= 0 and stated >= 0:
        return payload + stated
    total = number(ip, "ip.len") if ip.name == "ip" else number(ip, "ipv6.plen") + 40
    length = ip.pos + total - tcp.pos
    return length if total > 40 and 14 <= length <= total else available


def agrees(segment: Any, place: Place) -> bool:
    """Whether tshark shows the numbers of `segment`, all those that it shows. It may not know all of a cut header."""
    tcp = place.tcp
    if ports(tcp) != segment.key[-4:]:
        return False
    shown = addresses(place.ip)
    if shown != segment.key[:-4] and (len(shown) == 8 or shown[:16] != segment.key[:16]):
        # In IPv6 the receiver may stand in a routing header.
        return False
    pairs = (
        ("tcp.seq_raw", segment.seq),
        ("tcp.ack_raw", segment.ack),
        ("tcp.flags", segment.flags),
        ("tcp.hdr_len", segment.header_stated),
        ("tcp.window_size_value", segment.window),
        ("tcp.checksum", segment.checksum),
        ("tcp.urgent_pointer", segment.urgent),
        ("tcp.len", segment.length if segment.length_known else -1),
    )
    return all(number(tcp, name) in (-1, value) or value == -1 for name, value in pairs)


def tunnel(packet: Packet, inner: Layer) -> tuple[str, ...]:
    """What tells the way to the layer `inner` from others: the layers before it, and the numbers of tunnels."""
    key: list[str] = []
    for layer in packet.layers:
        if layer is inner:
            break
        key.append(layer.name)
        key += (layer.fields[name].get("show", "") for name in TUNNEL if name in layer.fields)
    return tuple(key)
