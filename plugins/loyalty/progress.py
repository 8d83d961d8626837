"""What it takes to reach the next tier and to keep the present one, and by when. RULES.md, "Tiers"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from plugins.loyalty.engine import Account
from plugins.loyalty.expression import Expressions
from plugins.loyalty.member import Member
from plugins.loyalty.programme import Programme
from plugins.loyalty.qualifying import Qualifying
from plugins.loyalty.year import Year, year_around

PACE_DAYS = 365  # days over which the pace of a member is taken


@dataclass(frozen=True)
class Goal:
    """A tier to be reached or kept: `missing` of the basis (money, points, orders), up to and with the day `by`."""

    tier: str
    name: str
    reach: Decimal
    missing: Decimal
    by: date | None


@dataclass(frozen=True)
class Progress:
    """Where a member stands on the ladder.

    `figure` counts since `since`, up to and with `until`. `next` is the tier above; `keep` what keeps the present one,
    with nothing missing when it is safe, and None when there is nothing to lose. `falls_to` is the tier without any
    more, from `falls_on` on; `projected` the tier that follows from the member's pace.
    """

    tier: str
    name: str
    by_hand: bool
    basis: str
    figure: Decimal
    since: date | None
    until: date | None
    next: Goal | None
    keep: Goal | None
    falls_to: str | None
    falls_on: date | None
    projected: str


def progress_of(member: Member, account: Account, programme: Programme, digits: int) -> Progress:
    """Work out a member's progress on the day of the account."""
    return _Ladder(member, account, programme, digits).progress()


class _Ladder:
    def __init__(self, member: Member, account: Account, programme: Programme, digits: int) -> None:
        self.member, self.account, self.programme, self.on = member, account, programme, account.on
        say = Expressions(programme, digits)
        self.reaches = [0, *(say.reach(amount) for amount in programme.reaches)]
        spend = programme.qualifying is not None and programme.qualifying.basis == "spend"
        self.unit = Decimal(1).scaleb(-digits) if spend else Decimal(1)
        self.by_hand = bool(member.tier) and (member.tier_until is None or self.on <= member.tier_until)

    def progress(self) -> Progress:
        qualifying, tier = self.programme.qualifying, self.programme.tiers[self.account.rung]
        if qualifying is None:
            return Progress(tier.key, tier.name, True, "", Decimal(0), None, None, None, None, None, None, tier.key)
        period = self.period(qualifying)
        by = self.next_by(qualifying, period)
        keep = None if self.by_hand else self.keep(qualifying, period)
        falls = self.falls_to(qualifying) if keep and keep.missing else None
        return Progress(
            tier=tier.key,
            name=tier.name,
            by_hand=self.by_hand,
            basis=qualifying.basis,
            figure=self.account.figure * self.unit,
            since=period.first,
            until=period.last,
            next=None if self.by_hand else self.goal(self.account.rung + 1, self.account.figure, by),
            keep=keep,
            falls_to=falls,
            falls_on=self.falls_on(qualifying, period, keep) if keep and falls else None,
            projected=tier.key if self.by_hand else self.projected(qualifying, period),
        )

    def period(self, qualifying: Qualifying) -> Year:
        """Return the time over which the present figure was summed."""
        if qualifying.days:
            return Year(self.on - timedelta(days=qualifying.days - 1), self.on)
        month, day = qualifying.starts
        if qualifying.period == "anniversary":
            month, day = self.member.joined.month, self.member.joined.day
        return year_around(self.on, month, day)

    def goal(self, rung: int, figure: int, by: date | None) -> Goal | None:
        if rung >= len(self.reaches):
            return None
        tier, reach = self.programme.tiers[rung], self.reaches[rung]
        return Goal(tier.key, tier.name, reach * self.unit, max(0, reach - figure) * self.unit, by)

    def next_by(self, qualifying: Qualifying, period: Year) -> date | None:
        """Return the last day on which the present figure still counts in full."""
        return next((day - timedelta(days=1) for day, _ in self.drops()), None) if qualifying.days else period.last

    def drops(self) -> Iterator[tuple[date, int]]:
        """Give the days to come on which a rolling figure falls, or rises, and what it is then."""
        days = (self.programme.qualifying.days if self.programme.qualifying else None) or 0
        figure = self.account.figure
        for entry in self.account.entries:
            if entry.figure and entry.day + timedelta(days=days) > self.on:
                figure -= entry.figure
                yield entry.day + timedelta(days=days), figure

    def keep(self, qualifying: Qualifying, period: Year) -> Goal | None:
        rung = self.account.rung
        if rung == 0 or qualifying.downgrade == "none":
            return None
        if qualifying.days:
            return self.keep_rolling(qualifying, rung)
        return self.goal(rung, self.account.figure, self.grace_ends(qualifying, period) or period.last)

    def grace_ends(self, qualifying: Qualifying, period: Year) -> date | None:
        """Return the last day of grace of a tier that the new year has not earned yet."""
        in_grace = self.account.rung > max(self.account.reached, self.account.carried)
        return period.first + timedelta(days=qualifying.grace_days - 1) if in_grace else None

    def falls_on(self, qualifying: Qualifying, period: Year, keep: Goal) -> date | None:
        """Return the first day without the present tier, when nothing more comes."""
        if qualifying.days:
            return keep.by + timedelta(days=1) if keep.by else None
        last = self.grace_ends(qualifying, period) or period.last + timedelta(days=qualifying.grace_days)
        return last + timedelta(days=1)

    def keep_rolling(self, qualifying: Qualifying, rung: int) -> Goal | None:
        grace = timedelta(days=qualifying.grace_days)
        if self.account.reached < rung:
            return self.goal(rung, self.account.figure, self.last_held(qualifying.days or 0, rung) + grace)
        for day, figure in self.drops():
            if figure < self.reaches[rung]:
                return self.goal(rung, figure, day - timedelta(days=1) + grace)
        return self.goal(rung, self.account.figure, None)

    def last_held(self, days: int, rung: int) -> date:
        """Return the last day on which a rolling figure reached a rung."""
        lines = [entry for entry in self.account.entries if entry.figure]
        changes = [(line.day, line.figure) for line in lines]
        changes += [(line.day + timedelta(days=days), -line.figure) for line in lines]
        figure, held = 0, self.on
        for day in sorted({day for day, _ in changes if day <= self.on}):
            if figure >= self.reaches[rung]:
                held = day - timedelta(days=1)
            figure += sum(change for when, change in changes if when == day)
        return held

    def falls_to(self, qualifying: Qualifying) -> str | None:
        """Name the tier that follows when nothing more comes."""
        rung, reached = self.account.rung, self.account.reached
        if qualifying.downgrade == "one-step":
            reached = max(reached, rung - 1)
        elif qualifying.days:
            reached = max((k for k, reach in enumerate(self.reaches) if self.lasting() >= reach), default=0)
        return self.programme.tiers[min(reached, rung)].key if reached < rung else None

    def lasting(self) -> int:
        """Return what a rolling figure is once it no longer carries the present rung."""
        reach = self.reaches[self.account.rung]
        return next((figure for _, figure in self.drops() if figure < reach), self.account.figure)

    def projected(self, qualifying: Qualifying, period: Year) -> str:
        """Name the tier at the end of the period, were the rest of it like the last year."""
        first = max(self.on - timedelta(days=PACE_DAYS - 1), self.member.joined)
        days = (self.on - first).days + 1
        recent = sum(entry.figure for entry in self.account.entries if entry.day >= first)
        left = 0 if qualifying.days else (period.last - self.on).days
        figure = self.account.figure + recent * left // max(days, 1)
        rung = max(k for k, reach in enumerate(self.reaches) if k == 0 or figure >= reach)
        if qualifying.downgrade == "none" or rung > self.account.rung:
            rung = max(rung, self.account.rung)
        elif qualifying.downgrade == "one-step":
            rung = max(rung, self.account.rung - 1)
        return self.programme.tiers[rung].key
