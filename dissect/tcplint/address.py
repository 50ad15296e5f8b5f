"""Addresses of a connection: as people write them and as Wireshark's display filters want them.

A connection's key is four fields of raw octets, two addresses and two ports: 12 octets for IPv4, 36 for IPv6. Names are
never resolved: a report about a capture must not send packets of its own.
"""

from socket import AF_INET, AF_INET6, inet_ntop
from struct import Struct

IPV4_KEY = Struct(">8B2H")


def split(key: bytes) -> tuple[str, str, int, int]:
    """First address, second address, first port, second port of a key of 12 or 36 octets."""
    size = (len(key) - 4) // 2
    family = AF_INET if size == 4 else AF_INET6
    first, second = inet_ntop(family, key[:size]), inet_ntop(family, key[size : 2 * size])
    ports = key[2 * size :]
    return first, second, int.from_bytes(ports[:2], "big"), int.from_bytes(ports[2:], "big")


def endpoints(key: bytes) -> tuple[str, str]:
    """Both ends of a key: `192.0.2.1:80`, `[2001:db8::1]:80`."""
    if len(key) == 12:
        a, b, c, d, e, f, g, h, first_port, second_port = IPV4_KEY.unpack(key)
        return f"{a}.{b}.{c}.{d}:{first_port}", f"{e}.{f}.{g}.{h}:{second_port}"  # most; others take twice as long
    first, second, first_port, second_port = split(key)
    form = "[{}]:{}" if ":" in first else "{}:{}"
    return form.format(first, first_port), form.format(second, second_port)


def reversed_key(key: bytes) -> bytes:
    """The same key as seen from the other end."""
    size = (len(key) - 4) // 2
    return key[size : 2 * size] + key[:size] + key[2 * size + 2 :] + key[2 * size : 2 * size + 2]


def display_filter(key: bytes, frames: list[int]) -> str:
    """A Wireshark display filter that shows these frames of this connection and nothing else."""
    first, second, _, _ = split(key)
    field = "ipv6.addr" if ":" in first else "ip.addr"
    numbers = ",".join(str(frame) for frame in frames)
    same = f"{field} == {first}"
    return f"frame.number in {{{numbers}}} && {same}" + ("" if first == second else f" && {field} == {second}")
