"""Standings of all members on a day: tiers, accounts, segments, and the totals of the causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.cause import Cause
from members_portal.loyalty.programme.currency import currency_digits
from members_portal.loyalty.programme.programme import Programme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from members_portal.loyalty.engine.account import Account


@dataclass(frozen=True)
class CauseTotal:
    """The total gift of all members to a cause: points, and money in `total`."""

    key: str
    name: str
    summary: str
    points: int
    total: Decimal


class CauseTotals:
    """Adds up the gifts of all members to each cause."""

    def __init__(self, causes: Sequence[Cause], digits: int) -> None:
        self._causes, self._unit = causes, Decimal(1).scaleb(-digits)
        self._points, self._money = [0] * len(causes), [self._unit * 0] * len(causes)

    def add(self, given: Sequence[int], spent: Sequence[int]) -> None:
        """Add the gifts of a member, by the points given to each cause and the spend that counts for it."""
        for index, (points, spend) in enumerate(zip(given, spent, strict=True)):
            if points or spend > 0:
                self._points[index] += points
                self._money[index] += sum(self._causes[index].gift_of(points, spend, self._unit))

    def totals(self) -> tuple[CauseTotal, ...]:
        """Return the total of each cause."""
        found = zip(self._causes, self._points, self._money, strict=True)
        return tuple(CauseTotal(each.key, each.name, each.summary, points, money) for each, points, money in found)


@dataclass(frozen=True)
class Standings:
    """The members with their tiers; accounts and segment keys by member id, when the programme has rules for them.

    `facts` are digests of all that accounts are computed from but the day, by member id. `booked` are the members with
    a line on the day, `earlier` those with a line before the years that the statement shows. `used` is the number of
    redemptions by reference, and `undone` are the lines of redemptions that were undone. `overdrawn` are the lines of
    redemptions of more points than a member could spend. `usable` are the points of all members that are active or
    were used. `day_segments` are those that booked members have at the start or at the end of the day, where they
    are known. `by_hand` are the members as written, before their tier was set.
    """

    on: date
    programme: Programme
    members: list[Member]
    accounts: Mapping[str, Account] = field(default_factory=dict, repr=False)
    segments: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    causes: tuple[CauseTotal, ...] = ()
    used: Mapping[str, int] = field(default_factory=dict, repr=False)
    by_hand: Mapping[str, Member] = field(default_factory=dict, repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    booked: frozenset[str] = field(default=frozenset(), repr=False)
    earlier: frozenset[str] = field(default=frozenset(), repr=False)
    undone: frozenset[int] = frozenset()
    overdrawn: tuple[int, ...] = ()
    usable: int = 0
    day_segments: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @property
    def digits(self) -> int:
        """The decimals of the programme's currency."""
        return currency_digits(self.programme.currency)

    def expect(self, members: Iterable[str]) -> None:
        """Announce the members whose accounts are asked for next, in this order: a table reads many at a time."""
        if announce := getattr(self.accounts, "expect", None):
            announce(members)

    def of_nobody(self) -> Standings:
        """Return the standings without members. Their size does not grow with the members: other processes get them."""
        return Standings(self.on, self.programme, [], causes=self.causes, usable=self.usable)

    def count_segments(self) -> dict[str, int]:
        """Return the number of members of each segment by its name, in the order of programme.yaml."""
        counts = Counter(key for keys in self.segments.values() for key in keys)
        return {segment.name: counts[segment.key] for segment in self.programme.segments}


def take_standings(
    programme: Programme, members: Sequence[Member], con: DuckDBPyConnection | None, on: date
) -> Standings:
    """Return the standings of all members; `con` holds the ledger's table `line`, if there is a ledger.

    Members who have left are not in the result, but their lines count in the totals of causes and uses. Without a
    ledger and without `qualifying`, every member has the tier of members.yaml.
    """
    present = [member for member in members if member.is_member(on)]
    if con is None and programme.qualifying is None:
        return Standings(on, programme, present)
    from members_portal.loyalty.engine.account_table import AccountTable
    from members_portal.loyalty.engine.engine import Engine
    from members_portal.loyalty.segment_membership import SegmentFigures, SegmentRules

    digits = currency_digits(programme.currency)
    accounts = AccountTable(Engine(con or _empty(), programme, members, digits), on)
    rules, causes = SegmentRules(programme, on, digits), CauseTotals(programme.causes, digits)
    standing, segments, facts, booked, earlier = [], {}, {}, set(), set()
    since = programme.statement.since(on)
    known = accounts.facts(rules.spend_days, programme.causes)
    for member, (_, rung, _, _), own in zip(members, accounts.standings, known, strict=True):
        causes.add(own.given, own.spent)
        if member.is_member(on):
            standing.append(_placed(member, rung, programme))
            facts[member.id] = own.facts
            if own.newest == on:
                booked.add(member.id)
            if own.oldest and own.oldest < since:
                earlier.add(member.id)
            segments[member.id] = rules.segments_of(SegmentFigures(member, rung, own.ordered, own.spends))
    return Standings(
        on,
        programme,
        standing,
        accounts,
        segments,
        causes.totals(),
        accounts.uses(),
        {member.id: member for member in present},
        facts,
        frozenset(booked),
        frozenset(earlier),
        accounts.undone(),
        tuple(line.n for line in accounts.overdrawn()),
        sum(balance.earned - balance.pending - balance.expired for _, _, _, balance in accounts.standings),
    )


def _empty() -> DuckDBPyConnection:
    """Return a connection with a ledger without lines."""
    from members_portal.loyalty.ledger.ledger import ledger_of, open_store

    return ledger_of((), open_store()).con


def _placed(member: Member, rung: int, programme: Programme) -> Member:
    tier = programme.ladder[rung]
    return member if member.staff or member.tier == tier else member.changed(tier=tier)
