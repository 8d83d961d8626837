"""The words of a group of texts, kept to decide whether it can hold a phrase that is searched later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from members_portal.publish.gate.phrase_search import SHORTEST, SHORTEST_IN_NOISE, weight_of
from members_portal.publish.gate.search.decoded import SHORTEST_IN_BINARY, Decoded
from members_portal.publish.gate.search.phrase_table import SECRET_SIGN, key_words


@dataclass(frozen=True)
class GroupWords:
    """The words of a group as one text, each on a line. The first paragraph holds the words that can be evidence.

    `whole`: it holds all words; otherwise it lacks the short words of binary data.
    """

    lines: str
    whole: bool

    def evidence(self) -> list[str]:
        """Return the words of at least SHORTEST characters, and of SHORTEST_IN_NOISE in noise."""
        return self.lines.partition("\n\n")[0].split()

    def every(self) -> list[str]:
        """Return all words."""
        return self.lines.split()

    def may_hold(self, key: str) -> bool:
        """Return whether the group has all words of a phrase, apart from words that are not kept."""
        words = needed_words(key, whole=self.whole)
        return key.startswith(SECRET_SIGN) or all(f"\n{word}\n" in self.lines for word in words)

    def encode(self) -> bytes:
        """Return the words as bytes."""
        return (("1" if self.whole else "0") + self.lines).encode("utf-8", "surrogatepass")

    @classmethod
    def decode(cls, data: bytes) -> GroupWords:
        """Return the words from bytes."""
        text = data.decode("utf-8", "surrogatepass")
        return cls(text[1:], text[:1] == "1")


@dataclass(frozen=True)
class Vocabulary:
    """The words of many groups. `whole`: all of them; otherwise the short words of binary data are missing."""

    words: frozenset[str]
    whole: bool = True

    @classmethod
    def of(cls, groups: Iterable[tuple[Iterable[str], bool]]) -> Vocabulary:
        """Return the words of groups, each with whether they are all of its words."""
        known = list(groups)
        return cls(frozenset().union(*(words for words, _ in known)), all(whole for _, whole in known))

    def may_hold(self, key: str) -> bool:
        """Return whether the groups have all words of a phrase, apart from words that are not kept.

        Words of SHORTEST_IN_BINARY characters are always kept: of many members' phrases, most lack one of these.
        """
        for word in key_words(key):
            if word not in self.words and len(word) >= SHORTEST_IN_BINARY:
                return False
        return self.words.issuperset(needed_words(key, whole=self.whole))

    def encode(self) -> bytes:
        """Return the words as bytes."""
        return "\n".join(("1" if self.whole else "0", *self.words)).encode("utf-8", "surrogatepass")

    @classmethod
    def decode(cls, data: bytes) -> Vocabulary:
        """Return the words from bytes."""
        whole, _, words = data.decode("utf-8", "surrogatepass").partition("\n")
        return cls(frozenset(words.split("\n") if words else ()), whole == "1")


def needed_words(key: str, whole: bool) -> list[str]:
    """Return the words of a phrase that a text which holds it must have in its kept words."""
    words = key_words(key)
    if whole or weight_of(tuple(words)) < SHORTEST_IN_NOISE:
        return words
    return [word for word in words if len(word) >= SHORTEST_IN_BINARY]


@dataclass
class WordCollector:
    """Collects the words of decodings. Pages share most parts, which are split once."""

    plain: set[str] = field(default_factory=set)
    noise: set[str] = field(default_factory=set)
    binary: set[str] = field(default_factory=set)
    whole: bool = True

    def add(self, decoded: Decoded) -> None:
        """Add the words of a decoding."""
        if decoded.binary:
            self.binary.update(decoded.parts)
            self.whole = False
        else:
            (self.noise if decoded.noise else self.plain).update(decoded.parts)

    def collected(self) -> GroupWords:
        """Return the words."""
        plain, noise = _split(self.plain), _split(self.noise) | self.binary
        evidence = {word for word in plain if len(word) >= SHORTEST}
        evidence |= {word for word in noise if len(word) >= SHORTEST_IN_NOISE}
        others = (plain | noise) - evidence
        lines = "\n" + "\n".join(evidence) + "\n\n" + "\n".join(others) + "\n"
        return GroupWords(lines, self.whole)


def _split(parts: Iterable[str]) -> set[str]:
    return set(" ".join(parts).split())
