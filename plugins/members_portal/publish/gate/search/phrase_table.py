"""Phrase table: find the phrases that a text holds by Aho and Corasick's algorithm, in time linear in the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from ahocorasick_rs import AhoCorasick

from members_portal.publish.gate.phrase_search import (
    LONGEST_PHRASE,
    SHORTEST,
    SHORTEST_IN_NOISE,
    address_of,
    holds_address,
    weight_of,
)
from members_portal.publish.gate.search.decoded import SHORTEST_IN_BINARY, Decoded, search_words, word_pattern
from members_portal.work_record import digest_of

ADDRESS_SIGN = "\0"  # stands between the words of an e-mail address and the address
CODE_SIGN = "\1"  # stands before a coupon code
SECRET_SIGN = "\2"  # stands before the digest of a secret  # noqa: S105

MOST_PATTERNS = 64  # a text is searched for more phrases faster after it is split into words


def phrase_key(text: str) -> str:
    """Return the words of a phrase, with a space between them; an empty text if they are too few to search for.

    The key of an e-mail address also has the address.
    """
    words = search_words(text)[:LONGEST_PHRASE]
    if weight_of(tuple(words)) < SHORTEST:
        return ""
    address = address_of(text)
    return f"{' '.join(words)}{ADDRESS_SIGN}{address}" if address else " ".join(words)


def secret_key(text: str) -> str:
    """Return a key that does not reveal its phrase."""
    return SECRET_SIGN + digest_of(text).hex()


def key_words(key: str) -> list[str]:
    """Return the words of a key that is no secret's."""
    return key.partition(ADDRESS_SIGN)[0].split()


class PhraseTable:
    """Some phrases by their keys. `addresses` are all e-mail addresses that are known, `secrets` the secrets by key."""

    def __init__(
        self, keys: Iterable[str], addresses: Collection[str] = (), secrets: Mapping[str, str] | None = None
    ) -> None:
        words = {key: search_words(secrets[key]) if secrets and key in secrets else key_words(key) for key in keys}
        self._keys, self._addresses = list(words), addresses
        self._light = frozenset(key for key, found in words.items() if weight_of(tuple(found)) < SHORTEST_IN_NOISE)
        self._automaton = AhoCorasick([f" {' '.join(found)} " for found in words.values()], store_patterns=False)
        self._words = words
        self._by_word: dict[str, list[str]] = defaultdict(list)  # the heavy ones, by their longest word
        for key in words.keys() - self._light:
            self._by_word[max(words[key], key=len)].append(key)
        self._short = [key for word in self._by_word if len(word) < SHORTEST_IN_BINARY for key in self._by_word[word]]

    @cached_property
    def longest(self) -> int:
        """The number of words of the longest phrase."""
        return max(map(len, self._words.values()), default=0)

    def find(self, decoded: Decoded) -> set[str]:
        """Return the keys of the phrases that a decoding holds."""
        return self.held(decoded, self._in_binary(decoded) if decoded.binary else self.matches(decoded.joined))

    def held(self, decoded: Decoded, found: set[str]) -> set[str]:
        """Return the phrases of `found` that count in a decoding, by their keys.

        A light phrase does not count in noise. An e-mail address does not count as a part of another address.
        """
        return {key for key in (found - self._light if decoded.noise else found) if self._holds(decoded, key)}

    def matches(self, words: str) -> set[str]:
        """Return the keys of the phrases that occur in a text of words with a space before and after each."""
        matches = self._automaton.find_matches_as_indexes(words, overlapping=True)
        return {self._keys[match[0]] for match in matches}

    def _in_binary(self, decoded: Decoded) -> set[str]:
        """Return the keys of the heavy phrases in binary data; only those are compared whose long words it has."""
        long = frozenset(decoded.parts)
        likely = [key for word in self._by_word.keys() & long for key in self._by_word[word]]
        likely = [key for key in likely if all(word in long for word in self._words[key] if not _is_short(word))]
        if len(likely) + len(self._short) > MOST_PATTERNS:
            return self.matches(decoded.joined)
        return {key for key in (*likely, *self._short) if word_pattern(tuple(self._words[key])).search(decoded.folded)}

    def _holds(self, decoded: Decoded, key: str) -> bool:
        words, sign, address = key.partition(ADDRESS_SIGN)
        return not sign or holds_address(decoded, tuple(words.split()), address, self._addresses)


def _is_short(word: str) -> bool:
    return len(word) < SHORTEST_IN_BINARY
