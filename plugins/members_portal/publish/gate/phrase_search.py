"""Watchlists: search decoded files for hidden phrases and words.

A *phrase* (title, name, address, code) must not occur, unless public sources contain the same sequence of words. A
*word* that occurs only in members' sources must not occur. Public sources are public items, the theme and the settings
block. An *e-mail address* is searched as a whole: `smith@mail.example` does not occur in `john.smith@mail.example`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import unescape

from members_portal.publish.gate.search.decoded import Decoded, normalised, search_words

SHORTEST = 4  # characters; shorter words are no evidence
SHORTEST_IN_NOISE = 9  # characters; shorter words occur by chance in megabytes of noise, or reversed (`live`)
DISTINCTIVE = 3  # words; such a phrase does not occur by chance
LONGEST_PHRASE = 12  # words; longer phrases are cut
LONGEST_PART = 254  # characters before and behind `@` (RFC 5321, 4.5.3.1)

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_JOINTS = ".+_'’-"  # signs that join the words of a local part
_WIDE = re.compile(rf"(?:;93#&|;72x#&|[^\s<>()\[\]\"\\,;@]){{1,{LONGEST_PART}}}")  # reversed; `&#39;` is an apostrophe
_LOCAL = re.compile(rf"[\w{_JOINTS}]+$")
_DOMAIN = re.compile(rf"[\w.-]{{1,{LONGEST_PART}}}")

Phrase = tuple[str, ...]
_Entry = tuple[Phrase, str, str]  # a phrase, its e-mail address (empty for other phrases), its description


@dataclass
class Watchlist:
    """Phrases by one of their words, and words, each with a description.

    The word of a phrase is the rarest one among the phrases: a text is searched for the few phrases whose word it has.
    """

    phrases: dict[str, list[_Entry]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()

    def find(self, decoded: Decoded) -> set[str]:
        """Return the descriptions of all entries that occur in a decoding."""
        shortest = SHORTEST_IN_NOISE if decoded.noise else SHORTEST
        found = {self.words[word] for word in self.words.keys() & decoded.distinct if len(word) >= shortest}
        likely = (entry for word in self.phrases.keys() & decoded.distinct for entry in self.phrases[word])
        return found | {each[2] for each in likely if weight_of(each[0]) >= shortest and self._holds(decoded, each)}

    def _holds(self, decoded: Decoded, entry: _Entry) -> bool:
        """Return whether a phrase occurs; an e-mail address only where its words are in no other whole address."""
        phrase, address, _ = entry
        return decoded.holds(phrase) and (not address or holds_address(decoded, phrase, address, self.addresses))

    def add(self, word: str, entry: _Entry) -> None:
        """Add a phrase, or an e-mail address with its words, by one of the words."""
        self.phrases.setdefault(word, []).append(entry)

    def divide(self, texts: Collection[str]) -> tuple[Watchlist, Watchlist]:
        """Return the phrases that one of these texts holds, and the rest of the watchlist."""
        words = frozenset(search_words("\n".join(texts)))
        likely = {entry[:2] for word in self.phrases.keys() & words for entry in self.phrases[word]}
        likely = {(phrase, address) for phrase, address in likely if words.issuperset(phrase)}
        if not likely:  # as for most members
            return Watchlist(), self
        known, held, rest = [Decoded.of(text) for text in texts], Watchlist(), Watchlist()
        for word, entry in ((word, entry) for word, entries in self.phrases.items() for entry in entries):
            is_held = entry[:2] in likely and any(self._holds(text, entry) for text in known)
            (held if is_held else rest).add(word, entry)
        held = replace(held, addresses=self.addresses)
        return held, replace(rest, words=self.words, addresses=self.addresses)

    def __or__(self, other: Watchlist) -> Watchlist:
        phrases = {word: [*self.phrases.get(word, ()), *other.phrases.get(word, ())]
                   for word in self.phrases.keys() | other.phrases.keys()}  # fmt: skip
        return Watchlist(phrases, self.words | other.words, self.addresses | other.addresses)


def make_watchlist(
    phrases: Iterable[tuple[str, str]], texts: Iterable[tuple[str, str]], public: Iterable[str]
) -> Watchlist:
    """Make a watchlist from (phrase, description) and (members' text, description) without the public texts."""
    known_texts = [_known(text) for text in public]
    known = frozenset[str]().union(*(text.distinct for text in known_texts))
    phrases = list(phrases)
    watchlist = Watchlist(addresses=frozenset(filter(None, (address_of(text) for text, _ in phrases))))
    for text, what in texts:
        for word in search_words(text):
            if len(word) >= SHORTEST and word not in known and not word.isdigit():
                watchlist.words.setdefault(word, what)
    asked: dict[tuple[Phrase, str], str] = {}
    for text, what in phrases:
        phrase = tuple(search_words(text)[:LONGEST_PHRASE])
        if weight_of(phrase) >= SHORTEST:
            asked.setdefault((phrase, address_of(text)), what)
    everything = watchlist_of({each: _key(*each) for each in asked}, watchlist.addresses)
    known_keys = {key for text in known_texts for key in everything.find(text)}
    unknown = {each: what for each, what in asked.items() if _key(*each) not in known_keys}
    return watchlist | watchlist_of(unknown, watchlist.addresses)


def watchlist_of(asked: Mapping[tuple[Phrase, str], str], addresses: frozenset[str]) -> Watchlist:
    """Make a watchlist from phrases and addresses with their descriptions."""
    uses = Counter(word for phrase, _ in asked for word in set(phrase))
    watchlist = Watchlist(addresses=addresses)
    for (phrase, address), what in asked.items():
        watchlist.add(min(phrase, key=uses.__getitem__), (phrase, address, what))
    return watchlist


def address_of(text: str) -> str:
    """Return a text that is an e-mail address, normalised; an empty text for other texts."""
    return normalised(text) if _ADDRESS.fullmatch(text) else ""


@lru_cache(maxsize=1024)  # every edition's watchlist splits the same public texts
def _known(text: str) -> Decoded:
    return Decoded.of(text)


def weight_of(phrase: Phrase) -> int:
    """Return the number of characters of a phrase; a one-character word beyond ASCII (CJK) counts as three."""
    joined = "".join(phrase)
    if joined.isascii():
        return len(joined)
    return sum(len(word) if word.isascii() or len(word) > 1 else 3 for word in phrase)


def _key(phrase: Phrase, address: str) -> str:
    return "\0".join((*phrase, address))


def whole_addresses(text: str, known: Collection[str] = ()) -> Iterator[str]:
    """Yield the longest address around each `@` of a text.

    Signs such as `=` and `/` end an address, unless it is known: `?email=smith@mail.example` is `smith@mail.example`.
    """
    reversed_text = text[::-1]
    for sign in re.finditer("@", text):
        before, after = _WIDE.match(reversed_text, len(text) - sign.start()), _DOMAIN.match(text, sign.end())
        if before and after:
            local, domain = unescape(before[0][::-1]), after[0].rstrip(".-_")
            yield f"{local}@{domain}" if f"{local}@{domain}" in known else f"{_narrow(local)}@{domain}"


def holds_address(decoded: Decoded, phrase: Phrase, address: str, known: Collection[str]) -> bool:
    """Return whether the words of an e-mail address occur where they are in no other whole address."""
    others = (found for found in whole_addresses(normalised(decoded.text), known) if found != address)
    return decoded.count(phrase) > sum(Decoded.of(other).count(phrase) for other in others)


def _narrow(local: str) -> str:
    """Return the end of a local part from its last sign that joins no words, without dots and quotation marks first."""
    found = _LOCAL.search(local)
    return found[0].lstrip(_JOINTS) if found else ""
