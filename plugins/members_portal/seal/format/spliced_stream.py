"""A zlib stream put between other bytes without deflating it again: RFC 1950 and RFC 1951.

The stream must end in an empty last block after a flush. Its other blocks then end at a byte border, and further
blocks may precede and follow them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_HEAD, _CHECKSUM = 2, 4  # bytes at the beginning and the end of a zlib stream
_FLUSHED = b"\0\0\xff\xff"  # the end of a flush: sizes of an empty stored block
_LAST = b"\3\0"  # an empty last block
_MOST_STORED = 0xFFFF  # bytes in one stored block


def splice(before: bytes, stream: bytes, after: bytes, whole: bytes) -> bytes | None:
    """Return the zlib stream of `whole`, that is, of `before`, the content of `stream` and `after`.

    `before` and `after` are stored, not deflated; `after` has one byte at least. Return None if the stream ends in
    another way.
    """
    end = len(stream) - _CHECKSUM - len(_LAST)
    if not stream[:end].endswith(_FLUSHED) or stream[end:-_CHECKSUM] != _LAST:
        return None
    blocks = (stream[:_HEAD], *_stored(before), stream[_HEAD:end], *_stored(after, last=True))
    return b"".join((*blocks, zlib.adler32(whole).to_bytes(_CHECKSUM, "big")))


def _stored(data: bytes, *, last: bool = False) -> Iterator[bytes]:
    """Yield stored blocks (RFC 1951, section 3.2.4); with `last`, the last one ends the stream."""
    for start in range(0, len(data), _MOST_STORED):
        part = data[start : start + _MOST_STORED]
        ends = last and start + _MOST_STORED >= len(data)
        size = len(part)
        yield bytes([ends]) + size.to_bytes(2, "little") + (size ^ _MOST_STORED).to_bytes(2, "little") + part
