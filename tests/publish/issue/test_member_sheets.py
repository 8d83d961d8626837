"""Members' sheets: their recipients, their content, and the offers that are left out today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from members_portal.coupon.coupon_code import coupon_code
from members_portal.newsletter.issue import Picture, Sheet
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs, load_inputs
from members_portal.publish.issue import member_sheets
from members_portal.publish.issue.ended_items import ended_items, remarks_on_dates
from members_portal.publish.issue.portal_pdfs import screen_sheets
from members_portal.seal import access_code
from tests.portal.small_portal import OFFER, PROJECT, SITE_SETTINGS, text, write
from tests.publish.issue.test_print_contents import MEMBERS, PHOTO, SECRET, SITE, TODAY, builder_of, sample, small

__all__ = ["sample"]


def sheets_of(inputs: Inputs, item: Item) -> dict[str, Sheet]:
    """Return all sheets of an issue by member id."""
    builder = builder_of(inputs)
    mailing = builder.build(item)
    return {sheet.member: sheet for sheet in member_sheets.sheets_of(builder, mailing, mailing.choice.members)}


def test_a_sheet_is_made_for_key_customers_who_were_members_on_that_day_and_have_the_issue(tmp_path: Path) -> None:
    inputs = small(tmp_path)
    newsletter = inputs.library.items["newsletters/winter.md"]
    assert list(sheets_of(inputs, newsletter)) == ["M-1"]
    later = small(tmp_path, lambda old: old.replace("Publish: 2026-11-01", "Publish: 2026-11-02"))
    assert list(sheets_of(later, later.library.items["newsletters/winter.md"])) == ["M-1", "M-3"]


def test_what_stands_on_a_sheet_is_the_members_own(tmp_path: Path) -> None:
    inputs = small(tmp_path)
    sheet = sheets_of(inputs, inputs.library.items["newsletters/winter.md"])["M-1"]
    code = access_code(SECRET, "M-1", 1)
    assert (sheet.name, sheet.called, sheet.direction, sheet.tier) == ("Maya Okafor", "Maya", "ltr", "Gold")
    assert (sheet.code, sheet.sign_in, sheet.address) == (code, f"{SITE}#{code}", ())
    assert sheet.manager is not None
    assert sheet.manager.picture == Picture("content:images/ines.svg", "Inês")
    (coupon,) = sheet.coupons
    assert (coupon.title, coupon.code) == ("The kilo", coupon_code(SECRET, "kilo", "M-1", 1))
    assert sheet.files == {"images/ines.svg", "images/sky.svg"}


REACHES = "qualifying: {basis: spend, period: calendar}\n"
LADDER = PHOTO.replace("silver,", "silver, reach: 100,").replace("key: gold,", "key: gold, reach: 900,") + REACHES
TIERED = {
    "reports/vintage.md": text("Vintage", "gold"),
    "reports/silverware.md": text("Silverware", "silver"),
    "offers/crown.md": text("The crown", "gold", f"{OFFER}Coupon: true"),
    "reports/brief.md": text("Brief", "members", "Expires: 2026-11-15"),
}


def moved(folder: Path, tier: str, on: date = TODAY) -> Inputs:
    """Return inputs in which Maya had a tier on the issue's day, and the silver tier of her ledger afterwards."""
    inputs = small(folder)
    write(folder / "content", TIERED)
    entry = f"{MEMBERS[0].replace('tier: gold', f'tier: {tier}, tier until: 2026-11-10')}"
    ledger = "date,member,kind,amount,points,reference\n2026-09-01,M-1,purchase,200,,\n"
    files = {"programme.yaml": LADDER, "members.yaml": f"- {entry}\n", "ledger.csv": ledger}
    write(folder / "members", files)
    return load_inputs(folder / "content", folder / "members", on, inputs.site, links=False)


def letter(inputs: Inputs) -> tuple[set[str], set[str]]:
    """Return the titles of the articles and of the offers in Maya's letter."""
    builder = builder_of(inputs)
    mailing = builder.build(inputs.library.items["newsletters/winter.md"])
    (sheet,) = member_sheets.sheets_of(builder, mailing, mailing.choice.members)
    issue = mailing.issues[sheet.edition]
    titles = {article.title for section in issue.sections for article in section.articles}
    return titles, {coupon.title for coupon in sheet.coupons}


def test_after_a_downgrade_a_letter_has_nothing_above_the_present_tier(tmp_path: Path) -> None:
    titles, coupons = letter(moved(tmp_path, "gold"))
    assert {"The kilo", "harvest".title()} & titles
    assert not titles & {"Vintage", "The crown", "Silverware", "Brief"}
    assert coupons == {"The kilo"}


@pytest.mark.long
def test_without_a_move_a_letter_has_all_of_its_tier(tmp_path: Path) -> None:
    titles, coupons = letter(moved(tmp_path, "gold", on=date(2026, 11, 10)))
    assert {"Vintage", "The crown", "Brief"} <= titles
    assert coupons == {"The kilo", "The crown"}


@pytest.mark.long
def test_an_expired_item_leaves_the_issue(tmp_path: Path) -> None:
    inputs = moved(tmp_path, "silver")
    assert "Brief" not in letter(inputs)[0]
    assert "Silverware" in letter(inputs)[0]


@pytest.mark.long
def test_a_member_whose_present_tier_lacks_the_issue_gets_no_letter(tmp_path: Path) -> None:
    inputs = moved(tmp_path, "gold")
    newsletter = inputs.library.items["newsletters/winter.md"]
    only_gold = replace(newsletter, audience=inputs.library.items["reports/vintage.md"].audience)
    assert sheets_of(inputs, only_gold) == {}


@pytest.mark.long
def test_after_a_downgrade_the_letter_in_the_portal_has_nothing_above_the_present_tier(tmp_path: Path) -> None:
    builder = builder_of(moved(tmp_path, "gold"))
    (mailing,) = builder.published()
    (sheet,) = screen_sheets(builder, mailing, builder.holders(mailing))
    assert (sheet.edition, sheet.code, sheet.sign_in) == ("gold-now-silver", "", "")
    assert {coupon.title for coupon in sheet.coupons} == {"The kilo"}


def test_a_letter_yet_to_be_posted_has_no_ended_offer_and_no_past_event(tmp_path: Path) -> None:
    small(tmp_path)
    night = text("Night", "members", "Starts: 2026-11-20 19:00\nEnds: 2026-11-21 00:30\nPlace: Here")
    brief = text("Brief", "members", OFFER.replace("2026-11-30", "2026-11-20"))
    write(tmp_path / "content", {"events/night.md": night, "offers/brief.md": brief})
    inputs = load_inputs(tmp_path / "content", tmp_path / "members", TODAY, SITE_SETTINGS, links=False)
    builder, newsletter = builder_of(inputs), inputs.library.items["newsletters/winter.md"]
    found = []
    for without_ended in (False, True):
        mailing = builder.build(newsletter, without_ended=without_ended)
        (sheet,) = member_sheets.sheets_of(builder, mailing, mailing.choice.members)
        events = [event.title for event in mailing.issues[sheet.edition].events]
        found.append((events, sorted(coupon.title for coupon in sheet.coupons)))
    assert found == [(["Night"], ["Brief", "The kilo"]), ([], ["The kilo"])]
    left_out = [str(problem).rpartition("content/")[2] for problem in ended_items(newsletter, inputs, coupons=True)]
    assert left_out == [
        "events/night.md: left out: the event ended on 2026-11-20",
        "offers/brief.md: left out: the offer ended on 2026-11-20",
    ]


@pytest.mark.long
def test_a_sheet_of_a_past_issue_says_what_it_said_on_that_day(sample: Inputs) -> None:
    item = sample.library.items["newsletters/autumn-2026.md"]
    lettered = replace(item, front=item.front.model_copy(update={"letters": ("key-customers", "first-year")}))
    then = load_inputs(
        PROJECT / "content", PROJECT / "members", date(2026, 9, 22), SITE_SETTINGS, today=TODAY, links=False
    )
    found = sheets_of(sample, lettered)
    assert found == sheets_of(then, lettered)
    assert {sheet.as_of for sheet in found.values()} == {date(2026, 9, 22)}
    first_year = {member.id for member in then.members if "first-year" in then.standings.segments[member.id]}
    assert first_year <= set(found)


@pytest.mark.parametrize(
    ("on", "printed", "remark"),
    [
        (date(2026, 11, 25), True, []),
        (
            date(2026, 11, 30),
            True,
            ["note: offers/kilo.md ends on 2026-11-30; a letter of 2026-11-30 may be read later"],
        ),
        (date(2026, 12, 1), False, ["left out: offers/kilo.md, which ended on 2026-11-30"]),
    ],
    ids=["running", "last day", "day after"],
)
def test_a_run_prints_no_offer_that_has_ended_and_names_it(
    tmp_path: Path, on: date, printed: bool, remark: list[str]
) -> None:
    inputs = small(tmp_path, on=on)
    newsletter, builder = inputs.library.items["newsletters/winter.md"], builder_of(inputs)
    mailing = builder.build(newsletter, without_ended=True)
    (sheet,) = member_sheets.sheets_of(builder, mailing, mailing.choice.members)
    articles = {article.title for section in mailing.issues["gold"].sections for article in section.articles}
    assert ([coupon.title for coupon in sheet.coupons] == ["The kilo"]) is printed
    assert ("The kilo" in articles) is printed
    assert remarks_on_dates(newsletter, inputs) == remark


def test_the_copy_of_a_letter_in_the_portal_keeps_an_offer_that_has_ended(tmp_path: Path) -> None:
    inputs = small(tmp_path, on=date(2026, 12, 1))
    assert [coupon.title for coupon in sheets_of(inputs, inputs.library.items["newsletters/winter.md"])["M-1"].coupons]
