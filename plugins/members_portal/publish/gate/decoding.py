"""Decode a file into words: as text, with inline tags removed, reversed, unescaped, decoded, decompressed.

Each decoded piece (unescaped text, base64, a compressed stream) is decoded again, up to DEPTH levels, and the files of
archives up to ARCHIVES levels. A file that exceeds a limit of work_limit.py can't be searched, and raises TooComplex.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from urllib.parse import unquote_to_bytes

from members_portal.publish.gate.archive import is_archive, packed_files
from members_portal.publish.gate.packed_stream import STREAM_HEAD, chunks, inflated
from members_portal.publish.gate.pdf_text import PDF, PdfReader
from members_portal.publish.gate.search.decoded import Decoded
from members_portal.publish.gate.work_limit import Budget, TooComplex

DEPTH = 4  # levels: a title in base64 in a data: URL in an SVG
ARCHIVES = 4  # archives inside one another: an office document in an archive is one in one
PICTURE_HEAD = 1 << 17  # bytes of a picture decoded as UTF-16; metadata come first in the file
SHORT_RUN = 1 << 8  # characters of base64
MOST_ODD = 0.2  # largest share of control characters in decoded text; random bytes have 0.6

_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|tspan|tt|u|var"
    r"|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ANY_TAG = re.compile(r"<[^<>]*>")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_NO_CONTROL = bytes(number for number in range(256) if not _CONTROL.match(chr(number)))
_REPLACED = "\ufffd".encode()
_ODD = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_RUN = re.compile("[^\x00-\x1f\x7f-\x9f\ufffd]{20,}")
_ESCAPE = re.compile(rb"(?<!\\)\\+(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2}))")
_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_BASE64_LINES = re.compile(rb"(?:[A-Za-z0-9+/]{60,76}\r?\n){1,}[A-Za-z0-9+/]+")
_EMBEDDED = re.compile(r";base64,[A-Za-z0-9+/=]+")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}[ :]?){6,}")
_FILE = re.compile(  # magic numbers of file formats
    STREAM_HEAD.pattern + rb"|PK\x03\x04|%PDF|\x89PNG|\xff\xd8\xff|GIF8|RIFF|\xff\xfe|\xfe\xff"
)
_HYPHEN = re.compile(r"[-\u2010]\s+")  # a word that is divided at the end of a line
_DRAWING_ENDS = (b"</svg>", b":svg>")
_WIDE = {
    "utf-16-le": re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\0){4,}"),
    "utf-16-be": re.compile(rb"(?:\0[\x20-\x7e\xa0-\xff]){4,}"),
    "utf-32-le": re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\0\0\0){4,}"),
    "utf-32-be": re.compile(rb"(?:\0\0\0[\x20-\x7e\xa0-\xff]){4,}"),
}
_WIDE_HEAD = re.compile(rb"\0[^\0]\0[^\0]\0[^\0]\0|\0\0\0[^\0]\0\0\0")  # part of each run of _WIDE


@dataclass
class _Pieces:
    """The pieces of one file that were decoded so far, and the budget for others."""

    budget: Budget
    pdfs: PdfReader
    seen: dict[bytes, int] = field(default_factory=dict)

    def take(self, pieces: Iterator[bytes], depth: int) -> list[bytes]:
        """Return the pieces that were not decoded to this depth yet; raise TooComplex beyond the limit."""
        new: list[bytes] = []
        for piece in pieces:
            self.budget.take(len(piece))
            if self.seen.get(piece, 0) < depth:
                self.seen[piece] = depth
                new.append(piece)
        return new


def decodings(data: bytes, pdfs: PdfReader | None = None) -> Iterator[Decoded]:
    """Yield all decodings of some bytes, and of the pieces found in them; raise TooComplex beyond the limit."""
    pieces = _Pieces(Budget.of(len(data)), pdfs or PdfReader(), {data: DEPTH})
    yield from _decodings(data, DEPTH, ARCHIVES, pieces)


def _decodings(data: bytes, depth: int, archives: int, pieces: _Pieces) -> Iterator[Decoded]:
    text = decoded_text(data)
    yield from _noise(data) if text is None else _text(text)
    if data.startswith(PDF):
        yield from pdf_readings(data, pieces.pdfs, pieces.budget)
    if text is None and archives == 0 and is_archive(data):
        raise TooComplex(f"holds more than {ARCHIVES} archives inside one another")
    if text is None and archives:
        for piece in pieces.take(_unzipped(data, pieces.budget), depth):
            yield from _decodings(piece, depth, archives - 1, pieces)
    if depth > 1:
        found = _packed(data, pieces.budget) if text is None else _encoded(data)
        for piece in pieces.take(found, depth - 1):
            yield from _decodings(piece, depth - 1, archives, pieces)


def pdf_readings(data: bytes, pdfs: PdfReader, budget: Budget | None = None) -> Iterator[Decoded]:
    """Yield the texts of a PDF: with and without spaces between its parts, and without hyphens at ends of lines."""
    texts = pdfs.texts(data, budget)
    whole = " ".join(texts)
    yield Decoded.of(whole)
    yield Decoded.of("".join(texts), noise=True)
    yield Decoded.of(_HYPHEN.sub("", whole), noise=True)


def _packed(data: bytes, budget: Budget) -> Iterator[bytes]:
    yield from _texts_within(data)
    yield from inflated(data, budget)
    yield from chunks(data)


def _encoded(data: bytes) -> Iterator[bytes]:
    yield from _unescaped(data)
    if data.rstrip().endswith(_DRAWING_ENDS):
        yield from _untagged(data.decode("utf-8", "replace"))
    for run in (*_BASE64.findall(data), *_BASE64_LINES.findall(data)):
        yield from _short_run(run) if len(run) <= SHORT_RUN else _likely_pieces(run)
    yield from filter(_is_likely, _from_hex(data))


def decoded_text(data: bytes) -> str | None:
    """Return bytes as text (UTF-8, cp1252, or UTF-16 with a BOM), None for binary data."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _has_control(data, text, encoding) else text
    return None


def _has_control(data: bytes, text: str, encoding: str) -> bool:
    """Return whether a text has a character of _CONTROL; `data` are its bytes.

    In UTF-8 and cp1252 other characters have none of the bytes of ASCII; in cp1252 there is no U+FFFD.
    """
    if encoding == "utf-16":
        return bool(_CONTROL.search(text))
    return bool(data.translate(None, _NO_CONTROL)) or (encoding == "utf-8" and _REPLACED in data)


def _text(text: str) -> Iterator[Decoded]:
    yield Decoded.of(_EMBEDDED.sub(" ", text))  # embedded files are decoded separately
    yield Decoded.of(text[::-1], noise=True)
    if "<" in text:
        yield Decoded.of(_INLINE_TAG.sub("", _without_comments(text)), noise=True)


def _without_comments(text: str) -> str:
    """Remove comments. Without an end, the search for one would be repeated at each `<!--`."""
    end = text.rfind("-->") + 3
    return _COMMENT.sub("", text[:end]) + text[end:] if end > 2 else text


def _untagged(text: str) -> Iterator[bytes]:
    """Yield the text of XML without its tags: office programs and drawing programs divide phrases and words at will."""
    if "<" in text:
        yield unescape(_ANY_TAG.sub("", text)).encode("utf-8", "replace")
        yield unescape(" ".join(_ANY_TAG.sub(" ", text).split())).encode("utf-8", "replace")


def _noise(data: bytes) -> Iterator[Decoded]:
    """Decode binary data as text: long words do not occur by chance."""
    yield Decoded.of_latin(data)
    ways = [data.decode("utf-8", "replace")]
    for start in (0, 1):
        ways += [data[start:PICTURE_HEAD].decode(encoding, "replace") for encoding in ("utf-16-le", "utf-16-be")]
    for text in ways:
        yield Decoded.of_binary(text)


def _texts_within(data: bytes) -> Iterator[bytes]:
    """Yield the runs of text in binary data: UTF-8, UTF-16 and UTF-32."""
    yield "\n".join(_RUN.findall(data.decode("utf-8", "replace"))).encode()
    for encoding, run in _WIDE.items() if _WIDE_HEAD.search(data) else ():
        yield "\n".join(piece.decode(encoding) for piece in run.findall(data)).encode()


def _unescaped(data: bytes) -> Iterator[bytes]:
    if b"&" in data:
        yield unescape(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogatepass")
    if b"%" in data:
        yield unquote_to_bytes(data)
    if _ESCAPE.search(data):
        yield _ESCAPE.sub(lambda found: _character(found[1] or found[2]), data)
        yield _ESCAPE.sub(lambda found: bytes.fromhex(found[2].decode()) if found[2] else found[0], data)
    if _OCTAL.search(data):
        yield _OCTAL.sub(lambda found: bytes([int(found[1], 8)]), data)


def _character(digits: bytes) -> bytes:
    number = int(digits, 16)
    return chr(number).encode("utf-8", "replace") if number < 0x110000 else b""


@lru_cache(maxsize=1 << 14)  # pages share most long words
def _short_run(run: bytes) -> tuple[bytes, ...]:
    return tuple(_likely_pieces(run))


def _likely_pieces(run: bytes) -> Iterator[bytes]:
    return filter(_is_likely, _from_base64(run))


def _from_base64(run: bytes) -> Iterator[bytes]:
    """Decode a run of the base64 alphabet at all four alignments."""
    digits = run.translate(_URL_SAFE, b"\r\n")
    for start in range(4):
        group = digits[start:]
        yield base64.b64decode(group[: len(group) - len(group) % 4] if len(group) % 4 == 1 else group + b"==")


def _from_hex(data: bytes) -> Iterator[bytes]:
    for run in _HEX.findall(data):
        yield bytes.fromhex(re.sub(rb"[ :]", b"", run).decode())


def _is_likely(piece: bytes) -> bool:
    """Return whether a decoded piece looks like text or a known file format, not like random bytes."""
    text = piece.replace(b"\0", b"").decode("utf-8", "replace")  # remove the NULs of UTF-16 and UTF-32
    return len(_ODD.findall(text)) <= len(text) * MOST_ODD or bool(_FILE.match(piece))


def _unzipped(data: bytes, budget: Budget) -> Iterator[bytes]:
    """Yield names and contents of packed files, and the text of those that are XML."""
    for name, content in packed_files(data, budget):
        yield name.encode("utf-8", "replace")
        yield content
        yield from _untagged(decoded_text(content) or "")
