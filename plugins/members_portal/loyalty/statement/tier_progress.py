"""Tier progress: the goals for the next and the present tier, and the tiers to come. RULES.md, "Tiers"."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.engine.expression import Expressions
from members_portal.loyalty.member.given_tier import tier_by_hand
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.period import DAY, Period, last_days
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.qualifying import Qualifying, year_of
from members_portal.loyalty.statement.rolling_period import Fall, RollingPeriod, rolling_period

PACE_DAYS = 365  # the projection assumes the figures of this many past days


@dataclass(frozen=True)
class Goal:
    """A tier to reach or to keep: `missing` is in units of the basis (money, points, orders); `by` is the last day."""

    tier: str
    name: str
    reach: Decimal
    missing: Decimal
    by: date | None


@dataclass(frozen=True)
class TierProgress:
    """The tier of a member, the goals, and the tiers to come.

    `figure` is the sum of the period `since` to `until`, both days included, and `rolling_days` the length of a rolling
    one. `next` is the goal for the tier above; `keep` is the goal for the present tier, with 0 missing when it is safe,
    None when it cannot be lost. Without more lines the tier is `falls_to` from the day `falls_on`; `projected` is the
    tier if the member's pace continues.
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
    rolling_days: int | None = None

    @property
    def goal(self) -> Goal | None:
        """The goal of the progress bar: the next tier, or else the present one."""
        return self.next or self.keep

    @property
    def achieved(self) -> Decimal:
        """The length of the progress bar: the figure, or 0 when it is negative."""
        return max(self.figure, Decimal(0))


def progress_of(member: Member, account: Account, programme: Programme, digits: int) -> TierProgress:
    """Return a member's progress on the day of the account; `digits` are the decimals of the currency."""
    return _Ladder(member, account, programme, digits).progress()


def projected_tier(member: Member, account: Account, programme: Programme, digits: int) -> str:
    """Return the tier that `progress_of` projects."""
    return _Ladder(member, account, programme, digits).projected_key()


class _Ladder:
    def __init__(self, member: Member, account: Account, programme: Programme, digits: int) -> None:
        self.member, self.account, self.programme, self.on = member, account, programme, account.on
        self.expressions, qualifying = Expressions(programme, digits), programme.qualifying
        self.rolling: RollingPeriod | None = None
        first = self.period(qualifying).first if qualifying and not qualifying.days else self.on
        self.reaches = self.reaches_on(first)  # a year keeps the ladder of its first day
        if qualifying and qualifying.days:
            past = [(day, self.reaches_on(day - DAY)) for day in programme.ladder_days if day <= self.on]
            self.rolling = rolling_period(account.lines, qualifying, qualifying.days, self.reaches, past)
        spend = qualifying is not None and qualifying.basis == "spend"
        self.unit = Decimal(1).scaleb(-digits) if spend else Decimal(1)
        self.given = tier_by_hand(member, self.on)
        self.by_hand = self.given is not None

    def reaches_on(self, day: date) -> list[int]:
        """Return the figure that each rung needs by the ladder of a day, in units of the basis."""
        return [0, *map(self.expressions.reach, self.programme.reaches_on(day))]

    def progress(self) -> TierProgress:
        qualifying, tier = self.programme.qualifying, self.programme.tiers[self.account.rung]
        if qualifying is None:
            return TierProgress(tier.key, tier.name, True, "", Decimal(0), None, None, None, None, None, None, tier.key)
        period = self.period(qualifying)
        by = self.next_by(period)
        keep, fall = (None, None) if self.by_hand else self.keep(qualifying, period)
        return TierProgress(
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
            by_hand_until=self.given.last if self.given else None,
            projected=self.projected_key(),
            rolling_days=period.days if self.rolling else None,
        )

    def period(self, qualifying: Qualifying) -> Period:
        """Return the period of the present figure."""
        if self.rolling:
            return last_days(self.on, self.rolling.length)
        return year_of(qualifying, self.member.joined, self.on)

    def goal(self, rung: int, figure: int, by: date | None) -> Goal | None:
        if rung >= len(self.reaches):
            return None
        tier, reach = self.programme.tiers[rung], self.reaches[rung]
        return Goal(tier.key, tier.name, reach * self.unit, max(0, reach - figure) * self.unit, by)

    def next_by(self, period: Period) -> date | None:
        """Return the last day on which the whole present figure counts."""
        if not self.rolling:
            return period.last
        change = self.rolling.next_change(self.on)
        return change - DAY if change else None

    def keep(self, qualifying: Qualifying, period: Period) -> tuple[Goal | None, Fall | None]:
        """Return the goal that keeps the present tier, and its loss if no more lines follow."""
        rung, figure = self.account.rung, self.account.figure
        if rung == 0 or qualifying.downgrade == "none":
            return None, None
        if self.rolling:
            fall = self.rolling.fall(rung, self.on)
            return (self.goal(rung, self.reaches[rung] - fall.missing, fall.on - DAY), fall) if fall else (None, None)
        last = self.grace_ends(qualifying, period) or period.last
        goal = self.goal(rung, figure, last)
        return goal, self.yearly_fall(qualifying, period) if self.account.reached < rung else None

    def grace_ends(self, qualifying: Qualifying, period: Period) -> date | None:
        """Return the last grace day, or None when the member holds the tier without grace."""
        in_grace = self.account.rung > max(self.account.reached, self.account.carried)
        return period.first + timedelta(days=qualifying.grace_days - 1) if in_grace else None

    def yearly_fall(self, qualifying: Qualifying, period: Period) -> Fall:
        """Return the loss of a tier that the present year's figure does not reach."""
        rung, reached = self.account.rung, self.account.reached
        missing = self.reaches[rung] - self.account.figure
        if last := self.grace_ends(qualifying, period):
            return Fall(last + DAY, max(reached, self.account.carried), missing)
        left = max(reached, rung - 1) if qualifying.downgrade == "one-step" else reached
        return Fall(period.last + DAY + timedelta(days=qualifying.grace_days), left, missing)

    def projected_key(self) -> str:
        """Return the key of the tier at the end of the period: the present one, if it is by hand or nothing counts."""
        qualifying = self.programme.qualifying
        if qualifying is None or self.by_hand:
            return self.programme.tiers[self.account.rung].key
        return self.projected(qualifying, self.period(qualifying))

    def projected(self, qualifying: Qualifying, period: Period) -> str:
        """Return the key of the tier at the end of the period, if the rest of it continues the last year's pace."""
        first = max(last_days(self.on, PACE_DAYS).first, self.member.joined)
        days = (self.on - first).days + 1
        recent = sum(line.net for line in self.account.lines if line.day >= first)
        left = 0 if self.rolling else (period.last - self.on).days
        figure = self.account.figure + recent * left // max(days, 1)
        rung = max(k for k, reach in enumerate(self.reaches) if k == 0 or figure >= reach)
        if qualifying.downgrade == "none" or rung > self.account.rung:
            rung = max(rung, self.account.rung)
        elif qualifying.downgrade == "one-step":
            rung = max(rung, self.account.rung - 1)
        return self.programme.tiers[rung].key
