"""Which offers are a member's, and why. What an offer says is the editor's; what decides is here."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from plugins.loyalty.engine import Entry
from plugins.loyalty.member import Member
from plugins.loyalty.programme import Programme
from plugins.loyalty.statement import OfferFor, Statement

MOST_OFFERS = 6
HABIT = 3  # purchases within a year that make a tag a habit
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


def offers_for(
    member: Member,
    statement: Statement,
    entries: Iterable[Entry],
    offers: Iterable[Terms],
    programme: Programme,
    used: Mapping[str, int],
    coupon_code: CouponCode | None = None,
) -> list[OfferFor]:
    """Choose and explain a member's offers, the most fitting first.

    `offers` are those the member may read about; `used` says how often each (by slug) was used by everybody.
    """
    bought = _habits(entries, statement.as_of)
    chosen: list[tuple[tuple[int, date, str], OfferFor]] = []
    for terms in offers:
        code = coupon_code(terms.slug, member.id) if coupon_code and terms.coupon else None
        left = terms.limit - _uses(statement, terms.slug, code)
        reason = _reason(terms, member, statement, bought, programme)
        if reason is None or left <= 0 or terms.ends < statement.as_of or _gone(terms, used):
            continue
        weight, why = reason
        missing = max(0, (terms.points or 0) - max(0, statement.balance.active))
        found = OfferFor(
            terms.slug, terms.title, terms.value, terms.starts, terms.ends, why, terms.points, missing, left, code
        )
        chosen.append(((weight + (missing > 0), terms.ends, terms.slug), found))
    return [offer for _, offer in sorted(chosen, key=lambda pair: pair[0])]


def _uses(statement: Statement, slug: str, code: str | None) -> int:
    return sum(line.kind == "redemption" and line.reference in (slug, code or slug) for line in statement.activity)


def _gone(terms: Terms, used: Mapping[str, int]) -> bool:
    return terms.capacity is not None and used.get(terms.slug, 0) >= terms.capacity


def _habits(entries: Iterable[Entry], on: date) -> list[tuple[str, int]]:
    """List the tags bought most often within a year, with how often."""
    since = on - timedelta(days=HABIT_DAYS)
    tags = Counter(tag for e in entries if e.kind == "purchase" and e.day > since for tag in e.tags)
    return [(tag, count) for tag, count in tags.most_common() if count >= HABIT]


def _reason(
    terms: Terms, member: Member, statement: Statement, bought: list[tuple[str, int]], programme: Programme
) -> tuple[int, str] | None:
    """Say how near an offer is to a member (0 nearest) and why they get it; None when it isn't for them."""
    meant = [segment for segment in programme.segments if segment.key in terms.segments]
    if terms.segments and not any(segment.key in statement.segments for segment in meant):
        return None
    if liked := next((key for key in terms.interests if key in member.interests), None):
        return 0, f"because you like {_label(liked, programme)}"
    for tag, count in bought:
        if tag in terms.interests:
            return 2, f"because you bought {_label(tag, programme)} {_times(count)} in the last year"
    if terms.interests:
        return None
    if meant:
        return 0, "chosen for you"  # a segment's name is the owner's business, not its members'
    return 4, f"for {terms.audience}"


def _label(tag: str, programme: Programme) -> str:
    return programme.interests.get(tag, tag).lower()


def _times(count: int) -> str:
    return {3: "three times", 4: "four times", 5: "five times", 6: "six times"}.get(count, f"{count} times")
