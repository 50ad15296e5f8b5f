"""Compressed captures: gzip, zstd and lz4, recognised by their first octets, expanded a piece at a time.

A compressed file is a row of *members* (zstd and lz4 call them frames), one after the other; `cat a.gz b.gz` is a good
file. Three things are watched:

- the octets that come out are counted, and `limit` ends the reading: a few kilobytes may expand to terabytes;
- no single step may expand without bound either, so output is asked for in pieces. The zstandard package has no such
  limit for a step; but a zstd block takes at least 4 octets and gives at most 128 KiB (RFC 8878 §3.1.1.2.3), so steps
  of 512 octets give at most 16 MiB;
- a member that ends too early is told from one that ends well.

After a fault in gzip data the last step is taken again octet by octet, so that every octet before the fault is still
delivered. zstd and lz4 check whole blocks: what the block before the fault gave is delivered, unless it lay in the
same step.

The zstd and lz4 packages are imported only when such a file is met.
"""

import importlib
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from .source import PIECE, Source
from .status import Problem, Status

PACKED_PIECE = 1 << 16  # octets of input at a time; what is not used yet is copied at every step, so not more
MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"\x04\x22\x4d\x18": "lz4"}
PACKAGE = {"zstd": "zstandard", "lz4": "lz4"}

ZSTD_STEP = 512
ZSTD_WINDOW = 1 << 27  # octets; what `zstd --ultra -22` needs, and the limit of the zstd command itself


class CorruptDataError(Exception):
    """The compressed octets are not valid. `rest` holds what could still be expanded before the fault."""

    def __init__(self, message: str, rest: bytes = b"") -> None:
        super().__init__(message)
        self.rest = rest


class Member(Protocol):
    """Expands one member. `done` is set at its end."""

    done: bool

    def step(self, data: bytes) -> tuple[bytes, bytes, bool]:
        """Expand some of `data`: the octets that came out, those not used yet, and whether more may come without any.

        Raises CorruptDataError.
        """


class GzipMember:
    """RFC 1952, by zlib, which checks the checksum and the length at the end."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)
        self.done = False

    def step(self, data: bytes) -> tuple[bytes, bytes, bool]:
        """See Member.step."""
        before = self._inflate.copy()
        try:
            out = self._inflate.decompress(data, PIECE)
        except zlib.error as error:
            raise CorruptDataError(str(error), self._until_fault(before, data)) from error
        self.done = self._inflate.eof
        if self.done:
            return out, self._inflate.unused_data, False
        return out, self._inflate.unconsumed_tail, len(out) == PIECE

    @staticmethod
    def _until_fault(inflate: Any, data: bytes) -> bytes:
        out = bytearray()
        try:
            for index in range(len(data)):
                out += inflate.decompress(data[index : index + 1])
        except zlib.error:
            pass
        return bytes(out)


class ZstdMember:
    """RFC 8878, by the zstandard package."""

    def __init__(self, package: Any) -> None:
        self._error = package.ZstdError
        self._frame = package.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()
        self.done = False

    def step(self, data: bytes) -> tuple[bytes, bytes, bool]:
        """See Member.step."""
        try:
            out: bytes = self._frame.decompress(data[:ZSTD_STEP])
        except self._error as error:
            raise CorruptDataError(str(error)) from error
        self.done = self._frame.eof
        return out, (self._frame.unused_data if self.done else b"") + data[ZSTD_STEP:], False


class Lz4Member:
    """The LZ4 frame format, by the lz4 package."""

    def __init__(self, package: Any) -> None:
        self._frame = package.LZ4FrameDecompressor()
        self.done = False

    def step(self, data: bytes) -> tuple[bytes, bytes, bool]:
        """See Member.step."""
        try:
            out: bytes = self._frame.decompress(data, max_length=PIECE)
        except RuntimeError as error:
            raise CorruptDataError(str(error)) from error
        self.done = self._frame.eof
        return out, (self._frame.unused_data or b"") if self.done else b"", not self._frame.needs_input


def compression(head: bytes) -> str | None:
    """The name of the compression that `head`, the first octets of a file, begins with, or None."""
    for magic, name in MAGIC.items():
        if head.startswith(magic):
            return name
    return None


def member_maker(name: str) -> Callable[[], Member]:
    """What makes a `Member` for the compression `name`. Raises ImportError where its package is missing."""
    if name == "zstd":
        zstd = importlib.import_module("zstandard")
        return lambda: ZstdMember(zstd)
    if name == "lz4":
        lz4 = importlib.import_module("lz4.frame")
        return lambda: Lz4Member(lz4)
    return GzipMember


class ExpandedSource:
    """The expanded octets of a compressed source, at most `limit` of them."""

    def __init__(self, packed: Source, name: str, make: Callable[[], Member], limit: int, status: Status) -> None:
        self._packed = packed
        self._name = name
        self._make = make
        self._limit = limit
        self._status = status
        self._member = make()
        self._input = b""
        self._more = False  # the member has output left that needs no input
        self._over = False
        self._given = 0
        self.problem: Problem | None = None

    def read(self) -> bytes:
        """See Source.read."""
        while not self._over:
            if not self._input and not self._more:
                self._input = self._packed.read()
                if not self._input:
                    self._cut()
                    break
            try:
                out, self._input, self._more = self._member.step(self._input)
            except CorruptDataError as error:
                return self._give(error.rest, ("corrupt-compression", f"the {self._name} data is corrupt: {error}"))
            if self._member.done:
                self._next_member()
            if out:
                return self._give(out, None)
        return b""

    def _give(self, out: bytes, fault: tuple[str, str] | None) -> bytes:
        """Count `out` and hand it over, cut at the limit; `fault` is what stopped the expansion behind it."""
        room = self._limit - self._given
        if len(out) > room:
            out = out[:room]
            fault = ("expand-limit", f"the {self._name} data expands to more than the limit of {self._limit} octets")
        self._given += len(out)
        if fault:
            self._over = True
            self.problem = Problem(fault[0], self._given, fault[1])
        return out

    def _cut(self) -> None:
        """The input ended inside a member."""
        self._over = True
        self.problem = self._packed.problem or Problem(
            "truncated-file", self._given, f"the {self._name} data ends before its end mark"
        )

    def _next_member(self) -> None:
        """After the end of a member: begin the next, or end."""
        while True:
            if self._name == "gzip":  # files on tape are padded with zeros, and gzip itself passes over them
                self._input = self._input.lstrip(b"\0")
            if len(self._input) >= 4:
                break
            piece = self._packed.read()
            if not piece:
                break
            self._input += piece
        if compression(self._input) == self._name or self._skippable():
            self._member = self._make()
            return
        self._over = True
        if self._input:
            self._status.note("trailing-data", f"octets behind the end of the {self._name} data are not read")
        elif self._packed.problem:
            self.problem = self._packed.problem

    def _skippable(self) -> bool:
        """Whether a frame of user data follows, which zstd and lz4 have in common (RFC 8878 §3.1.2)."""
        return self._name != "gzip" and self._input[1:4] == b"\x2a\x4d\x18" and self._input[0] >> 4 == 5
