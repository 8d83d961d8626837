"""What it takes to reach the next tier and to keep the present one, and by when. RULES.md, "Tiers"."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.engine.expression import Expressions
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.qualifying import Qualifying
from members_portal.loyalty.statement.programme_year import Year, year_around
from members_portal.loyalty.statement.rolling_period import DAY, Fall, Rolling, rolling_of

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
    by_hand_until: date | None = None

    @property
    def goal(self) -> Goal | None:
        """The goal that the bar is drawn to: the next tier, or else the present one."""
        return self.next or self.keep

    @property
    def achieved(self) -> Decimal:
        """The length of the bar: the figure, or nothing when more came back than was bought."""
        return max(self.figure, Decimal(0))


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
        keep, fall = (None, None) if self.by_hand else self.keep(qualifying, period)
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
            falls_to=self.programme.tiers[fall.to].key if fall else None,
            falls_on=fall.on if fall else None,
            by_hand_until=self.member.tier_until if self.by_hand else None,
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
        if not qualifying.days:
            return period.last
        change = self.rolling(qualifying).next_change(self.on)
        return change - DAY if change else None

    def rolling(self, qualifying: Qualifying) -> Rolling:
        return rolling_of(self.account.entries, qualifying, self.reaches)

    def keep(self, qualifying: Qualifying, period: Year) -> tuple[Goal | None, Fall | None]:
        """Say what keeps the present tier, and how it is lost when nothing more comes."""
        rung, figure = self.account.rung, self.account.figure
        if rung == 0 or qualifying.downgrade == "none":
            return None, None
        if qualifying.days:
            fall = self.rolling(qualifying).fall(rung, self.on)
            return (self.goal(rung, self.reaches[rung] - fall.missing, fall.on - DAY), fall) if fall else (None, None)
        last = self.grace_ends(qualifying, period) or period.last
        goal = self.goal(rung, figure, last)
        return goal, self.yearly_fall(qualifying, period) if self.account.reached < rung else None

    def grace_ends(self, qualifying: Qualifying, period: Year) -> date | None:
        """Return the last day of grace of a tier that the new year has not earned yet."""
        in_grace = self.account.rung > max(self.account.reached, self.account.carried)
        return period.first + timedelta(days=qualifying.grace_days - 1) if in_grace else None

    def yearly_fall(self, qualifying: Qualifying, period: Year) -> Fall:
        """Say how a tier is lost that this year's figure doesn't reach."""
        rung, reached = self.account.rung, self.account.reached
        missing = self.reaches[rung] - self.account.figure
        if last := self.grace_ends(qualifying, period):
            return Fall(last + DAY, max(reached, self.account.carried), missing)
        left = max(reached, rung - 1) if qualifying.downgrade == "one-step" else reached
        return Fall(period.last + DAY + timedelta(days=qualifying.grace_days), left, missing)

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
