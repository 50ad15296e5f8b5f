"""One story many times in a capture: other clients, five minutes apart, each reported when the next ones come."""

import struct
from pathlib import Path

from tests.cli import captures

CLIENT = bytes([192, 0, 2, 1])
GAP = 300  # seconds


def write_many(path: Path, story: str, count: int) -> Path:
    whole = captures.octets(story)
    with path.open("wb") as file:
        file.write(whole[:24])
        for number in range(count):
            position = 24
            while position < len(whole):
                seconds, part, captured, original = struct.unpack_from(">4I", whole, position)
                file.write(struct.pack(">4I", seconds + GAP * number, part, captured, original))
                data = whole[position + 16 : position + 16 + captured]
                file.write(data.replace(CLIENT, bytes([10, 0, number >> 8, number & 255])))
                position += 16 + captured
    return path
