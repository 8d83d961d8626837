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
        numbers = range(len(lots))
        self.by_expiry = sorted(numbers, key=lambda i: (lots[i].expires, lots[i].n))
        self.maturing = sorted(numbers, key=lambda i: _maturity(lots[i]))
        self.matured = 0

    def run(self, takes: Sequence[Take]) -> Pool:
        taken = []
        for take in takes:
            self.mature((take.day, 1, 0, take.n))
            wanted, excused = (take.points, 0) if take.returns is None else self.give_back(take)
            self.owed += self.spend(take, wanted)
            taken.append(take.points - excused)
        self.mature((self.on, 2, 0, 0))
        return Pool(tuple(self.left), self.owed, tuple(taken))

    def mature(self, until: tuple[int, int, int, int]) -> None:
        """Let lots that become available pay what is owed."""
        while self.matured < len(self.maturing):
            i = self.maturing[self.matured]
            lot = self.lots[i]
            if _maturity(lot) > until:
                return
            self.matured += 1
            if self.owed and lot.available <= lot.expires:
                paid = min(self.owed, self.left[i])
                self.owed -= paid
                self.left[i] -= paid

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
