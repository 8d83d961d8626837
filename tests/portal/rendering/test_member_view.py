"""The view of a member: uses of offers, and the offers of the member's edition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.standings import Standings
from members_portal.portal.rendering.edition import make_edition
from members_portal.portal.rendering.member_view import MemberView, MemberViewBuilder
from tests.portal.small_portal import OFFER, ON, library_of, text

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
    builder = MemberViewBuilder(standings, library.items.values(), **more)
    return builder.build(members[0], make_edition("gold", library, programme, ON))


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


def test_without_rules_there_is_no_statement_and_still_offers(tmp_path: Path) -> None:
    found = view(tmp_path, {"mug": text("A mug", "gold", OFFER)})
    assert (found.statement, len(found.offers)) == (None, 1)
