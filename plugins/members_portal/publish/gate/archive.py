"""The files of archives (ZIP, tar, gzip, bzip2, xz), as different unpackers find them.

Office documents and EPUBs are ZIP archives. Unpackers disagree about archives that are joined, cut off or followed by
other data: some read the directory at the end, others each file's own header. Both are read here.
"""

import bz2
import io
import lzma
import re
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from members_portal.publish.gate.packed_stream import DAMAGED, UNPACK_BLOCK, Unpacker, unpacked
from members_portal.publish.gate.work_limit import Budget, TooComplex

HEADER_COST = 1 << 12  # bytes that take as long to read as to open a file by its header
_HEADER = struct.Struct("<4s5H3L2H")  # a file's own header: APPNOTE 4.3.7
_LOCAL = re.compile(rb"PK\x03\x04[\x00-\x3f]\x00")
_DESCRIPTOR = b"PK\x07\x08"
_ENCRYPTED, _SIZE_BEHIND = 1, 8  # bits of the flags
_OPENED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_OTHERS = frozenset({*range(1, 8), 9, 10, 18, 19, 20, *range(93, 99)})  # APPNOTE 4.4.5: other programs open these
_STREAMS: tuple[tuple[re.Pattern[bytes], Callable[[], Unpacker]], ...] = (
    (re.compile(rb"BZh[1-9]1AY&SY"), bz2.BZ2Decompressor),
    (re.compile(rb"\xfd7zXZ\x00"), lzma.LZMADecompressor),
    (re.compile(rb"\A\x5d\x00\x00(?=.{2}.{8})", re.DOTALL), lzma.LZMADecompressor),
)
_UNKNOWN = re.compile(  # the heads of 7-Zip, RAR, Zstandard, Cabinet, lzip, LZ4 and compress
    rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x28\xb5\x2f\xfd|MSCF\0\0\0\0|LZIP[\0\x01]|\x04\x22\x4d\x18|\x1f\x9d[\x80-\x90]"
)
NOT_SEARCHED = "holds files packed in a way that can't be searched: pack them as an ordinary ZIP file"


def packed_files(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each packed file; raise TooComplex beyond the limit and for unknown formats."""
    if _UNKNOWN.match(data):
        raise TooComplex(NOT_SEARCHED)
    yield from _zipped(data, budget)
    yield from _tarred(data, budget)
    for head, unpacker in _STREAMS:
        for start in head.finditer(data):
            yield "", unpacked(unpacker(), data, start.start(), budget)


def is_archive(data: bytes) -> bool:
    """Return whether some bytes are an archive, or hold one."""
    return bool(_UNKNOWN.match(data) or _LOCAL.search(data) or _is_tar(data)) or any(
        head.search(data) for head, _ in _STREAMS
    )


def _zipped(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the directory, then those that have only a header of their own."""
    ends: dict[int, int] = {}  # of files in the directory, by their place
    entries, archive = _directory(data)
    for entry in entries:
        budget.attempt()
        if content := _content(lambda entry=entry: archive.open(entry), budget):  # type: ignore[misc, union-attr]
            ends[entry.header_offset] = entry.header_offset + _HEADER.size + entry.compress_size
        yield entry.filename, content
    found = _LOCAL.search(data)
    while found:
        budget.attempt(HEADER_COST)
        start = found.start()
        if start in ends:
            end = ends[start]
        else:
            name, content, end = _by_header(data, start, budget)
            yield name, content
        found = _LOCAL.search(data, max(end, start + 1))


def _directory(data: bytes) -> tuple[list[zipfile.ZipInfo], zipfile.ZipFile | None]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED:
        return [], None
    return archive.infolist(), archive


def _content(opened: Callable[[], Any], budget: Budget) -> bytes:
    """Return a file's content as far as it is whole, so that the next files are searched."""
    parts, size = list[bytes](), 0
    try:
        with opened() as file:
            while block := file.read(UNPACK_BLOCK):
                parts.append(block)
                size += len(block)
                if size > budget.pieces:
                    raise TooComplex
    except DAMAGED:
        return b"".join(parts)
    return b"".join(parts)


def _by_header(data: bytes, start: int, budget: Budget) -> tuple[str, bytes, int]:
    """Return name, content and end of the file whose header is at a place; a stream of unknown size ends itself."""
    try:
        _, _, flags, method, _, _, _, size, _, name_size, more = _HEADER.unpack_from(data, start)
    except struct.error:
        return "", b"", len(data)
    first = start + _HEADER.size + name_size + more
    name = data[start + _HEADER.size :][:name_size].decode("utf-8", "replace")
    if flags & _ENCRYPTED or method not in _OPENED:
        if method in _OTHERS and not flags & _ENCRYPTED:
            raise TooComplex(NOT_SEARCHED)
        return name, b"", start
    if (flags & _SIZE_BEHIND and not size) or first + size > len(data):
        end = data.find(_DESCRIPTOR, first) if method == zipfile.ZIP_STORED else -1
        size, after = (end if end >= 0 else len(data)) - first, start
    else:
        after = first + size
    entry = zipfile.ZipInfo(name or "-")
    entry.compress_type, entry.compress_size, entry.file_size = method, size, budget.pieces + 2
    stream = io.BytesIO(data)
    stream.seek(first)
    return name, _content(lambda: zipfile.ZipExtFile(stream, "r", entry), budget), after


def _is_tar(data: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(data[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def _tarred(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a tar archive, or of several that are joined."""
    if not _is_tar(data):
        return
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:", ignore_zeros=True) as archive:
            for entry in archive:
                budget.attempt()
                content = _content(lambda entry=entry: archive.extractfile(entry), budget) if entry.isfile() else b""  # type: ignore[misc]
                yield f"{entry.name}\n{entry.linkname}", content
    except DAMAGED:
        return
