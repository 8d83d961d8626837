"""Media check: the gate opens every font and picture, so that a damaged cache or disk publishes no broken one."""

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from members_portal.publish.gate.candidate import Candidate

FONT_SUFFIXES = frozenset({".woff2", ".woff", ".ttf", ".otf"})
PICTURE_SUFFIXES = frozenset({".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp"})  # SVG has a check of its own
DAMAGE_ERRORS = (ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, TypeError, ValueError)
ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}
TAIL = 1 << 16  # bytes; some cameras write further data after the end of the picture


def check_media(candidate: Candidate) -> Iterator[str]:
    """Yield the fonts and pictures of a release that can't be opened, by their paths in the rendered tree."""
    passed = candidate.passed("media")
    return damaged_media(candidate.tree, candidate.rendered, candidate.digest, passed.passes)


def damaged_media(
    tree: Path,
    paths: Iterable[str],
    digest_of: Callable[[Path], str] = lambda file: sha256(file.read_bytes()).hexdigest(),
    passes: Callable[[str, Callable[[], bool]], bool] = lambda _, check: check(),
) -> Iterator[str]:
    """Yield the fonts and pictures of a folder that can't be opened, among the paths of its files.

    `passes` tells which ones passed before.
    """
    seen: dict[str, bool] = {}  # by digest: editions share files
    for file in (tree / path for path in sorted(paths) if _suffix(path) in FONT_SUFFIXES | PICTURE_SUFFIXES):
        digest = digest_of(file)
        if digest not in seen:
            seen[digest] = passes(digest, partial(_opens, file))
        if not seen[digest]:
            yield f"{file.relative_to(tree).as_posix()} can't be opened: {_kind(file)} is damaged"


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _opens(file: Path) -> bool:
    data = file.read_bytes()
    return opens_as_font(data) if file.suffix.lower() in FONT_SUFFIXES else opens_as_picture(data)


def opens_as_font(data: bytes) -> bool:
    """Return whether data is a font with letters."""
    from brotli import error as BrotliError
    from fontTools.ttLib import TTFont, TTLibError  # takes 0.1 s to import

    try:
        return bool(TTFont(BytesIO(data)).getBestCmap())  # decompresses all tables
    except (TTLibError, BrotliError, *DAMAGE_ERRORS, struct.error):
        return False


def opens_as_picture(data: bytes) -> bool:
    """Return whether data is a picture that is complete to its end."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as picture:
            kind = picture.format
            picture.verify()
    except (OSError, SyntaxError, Image.DecompressionBombError, *DAMAGE_ERRORS, struct.error):
        return False
    return _is_complete(data, kind or "")


def _is_complete(data: bytes, kind: str) -> bool:
    """Return whether a picture has its end, by the end mark or the stated size of its format."""
    if kind in ENDS:
        return ENDS[kind] in data[-TAIL:]
    if kind == "GIF":
        return data.rstrip(b"\0").endswith(b";")
    if kind == "WEBP":
        return int.from_bytes(data[4:8], "little") + 8 <= len(data)
    return kind != "AVIF" or _boxes_end(data) == len(data)


def _boxes_end(data: bytes) -> int:
    """Return the end of the last box of an ISO base media file (ISO/IEC 14496-12, 4.2)."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        size = int.from_bytes(data[at + 8 : at + 16], "big") if size == 1 else size or len(data) - at
        if size < 8:
            return -1
        at += size
    return at


def _kind(file: Path) -> str:
    return "the font" if file.suffix.lower() in FONT_SUFFIXES else "the picture"
