"""Offer eligibility: the offers that a member may use on a day, with the reason for each, the most fitting first."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.engine.row import AccountLine
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.period import calendar_period, last_days, last_of_month
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.statement.statement import MemberOffer

HABIT = 3  # a tag bought on so many days is a habit
HABIT_DAYS = 365  # the rolling period of habits


@dataclass(frozen=True)
class OfferTerms:
    """The terms of an offer that decide on eligibility.

    `audience` describes the audience in words, as the reason when no other applies; `limit` is the number of uses by
    one member in a calendar period `per`, `capacity` by all members together; `points` is the price.
    """

    slug: str
    title: str
    value: str
    starts: date
    ends: date
    audience: str
    interests: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    limit: int = 1
    per: str = "ever"
    capacity: int | None = None
    points: int | None = None
    coupon: bool = False


CouponCodes = Callable[[str, str], tuple[str, ...]]  # (offer slug, member id) -> the code, then its earlier versions


@dataclass(frozen=True)
class Customer:
    """A member on a day, with account and segments; without an account, purchases and uses are unknown."""

    member: Member
    on: date
    account: Account | None = None
    segments: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[AccountLine, ...]:
        return self.account.lines if self.account else ()

    @property
    def active(self) -> int:
        """The points to spend; negative while points are owed."""
        return self.account.balance.active if self.account else 0

    def uses(self, per: str, *references: str) -> int:
        """Return the number of redemptions in the present period with one of these references: a slug or a code."""
        days = (line.day for line in self.redemptions if line.reference in references)
        return sum(calendar_period(day, per) == calendar_period(self.on, per) for day in days)

    @cached_property
    def redemptions(self) -> list[AccountLine]:
        """The redemptions that were not undone."""
        undone = {line.undoes for line in self.lines}
        return [line for line in self.lines if line.kind == "redemption" and line.n not in undone]

    @cached_property
    def habits(self) -> list[tuple[str, int]]:
        """Return the tags bought on at least HABIT days within a year, with the number of days, most frequent first."""
        since = max(self.member.joined, last_days(self.on, HABIT_DAYS).first)
        bought = [line for line in self.lines if line.is_order and line.day >= since]
        tags = Counter(tag for _, tag in dict.fromkeys((line.day, tag) for line in bought for tag in line.tags))
        return [(tag, count) for tag, count in tags.most_common() if count >= HABIT]


def usable_offers(
    customer: Customer,
    offers: Iterable[OfferTerms],
    programme: Programme,
    used: Mapping[str, int],
    coupon_codes: CouponCodes | None = None,
) -> list[MemberOffer]:
    """Return all offers that a member may use, with their reasons, the most fitting first; some only later.

    `offers` are the offers that the member may see; `used` is the number of uses by all members, by slug. An offer for
    other interests than the member's may be used, but has no reason.
    """
    chosen: list[tuple[tuple[int, date, str], MemberOffer]] = []
    for terms in offers:
        reason = _reason(terms, customer, programme)
        if reason is None or terms.ends < customer.on or _used_up(terms, used):
            continue
        codes = coupon_codes(terms.slug, customer.member.id) if coupon_codes and terms.coupon else ()
        left = terms.limit - customer.uses(terms.per, terms.slug, *codes)
        if left <= 0:
            continue
        weight, why = reason
        missing = max(0, (terms.points or 0) - customer.active)
        chosen.append(
            (
                (weight + (missing > 0), terms.ends, terms.slug),
                _offer(terms, _last_day(terms, customer, programme), why, missing, left, next(iter(codes), "")),
            )
        )
    return [offer for _, offer in sorted(chosen, key=lambda pair: pair[0])]


def _last_day(terms: OfferTerms, customer: Customer, programme: Programme) -> date:
    """Return the last day of an offer for a member: that of the month, if the member has it as one born this month."""
    if not terms.segments:
        return terms.ends
    own = set(terms.segments) & set(customer.segments)
    segments = [segment for segment in programme.segments if segment.key in own]
    is_of_month = bool(segments) and all(segment.birthday_month for segment in segments)
    return min(terms.ends, last_of_month(customer.on)) if is_of_month else terms.ends


def _offer(terms: OfferTerms, ends: date, why: str, missing: int, left: int, code: str) -> MemberOffer:
    return MemberOffer(
        slug=terms.slug,
        title=terms.title,
        value=terms.value,
        starts=terms.starts,
        ends=ends,
        why=why,
        points=terms.points,
        missing=missing,
        left=left,
        coupon=code if code and not missing else None,
    )


def _used_up(terms: OfferTerms, used: Mapping[str, int]) -> bool:
    return terms.capacity is not None and used.get(terms.slug, 0) >= terms.capacity


def _reason(terms: OfferTerms, customer: Customer, programme: Programme) -> tuple[int, str] | None:
    """Return the rank of an offer for a member (0 is best) and the reason; None when the member may not use it."""
    if terms.segments and not set(terms.segments) & set(customer.segments):
        return None
    if liked := next((key for key in terms.interests if key in customer.member.interests), None):
        return 0, f"because you like {_label(liked, programme)}"
    for tag, count in customer.habits:
        if tag in terms.interests:
            return 2, f"because you bought {_label(tag, programme)} {_times(count)} in the last year"
    if terms.interests:
        return 6, ""
    if terms.segments:
        return 0, "chosen for you"  # the names of segments are internal to the owner
    return 4, f"for {terms.audience}"


def _label(tag: str, programme: Programme) -> str:
    return programme.interests.get(tag, tag).lower()


def _times(count: int) -> str:
    return {3: "three times", 4: "four times", 5: "five times", 6: "six times"}.get(count, f"{count} times")
