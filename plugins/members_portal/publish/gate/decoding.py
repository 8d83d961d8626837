"""Decode a file into words: as text, with inline tags removed, reversed, unescaped, decoded, decompressed.

Each decoded piece (unescaped text, base64, a compressed stream) is decoded again, up to DEPTH levels, and the files of
archives up to ARCHIVES levels. A file that exceeds a limit of work_limit.py can't be searched, and raises TooComplex.
"""

import base64
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from itertools import chain
from typing import Self
from urllib.parse import unquote_to_bytes

from members_portal.publish.gate.archive import is_archive, packed_files
from members_portal.publish.gate.packed_stream import STREAM_HEAD, chunks, inflated
from members_portal.publish.gate.pdf_text import PDF, PdfReader
from members_portal.publish.gate.work_limit import Budget, TooComplex

DEPTH = 4  # levels: a title in base64 in a data: URL in an SVG
ARCHIVES = 4  # archives inside one another: an office document in an archive is one in one
PICTURE_HEAD = 1 << 17  # bytes of a picture decoded as UTF-16; metadata come first in the file
SHORTEST_IN_BINARY = 3  # characters
SHORT_LINE = 1 << 10  # characters
MOST_ODD = 0.2  # largest share of control characters in decoded text; random bytes have 0.6

# Scripts without spaces between words: each character counts as a word.
_SPACELESS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")
_SPACED = re.compile(rf"[^\W_{_SPACELESS}]")
_END = rf"(?![^\W_{_SPACELESS}])"
_LONG_WORD = re.compile(rf"[^\W_{_SPACELESS}]{{{SHORTEST_IN_BINARY},}}")
_ASCII = {number: (chr(number) if chr(number).isalnum() else " ").lower() for number in range(128)}
_LATIN = bytes(number if _WORD.match(chr(number)) else 32 for number in range(256))  # other signs as spaces
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|tspan|tt|u|var"
    r"|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ANY_TAG = re.compile(r"<[^<>]*>")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_ODD = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_RUN = re.compile("[^\x00-\x1f\x7f-\x9f\ufffd]{20,}")
_ESCAPE = re.compile(rb"(?<!\\)\\+(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2}))")
_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")
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


@dataclass(frozen=True)
class Decoded:
    """The words of one decoding, in parts: each part is some words with a space between them.

    `noise` (binary data, reversed text): short words occur by chance. `source` is the decoded text, or a function that
    returns it: only a search for e-mail addresses needs it. `binary`: the bytes of a picture or a font, read as text.
    The parts of such a decoding lack words of fewer than SHORTEST_IN_BINARY characters: it has thousands by chance.
    """

    parts: Sequence[str]
    noise: bool = False
    source: str | Callable[[], str] = ""
    binary: bool = False

    @classmethod
    def of(cls, text: str, *, noise: bool = False) -> Self:
        """Return the words of a text; keep the text. No word runs over the end of a line."""
        return cls(tuple(filter(None, map(line_words, text.split("\n")))), noise, text)

    @property
    def text(self) -> str:
        """Return the decoded text."""
        return self.source if isinstance(self.source, str) else self.source()

    @cached_property
    def joined(self) -> str:
        """Return all words, with a space before and after each."""
        return f" {' '.join(_WORD.findall(self.folded) if self.binary else self.parts)} "

    @cached_property
    def folded(self) -> str:
        """Return the case-folded text of binary data."""
        return self.text.casefold()

    @cached_property
    def words(self) -> list[str]:
        """Return the words in their order."""
        return self.joined.split()

    @cached_property
    def distinct(self) -> frozenset[str]:
        """Return the words without repetitions."""
        return frozenset(self.words)

    def holds(self, phrase: Sequence[str]) -> bool:
        """Return whether the words of a phrase occur one after another; most phrases lack a word."""
        return self.distinct.issuperset(phrase) and f" {' '.join(phrase)} " in self.joined

    def count(self, phrase: Sequence[str]) -> int:
        """Return how often the words of a phrase occur one after another."""
        return len(re.findall(rf"(?<= ){re.escape(' '.join(phrase))}(?= )", self.joined))


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


def search_words(text: str) -> list[str]:
    """Return the words of a text: NFKC-normalised, case-folded, without invisible characters."""
    return text.translate(_ASCII).split() if text.isascii() else _WORD.findall(normalised(text))


@lru_cache
def word_pattern(phrase: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of some words, one after another, in a text that is not split into words."""
    pattern, before = "", ""
    for word in phrase:
        spaced = _SPACED.match(word)
        pattern += rf"[\W_]{'*' if not spaced or not _SPACED.match(before) else '+'}" if before else ""
        pattern += re.escape(word)
        pattern += rf"(?<![^\W_{_SPACELESS}]{re.escape(word)})" if spaced and not before else ""  # a word begins here
        before = word
    return re.compile(pattern + (_END if _SPACED.match(before) else ""))


def line_words(line: str) -> str:
    """Return the words of a line with a space between them; pages share most lines."""
    return _short_line(line) if len(line) <= SHORT_LINE else " ".join(search_words(line))


@lru_cache(maxsize=1 << 15)
def _short_line(line: str) -> str:
    return " ".join(search_words(line))


def normalised(text: str) -> str:
    """Return a text NFKC-normalised, case-folded, without invisible characters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


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
    yield from filter(_is_likely, chain(_from_base64(data), _from_hex(data)))


def decoded_text(data: bytes) -> str | None:
    """Return bytes as text (UTF-8, cp1252, or UTF-16 with a BOM), None for binary data."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


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
    latin = data.decode("latin-1")
    words = b" ".join(data.translate(_LATIN).split()).decode("latin-1").casefold().split()
    long = [word for word in words if len(word) >= SHORTEST_IN_BINARY]
    yield Decoded(long, noise=True, source=latin, binary=True)
    ways = [data.decode("utf-8", "replace")]
    for start in (0, 1):
        ways += [data[start:PICTURE_HEAD].decode(encoding, "replace") for encoding in ("utf-16-le", "utf-16-be")]
    for text in ways:
        yield Decoded(_LONG_WORD.findall(text.casefold()), noise=True, source=text, binary=True)


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


def _from_base64(data: bytes) -> Iterator[bytes]:
    """Decode each run of the base64 alphabet at all four alignments."""
    for run in (*_BASE64.findall(data), *_BASE64_LINES.findall(data)):
        digits = run.translate(bytes.maketrans(b"-_", b"+/"), b"\r\n")
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
