"""The statement in slots: on the home page, on the account page, beside offers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from members_portal.loyalty.engine.account import Balance
from members_portal.loyalty.statement.order_interval import OrderInterval
from members_portal.loyalty.statement.rebate import NextBand, RebateEarned
from members_portal.loyalty.statement.statement import (
    CauseGift,
    DatedPoints,
    DayBalance,
    Expiring,
    Statement,
    StatementLine,
)
from members_portal.loyalty.statement.tier_progress import Goal, TierProgress
from members_portal.portal.content.front.offer import UseLimit
from members_portal.portal.personal.member_view import activity_of
from members_portal.portal.personal.standing_part import standing_parts
from members_portal.portal.rendering.chart import line_chart
from members_portal.portal.rendering.formats import date_filters, member_filters, number_filters
from tests.portal.small_portal import PROJECT

ON, END, NEXT_YEAR = date(2026, 11, 21), date(2026, 12, 31), date(2027, 3, 31)
FIRST = date(2026, 1, 1)
LADDER = [SimpleNamespace(key=name.lower(), name=name) for name in ("Member", "Silver", "Gold", "Platinum")]
TITLES = {"a-bag": "A bag for beans"}
EDITION: Any = SimpleNamespace(name="gold", tiers=LADDER)

ENV = Environment(
    loader=FileSystemLoader(PROJECT / "theme" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENV.filters |= date_filters("en-IE") | number_filters("en-IE", "EUR") | member_filters("en-IE")
ENV.filters["cover"] = lambda shown: shown.image or ""

PLATINUM = Goal("platinum", "Platinum", Decimal(2000), Decimal(84), END)
GOLD = Goal("gold", "Gold", Decimal(650), Decimal(0), END)
CLIMBING = TierProgress(
    "gold", "Gold", False, "spend", Decimal("1916.00"), FIRST, END, PLATINUM, GOLD, None, None, "gold"
)
AT_RISK = replace(
    CLIMBING, figure=Decimal(610), keep=replace(GOLD, missing=Decimal(40)), falls_to="silver", falls_on=date(2027, 4, 1)
)
BY_HAND = replace(CLIMBING, by_hand=True, next=None, keep=None)
NO_LADDER = TierProgress("gold", "Gold", True, "", Decimal(0), None, None, None, None, None, None, "gold")

ORDER = StatementLine(
    date(2026, 11, 20), "purchase", "SH-1", ("filter",), Decimal("40.20"), 50, "A bean", END, NEXT_YEAR
)
RETURN = StatementLine(date(2026, 11, 2), "refund", "SH-0", (), Decimal("13.20"), -17, "taken back", None, None)
GIVEN = StatementLine(date(2026, 10, 31), "redemption", "lifeboat", (), None, -300, "spent", None, None)
BOUGHT = StatementLine(date(2026, 10, 30), "redemption", "a-bag", (), None, -600, "spent", None, None)
STRANGE = StatementLine(date(2026, 10, 1), "badge", None, (), None, 0, "", None, None)

NEW = Statement(
    member="M-1",
    as_of=ON,
    currency="EUR",
    points_name="beans",
    balance=Balance(),
    owed=0,
    worth=None,
    available=(),
    expiring=(Expiring(30, 0), Expiring(60, 0), Expiring(90, 0)),
    expiries=(),
    progress=NO_LADDER,
    rebate=None,
    activity=(),
    history=(DayBalance(date(2026, 9, 30), 0), DayBalance(date(2026, 10, 31), 0)),
    rhythm=OrderInterval(0, None, None, None, None),
    causes=(),
    segments=(),
    offers=(),
)
RICH = replace(
    NEW,
    balance=Balance(pending=50, active=1250, earned=2017, spent=600, returned=17, expired=100),
    worth=Decimal("25.00"),
    available=(DatedPoints(50, date(2026, 12, 4)),),
    expiring=(Expiring(30, 0), Expiring(60, 120), Expiring(90, 120)),
    expiries=(DatedPoints(120, END), DatedPoints(80, NEXT_YEAR)),
    progress=CLIMBING,
    activity=(ORDER, RETURN, GIVEN, BOUGHT, STRANGE),
    history=(DayBalance(date(2026, 9, 30), 900), DayBalance(date(2026, 10, 31), 1300)),
    causes=(CauseGift("lifeboat", "The lifeboat", 300, Decimal("6.00"), Decimal("4.88")),),
)
CAUSE = SimpleNamespace(key="lifeboat", name="The lifeboat", summary="", points=2300, total=Decimal("65.41"))


def html(name: str, statement: Statement | None, **more: object) -> str:
    """Render a slot of the theme."""
    chart = statement and line_chart([(month.on, month.points) for month in statement.history], 400, 200)
    activity = statement and activity_of(statement, TITLES)
    context = {
        "statement": statement,
        "activity": activity,
        "chart": chart,
        "causes": (CAUSE,),
        "root": "/",
        "edition": EDITION,
    }
    return ENV.get_template(f"slots/{name}.html").render({**context, "tier": LADDER[2], **more})


def read(name: str, statement: Statement | None, **more: object) -> str:
    """Return the text of a slot in one line."""
    words = unescape(re.sub(r"<[^>]*>", " ", html(name, statement, **more)))
    return re.sub(r"\s+(?=[.,])", "", re.sub(r"\s+", " ", words)).strip()


def test_each_part_of_the_standing_ends_with_the_date_it_names() -> None:
    days = {part.name: (part.first, part.last) for part in standing_parts(RICH)}
    assert days == {
        "begin": (None, None),
        "soon": (None, END),
        "available": (None, date(2026, 12, 3)),
        "progress": (None, END),
        "over": (date(2027, 1, 1), None),
    }
    assert [part.name for part in standing_parts(NEW)] == ["begin", "progress"]
    assert [part.name for part in standing_parts(None)] == ["begin"]
    assert "more by" not in read("standing", RICH, part="over")
    assert read("standing", RICH, part="over") == "The time that counted for your tier ended on 31 December 2026."
    assert read("standing", RICH, part="soon") == "120 beans end on 31 December 2026."


def test_a_page_of_a_higher_tier_says_what_is_missing() -> None:
    assert read("reach", RICH) == "€84 to go by 31 December 2026"


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (CLIMBING, "€84 more by 31 December 2026 and you are Platinum."),
        (CLIMBING, "Gold is yours until 31 December 2026, and for the year after it."),
        (AT_RISK, "€40 more by 31 December 2026 keeps you Gold. Without it you are Silver from 1 April 2027."),
        (BY_HAND, "Gold, by arrangement."),
        (replace(CLIMBING, basis="orders", next=replace(PLATINUM, missing=Decimal(1))), "1 order more by"),
        (replace(CLIMBING, basis="points", next=replace(PLATINUM, missing=Decimal(1084))), "1,084 beans more by"),
        (replace(CLIMBING, next=replace(PLATINUM, by=None)), "€84 more and you are Platinum."),
    ],
)
def test_the_tier_is_told_in_words_on_both_pages(progress: TierProgress, said: str) -> None:
    statement = replace(RICH, progress=progress)
    assert said in read("standing", statement)
    assert said in read("statement", statement)


def test_a_tier_at_risk_comes_first() -> None:
    told = read("standing", replace(RICH, progress=AT_RISK))
    assert told.index("keeps you Gold") < told.index("you are Platinum")


def test_the_bar_is_drawn_to_the_goal_and_never_backwards() -> None:
    assert 'viewBox="0 0 2000 16"' in html("standing", RICH)
    assert '<rect y="3" width="1916.00"' in html("standing", RICH)
    refunded = replace(RICH, progress=replace(CLIMBING, figure=Decimal(-20)))
    assert '<rect y="3" width="0"' in html("standing", refunded)


def test_without_a_next_tier_the_bar_is_drawn_to_the_present_one() -> None:
    assert CLIMBING.goal == PLATINUM
    assert replace(CLIMBING, next=None).goal == GOLD
    assert NO_LADDER.goal is None
    assert 'viewBox="0 0 650 16"' in html("standing", replace(RICH, progress=replace(CLIMBING, next=None)))


def test_points_to_spend_to_come_and_to_end() -> None:
    assert "1,250 beans to spend worth €25" in read("statement", RICH)
    told = read("standing", RICH)
    assert "120 beans end on 31 December 2026." in told
    assert "50 more from 4 December 2026." in told


def test_several_lots_to_come_are_told_together() -> None:
    coming = (DatedPoints(20, date(2026, 12, 4)), DatedPoints(30, date(2026, 12, 9)))
    told = read("standing", replace(RICH, available=coming))
    assert "50 more are on their way, the first from 4 December 2026." in told


def test_points_that_are_owed_are_told_kindly() -> None:
    owing = replace(RICH, balance=Balance(pending=35, active=-28, earned=900, spent=893), owed=28, worth=Decimal(0))
    told = read("standing", owing)
    assert "−28 beans Something came back after its beans were spent. The next 28 make it even." in told
    assert "−28 beans" not in read("standing", RICH)
    assert "Owed −28" in read("statement", owing)


@pytest.mark.parametrize(
    ("rhythm", "said"),
    [
        (OrderInterval(9, date(2026, 11, 12), 24, date(2026, 12, 6), "later"), "The next would be about 6 December"),
        (OrderInterval(9, date(2026, 10, 28), 24, date(2026, 11, 21), "now"), "About now you usually order."),
        (OrderInterval(9, date(2026, 10, 10), 24, date(2026, 11, 3), "now"), "About now you usually order."),
        (OrderInterval(9, date(2026, 3, 1), 24, date(2026, 3, 25), "late"), "Your last order was on 1 March 2026."),
    ],
)
def test_the_next_order_is_told_by_how_near_it_is(rhythm: OrderInterval, said: str) -> None:
    assert said in read("statement", replace(RICH, rhythm=rhythm))


@pytest.mark.parametrize(
    ("earned", "coming", "said"),
    [
        ("34.20", True, "€34.20 so far, 3 % of €1,140. Spend €58 more by 31 December 2026 for 4 %, €48 at least."),
        ("34.20", False, "€34.20 so far, 3 % of €1,140."),
        ("0", True, "Nothing yet. Spend €58 more by 31 December 2026 for 4 %, €48 at least."),
    ],
)
def test_the_rebate_is_flagged(earned: str, coming: bool, said: str) -> None:
    above = NextBand(Decimal(4), Decimal(1200), Decimal(58), Decimal(48), END) if coming else None
    rebate = RebateEarned("The Coil", Decimal(1140), Decimal(3), Decimal(earned), FIRST, END, "In January.", above)
    told = read("statement", replace(RICH, rebate=rebate)).replace("\xa0", " ")
    assert f"The Coil {said}" in told
    assert "In January." in told


def test_the_parts_of_the_balance_add_up_in_sight() -> None:
    told = read("statement", RICH)
    assert "Earned in all 2,017 Spent −600 Returned with orders −17 Expired −100 Balance 1,300" in told
    assert "Pending, available from 4 December 2026 −50 To spend 1,250" in told
    assert "Taken back" not in told


def test_every_line_has_its_kind_and_its_points() -> None:
    told = read("statement", RICH)
    assert "20 November 2026 Order filter SH-1 A bean Pending until 31 December 2026 €40.20 +50 beans" in told
    assert "2 November 2026 Returned SH-0 taken back −€13.20 −17 beans" in told
    assert "31 October 2026 Reward The lifeboat spent −300 beans" in told
    assert "30 October 2026 Reward A bag for beans spent −600 beans" in told
    assert "1 October 2026 badge 0 beans" in told


def test_older_lines_are_folded() -> None:
    lines = tuple(replace(ORDER, reference=f"SH-{number:02}") for number in range(30))
    page = html("statement", replace(RICH, activity=lines))
    newest, older = page.split("18 older</summary>")
    assert re.findall(r"SH-\d\d", newest) == [f"SH-{number:02}" for number in range(12)]
    assert len(re.findall(r"SH-\d\d", older)) == 18
    assert "older" not in html("statement", replace(RICH, activity=lines[:12]))


def test_earlier_years_are_linked_and_not_shown() -> None:
    activity = activity_of(RICH, TITLES, date(2026, 11, 1))
    page = html("statement", RICH, activity=activity)
    assert re.findall(r"SH-\d", page) == ["SH-1", "SH-0"]
    assert '<a class="more" href="/account/earlier/">Earlier years</a>' in page
    assert "earlier" not in html("statement", RICH)


def test_without_lines_of_late_the_statement_still_links_the_earlier_ones() -> None:
    told = read("statement", RICH, activity=activity_of(RICH, TITLES, date(2027, 1, 1)))
    assert told.endswith("Nothing happened lately. Earlier years")


def test_earlier_lines_stand_below_their_years_newest_first() -> None:
    lines = [replace(ORDER, day=date(year, 3, day)) for year, day in ((2024, 9), (2024, 2), (2022, 7))]
    told = read("earlier", None, earlier=lines, points_name="beans")
    assert re.findall(r"20\d\d Day|\d March 20\d\d", told) == [
        *("2024 Day", "9 March 2024", "2 March 2024"),
        *("2022 Day", "7 March 2022"),
    ]


def test_the_chart_has_a_name_a_description_and_a_table() -> None:
    told = read("statement", RICH)
    assert "Your beans over the last twelve months" in told
    assert "From 900 beans on 30 September 2026 to 1,300 on 31 October 2026." in told
    assert "At the end of Beans 31 October 2026 1,300 30 September 2026 900" in told


def test_causes_show_the_members_amount_without_the_total_of_all() -> None:
    told = read("statement", RICH)
    assert "300 beans, worth €6, and €4.88 of what you spent. €10.88 in all" in told
    assert "65.41" not in told  # it changes with the lines of other members


def test_a_rolling_period_names_its_length_and_no_day_that_moves() -> None:
    rolling = replace(CLIMBING, since=date(2025, 11, 22), until=ON, rolling_days=365)
    told = read("statement", replace(RICH, progress=rolling))
    assert "€1,916 in the last 365 days" in told
    assert "Counted the last 365 days" in told
    assert "22 November 2025" not in told


def test_a_new_member_gets_a_sentence_three_steps_and_no_empty_parts() -> None:
    assert "It begins with your first order" in read("statement", NEW)
    assert html("standing", NEW).count("<li>") == 3
    for name in ("standing", "statement"):
        assert not re.search(r"€|svg|Gold|ends|None", read(name, NEW))


@pytest.mark.parametrize("name", ["standing", "statement"])
def test_without_a_statement_the_slots_are_empty(name: str) -> None:
    assert html(name, None).strip() == ""


@pytest.mark.parametrize("name", ["standing", "statement"])
def test_staff_without_a_tier_see_only_their_activity(name: str) -> None:
    assert html(name, NEW, tier=None).strip() == ""
    assert "120" in read(name, RICH, tier=None)


def test_mark_up_in_the_ledger_stays_text() -> None:
    line = replace(ORDER, reference="<script>", tags=("<b>",), why="<i>")
    page = html("statement", replace(RICH, activity=(line,)))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def card_of(**more: object) -> dict[str, object]:
    """Return what the card of an offer gets."""
    fields = {"type": "gift", "value": "A bag", "title": "A bag", "url": "offers/a-bag/", "summary": "Good."}
    rest = {
        "ends": END,
        "why": "for you",
        "capacity": None,
        "points": None,
        "missing": 0,
        "limit": UseLimit(),
        "left": 1,
    }
    return {"item": SimpleNamespace(**{**fields, **rest, **more}), "points_name": "beans", "code": ""}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"points": 180}, "180 beans, and you have them"),
        ({"points": 600, "missing": 37}, "600 beans, 37 to go"),
        ({"limit": UseLimit(uses=24), "left": 3}, "You can use it 3 times more"),
        ({"limit": UseLimit(uses=2, per="year"), "left": 2}, "You can use it 2 times this year"),
    ],
)
def test_an_offer_shows_its_price_and_the_uses_left(more: dict[str, object], said: str) -> None:
    told, plain = (read("offer", RICH, **card_of(**fields)) for fields in (more, {}))
    assert said in told
    assert said not in plain
    assert "Until 31 December 2026" in plain


def test_an_offer_is_shown_to_staff_without_a_statement() -> None:
    assert "beans" not in read("offer", None, **{**card_of(points=180), "points_name": ""})


def test_a_card_has_the_members_code_for_the_till() -> None:
    code = ENV.get_template("blocks/coupon-code.html").module.coupon_code("7K3M-Q9XD")  # type: ignore[attr-defined]
    assert "Your code 7K3M- Q9XD" in read("offer", RICH, **{**card_of(), "code": code})
