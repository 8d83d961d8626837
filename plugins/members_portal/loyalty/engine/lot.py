"""Lots: points earned together, which expire together, and what takes from them. RULES.md, "Lots".

Days are whole numbers, as `date.toordinal` counts them: ten thousand members a second are replayed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

NEVER = 4_000_000  # beyond any day there is


class Lot(NamedTuple):
    """Points of one line: `n` its place in the ledger, `order` its reference, where it is a purchase."""

    n: int
    day: int
    points: int
    available: int
    expires: int
    order: str | None


class Take(NamedTuple):
    """A line that takes points: by spending them, or (`returns`) by giving an order back."""

    n: int
    day: int
    points: int
    returns: str | None


@dataclass(frozen=True)
class Pool:
    """What became of some lots by a day: what is left of each, what is owed, and what each taking came to."""

    left: tuple[int, ...]
    owed: int
    taken: tuple[int, ...]


def replay(lots: Sequence[Lot], takes: Sequence[Take], on: int) -> Pool:
    """Act out a member's lines up to a day; lots and takes are in the order of the ledger, none after that day."""
    if not takes:
        return Pool(tuple(lot.points for lot in lots), 0, ())
    return _Replay(lots, on).run(takes)


class _Replay:
    def __init__(self, lots: Sequence[Lot], on: int) -> None:
        self.lots, self.on, self.owed = lots, on, 0
        self.left = [lot.points for lot in lots]
        self.excused = [0] * len(lots)  # of expired lots: what returns have asked for
        self.by_expiry = sorted(range(len(lots)), key=[lot.expires for lot in lots].__getitem__)  # then by line
        self.coming: list[int] = []  # lots that will become available while something is owed, the last one first

    def run(self, takes: Sequence[Take]) -> Pool:
        taken = []
        for take in takes:
            self.pay((take.day, 1, 0, take.n))
            wanted, excused = (take.points, 0) if take.returns is None else self.give_back(take)
            self.owe(self.spend(take, wanted), take)
            taken.append(take.points - excused)
        self.pay((self.on, 2, 0, 0))
        return Pool(tuple(self.left), self.owed, tuple(taken))

    def owe(self, points: int, take: Take) -> None:
        """Note what could not be taken: every lot that was available then is empty, so only later ones can pay."""
        if points and not self.owed:
            coming = [(_maturity(lot), i) for i, lot in enumerate(self.lots) if lot.available <= lot.expires]
            now = (take.day, 1, 0, take.n)
            self.coming = [i for maturity, i in sorted(coming, reverse=True) if maturity > now]
        self.owed += points

    def pay(self, until: tuple[int, int, int, int]) -> None:
        """Let lots that become available pay what is owed."""
        while self.owed and self.coming and _maturity(self.lots[self.coming[-1]]) <= until:
            self.owed -= self.draw(self.coming.pop(), self.owed)

    def spend(self, take: Take, wanted: int) -> int:
        """Take from active lots, the first to expire first; return what could not be taken."""
        for i in self.by_expiry:
            if not wanted:
                break
            lot = self.lots[i]
            if self.left[i] and lot.n < take.n and lot.available <= take.day <= lot.expires:
                wanted -= self.draw(i, wanted)
        return wanted

    def give_back(self, take: Take) -> tuple[int, int]:
        """Take from the lots of a returned order; return what is still wanted, and what had expired of them."""
        wanted, excused = take.points, 0
        for i in self.by_expiry:
            lot = self.lots[i]
            if lot.order != take.returns or lot.n > take.n:
                continue
            if lot.expires < take.day:
                gone = min(wanted, self.left[i] - self.excused[i])
                self.excused[i] += gone
                excused += gone
                wanted -= gone
            else:
                wanted -= self.draw(i, wanted)
        return wanted, excused

    def draw(self, i: int, wanted: int) -> int:
        """Take at most so much from one lot; return what it gave."""
        got = min(wanted, self.left[i])
        self.left[i] -= got
        return got


def _maturity(lot: Lot) -> tuple[int, int, int, int]:
    """Say when a lot becomes available: at the start of a day, or with its own line."""
    at_start = lot.available > lot.day
    return (lot.available, 0, lot.expires, lot.n) if at_start else (lot.day, 1, 0, lot.n)
