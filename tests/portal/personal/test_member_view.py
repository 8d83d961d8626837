"""The view of a member: uses of offers, the offers of the member's edition, the lines of the statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.standings import Standings
from members_portal.loyalty.statement.statement import StatementLine
from members_portal.portal.personal.member_view import NEWEST, MemberView, MemberViewBuilder, activity_of
from members_portal.portal.rendering.edition import make_edition
from tests.portal.small_portal import OFFER, ON, library_of, text
from tests.portal.test_statement_slots import BOUGHT, GIVEN, ORDER, RETURN, RICH, STRANGE, TITLES

MORE = "Capacity: 3\nCoupon: true\n"


def somebody(number: int) -> Member:
    return Member.model_construct(
        id=f"M-{number}",
        given_name="Ada",
        formal_name="Ms Ada",
        joined=date(2020, 1, 1),
        tier="gold",
        interests=("decaf",),
    )


def view(folder: Path, offers: Mapping[str, str], used: Mapping[str, int] | None = None, **more: Any) -> MemberView:
    """Build the view of a gold member, one of three members."""
    library, programme = library_of(folder, {f"offers/{slug}.md": front for slug, front in offers.items()})
    members = [somebody(number) for number in (1, 2, 3)]
    standings = Standings(ON, programme, members, used=used or {})
    editions = {"gold": make_edition("gold", library, programme, ON)}
    return MemberViewBuilder(standings, library.items.values(), editions, **more).build(members[0])


@pytest.mark.parametrize(
    ("used", "there"),
    [
        ({}, True),
        ({"mug": 2}, True),
        ({"mug": 3}, False),
        ({"MUG-M-1": 1, "MUG-M-2": 1, "mug": 1}, False),
        ({"MUG-M-3": 3}, False),
        ({"OLD-MUG-M-3": 2, "MUG-M-1": 1}, False),
        ({"MUG-M-9": 3, "cup": 3}, True),
    ],
)
def test_a_capacity_is_used_by_the_offers_name_and_by_every_members_code(
    tmp_path: Path, used: Mapping[str, int], there: bool
) -> None:
    offers = {"mug": text("A mug", "members", OFFER + MORE)}
    codes = lambda slug, member: (f"{slug}-{member}".upper(), f"old-{slug}-{member}".upper())  # noqa: E731
    found = view(tmp_path, offers, used, coupon_codes=codes)
    assert [offer.slug for offer in found.offers] == ["mug"] * there


def test_uses_count_only_against_a_capacity(tmp_path: Path) -> None:
    assert view(tmp_path, {"mug": text("A mug", "members", OFFER)}, {"mug": 1000}).offers


def test_offers_outside_the_edition_are_left_out(tmp_path: Path) -> None:
    offers = {"mug": text("A mug", "silver", OFFER), "cup": text("A cup", "gold+", OFFER)}
    assert [offer.slug for offer in view(tmp_path, offers).offers] == ["cup"]


def test_a_members_offer_has_the_fields_of_the_page_and_of_the_member(tmp_path: Path) -> None:
    (found,) = view(tmp_path, {"mug": text("A mug", "gold", OFFER + "Interests: [decaf]\n")}).offers
    assert (found.title, found.why, found.left, found.coupon) == ("A mug", "because you like decaf", 1, None)
    assert found.url == "offers/mug/"


def test_a_members_offer_gives_its_fields_as_items_too_which_filters_ask_for_first(tmp_path: Path) -> None:
    (found,) = view(tmp_path, {"mug": text("A mug", "gold", OFFER)}).usable
    env = Environment(undefined=StrictUndefined)
    assert all(env.getitem(found, name) is getattr(found, name) for name in ("title", "left", "coupon", "summary"))
    assert isinstance(env.getitem(found, "colour"), StrictUndefined)
    assert isinstance(env.getitem(found, 0), StrictUndefined)
    with pytest.raises(TypeError, match="not iterable"):
        list(found)  # type: ignore[call-overload]


def test_without_rules_there_is_no_statement_and_still_offers(tmp_path: Path) -> None:
    found = view(tmp_path, {"mug": text("A mug", "gold", OFFER)})
    assert (found.statement, found.activity, len(found.offers)) == (None, None, 1)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (ORDER, "SH-1"),
        (STRANGE, None),
        (GIVEN, "The lifeboat"),
        (BOUGHT, "A bag for beans"),
        (replace(BOUGHT, reference="511K-SCF6-YJGW-MWHK"), None),
        (replace(BOUGHT, reference=None), None),
        (replace(ORDER, reference="a-bag"), "A bag for beans"),
    ],
)
def test_a_reference_is_named_and_that_of_a_redemption_is_never_shown_itself(
    line: StatementLine, shown: str | None
) -> None:
    (found,) = activity_of(replace(RICH, activity=(line,)), TITLES).newest
    assert found.reference == shown


def test_what_came_back_is_a_negative_amount() -> None:
    amounts = [line.amount for line in activity_of(RICH, TITLES).newest]
    assert amounts == [Decimal("40.20"), Decimal("-13.20"), None, None, None]
    assert activity_of(replace(RICH, activity=(RETURN,)), TITLES).newest[0].points == -17


@pytest.mark.parametrize(("lines", "older"), [(0, 0), (NEWEST, 0), (NEWEST + 1, 1), (30, 18)])
def test_all_but_the_newest_lines_are_older(lines: int, older: int) -> None:
    activity = activity_of(replace(RICH, activity=(ORDER,) * lines), TITLES)
    assert (len(activity.newest), len(activity.older)) == (lines - older, older)
