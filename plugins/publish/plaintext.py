"""Does anything that is for members stand in clear in a release?

Two rules over the words of every file in clear, however it is encoded. A *phrase* (a title, a name, an address, a code)
must not occur anywhere unless the public sources hold it too. A *word* that only members' sources hold must not occur
at all. Public sources are what an editor or designer wrote for everybody: public items, the theme, the settings block.
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

SHORTEST_WORD = 4  # letters; shorter ones prove nothing
LONGEST_PHRASE = 12  # words of a phrase that are compared
MOST_INFLATED = 1 << 24  # bytes taken from one compressed stream

_WORD = re.compile(r"[^\W_]+")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}")
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}")


def words(text: str) -> list[str]:
    """Split text into its words, case folded."""
    return _WORD.findall(text.casefold())


@dataclass
class Watchlist:
    """What must not be found: phrases by their first word, and single words, each with what it is."""

    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def find(self, text: list[str]) -> set[str]:
        """Say what of the list occurs in a text of words."""
        found = {self.words[word] for word in self.words.keys() & set(text)}
        for index, word in enumerate(text):
            for phrase, what in self.phrases.get(word, ()):
                if tuple(text[index : index + len(phrase)]) == phrase:
                    found.add(what)
        return found


def make_watchlist(
    phrases: Iterable[tuple[str, str]], texts: Iterable[tuple[str, str]], public: Iterable[str]
) -> Watchlist:
    """Make a watchlist from (phrase, what it is) and (members' text, what it is), less what is public anyway."""
    public_words = [words(text) for text in public]
    known = set().union(*public_words) if public_words else set()
    watch = Watchlist()
    for text, what in texts:
        for word in words(text):
            if len(word) >= SHORTEST_WORD and word not in known and not word.isdigit():
                watch.words.setdefault(word, what)
    asked: dict[tuple[str, ...], str] = {}
    for text, what in phrases:
        phrase = tuple(words(text)[:LONGEST_PHRASE])
        if len(phrase) > 1 or (phrase and phrase[0] not in known and len(phrase[0]) >= SHORTEST_WORD):
            asked.setdefault(phrase, what)
    for phrase in _not_public(asked, public_words):
        watch.phrases.setdefault(phrase[0], []).append((phrase, asked[phrase]))
    return watch


def _not_public(asked: Mapping[tuple[str, ...], str], public: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """Leave out phrases that the public sources hold word for word."""
    all_phrases = Watchlist()
    for phrase in asked:
        all_phrases.phrases.setdefault(phrase[0], []).append((phrase, "\0".join(phrase)))
    held = set().union(*(all_phrases.find(text) for text in public)) if public else set()
    return (phrase for phrase in asked if "\0".join(phrase) not in held)


def readings(data: bytes) -> Iterator[list[str]]:
    """Read a file in every way a text may hide in it: as it is, escaped, encoded, compressed."""
    yield from _texts(data)
    for piece in _decoded(data):
        yield from _texts(piece)


def _texts(data: bytes) -> Iterator[list[str]]:
    text = data.decode("utf-8", "replace")
    yield words(text)
    for other in {unescape(text), unquote(text), _ESCAPE.sub(_unescaped, text)} - {text}:
        yield words(other)
    if data.count(0) > len(data) // 8:
        for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            yield words(data.decode(encoding, "replace"))


def _unescaped(found: re.Match[str]) -> str:
    try:
        return str(json.loads(f'"{found[0].replace(chr(92) + "x", chr(92) + "u00")}"'))
    except ValueError:
        return found[0]


def _decoded(data: bytes) -> Iterator[bytes]:
    """Undo base64 (at each of four offsets), hexadecimal, reversal and every zlib or gzip stream."""
    for run in _BASE64.findall(data):
        clean = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        for offset in range(4):
            piece = clean[offset : offset + (len(clean) - offset) // 4 * 4]
            yield base64.b64decode(piece)
    for run in _HEX.findall(data):
        yield binascii.unhexlify(run)
    yield data.decode("utf-8", "replace")[::-1].encode()
    for start in _ZLIB.finditer(data):
        if inflated := _inflate(data[start.start() :]):
            yield inflated


def _inflate(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=47).decompress(data, MOST_INFLATED)
    except zlib.error:
        return b""
