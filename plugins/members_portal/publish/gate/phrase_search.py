"""Watchlists: search decoded files for hidden phrases and words.

A *phrase* (title, name, address, code) must not occur, unless public sources contain the same sequence of words. A
*word* that occurs only in members' sources must not occur. Public sources are public items, the theme and the settings
block.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from members_portal.publish.gate.decoding import Decoded, search_words

SHORTEST = 4  # characters; shorter words are no evidence
SHORTEST_IN_NOISE = 9  # characters; shorter words occur by chance in megabytes of noise, or reversed (`live`)
DISTINCTIVE = 3  # words; such a phrase does not occur by chance
LONGEST_PHRASE = 12  # words; longer phrases are cut

Phrase = tuple[str, ...]
Spotter = Callable[[Sequence[str]], set[str]]  # returns descriptions of the secrets among words


@dataclass
class Watchlist:
    """Phrases by their first word, and words, each with a description; and spotters for patterns."""

    phrases: dict[str, list[tuple[Phrase, str]]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    spotters: tuple[Spotter, ...] = ()

    def find(self, decoded: Decoded) -> set[str]:
        """Return the descriptions of all entries that occur in a decoding."""
        shortest = SHORTEST_IN_NOISE if decoded.noise else SHORTEST
        found = {self.words[word] for word in self.words.keys() & decoded.distinct if len(word) >= shortest}
        found = found.union(*(spotter(decoded.words) for spotter in self.spotters))
        phrases = (entry for first in self.phrases.keys() & decoded.distinct for entry in self.phrases[first])
        return found | {what for phrase, what in phrases if decoded.holds(phrase) and _weight(phrase) >= shortest}

    def add(self, phrase: Phrase, what: str) -> None:
        """Add a phrase."""
        self.phrases.setdefault(phrase[0], []).append((phrase, what))

    def only_phrases(self) -> Watchlist:
        """Return the watchlist without its words."""
        return Watchlist(self.phrases, spotters=self.spotters)

    def only_distinctive(self) -> Watchlist:
        """Return the watchlist without its words and short phrases, which may occur by chance."""
        long = {first: [each for each in found if len(each[0]) >= DISTINCTIVE] for first, found in self.phrases.items()}
        return Watchlist({first: found for first, found in long.items() if found}, spotters=self.spotters)

    def divide(self, texts: Collection[str]) -> tuple[Watchlist, Watchlist]:
        """Return the phrases that one of these texts holds, and the rest of the watchlist."""
        words = frozenset(search_words("\n".join(texts)))
        likely = {phrase for first in self.phrases.keys() & words for phrase, _ in self.phrases[first]}
        likely = {phrase for phrase in likely if words.issuperset(phrase)}
        if not likely:  # as for most members
            return Watchlist(), self
        known, held, rest = [Decoded(search_words(text)) for text in texts], Watchlist(), Watchlist()
        for phrase, what in (entry for entries in self.phrases.values() for entry in entries):
            is_held = phrase in likely and any(text.holds(phrase) for text in known)
            (held if is_held else rest).add(phrase, what)
        return held, replace(rest, words=self.words, spotters=self.spotters)

    def __or__(self, other: Watchlist) -> Watchlist:
        phrases = {first: [*self.phrases.get(first, ()), *other.phrases.get(first, ())]
                   for first in self.phrases.keys() | other.phrases.keys()}  # fmt: skip
        return Watchlist(phrases, self.words | other.words, self.spotters + other.spotters)


def make_watchlist(
    phrases: Iterable[tuple[str, str]], texts: Iterable[tuple[str, str]], public: Iterable[str]
) -> Watchlist:
    """Make a watchlist from (phrase, description) and (members' text, description) without the public texts."""
    known_texts = [_known(text) for text in public]
    known = frozenset[str]().union(*(text.distinct for text in known_texts))
    watchlist = Watchlist()
    for text, what in texts:
        for word in search_words(text):
            if len(word) >= SHORTEST and word not in known and not word.isdigit():
                watchlist.words.setdefault(word, what)
    asked: dict[Phrase, str] = {}
    for text, what in phrases:
        phrase = tuple(search_words(text)[:LONGEST_PHRASE])
        if _weight(phrase) >= SHORTEST:
            asked.setdefault(phrase, what)
    for phrase in _not_held(asked, known_texts):
        watchlist.add(phrase, asked[phrase])
    return watchlist


@lru_cache(maxsize=1024)  # every edition's watchlist splits the same public texts
def _known(text: str) -> Decoded:
    return Decoded(search_words(text))


def _weight(phrase: Phrase) -> int:
    """Return the number of characters of a phrase; a one-character word beyond ASCII (CJK) counts as three."""
    return sum(len(word) if word.isascii() or len(word) > 1 else 3 for word in phrase)


def _not_held(asked: Mapping[Phrase, str], public: list[Decoded]) -> Iterator[Phrase]:
    """Yield the phrases that no public text contains."""
    everything = Watchlist()
    for phrase in asked:
        everything.add(phrase, "\0".join(phrase))
    held = {key for text in public for key in everything.find(text)}
    return (phrase for phrase in asked if "\0".join(phrase) not in held)
