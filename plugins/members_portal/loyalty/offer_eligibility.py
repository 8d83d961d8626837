"""Which offers are a member's, and why. What an offer says is the editor's; what decides is here."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from members_portal.loyalty.engine.account import Account, Entry
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.statement.statement import OfferFor

HABIT = 3  # days of purchases within a year that make a tag a habit
HABIT_DAYS = 365


@dataclass(frozen=True)
class Terms:
    """What decides about an offer. `audience` says it in words, for those who get it for no other reason.

    `limit` is how often one member may use it, `capacity` how often all may; `points` is its price.
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
    capacity: int | None = None
    points: int | None = None
    coupon: bool = False


CouponCode = Callable[[str, str], str]  # the slug of an offer, the id of a member


@dataclass(frozen=True)
class Customer:
    """What is known of a member when offers are chosen on a day; without an account, what they like."""

    member: Member
    on: date
    account: Account | None = None
    segments: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.account.entries if self.account else ()

    @property
    def active(self) -> int:
        return max(0, self.account.balance.active) if self.account else 0

    def uses(self, *references: str) -> int:
        """Count the redemptions that refer to an offer by its name or the member's code for it."""
        return sum(entry.kind == "redemption" and entry.reference in references for entry in self.entries)

    def habits(self) -> list[tuple[str, int]]:
        """List the tags bought most often within a year, with on how many days."""
        since = max(self.member.joined, self.on - timedelta(days=HABIT_DAYS - 1))
        bought = [e for e in self.entries if e.kind == "purchase" and e.day >= since]
        tags = Counter(tag for _, tag in dict.fromkeys((e.day, tag) for e in bought for tag in e.tags))
        return [(tag, count) for tag, count in tags.most_common() if count >= HABIT]


def offers_for(
    customer: Customer,
    offers: Iterable[Terms],
    programme: Programme,
    used: Mapping[str, int],
    coupon_code: CouponCode | None = None,
) -> list[OfferFor]:
    """Choose and explain a member's offers, the most fitting first.

    `offers` are those the member may read about; `used` says how often each (by slug) was used by everybody.
    """
    chosen: list[tuple[tuple[int, date, str], OfferFor]] = []
    for terms in offers:
        code = coupon_code(terms.slug, customer.member.id) if coupon_code and terms.coupon else ""
        left = terms.limit - customer.uses(terms.slug, code or terms.slug)
        reason = _reason(terms, customer, programme)
        if reason is None or left <= 0 or terms.ends < customer.on or _gone(terms, used):
            continue
        weight, why = reason
        missing = max(0, (terms.points or 0) - customer.active)
        chosen.append(((weight + (missing > 0), terms.ends, terms.slug), _offer(terms, why, missing, left, code)))
    return [offer for _, offer in sorted(chosen, key=lambda pair: pair[0])]


def _offer(terms: Terms, why: str, missing: int, left: int, code: str) -> OfferFor:
    return OfferFor(
        slug=terms.slug,
        title=terms.title,
        value=terms.value,
        starts=terms.starts,
        ends=terms.ends,
        why=why,
        points=terms.points,
        missing=missing,
        left=left,
        coupon=code or None,
    )


def _gone(terms: Terms, used: Mapping[str, int]) -> bool:
    return terms.capacity is not None and used.get(terms.slug, 0) >= terms.capacity


def _reason(terms: Terms, customer: Customer, programme: Programme) -> tuple[int, str] | None:
    """Say how near an offer is to a member (0 nearest) and why they get it; None when it isn't for them."""
    if terms.segments and not set(terms.segments) & set(customer.segments):
        return None
    if liked := next((key for key in terms.interests if key in customer.member.interests), None):
        return 0, f"because you like {_label(liked, programme)}"
    for tag, count in customer.habits():
        if tag in terms.interests:
            return 2, f"because you bought {_label(tag, programme)} {_times(count)} in the last year"
    if terms.interests:
        return None
    if terms.segments:
        return 0, "chosen for you"  # a segment's name is the owner's business, not its members'
    return 4, f"for {terms.audience}"


def _label(tag: str, programme: Programme) -> str:
    return programme.interests.get(tag, tag).lower()


def _times(count: int) -> str:
    return {3: "three times", 4: "four times", 5: "five times", 6: "six times"}.get(count, f"{count} times")
