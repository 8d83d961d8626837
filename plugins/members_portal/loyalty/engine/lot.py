"""Lots: points earned together, which expire together; and the debits that use them up. RULES.md, "Lots".

Days are ordinals (`date.toordinal`): integers keep the replay at ten thousand members a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

NEVER = 4_000_000  # an ordinal after date.max

ReplayMoment = tuple[int, int, int, int]  # day; 0 its start, 1 its lines, 2 its end; order within these


class Lot(NamedTuple):
    """Points of one ledger line: `n` is its place in the ledger, `order` the order of a purchase, if known."""

    n: int
    day: int
    points: int
    available: int
    expires: int
    order: str | int | None


class Debit(NamedTuple):
    """A ledger line that takes points: a refund first from the lots of the lines `bought`, then of its order.

    A reversal returns what the debit `undoes` took; its `points` are negative.
    """

    n: int
    day: int
    points: int
    returned_order: str | int | None
    bought: Sequence[int] = ()
    undoes: int | None = None


@dataclass(frozen=True)
class ReplayResult:
    """State after a replay: points left of each lot, points owed, and by debit the points taken and those missing.

    Points are missing when a debit takes more than there is to spend on its day; they are owed from then on.
    """

    left: tuple[int, ...]
    owed: int
    debited: tuple[int, ...]
    missing: tuple[int, ...] = ()


def replay(lots: Sequence[Lot], debits: Sequence[Debit], on: int) -> ReplayResult:
    """Replay a member's lots and debits up to a day. Both are in ledger order; none is later than `on`."""
    if not debits:
        return ReplayResult(tuple(lot.points for lot in lots), 0, ())
    return _Replay(lots, on).run(debits)


class _Replay:
    def __init__(self, lots: Sequence[Lot], on: int) -> None:
        self.lots, self.on = lots, on
        self.left = [lot.points for lot in lots]
        self.expired_returns = [0] * len(lots)  # points of an expired lot that returns have already counted
        self.by_expiry = sorted(range(len(lots)), key=[lot.expires for lot in lots].__getitem__)  # stable: then by line
        self.maturing: list[int] = []  # lots that become available while points are owed, the last one first
        self.debts: list[list[int]] = []  # number of the debit and points owed, the oldest first
        self.drawn: dict[int, list[tuple[int, int]]] = {}  # lots and points drawn for each debit that is undone

    def run(self, debits: Sequence[Debit]) -> ReplayResult:
        self.drawn = {debit.undoes: [] for debit in debits if debit.undoes is not None}
        debited, missing = [], []
        for debit in debits:
            self.pay((debit.day, 1, 0, debit.n))
            if debit.undoes is not None:
                self.undo(debit, debit.undoes)
                debited.append(debit.points)
                missing.append(0)
                continue
            wanted, expired = (debit.points, 0) if debit.returned_order is None else self.give_back(debit)
            short = self.spend(debit, wanted)
            self.owe(short, debit)
            missing.append(short)
            debited.append(debit.points - expired)
        self.pay((self.on, 2, 0, 0))
        return ReplayResult(tuple(self.left), self.owed, tuple(debited), tuple(missing))

    @property
    def owed(self) -> int:
        return sum(points for _, points in self.debts)

    def owe(self, points: int, debit: Debit) -> None:
        """Add points to the debt. All available lots are empty then, so only lots that mature later can pay."""
        if points and not self.debts:
            maturing = [(_maturity(lot), i) for i, lot in enumerate(self.lots) if lot.available <= lot.expires]
            now = (debit.day, 1, 0, debit.n)
            self.maturing = [i for maturity, i in sorted(maturing, reverse=True) if maturity > now]
        if points:
            self.debts.append([debit.n, points])

    def pay(self, until: ReplayMoment) -> None:
        """Pay the debt from lots that have become available by a moment."""
        while self.debts and self.maturing and _maturity(self.lots[self.maturing[-1]]) <= until:
            self.pay_from(self.maturing.pop())

    def pay_from(self, i: int) -> None:
        """Pay debts from one lot, the oldest first."""
        while self.debts and self.left[i]:
            n, points = self.debts[0]
            self.debts[0][1] -= self.draw(i, points, n)
            if not self.debts[0][1]:
                self.debts.pop(0)

    def undo(self, debit: Debit, undone: int) -> None:
        """Return the points that a debit took to their lots; they pay other debts at once."""
        self.debts = [debt for debt in self.debts if debt[0] != undone]
        for i, points in self.drawn.pop(undone):
            self.left[i] += points
        for i in self.by_expiry:
            lot = self.lots[i]
            if self.debts and lot.n < debit.n and lot.available <= debit.day <= lot.expires:
                self.pay_from(i)

    def spend(self, debit: Debit, wanted: int) -> int:
        """Take points from active lots, the first to expire first; return the points that are missing."""
        for i in self.by_expiry:
            if not wanted:
                break
            lot = self.lots[i]
            if self.left[i] and lot.n < debit.n and lot.available <= debit.day <= lot.expires:
                wanted -= self.draw(i, wanted, debit.n)
        return wanted

    def give_back(self, debit: Debit) -> tuple[int, int]:
        """Take points from the lots of a returned order; return the points still wanted and the expired ones."""
        wanted, expired = debit.points, 0
        for i in sorted(self.by_expiry, key=lambda i: self.lots[i].n not in debit.bought):  # stable: then by expiry
            lot = self.lots[i]
            if lot.order != debit.returned_order or lot.n > debit.n:
                continue
            if lot.expires < debit.day:
                counted = min(wanted, self.left[i] - self.expired_returns[i])
                self.expired_returns[i] += counted
                expired += counted
                wanted -= counted
            else:
                wanted -= self.draw(i, wanted, debit.n)
        return wanted, expired

    def draw(self, i: int, wanted: int, n: int) -> int:
        """Take at most `wanted` points from one lot for the debit `n`; return the points taken."""
        drawn = min(wanted, self.left[i])
        self.left[i] -= drawn
        if n in self.drawn and drawn:
            self.drawn[n].append((i, drawn))
        return drawn


def _maturity(lot: Lot) -> ReplayMoment:
    """Return the moment a lot becomes available: at the start of a day, or with its own line."""
    at_start = lot.available > lot.day
    return (lot.available, 0, lot.expires, lot.n) if at_start else (lot.day, 1, 0, lot.n)
