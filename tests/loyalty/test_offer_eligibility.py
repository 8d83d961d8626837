"""The offers of a member, their order, and the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from members_portal.coupon.verdict import use_period
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.offer_eligibility import Customer, OfferTerms, usable_offers
from members_portal.loyalty.period import calendar_period
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.segment import Segment
from members_portal.loyalty.statement.statement import MemberOffer
from members_portal.portal.content.front.offer import UseLimit
from tests.long_cases import quick_and_long, quick_first
from tests.loyalty.account import Person
from tests.loyalty.engine_adapter import engine_of
from tests.loyalty.example import line_of, programme_of

ON = date(2026, 11, 21)
INTERESTS = {"decaf": "Decaf", "espresso": "Espresso"}


def club() -> Programme:
    return programme_of("points: {pending days: 0}").model_copy(update={"interests": INTERESTS})


def terms(slug: str = "mug", ends: date = date(2026, 12, 31), **more: Any) -> OfferTerms:
    return OfferTerms(slug, slug.title(), "A mug", date(2026, 11, 1), ends, "all members", **more)


def customer(ledger: str = "", interests: tuple[str, ...] = (), segments: tuple[str, ...] = ()) -> Customer:
    """Return a customer who joined in 2020, with an account."""
    rows = [row.split() for row in ledger.splitlines() if row.strip()]
    lines = {"M-1": [line_of(n, row, "EUR") for n, row in enumerate(rows, 1)]}
    (account,) = engine_of(club(), lines, {"M-1": Person(date(2020, 1, 1))}).accounts(ON)
    member = Member.model_construct(
        id="M-1", given_name="Ada", formal_name="Ms Ada", joined=date(2020, 1, 1), interests=interests
    )
    return Customer(member, ON, account, segments)


def offers(
    someone: Customer, *given: OfferTerms, used: Mapping[str, int] | None = None, codes: bool = True
) -> list[MemberOffer]:
    code = (lambda slug, member: (f"{slug}-{member}".upper(), f"old-{slug}-{member}".upper())) if codes else None
    return [offer for offer in usable_offers(someone, given, club(), used or {}, code) if offer.why]


def reasons(someone: Customer, *given: OfferTerms) -> list[str]:
    return [f"{offer.slug} {offer.why}" for offer in offers(someone, *given)]


def test_an_offer_for_everybody_says_for_whom_it_is() -> None:
    assert reasons(customer(), terms()) == ["mug for all members"]


def test_an_offer_for_a_segment_is_for_nobody_else_and_does_not_name_it() -> None:
    offer = terms(segments=("gone-quiet", "new"))
    assert reasons(customer(segments=("new",)), offer) == ["mug chosen for you"]
    assert reasons(customer(segments=("other",)), offer) == []
    assert reasons(customer(), offer) == []


def test_an_offer_for_the_month_of_a_birthday_ends_with_the_month() -> None:
    segments = tuple(
        Segment.model_construct(key=key, name=key, birthday_month=month)
        for key, month in (("born-now", True), ("new", None))
    )
    programme = club().model_copy(update={"segments": segments})
    offer = terms(segments=("born-now", "new"))
    for own, last in ((("born-now",), date(2026, 11, 30)), (("born-now", "new"), offer.ends), (("new",), offer.ends)):
        (found,) = usable_offers(customer(segments=own), [offer], programme, {})
        assert found.ends == last
    (found,) = usable_offers(customer(segments=("born-now",)), [replace(offer, ends=ON)], programme, {})
    assert found.ends == ON


@pytest.mark.long
def test_an_offer_for_an_interest_says_which() -> None:
    offer = terms(interests=("espresso", "decaf"))
    assert reasons(customer(interests=("decaf",)), offer) == ["mug because you like decaf"]
    assert reasons(customer(interests=("filter",)), offer) == []


@pytest.mark.parametrize(
    ("days", "said"),
    quick_first(
        [
            (("2025-11-22", "2026-01-01", "2026-11-21"), ["mug because you bought decaf three times in the last year"]),
            (("2025-11-21", "2026-01-01", "2026-11-21"), []),
            (("2026-01-01", "2026-01-02"), []),
            (("2026-01-01", "2026-01-01", "2026-01-02"), []),
            ([f"2026-01-{day:02}" for day in range(1, 8)], ["mug because you bought decaf 7 times in the last year"]),
        ],
        2,
    ),
)
def test_purchases_on_three_days_within_a_year_are_a_habit(days: Sequence[str], said: list[str]) -> None:
    ledger = "\n".join(f"{day} purchase 5.00 #decaf" for day in days)
    assert reasons(customer(ledger), terms(interests=("decaf",))) == said


def test_a_returned_purchase_is_no_habit() -> None:
    ledger = "\n".join(f"2026-01-0{day} purchase 5.00 {day} #decaf" for day in (1, 2, 3, 4))
    returned = f"{ledger}\n2026-02-01 refund 5.00 4"
    said = ["mug because you bought decaf three times in the last year"]
    assert reasons(customer(returned), terms(interests=("decaf",))) == said


def test_a_segment_and_an_interest_must_both_fit() -> None:
    offer = terms(segments=("new",), interests=("decaf",))
    assert reasons(customer(interests=("decaf",), segments=("new",)), offer) == ["mug because you like decaf"]
    assert reasons(customer(interests=("decaf",)), offer) == []
    assert reasons(customer(segments=("new",)), offer) == []


@pytest.mark.parametrize(
    ("redemptions", "left"),
    quick_first(
        [
            ("", 2),
            ("2026-11-02 redemption 0 mug", 1),
            ("2026-11-02 redemption 0 MUG-M-1", 1),
            ("2026-11-02 redemption 0 OLD-MUG-M-1", 1),
            ("2026-11-02 redemption 0 OLD-MUG-M-1\n2026-11-03 redemption 0 MUG-M-1", None),
            ("2026-11-02 redemption 0 mug\n2026-11-03 redemption 0 MUG-M-1", None),
            ("2026-11-02 redemption 0 MUG-M-2\n2026-11-02 redemption 0 cup", 2),
            ("2026-11-02 purchase 5.00 mug\n2026-11-02 purchase 5.00 mug", 2),
        ],
        2,
    ),
)
def test_an_offer_is_over_for_who_has_used_it_up(redemptions: str, left: int | None) -> None:
    found = offers(customer(redemptions), terms(limit=2, coupon=True))
    assert [offer.left for offer in found] == ([] if left is None else [left])


@pytest.mark.parametrize(
    ("per", "day", "left"),
    quick_first(
        [
            ("ever", "2020-01-02", 1),
            ("year", "2025-12-31", 2),
            ("year", "2026-01-01", 1),
            ("quarter", "2026-09-30", 2),
            ("quarter", "2026-10-01", 1),
            ("month", "2026-10-31", 2),
            ("month", "2026-11-01", 1),
            ("month", "2025-11-21", 2),
            ("day", "2026-11-20", 2),
            ("day", "2026-11-21", 1),
        ],
        2,
    ),
)
def test_a_limit_counts_the_uses_of_the_present_period(per: str, day: str, left: int) -> None:
    (offer,) = offers(customer(f"{day} redemption 0 mug"), terms(limit=2, per=per))
    assert offer.left == left


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(-400, 400))
@example(date(2026, 12, 31), 1)
@example(date(2026, 3, 31), 1)
def test_pages_and_till_have_the_same_periods(first: date, days: int) -> None:
    second = first + timedelta(days)
    for per in get_args(UseLimit.model_fields["per"].annotation):
        same = use_period(first.isoformat(), per) == use_period(second.isoformat(), per)
        assert same == (calendar_period(first, per) == calendar_period(second, per))


@pytest.mark.parametrize(
    ("used", "there"), quick_and_long([(0, True), (9, True), (10, False), (11, False)], {(9, True), (10, False)})
)
def test_an_offer_is_over_for_all_when_its_capacity_is_used(used: int, there: bool) -> None:
    assert bool(offers(customer(), terms(capacity=10), used={"mug": used})) == there
    assert offers(customer(), terms(), used={"mug": used})


def test_an_offer_ends_after_its_last_day() -> None:
    assert reasons(customer(), terms(ends=ON)) == ["mug for all members"]
    assert reasons(customer(), terms(ends=date(2026, 11, 20))) == []


@pytest.mark.parametrize(
    ("ledger", "missing"),
    quick_first(
        [
            ("", 40),
            ("2026-01-01 adjustment 39", 1),
            ("2026-01-01 adjustment 40", 0),
            ("2026-01-01 adjustment 10\n2026-01-02 redemption 10\n2026-01-03 adjustment -5", 45),
        ],
        2,
    ),
)
def test_an_offer_that_costs_points_says_how_many_are_missing(ledger: str, missing: int) -> None:
    (offer,) = offers(customer(ledger), terms(points=40))
    assert (offer.points, offer.missing) == (40, missing)


def test_a_coupon_has_the_members_code_and_other_offers_none() -> None:
    found = offers(customer(), terms(), terms("cup", coupon=True))
    assert {offer.slug: offer.coupon for offer in found} == {"mug": None, "cup": "CUP-M-1"}
    assert [offer.coupon for offer in offers(customer(), terms(coupon=True), codes=False)] == [None]


def test_the_nearest_come_first_then_those_that_end_first() -> None:
    ledger = "\n".join(f"2026-10-{day} purchase 5.00 #espresso" for day in (10, 11, 12))
    someone = customer(ledger, interests=("decaf",), segments=("new",))
    found = offers(
        someone,
        terms("late", date(2026, 12, 31)),
        terms("soon", date(2026, 11, 30)),
        terms("habit", interests=("espresso",)),
        terms("dear", interests=("decaf",), points=40),
        terms("liked", interests=("decaf",)),
        terms("chosen", date(2026, 12, 1), segments=("new",)),
        terms("also-soon", date(2026, 11, 30)),
    )
    assert [offer.slug for offer in found] == ["chosen", "liked", "dear", "habit", "also-soon", "soon", "late"]


def test_without_a_ledger_interests_still_choose() -> None:
    member = Member.model_construct(
        id="M-1", given_name="Ada", formal_name="Ms Ada", joined=date(2020, 1, 1), interests=("decaf",)
    )
    given = terms(interests=("decaf",)), terms("dear", points=5), terms("x", segments=("new",))
    found = offers(Customer(member, ON), *given)
    assert [(offer.slug, offer.missing) for offer in found] == [("mug", 0), ("dear", 5)]
