"""Compressed streams in binary data (zlib, gzip), and the chunks of a PNG."""

import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import Protocol

from members_portal.publish.gate.work_limit import Budget, TooComplex

MOST_INFLATED = 1 << 22  # bytes read of a stream in a picture or a PDF; the texts of PDFs are read as a whole
UNPACK_BLOCK = 1 << 16  # bytes unpacked at once
FIRST_READ = 1 << 9  # most false heads end here
STREAM_HEAD = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_PICTURED = re.compile(rb"IDAT$|fdAT....$|stream\r?\n$", re.DOTALL)
DAMAGED = (  # raised for a damaged or encrypted file, and for a compression that Python lacks
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, OSError, RuntimeError, ValueError),
)


class Unpacker(Protocol):
    """A decompressor of the standard library."""

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def unpacked(unpacker: Unpacker, data: bytes, start: int, budget: Budget) -> bytes:
    """Unpack a stream as far as it is whole; raise TooComplex beyond the limit."""
    view, parts, size, at = memoryview(data), list[bytes](), 0, start
    try:
        while at < len(data) and not unpacker.eof:
            block = view[at : at + (UNPACK_BLOCK if at > start else FIRST_READ)]
            budget.attempt(len(block))
            parts.append(unpacker.decompress(block, budget.pieces + 1 - size))  # type: ignore[arg-type]
            size, at = size + len(parts[-1]), at + len(block)
            if size > budget.pieces:
                raise TooComplex
    except DAMAGED:
        return b"".join(parts)
    return b"".join(parts)


def inflated(data: bytes, budget: Budget) -> Iterator[bytes]:
    """Yield the zlib and gzip streams; of those in pictures and PDFs, the beginning."""
    for start in STREAM_HEAD.finditer(data):
        unpacker = zlib.decompressobj(wbits=47)
        if not _PICTURED.search(data[max(0, start.start() - 8) : start.start()]):
            yield unpacked(unpacker, data, start.start(), budget)
            continue
        try:
            yield unpacker.decompress(memoryview(data)[start.start() :], MOST_INFLATED)
        except zlib.error:
            continue
        finally:
            budget.attempt()


def chunks(data: bytes) -> Iterator[bytes]:
    """Yield the chunks of a PNG except IDAT, without their checksums, which could join the text before them."""
    if data.startswith(b"\x89PNG"):
        start = 8
        while start < len(data):
            size = int.from_bytes(data[start : start + 4], "big")
            if data[start + 4 : start + 8] != b"IDAT":
                yield data[start + 8 : start + 8 + size]
            start += size + 12
