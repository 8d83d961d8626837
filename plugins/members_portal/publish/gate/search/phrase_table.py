"""Phrase table: find the phrases that a text holds by Aho and Corasick's algorithm, in time linear in the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from ahocorasick_rs import AhoCorasick

from members_portal.coupon.coupon_code import COUPON_LENGTH, GROUP, read_characters
from members_portal.publish.gate.decoding import Decoded, search_words
from members_portal.publish.gate.phrase_search import (
    LONGEST_PHRASE,
    SHORTEST,
    SHORTEST_IN_NOISE,
    address_of,
    holds_address,
    weight_of,
)
from members_portal.seal import BadCode
from members_portal.seal.key.code_format import ALPHABET
from members_portal.work_record import digest_of

ADDRESS_SIGN = "\0"  # stands between the words of an e-mail address and the address
CODE_SIGN = "\1"  # stands before a coupon code
SECRET_SIGN = "\2"  # stands before the digest of a secret  # noqa: S105

# A coupon code among joined words: lower case, groups separate or joined.
_LETTER = f"[{ALPHABET.lower()}]"
_COUPON = re.compile(rf" (?=((?:{_LETTER}{{{GROUP}}} ?){{{COUPON_LENGTH // GROUP}}}) )")


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

    def find(self, decoded: Decoded) -> set[str]:
        """Return the keys of the phrases that a decoding holds."""
        matches = self._automaton.find_matches_as_indexes(decoded.joined, overlapping=True)
        found = {self._keys[match[0]] for match in matches}
        return {key for key in (found - self._light if decoded.noise else found) if self._holds(decoded, key)}

    def _holds(self, decoded: Decoded, key: str) -> bool:
        words, sign, address = key.partition(ADDRESS_SIGN)
        return not sign or holds_address(decoded, tuple(words.split()), address, self._addresses)


def coupon_codes(joined: str) -> Iterator[str]:
    """Yield the well-formed coupon codes among joined words, of any offer."""
    for found in _COUPON.finditer(joined):
        try:
            yield read_characters(found[1])
        except BadCode:
            continue
