"""Accounts in the words of RULES.md: the form in which the reference and the engine are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


@dataclass(frozen=True)
class Line:
    """One line of a ledger. `minor` is an amount in the smallest unit of the programme's currency."""

    n: int
    day: date
    kind: str
    minor: int | None = None
    points: int | None = None
    reference: str | None = None
    tags: tuple[str, ...] = ()
    item: str | None = None


@dataclass(frozen=True)
class Entry:
    """The effect of one line and the reason. `rung` is of the day's start; `available` and `last` of its lot."""

    n: int
    points: int
    reason: str
    rule: int | None = None
    factor: Fraction = Fraction(1)
    available: date | None = None
    last: date | None = None
    rung: int = 0
    figure: int = 0


@dataclass(frozen=True)
class Lot:
    """The points of line `n`, and the points left of them."""

    n: int
    points: int
    available: date
    last: date | None
    left: int


@dataclass(frozen=True)
class Account:
    """A member's points and rung on a day."""

    entries: tuple[Entry, ...] = ()
    lots: tuple[Lot, ...] = ()
    owed: int = 0
    pending: int = 0
    active: int = 0
    earned: int = 0
    spent: int = 0
    returned: int = 0
    taken: int = 0
    expired: int = 0
    rung: int = 0

    @property
    def balance(self) -> int:
        return self.pending + self.active


@dataclass(frozen=True)
class Rebated:
    """Spend of the rebate's period up to a day, and the rebate on it, in the programme's currency."""

    spend: Decimal
    amount: Decimal


class Given(NamedTuple):
    """A tier by hand, its first day and its last day."""

    tier: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Person:
    """A member as the rules need it: the day of joining, and tiers by hand; `given` are those of `tiers given`."""

    joined: date
    tier: str | None = None
    tier_until: date | None = None
    tier_from: date | None = None
    given: tuple[Given, ...] = ()

    def by_hand(self, day: date, *, dated: bool = False) -> str | None:
        """Return the tier by hand on a day, the latest one; with `dated`, only tiers with a first day count."""
        own = [Given(self.tier, self.tier_from or date.min, self.tier_until)] if self.tier else []
        every = [each for each in (*own, *self.given) if each.since > date.min or not dated]
        holding = [each for each in every if each.since <= day <= (each.until or day)]
        return max(holding, key=lambda each: each.since).tier if holding else None


Ledger = Sequence[Line]
