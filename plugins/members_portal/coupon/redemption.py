"""Redemptions: find the member of a code, and check the uses in the ledger.

Both need the site secret and the roster; a till has neither.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from members_portal.coupon.coupon_code import (
    COUPON_LENGTH,
    CouponOffer,
    all_versions,
    coupon_number,
    find_offer,
    read_characters,
)
from members_portal.coupon.verdict import use_period
from members_portal.seal import BadCode, Secret
from members_portal.seal.key.code_format import VALUES, normalise

NEITHER = "the reference is neither a coupon code, nor an offer, nor a cause"
SegmentUse = tuple[str, str, date]  # offer slug, member id, day
OutsideSegments = Callable[[Collection[SegmentUse]], Collection[SegmentUse]]  # the uses of members in no segment
OwnersByNumber = dict[tuple[str, str], list[str]]  # (offer slug, number) -> member ids


@dataclass(frozen=True)
class Redemption:
    """A line of the ledger; `reference` is a code, an offer's slug, the key of a cause, or any other text."""

    line: int
    day: date
    member: str | None
    reference: str | None


@dataclass(frozen=True, order=True)
class RedemptionFinding:
    """A problem in a line of the ledger; contains neither a code nor a person's name."""

    line: int
    member: str
    offer: str
    problem: str

    @property
    def words(self) -> str:
        """The problem with member and offer, without the line."""
        subject = ", ".join(filter(None, (self.member and f"member {self.member}", self.offer)))
        return f"{subject}: {self.problem}" if subject else self.problem

    def __str__(self) -> str:
        return f"line {self.line}{', ' if self.member or self.offer else ': '}{self.words}"


def without_segments(_uses: Collection[SegmentUse]) -> Collection[SegmentUse]:
    """Return no use: no offer has segments."""
    return ()


def with_uses(
    secret: Secret, offers: Iterable[CouponOffer], redemptions: Iterable[Redemption]
) -> tuple[CouponOffer, ...]:
    """Return the offers with `used` filled from the ledger; a line with member and slug counts as the member's code."""
    offers = tuple(offers)
    by_slug, uses = {offer.slug: offer for offer in offers}, defaultdict(list)
    known = all_versions(secret, offers)
    for redemption in redemptions:
        text = redemption.reference or ""
        if redemption.member and text in by_slug:
            uses[text].append(f"{coupon_number(secret, text, redemption.member)} {redemption.day}")
        elif offer := (reference := read_reference(text, known)).offer:
            uses[offer.slug].append(f"{reference.number} {redemption.day}")
    return tuple(replace(offer, used=tuple(sorted(uses[offer.slug]))) for offer in offers)


def check_redemptions(
    redemptions: Iterable[Redemption],
    offers: Sequence[CouponOffer],
    roster: Collection[str],
    secret: Secret,
    others: Collection[str] = (),
    earlier: Iterable[Redemption] = (),
    outside: OutsideSegments = without_segments,
    *,
    booked: bool = True,
) -> list[RedemptionFinding]:
    """Return the problems of redemptions, by ledger line; `others` are valid references other than codes and slugs.

    Uses in `earlier` count towards limits first, whatever their day; their problems are not returned.
    Lines without a reference are skipped: they spend points without an offer.
    Each use counts towards limits. Uses that are not booked yet (`booked` is false) count only without a problem:
    the others will not be booked.
    """
    counted_first = _with_reference(earlier)
    with_reference = [*counted_first, *_with_reference(redemptions)]
    by_slug = {offer.slug: offer for offer in offers}
    codes = {one.reference or "" for one in with_reference} - {*by_slug, *others}
    known = all_versions(secret, offers)
    references = {text: read_reference(text, known) for text in codes}
    owners = _owners(secret, with_reference, references, roster)
    refused = outside(set(_segment_uses(with_reference[len(counted_first) :], by_slug, references, owners)))
    counters = {slug: UseCounter(offer, refused) for slug, offer in by_slug.items()}
    found: list[list[RedemptionFinding]] = []
    for place, redemption in enumerate(with_reference):
        text, is_booked = redemption.reference or "", booked or place < len(counted_first)
        if text in by_slug:
            found.append(list(counters[text].count(redemption, redemption.member or "", booked=is_booked)))
        else:
            read = references.get(text)
            found.append(list(_check_code(redemption, read, owners, counters, booked=is_booked)) if read else [])
    return sorted(chain.from_iterable(found[len(counted_first) :]))


def _segment_uses(
    redemptions: Iterable[Redemption],
    by_slug: Collection[str],
    references: Mapping[str, "Reference"],
    owners: OwnersByNumber,
) -> Iterator[SegmentUse]:
    """Yield each use of an offer with its member."""
    for one in redemptions:
        text, offer = one.reference or "", references.get(one.reference or "", Reference(None)).offer
        if offer:
            yield from (
                (offer.slug, member, one.day) for member in owners.get((offer.slug, references[text].number), [])
            )
        elif text in by_slug and one.member:
            yield text, one.member, one.day


def _with_reference(redemptions: Iterable[Redemption]) -> list[Redemption]:
    """Return the redemptions with a reference, by day and line."""
    return sorted((one for one in redemptions if one.reference), key=lambda one: (one.day, one.line))


@dataclass(frozen=True)
class OwnedRedemption:
    """A redemption with member and offer as its code states them; None for other references."""

    redemption: Redemption
    offer: CouponOffer | None


def find_members(
    redemptions: Iterable[Redemption], offers: Sequence[CouponOffer], roster: Collection[str], secret: Secret
) -> list[OwnedRedemption]:
    """Set the member of each redemption from its code alone; other references leave the member empty."""
    redemptions, known = list(redemptions), all_versions(secret, offers)
    references = {text: read_reference(text, known) for text in {one.reference or "" for one in redemptions}}
    keys = {text: (read.offer.slug, read.number) for text, read in references.items() if read.offer}
    owners = find_owners(secret, set(keys.values()), roster)
    found = {text: owners[key][0] for text, key in keys.items() if key in owners}
    return [
        OwnedRedemption(replace(one, member=found.get(text)), references[text].offer)
        for one in redemptions
        for text in (one.reference or "",)
    ]


def find_owners(secret: Secret, keys: Iterable[tuple[str, str]], roster: Collection[str]) -> OwnersByNumber:
    """Return the members with these numbers, by (offer slug, number); two of a million members may share a number."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for slug, number in keys:
        numbers[slug].add(number)
    owners: OwnersByNumber = defaultdict(list)
    for slug, wanted in numbers.items():
        for member in roster:
            if (number := coupon_number(secret, slug, member)) in wanted:
                owners[slug, number].append(member)
    return dict(owners)


class UseCounter:
    """Count the uses of one offer in order, and report each use beyond period, segments, limit or capacity."""

    def __init__(self, offer: CouponOffer, refused: Collection[SegmentUse] = ()) -> None:
        self.refused = refused
        self.offer, self.by_owner, self.in_all = offer, Counter[tuple[str, str]](), 0

    def count(self, redemption: Redemption, owner: str, *, booked: bool) -> Iterator[RedemptionFinding]:
        """Count one use of an owner; yield its problems. A use that is not booked counts only without a problem."""
        period = owner, use_period(redemption.day.isoformat(), self.offer.per)
        by_owner, in_all = self.by_owner[period] + 1, self.in_all + 1
        is_refused = (self.offer.slug, owner, redemption.day) in self.refused
        problems = ["used by a member in none of the offer's segments on that day"] if is_refused else []
        problems += self._problems(redemption.day, by_owner, in_all)
        if booked or not problems:
            self.by_owner[period], self.in_all = by_owner, in_all
        for problem in problems:
            yield RedemptionFinding(redemption.line, redemption.member or "", self.offer.slug, problem)

    def _problems(self, day: date, by_owner: int, in_all: int) -> Iterator[str]:
        offer = self.offer
        if day < offer.starts:
            yield f"used {_days(offer.starts - day)} before the offer starts"
        if day > offer.ends:
            yield f"used {_days(day - offer.ends)} after the offer ended"
        if by_owner > offer.limit:
            within = in_period(offer)
            yield f"used {times_word(by_owner)}{within}; {times_word(offer.limit)} is allowed"
        if offer.capacity and in_all > offer.capacity:
            yield f"use number {in_all} in all; {offer.capacity} are allowed"


class Reference(NamedTuple):
    """A reference read as a coupon code: offer and the member's own number, or no offer and the problem."""

    offer: CouponOffer | None
    number: str = ""
    problem: str = ""


def _owners(
    secret: Secret, redemptions: Iterable[Redemption], references: Mapping[str, Reference], roster: Collection[str]
) -> OwnersByNumber:
    """Find the owners of codes; try the member that the line names first, and search the roster for the others."""
    owners: OwnersByNumber = {}
    members = set(roster)
    for redemption in redemptions:
        offer, number, _ = references.get(redemption.reference or "", Reference(None))
        member = redemption.member or ""
        if offer and member in members and coupon_number(secret, offer.slug, member) == number:
            owners.setdefault((offer.slug, number), [member])
    left = {(read.offer.slug, read.number) for read in references.values() if read.offer} - owners.keys()
    return owners | find_owners(secret, left, roster)


def read_reference(text: str, offers: Sequence[CouponOffer]) -> Reference:
    """Read the reference of a redemption as a coupon code."""
    try:
        characters = read_characters(text)
    except BadCode:
        characters = normalise(text)
        is_near = len(characters) == COUPON_LENGTH and set(characters) <= VALUES.keys()
        return Reference(None, problem="a mistyped coupon code" if is_near else NEITHER)
    if offer := find_offer(characters, offers):
        return Reference(offer, offer.number_of(characters))
    return Reference(None, problem="a coupon code that was not made here")


def _check_code(
    redemption: Redemption,
    reference: Reference,
    owners: OwnersByNumber,
    counters: Mapping[str, UseCounter],
    *,
    booked: bool,
) -> Iterator[RedemptionFinding]:
    line, member = redemption.line, redemption.member or ""
    offer, number, problem = reference
    if offer is None:
        yield RedemptionFinding(line, member, "", problem)
        return
    made_for = owners.get((offer.slug, number), [])
    if not made_for:
        yield RedemptionFinding(line, member, offer.slug, "no member on the roster has this code")
    elif member and member not in made_for:
        yield RedemptionFinding(line, member, offer.slug, f"the code was made for member {made_for[0]}")
    owner = member if member in made_for else next(iter(made_for), f"number {number}")
    yield from counters[offer.slug].count(redemption, owner, booked=booked)


def in_period(offer: CouponOffer) -> str:
    """Return the words for the period of an offer's limit, empty without one."""
    return "" if offer.per == "ever" else f" in the {offer.per}"


def _days(span: timedelta) -> str:
    return "1 day" if span.days == 1 else f"{span.days} days"


def times_word(count: int) -> str:
    """Return a number of times in words."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
