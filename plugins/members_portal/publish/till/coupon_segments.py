"""The segments of offers: the members who may use an offer on a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain

from members_portal.coupon.coupon_code import CouponOffer, coupon_mark, coupon_number
from members_portal.coupon.redemption import OutsideSegments, SegmentUse
from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.segment_membership import SegmentRules, segments_of_day
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.inputs import Inputs
from members_portal.publish.till.segment_history import SegmentHistory
from members_portal.seal import Secret
from members_portal.work_record import WorkRecord


def with_marks(offers: Iterable[CouponOffer], inputs: Inputs, secret: Secret) -> tuple[CouponOffer, ...]:
    """Return the offers with the marks of the members in their segments on the day of the inputs."""
    wanted = _segments_by_slug(inputs)
    segments = segments_of_day(inputs.standings, inputs.members if wanted else ())

    def marked(offer: CouponOffer) -> CouponOffer:
        if offer.slug not in wanted or offer.ends < inputs.on:
            return offer
        own = [member for member in inputs.members if segments.get(member.id, set()) & wanted[offer.slug]]
        ids = (each for member in own for each in (member.id, *member.formerly))
        marks = (coupon_mark(offer.key, coupon_number(secret, offer.slug, each)) for each in ids)
        return replace(offer, marks=tuple(sorted(marks)))

    return tuple(map(marked, offers))


def outside_segments(inputs: Inputs, record: WorkRecord | None = None, code: bytes = b"") -> OutsideSegments:
    """Return the function that finds the uses of members who were in none of the offer's segments on the day.

    `record` holds results of earlier runs of the code with the digest `code`.
    """
    wanted, present = _segments_by_slug(inputs), {member.id for member in inputs.members}

    def outside(uses: Collection[SegmentUse]) -> set[SegmentUse]:
        by_day: dict[date, list[SegmentUse]] = defaultdict(list)
        for use in uses:
            slug, member, day = use
            if slug in wanted and member in present:
                by_day[day].append(use)
        history = SegmentHistory(inputs, {member for _, member, _ in chain(*by_day.values())}, record, code)
        return {use for day, group in by_day.items() for use in _refused(group, day, history)}

    def _refused(uses: Collection[SegmentUse], day: date, history: SegmentHistory) -> Iterator[SegmentUse]:
        keys = {key for slug, _, _ in uses for key in wanted[slug]}
        segments = _segments_on(inputs, {member for _, member, _ in uses}, keys, day, history)
        return (use for use in uses if not segments[use[1]] & wanted[use[0]])

    return outside


def _segments_by_slug(inputs: Inputs) -> dict[str, set[str]]:
    """Return the segments of each offer that has some."""
    fronts = {item.slug: item.front for item in inputs.library.items.values()}
    return {slug: set(front.segments) for slug, front in fronts.items() if isinstance(front, Offer) and front.segments}


def _segments_on(
    inputs: Inputs, ids: Collection[str], keys: Collection[str], day: date, history: SegmentHistory
) -> dict[str, set[str]]:
    """Return the segments of members on a day. Only those in `keys` are right; others may be of the present tier."""
    standings = inputs.standings
    members = [member for member in inputs.members if member.id in ids]
    has_tiers = any(segment.tiers for segment in standings.programme.segments if segment.key in keys)

    def found(some: list[Member]) -> dict[str, set[str]]:
        standings.expect(member.id for member in some)
        is_changed = has_tiers or any(_is_refunded_after(standings.accounts[member.id], day) for member in some)
        accounts = _computed(inputs, some, day) if is_changed else _shortened(inputs, some, day)
        return _segments(inputs, some, day, accounts)

    return history.on_day(members, day, found, by_tier=has_tiers)


def _segments(inputs: Inputs, members: Iterable[Member], day: date, accounts: Iterable[Account]) -> dict[str, set[str]]:
    rules = SegmentRules(inputs.standings.programme, day, inputs.standings.digits)
    return {
        member.id: rules.segments_on_day(member, account) for member, account in zip(members, accounts, strict=True)
    }


def _is_refunded_after(account: Account, day: date) -> bool:
    """Return whether a refund after a day has changed the spend of the lines up to the day."""
    return any(line.kind == "refund" and line.day > day for line in account.lines)


def _computed(inputs: Inputs, members: Iterable[Member], day: date) -> Iterable[Account]:
    """Compute the accounts of members on a day, with the tiers that they had."""
    from members_portal.loyalty.engine.engine import Engine  # imported late: with DuckDB

    assert inputs.ledger is not None  # noqa: S101 - a use is a line of the ledger
    standings = inputs.standings
    written = [standings.by_hand[member.id] for member in members]
    return Engine(inputs.ledger.con, standings.programme, written, standings.digits).accounts(day)


def _shortened(inputs: Inputs, members: Iterable[Member], day: date) -> Iterator[Account]:
    """Yield the present accounts of members with the lines up to a day; the tier is the present one."""
    for member in members:
        account = inputs.standings.accounts[member.id]
        yield replace(account, on=day, lines=tuple(line for line in account.lines if line.day <= day))
