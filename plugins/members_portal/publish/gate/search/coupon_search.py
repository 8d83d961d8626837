"""Coupon search: find the well-formed coupon codes of a text, of any offer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise

from members_portal.coupon.coupon_code import COUPON_LENGTH, GROUP, read_characters
from members_portal.publish.gate.search.decoded import Decoded
from members_portal.seal import BadCode
from members_portal.seal.key.code_format import ALPHABET

GROUPS = COUPON_LENGTH // GROUP
MOST_LINES = 1 << 14  # lines and sections of pages that are kept in memory

# A coupon code among joined words: lower case, groups separate or joined.
_LETTER = f"[{ALPHABET.lower()}]"
_COUPON = re.compile(rf" (?=({f'{_LETTER}{{{GROUP}}} ?' * GROUPS}) )")  # written out, it is searched in half the time
_GROUPS = re.compile(rf"(?:{_LETTER}{{{GROUP}}})+")


class CouponSearch:
    """Searches decodings for coupon codes. A line that most pages have is searched once.

    A code can run over several lines, which then end and begin with its groups.
    """

    def __init__(self) -> None:
        self._lines: set[str] = set()
        self._codes: dict[str, set[str]] = {}
        self._starts: set[str] = set()
        self._ends: set[str] = set()

    def find(self, decoded: Decoded) -> set[str]:
        """Return the codes of a decoding."""
        if decoded.binary:
            return codes_in(" ".join(decoded.parts))
        parts = decoded.parts
        distinct = set(parts)
        if len(self._lines) > MOST_LINES:
            self._forget()
        self._read(distinct - self._lines)
        found = set[str]().union(*(self._codes[part] for part in self._codes.keys() & distinct))
        if not self._ends.isdisjoint(distinct):
            found |= self._across(parts)
        return found

    def _forget(self) -> None:
        for each in (self._lines, self._codes, self._starts, self._ends):
            each.clear()

    def _read(self, parts: Iterable[str]) -> None:
        self._lines.update(parts)
        for part in parts:
            if codes := codes_in(part):
                self._codes[part] = codes
            if _GROUPS.fullmatch(part.partition(" ")[0]):
                self._starts.add(part)
            if _GROUPS.fullmatch(part.rpartition(" ")[2]):
                self._ends.add(part)

    def _across(self, parts: Sequence[str]) -> set[str]:
        """Return the codes that run over several lines."""
        found = set[str]()
        for number, (part, after) in enumerate(pairwise(parts)):
            if part in self._ends and after in self._starts:
                before = " ".join(parts[max(0, number - GROUPS) : number + 1]).rsplit(" ", GROUPS)[-GROUPS:]
                behind = " ".join(parts[number + 1 : number + 1 + GROUPS]).split(" ", GROUPS)[:GROUPS]
                found |= _codes_among(" ".join(before + behind))
        return found


@lru_cache(maxsize=1 << 14)  # most pages have the same lines one after another
def _codes_among(words: str) -> frozenset[str]:
    return frozenset(codes_in(words))


def codes_in(words: str) -> set[str]:
    """Return the codes among some words."""
    codes = set[str]()
    for found in _COUPON.finditer(f" {words} ") if len(words) >= COUPON_LENGTH else ():
        with suppress(BadCode):
            codes.add(read_characters(found[1]))
    return codes
