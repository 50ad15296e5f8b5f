"""Octets of one packet, built with dpkt: options, TCP, IPv4 or IPv6, ICMP errors, ARP, Ethernet.

Every header is packed by itself (`pack_hdr`), so that nothing that a ladder states falsely is put right on the way.
"""

import ipaddress
import struct
from collections.abc import Callable
from dataclasses import dataclass

import dpkt

from tcplint.ladder.story import Endpoint, Option, SegmentLine

OPTION_KINDS = {"mss": 2, "wscale": 3, "sackok": 4, "sack": 5, "ts": 8, "md5": 19, "ao": 29, "mptcp": 30, "tfo": 34}
ICMP_QUOTED = 8  # octets of the TCP header that an ICMP error quotes (RFC 792); ICMPv6 quotes all of it


@dataclass(slots=True)
class Numbers:
    """What a segment carries once every default is filled in; numbers are raw."""

    seq: int
    ack: int
    ip_id: int
    first_octet: int  # place of the first payload octet in its stream: gives retransmissions the same payload


def address(text: str) -> bytes:
    """Network form of an IPv4 or IPv6 address."""
    return ipaddress.ip_address(text).packed


def option_octets(options: list[Option], raw_edge: Callable[[str], int]) -> bytes:
    """The option list, filled up with zeros; `raw_edge` turns a SACK edge as written into a raw number."""
    octets = b"".join(_option(option, raw_edge) for option in options)
    return octets + bytes(-len(octets) % 4)


def _option(option: Option, raw_edge: Callable[[str], int]) -> bytes:
    name, value = option
    if name == "raw":
        return bytes.fromhex(value)
    if name in ("nop", "eol"):
        return b"\x01" if name == "nop" else b"\x00"
    body = b""
    if name == "mss":
        body = struct.pack(">H", int(value) & 0xFFFF)
    elif name == "wscale":
        body = struct.pack("B", int(value) & 0xFF)
    elif name == "ts":
        body = struct.pack(">II", *(int(number) & 0xFFFFFFFF for number in value.split("/")))
    elif name == "sack":
        body = b"".join(struct.pack(">I", raw_edge(edge)) for edge in value.replace(":", " ").split())
    elif name in ("tfo", "mptcp"):
        body = bytes.fromhex(value)
    elif name == "md5":
        body = bytes(16)
    elif name == "ao":
        body = bytes(14)  # key id, next key id, 12 octets of code
    return bytes((OPTION_KINDS[name], len(body) + 2)) + body


def segment(line: SegmentLine, numbers: Numbers, options: bytes, source: Endpoint, target: Endpoint) -> bytes:
    """An IP packet with the segment of `line`."""
    stated = line.fields
    payload = bytes(97 + (numbers.first_octet + index) % 26 for index in range(line.length))
    payload += bytes(stated.get("pad", 0))
    header = dpkt.tcp.TCP(
        sport=source.port,
        dport=target.port,
        seq=numbers.seq,
        ack=numbers.ack,
        win=stated.get("win", 65535),
        urp=stated.get("urg", 0),
    )
    data_offset = stated.get("doff", 5 + len(options) // 4)
    header._off_flags = data_offset << 12 | stated.get("reserved", 0) << 9 | line.flags  # dpkt cannot set reserved bits
    behind = options + payload
    ends = address(source.address) + address(target.address)
    header.sum = _checksum(line.checksum, ends, header.pack_hdr() + behind)
    return ip_packet(header.pack_hdr() + behind, 6, source, target, numbers.ip_id, stated)


def _checksum(wanted: int | str, ends: bytes, tcp: bytes) -> int:
    if isinstance(wanted, int):
        return wanted
    pseudo = ends + struct.pack(">HH", 6, len(tcp))
    if wanted == "partial":
        total: int = ~dpkt.dpkt.in_cksum(pseudo) & 0xFFFF
        return total
    total = dpkt.dpkt.in_cksum(pseudo + tcp)
    return total ^ 0x1111 if wanted == "bad" else total


def ip_packet(
    body: bytes, protocol: int, source: Endpoint, target: Endpoint, ip_id: int, fields: dict[str, int]
) -> bytes:
    """An IPv4 or IPv6 packet, by the form of the source address."""
    ends = {"src": address(source.address), "dst": address(target.address)}
    ttl, ecn = fields.get("ttl", 64), fields.get("ecn", 0)
    if len(ends["src"]) == 16:
        header = dpkt.ip6.IP6(nxt=protocol, hlim=ttl, plen=fields.get("iplen", len(body)), **ends)
        header.fc, header.flow = ecn, ip_id
        return bytes(header.pack_hdr()) + body
    header = dpkt.ip.IP(
        p=protocol, ttl=ttl, tos=ecn, id=ip_id & 0xFFFF, len=fields.get("iplen", 20 + len(body)), df=1, **ends
    )
    header.sum = dpkt.dpkt.in_cksum(header.pack_hdr())
    return bytes(header.pack_hdr()) + body


def icmp_error(quoted: bytes, kind: int, code: int, short: bool, source: Endpoint, target: Endpoint) -> bytes:
    """The octets of an ICMP or ICMPv6 error about an IP packet."""
    if len(address(source.address)) == 16:
        body = struct.pack(">BBHI", kind, code, 0, 0) + (quoted[:44] if short else quoted[:1232])
        pseudo = address(source.address) + address(target.address) + struct.pack(">II", len(body), 58)
        total = dpkt.dpkt.in_cksum(pseudo + body)
    else:
        body = struct.pack(">BBHI", kind, code, 0, 0) + quoted[: 20 + (4 if short else ICMP_QUOTED)]
        total = dpkt.dpkt.in_cksum(body)
    return body[:2] + struct.pack(">H", total) + body[4:]


def ethernet(packet: bytes, side: int, pair: int, fields: dict[str, int]) -> bytes:
    """A frame around an IP packet: locally administered addresses, one for each end and link."""
    ends = [bytes((2, 0, 0, fields.get("link", 0), pair, end)) for end in (1, 2)]
    kind = dpkt.ethernet.ETH_TYPE_IP6 if packet[0] >> 4 == 6 else dpkt.ethernet.ETH_TYPE_IP
    header = ends[1 - side] + ends[side]
    if "vlan" in fields:
        header += struct.pack(">HH", dpkt.ethernet.ETH_TYPE_8021Q, fields["vlan"])
    return header + struct.pack(">H", kind) + packet + bytes(fields.get("trailer", 0))


def unrelated() -> bytes:
    """A frame that is no part of any connection: somebody asks for the hardware address of a neighbour."""
    question = dpkt.arp.ARP(sha=b"\x02\x00\x00\x00\x00\x09", spa=address("192.0.2.9"), tpa=address("192.0.2.10"))
    header = struct.pack(">6s6sH", b"\xff" * 6, question.sha, dpkt.ethernet.ETH_TYPE_ARP)
    return header + bytes(question)
