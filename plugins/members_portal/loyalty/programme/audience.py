"""Audiences: the readers of an item, in the editor's words.

    public            everyone, in clear
    members           every tier, and staff
    gold              one tier, and staff
    gold+             a tier and those above it, and staff
    staff             staff only
    [silver, staff]   each of the listed

Staff read all items of members, because customers ask about them at the counter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from members_portal.loyalty.input.problem import closest

PUBLIC, MEMBERS, STAFF = "public", "members", "staff"


class UnknownAudience(ValueError):
    """Raised for unknown audience words, with the expected words and, if one is similar, a suggestion."""

    def __init__(self, what: str, expected: str, hint: str = "") -> None:
        self.what, self.expected, self.hint = what, expected, hint
        super().__init__(f"{what}, expected {expected}")


@dataclass(frozen=True)
class Audience:
    """The names of the editions an item belongs to."""

    readers: frozenset[str]

    @property
    def is_public(self) -> bool:
        return PUBLIC in self.readers


def parse_audience(words: Sequence[str], ladder: Sequence[str]) -> Audience:
    """Parse audience words; `ladder` are the keys of the tiers, lowest first. Raise UnknownAudience."""
    if not words:
        raise UnknownAudience("is empty", _expected(ladder))
    return Audience(frozenset().union(*(_readers(word, ladder) for word in words)))


def _readers(word: str, ladder: Sequence[str]) -> frozenset[str]:
    word = word.strip().lower()
    if word == PUBLIC:
        return frozenset({PUBLIC, STAFF, *ladder})
    if word == MEMBERS:
        return frozenset({STAFF, *ladder})
    if word == STAFF:
        return frozenset({STAFF})
    tier = word.removesuffix("+")
    if tier not in ladder:
        known = [PUBLIC, MEMBERS, STAFF, *ladder]
        raise UnknownAudience(f"unknown word `{word}`", _expected(ladder), closest(tier, known))
    first = list(ladder).index(tier)
    return frozenset({STAFF, *(ladder[first:] if word.endswith("+") else [tier])})


def _expected(ladder: Sequence[str]) -> str:
    return ", ".join([PUBLIC, MEMBERS, STAFF, *ladder]) + f", or a tier and up such as {ladder[-2:][0]}+"
