"""Lots, one day after the other: points pending, active, owed, spent, returned, taken and expired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.loyalty.account import Entry, Ledger, Line, Lot
from tests.loyalty.reference_orders import Part, order, undone_by


@dataclass
class Pile:
    """A lot. `lapsed` are its expired points that no refund has counted yet."""

    n: int
    points: int
    available: date
    last: date | None
    left: int
    lapsed: int = 0

    def runs_out(self, day: date) -> bool:
        """Return whether the last day is before a day."""
        return self.last is not None and self.last < day

    def take(self, asked: int) -> int:
        """Take up to `asked` points; return the points still missing."""
        got = min(asked, self.left)
        self.left -= got
        return asked - got


@dataclass
class Book:
    """A member's lots, and the points spent, returned and taken."""

    piles: list[Pile] = field(default_factory=list)
    debts: dict[int, int] = field(default_factory=dict)  # points owed, by the number of the line
    drawn: dict[int, list[tuple[Pile, int]]] = field(default_factory=lambda: defaultdict(list))
    spent: int = 0
    returned: int = 0
    taken: int = 0
    expired: int = 0
    had_expired: dict[int, int] = field(default_factory=dict)

    @property
    def owed(self) -> int:
        return sum(self.debts.values())

    def begin(self, day: date) -> None:
        """Expire lots whose last day was the day before, then pay the points owed from lots that are due."""
        self.expire(day)
        for pile in in_order_of_expiry(self.piles):
            if pile.available == day:
                self.pay(pile)

    def expire(self, day: date) -> None:
        """Expire the rest of each lot whose last day is before `day`."""
        for pile in self.piles:
            if pile.runs_out(day):
                self.expired += pile.left
                pile.lapsed += pile.left
                pile.left = 0

    def pay(self, pile: Pile) -> None:
        """Pay the points owed from an active lot, those of the earliest line first."""
        for n in sorted(self.debts):
            self.debts[n] = self.take(pile, self.debts[n], n)
        self.debts = {n: points for n, points in self.debts.items() if points}

    def take(self, pile: Pile, asked: int, n: int) -> int:
        """Take points from a lot for line `n`; return the points still missing."""
        missing = pile.take(asked)
        self.drawn[n].append((pile, asked - missing))
        return missing

    def earn(self, entry: Entry, day: date) -> None:
        """Add a lot."""
        if entry.available is None:
            return
        pile = Pile(entry.n, entry.points, entry.available, entry.last, entry.points)
        self.piles.append(pile)
        self.expire(day)
        if pile.available == day:
            self.pay(pile)

    def spend(self, line: Line, asked: int) -> None:
        """Take points from active lots; owe the rest."""
        for pile in in_order_of_expiry(self.piles):
            if pile.available <= line.day:
                asked = self.take(pile, asked, line.n)
        if asked:
            self.debts[line.n] = asked

    def undo(self, redeemed: Line, day: date) -> None:
        """Return the points of a redemption to their lots; expired ones expire again, active ones pay what is owed."""
        self.debts.pop(redeemed.n, None)
        for pile, points in self.drawn.pop(redeemed.n, []):
            if pile.runs_out(day):
                self.expired += points
                pile.lapsed += points
            else:
                pile.left += points
        for pile in in_order_of_expiry(self.piles):
            if pile.available <= day:
                self.pay(pile)

    def give_back(self, refund: Line, asked: int, own: Iterable[Line], matched: Iterable[Line]) -> None:
        """Take a refund's points from its lots, those of its order, then all; expired points of the order count."""
        first, numbers = {line.n for line in matched}, {line.n for line in own}
        piles = [pile for pile in in_order_of_expiry(self.piles) if pile.n in numbers]
        wanted, had_expired = asked, 0
        for pile in sorted(piles, key=lambda pile: pile.n not in first):
            wanted = pile.take(wanted)
            counted = min(wanted, pile.lapsed)
            pile.lapsed -= counted
            wanted -= counted
            had_expired += counted
        self.returned += asked - had_expired
        self.had_expired[refund.n] = had_expired
        self.spend(refund, wanted)

    def act(self, line: Line, entry: Entry, lines: Ledger, parts: Iterable[Part]) -> None:
        """Apply one line: earn, spend, return or take."""
        if line.kind == "reversal":
            self.spent -= entry.points
            if redeemed := undone_by(lines).get(line.n):
                self.undo(redeemed, line.day)
        elif entry.points > 0:
            self.earn(entry, line.day)
        elif line.kind == "refund":
            own = [part for part in parts if part.refund == line and (part.taken or part.free)]
            self.give_back(line, -entry.points, order(line, lines), [part.bought for part in own if part.bought])
        elif line.kind == "redemption":
            self.spent -= entry.points
            self.spend(line, -entry.points)
        elif line.kind == "adjustment":
            self.taken -= entry.points
            self.spend(line, -entry.points)

    def lots(self) -> list[Lot]:
        """Return the lots in the order of their lines."""
        return [Lot(pile.n, pile.points, pile.available, pile.last, pile.left) for pile in self.piles]


def in_order_of_expiry(piles: list[Pile]) -> list[Pile]:
    """Sort lots by their last day, then by line; lots that never expire come last."""
    return sorted(piles, key=lambda pile: (pile.last or date.max, pile.n))


def book(lines: Ledger, entries: list[Entry], parts: list[Part], on: date) -> Book:
    """Replay every day from the first line to the day of the account."""
    kept = Book()
    day = lines[0].day if lines else on
    while day <= on:
        kept.begin(day)
        for line, entry in zip(lines, entries, strict=True):
            if line.day == day:
                kept.act(line, entry, lines, parts)
        day += timedelta(days=1)
    return kept
