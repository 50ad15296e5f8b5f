"""The words of a ladder line: times, numbers, directions, flags, keys, options.

Every function takes the number of the line first, so that what is wrong is named with its place.
"""

import re

from tcplint.ladder.story import CLIENT, SERVER, LadderError, Number, Option

CLIENT_ISN = 100_000_000  # far enough from each other that a number of one side never looks like one of the other
SERVER_ISN = 300_000_000

FLAGS = {"F": 0x001, "S": 0x002, "R": 0x004, "P": 0x008, ".": 0x010, "U": 0x020, "E": 0x040, "W": 0x080, "A": 0x100}

# Keys with the width of their value in bits; 0 marks the keys that have a form of their own.
COPY_KEYS = {"ttl": 8, "vlan": 12, "link": 8, "interface": 16, "trailer": 16, "id": 20}
ICMP_KEYS = {"ttl": 8, "vlan": 12, "link": 8, "interface": 16}
SEGMENT_KEYS = {
    **COPY_KEYS,
    "seq": 0,
    "ack": 0,
    "sum": 0,
    "win": 16,
    "urg": 16,
    "doff": 4,
    "reserved": 3,
    "ecn": 2,
    "pad": 8,
    "iplen": 16,
}

OPTION_FORMS = {
    "mss": r"\d+",
    "wscale": r"\d+",
    "sackok": "",
    "ts": r"\d+/\d+",
    "sack": r"=?-?\d+:=?-?\d+( =?-?\d+:=?-?\d+)*",
    "tfo": r"([0-9a-fA-F]{2})*",
    "mptcp": r"([0-9a-fA-F]{2})+",
    "md5": "",
    "ao": "",
    "nop": "",
    "eol": "",
    "raw": r"([0-9a-fA-F]{2})+",
}

_TIME = re.compile(r"[+-]?\d+(\.\d{1,9})?")
_OPTIONS = re.compile(r"\s<([^<>]*)>\s*$")
_SEQUENCE = re.compile(r"(=?)(-?\d+|0x[0-9a-fA-F]+)")


def is_time(token: str) -> bool:
    """`0.040`, `+0.040`, `-130`. A bare number that begins a line is a time."""
    return _TIME.fullmatch(token) is not None


def is_pair(token: str) -> bool:
    """A letter that names a pair of addresses."""
    return len(token) == 1 and "a" <= token <= "z"


def nanoseconds(line: int, text: str) -> int:
    """Seconds with up to nine decimals, exactly."""
    if not is_time(text):
        raise LadderError(line, f"{text!r} is not a time in seconds with at most nine decimals")
    seconds, _, fraction = text.lstrip("+-").partition(".")
    value = int(seconds) * 1_000_000_000 + int(fraction.ljust(9, "0"))
    return -value if text.startswith("-") else value


def unsigned(line: int, what: str, text: str, bits: int) -> int:
    """A decimal or 0x number that fits into so many bits."""
    try:
        value = int(text, 16) if text.lower().startswith("0x") else int(text)
    except ValueError:
        raise LadderError(line, f"{what}: {text!r} is not a number") from None
    if not 0 <= value < 1 << bits:
        raise LadderError(line, f"{what}: {value} does not fit into {bits} bits")
    return value


def sequence(line: int, what: str, text: str) -> Number:
    """A sequence number: relative, or raw after `=`."""
    match = _SEQUENCE.fullmatch(text)
    if match is None:
        raise LadderError(line, f"{what}: {text!r} is not a sequence number")
    raw, digits = match.groups()
    if raw:
        return Number(unsigned(line, what, digits, 32), True)
    return Number(int(digits, 0) if digits.startswith("0x") else int(digits))


def checksum(line: int, text: str) -> int | str:
    """`bad`, `partial`, or the sum itself."""
    return text if text in ("good", "bad", "partial") else unsigned(line, "sum", text, 16)


def direction(line: int, token: str) -> tuple[str, int]:
    """The pair and the side that sends: `>` is the client of pair a, `b<` the server of pair b."""
    pair = token[:-1] or "a"
    if token[-1:] not in ("<", ">") or not is_pair(pair):
        raise LadderError(line, f"{token!r} is neither a direction (> < b> b<) nor a known line")
    return pair, CLIENT if token[-1] == ">" else SERVER


def flags(line: int, token: str) -> int:
    """The control bits as a number."""
    if token == "-":
        return 0
    bits = 0
    for letter in token:
        if letter not in FLAGS:
            raise LadderError(line, f"{letter!r} in {token!r} is no flag; flags are S F R P . U E W A, or '-' for none")
        if bits & FLAGS[letter]:
            raise LadderError(line, f"flag {letter!r} stands twice in {token!r}")
        bits |= FLAGS[letter]
    return bits


def pairs(line: int, tokens: list[str], known: dict[str, int]) -> list[tuple[str, str]]:
    """Keys with their values; each key once, none unknown."""
    found: dict[str, str] = {}
    for position in range(0, len(tokens), 2):
        key = tokens[position]
        if key not in known:
            raise LadderError(line, f"unknown key {key!r}{nearest(key, known)}")
        if key in found:
            raise LadderError(line, f"key {key!r} stands twice")
        if position + 1 == len(tokens):
            raise LadderError(line, f"key {key!r} has no value")
        found[key] = tokens[position + 1]
    return list(found.items())


def split_options(line: int, body: str) -> tuple[str, str]:
    """The packet and, apart, what stood between `<` and `>` at its end."""
    match = _OPTIONS.search(body)
    if match is not None:
        return body[: match.start()], match.group(1)
    if body.rstrip().endswith(">") and len(body.split()) > 2:
        raise LadderError(line, "options must stand between '<' and '>' at the end of the line")
    return body, ""


def options(line: int, text: str) -> list[Option]:
    """`mss 1460, sackok` as a list."""
    found = []
    for item in text.split(","):
        words = item.split()
        if not words:
            if text.strip():
                raise LadderError(line, "an option is empty: a comma too many")
            continue
        name, value = words[0], " ".join(words[1:])
        if name not in OPTION_FORMS:
            raise LadderError(line, f"unknown option {name!r}{nearest(name, OPTION_FORMS)}")
        if re.fullmatch(OPTION_FORMS[name], value) is None:
            raise LadderError(line, f"option {name}: {value!r} has not the form {OPTION_FORMS[name] or 'of no value'}")
        found.append(Option(name, value))
    return found


def endpoint(line: int, text: str) -> tuple[str, int]:
    """`192.0.2.1:80` or `[2001:db8::1]:80`."""
    address, _, port = text.rpartition(":")
    if not address:
        raise LadderError(line, f"{text!r} is not ADDRESS:PORT")
    return address.strip("[]"), unsigned(line, "port", port, 16)


def nearest(word: str, known: dict[str, int] | dict[str, str]) -> str:
    """`; did you mean …?` or nothing."""
    import difflib

    near = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""
