"""The files of a ZIP archive, as unzip programs find them; office documents and EPUBs are such archives."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator

_DAMAGED = (  # raised by zipfile for a damaged or encrypted file, and for a compression that it lacks
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, OSError, RuntimeError, ValueError),
)


def archive_files(data: bytes, most: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file, the latter up to `most` bytes. Other data may precede the archive."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                yield entry.filename, _content(archive, entry, most)
    except _DAMAGED:
        return


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Return a file's content; nothing where no program can open it, so that the next files are searched."""
    try:
        with archive.open(entry) as file:
            return file.read(most)
    except _DAMAGED:
        return b""
