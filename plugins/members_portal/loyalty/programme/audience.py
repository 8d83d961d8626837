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
from typing import NamedTuple

from members_portal.loyalty.input.problem import closest

PUBLIC, MEMBERS, STAFF = "public", "members", "staff"
MANAGERS = "managers"  # the part of the staff that reads all sheets at the desk; no edition of its own


class UnknownWord(NamedTuple):
    """An audience word without a meaning: its index `at`, the problem, and a similar word if there is one."""

    at: int
    what: str
    hint: str = ""


class UnknownAudience(ValueError):
    """Raised for unknown audience words, with all of them and the expected words."""

    def __init__(self, unknown: Sequence[UnknownWord], expected: str) -> None:
        self.unknown, self.expected = unknown, expected
        super().__init__(f"{unknown[0].what}, expected {expected}")


@dataclass(frozen=True)
class Audience:
    """The names of the editions an item belongs to."""

    readers: frozenset[str]

    @property
    def is_public(self) -> bool:
        return PUBLIC in self.readers


def parse_audience(words: Sequence[str], ladder: Sequence[str]) -> Audience:
    """Parse audience words; `ladder` are the keys of the tiers, lowest first. Raise UnknownAudience."""
    meanings = _meanings(ladder)
    asked = [word.strip().lower() for word in words]
    unknown = [
        UnknownWord(index, f"unknown word `{word}`", _closest(word, ladder))
        for index, word in enumerate(asked)
        if word not in meanings
    ]
    if unknown or not asked:
        expected = ", ".join([PUBLIC, MEMBERS, STAFF, *ladder]) + f", or a tier and up such as {ladder[-2:][0]}+"
        raise UnknownAudience(unknown or [UnknownWord(0, "is empty")], expected)
    return Audience(frozenset().union(*(meanings[word] for word in asked)))


def _closest(word: str, ladder: Sequence[str]) -> str:
    """Return the most similar word in backquotes: a tier with `+` for a word with `+`."""
    found = closest(word.rstrip("+"), [PUBLIC, MEMBERS, STAFF, *ladder]).strip("`")
    if not found:
        return ""
    return f"`{found}+`" if word.endswith("+") and found in ladder else f"`{found}`"


def _meanings(ladder: Sequence[str]) -> dict[str, set[str]]:
    """Return the readers that each word means."""
    return {
        **{tier: {STAFF, tier} for tier in ladder},
        **{f"{tier}+": {STAFF, *ladder[rung:]} for rung, tier in enumerate(ladder)},
        PUBLIC: {PUBLIC, STAFF, *ladder},
        MEMBERS: {STAFF, *ladder},
        STAFF: {STAFF},
    }
