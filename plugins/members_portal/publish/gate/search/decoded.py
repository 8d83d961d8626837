"""Decoded text: the words of one decoding of a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Self

SHORTEST_IN_BINARY = 3  # characters
SHORT_LINE = 1 << 10  # characters
# Scripts without spaces between words: each character counts as a word.
_SPACELESS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")
_SPACED = re.compile(rf"[^\W_{_SPACELESS}]")
_END = rf"(?![^\W_{_SPACELESS}])"
_LONG_WORD = re.compile(rf"[^\W_{_SPACELESS}]{{{SHORTEST_IN_BINARY},}}")
_ASCII = {number: (chr(number) if chr(number).isalnum() else " ").lower() for number in range(128)}
_LATIN = bytes(number if _WORD.match(chr(number)) else 32 for number in range(256))  # other signs as spaces
_LONG_LATIN = re.compile(rf"[^ ]{{{SHORTEST_IN_BINARY},}}")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")


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

    @classmethod
    def of_binary(cls, text: str) -> Self:
        """Return the words of binary data that were read as text."""
        likely = " ".join(_likely_word().findall(text.casefold()))
        return cls(_LONG_WORD.findall(likely), noise=True, source=text, binary=True)

    @classmethod
    def of_latin(cls, data: bytes) -> Self:
        """Return the words of binary data, read as Latin-1."""
        words = data.translate(_LATIN).decode("latin-1").casefold()
        return cls(_LONG_LATIN.findall(words), noise=True, source=data.decode("latin-1"), binary=True)

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


def search_words(text: str) -> list[str]:
    """Return the words of a text: NFKC-normalised, case-folded, without invisible characters."""
    return text.translate(_ASCII).split() if text.isascii() else _WORD.findall(normalised(text))


@cache
def _likely_word() -> re.Pattern[str]:
    """Return a pattern of _LONG_WORD, and of other signs beyond U+FFFF, which is searched in a third of the time.

    It has the characters as ranges, which become a table; a class such as that of all letters is asked each time.
    """
    ranges = re.finditer(rf"[^\W_{_SPACELESS}]+", "".join(map(chr, range(0x10000))))
    characters = "".join(f"{re.escape(found[0][0])}-{re.escape(found[0][-1])}" for found in ranges)
    return re.compile(rf"[{characters}\U00010000-\U0010ffff]{{{SHORTEST_IN_BINARY},}}")


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
