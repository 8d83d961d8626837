"""What must not stand in clear, and whether it does.

Two rules over the words of a file. A *phrase* (a title, a name, an address, a code) must not occur unless the public
sources hold it too. A *word* that only members' sources hold must not occur at all. Public sources are what an editor
or designer wrote for everybody: public items, the theme, the settings block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from members_portal.publish.gate.decoding import Decoded, words

SHORTEST = 4  # letters; a shorter word proves nothing
SHORTEST_IN_NOISE = 9  # letters; megabytes of noise hold shorter ones by chance, and backwards `live` is another word
LONGEST_PHRASE = 12  # words of a phrase that are compared

Phrase = tuple[str, ...]
Spotter = Callable[[Sequence[str]], set[str]]  # says what it sees among the words of a decoded


@dataclass
class Watchlist:
    """Phrases by their first word, and single words, each with what it is; and spotters for what no list can hold."""

    phrases: dict[str, list[tuple[Phrase, str]]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    spotters: tuple[Spotter, ...] = ()

    def find(self, decoded: Decoded) -> set[str]:
        """Say what of the list occurs in a decoded."""
        shortest = SHORTEST_IN_NOISE if decoded.noise else SHORTEST
        found = {self.words[word] for word in self.words.keys() & set(decoded.words) if len(word) >= shortest}
        found = found.union(*(spotter(decoded.words) for spotter in self.spotters))
        if self.phrases.keys().isdisjoint(decoded.words):
            return found
        for index, word in enumerate(decoded.words):
            for phrase, what in self.phrases.get(word, ()):
                if tuple(decoded.words[index : index + len(phrase)]) == phrase and _weight(phrase) >= shortest:
                    found.add(what)
        return found

    def add(self, phrase: Phrase, what: str) -> None:
        """Watch for one more phrase."""
        self.phrases.setdefault(phrase[0], []).append((phrase, what))

    def only_phrases(self) -> Watchlist:
        """Return the list without its single words."""
        return Watchlist(self.phrases, spotters=self.spotters)

    def __or__(self, other: Watchlist) -> Watchlist:
        phrases = {first: [*self.phrases.get(first, ()), *other.phrases.get(first, ())]
                   for first in self.phrases.keys() | other.phrases.keys()}  # fmt: skip
        return Watchlist(phrases, self.words | other.words, self.spotters + other.spotters)


def make_watchlist(
    phrases: Iterable[tuple[str, str]], texts: Iterable[tuple[str, str]], public: Iterable[str]
) -> Watchlist:
    """Make a watchlist from (phrase, what it is) and (members' text, what it is), less what is public anyway."""
    public_words = [_known(text) for text in public]
    known = frozenset().union(*public_words)
    watchlist = Watchlist()
    for text, what in texts:
        for word in words(text):
            if len(word) >= SHORTEST and word not in known and not word.isdigit():
                watchlist.words.setdefault(word, what)
    asked: dict[Phrase, str] = {}
    for text, what in phrases:
        phrase = tuple(words(text)[:LONGEST_PHRASE])
        if _weight(phrase) >= SHORTEST:
            asked.setdefault(phrase, what)
    for phrase in _not_held(asked, public_words):
        watchlist.add(phrase, asked[phrase])
    return watchlist


@lru_cache(maxsize=1024)  # the theme's and the editor's texts are known to a list for each edition
def _known(text: str) -> list[str]:
    return words(text)


def _weight(phrase: Phrase) -> int:
    """Count a phrase's letters; a sign of a script without spaces is a word of its own, and worth three."""
    return sum(len(word) if word.isascii() or len(word) > 1 else 3 for word in phrase)


def _not_held(asked: Mapping[Phrase, str], public: list[list[str]]) -> Iterator[Phrase]:
    """Leave out phrases that the public sources hold word for word."""
    everything = Watchlist()
    for phrase in asked:
        everything.add(phrase, "\0".join(phrase))
    held = {key for text in public for key in everything.find(Decoded(text))}
    return (phrase for phrase in asked if "\0".join(phrase) not in held)
