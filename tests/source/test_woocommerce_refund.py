"""Refunds of WooCommerce: their days, and the items that make up their amounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from members_portal.source.open_source import open_source
from members_portal.source.people import load_people
from tests.long_cases import quick_first
from tests.source.shop_folder import TODAY, WITHOUT_DAY, WOO, WOOCOMMERCE, ZONE, lines, notes_of, shop_in, woo_people

FIRST, SECOND = "id:1|date:2026-03-09 09:00:00|amount:{}", ";id:2|date:2026-06-11 09:00:00|amount:{}"


@pytest.mark.parametrize("refunds", ["", "id:601|amount:10.00"])
def test_refunds_of_woocommerce_without_a_day_are_counted(tmp_path: Path, refunds: str) -> None:
    row = "{},2026-03-05 10:12:00,completed,0,0,0,0,10.00,EUR,11,ESP-1,50.00,0,0,{}\n"
    people = woo_people(tmp_path, row.format(501, refunds) + row.format(502, refunds))
    assert [line[1:4] for line in lines(people)][2:] == [("2026-03-05", "refund", 1000)] * 2
    assert notes_of(people, tmp_path) == [
        f"woocommerce_orders.csv:2:43: warning: {WITHOUT_DAY.format('2 orders', 'days in the column `refunds`')}"
    ]


def woo_lines(folder: Path, *rows: tuple[str, str, str], **order: str) -> list[Any]:
    """Return the lines of one order: each row is an item's code, amount and refunded amount."""
    folder.mkdir(parents=True, exist_ok=True)
    values = {"postage": "0", "fee": "0", "refunded": "0", "refunds": ""} | order
    start = "501,2026-03-05 10:12:00,completed,{postage},0,{fee},0,{refunded},EUR,11".format(**values)
    text = "".join(f'{start},{code},{amount},0,{back},"{values["refunds"]}"\n' for code, amount, back in rows)
    programme = shop_in(folder, WOOCOMMERCE)
    (folder / "woocommerce_orders.csv").write_text(WOO + text, "utf-8")
    with open_source(folder, None, ZONE) as source:
        people = load_people(source, programme, TODAY)
    assert people.warnings == ()
    return [(kind, day, minor, *tags) for _, day, kind, minor, _, tags in lines(people)]


def refunded(folder: Path, *rows: tuple[str, str, str], **order: str) -> list[Any]:
    """Return day, amount and tags of the refunds of one order."""
    return [line[1:] for line in woo_lines(folder, *rows, **order) if line[0] == "refund"]


def test_a_second_refund_of_woocommerce_leaves_the_first_on_its_day(tmp_path: Path) -> None:
    items = ("ESP-1", "50.00", "50.00"), ("EQ-1", "50.00", "0")
    first, both = FIRST.format("50.00"), FIRST.format("50.00") + SECOND.format("50.00")
    assert refunded(tmp_path, *items, refunded="50.00", refunds=first) == [("2026-03-09", 5000, "espresso")]
    items = items[0], ("EQ-1", "50.00", "50.00")
    assert refunded(tmp_path, *items, refunded="100.00", refunds=both) == [
        ("2026-03-09", 5000, "espresso"),
        ("2026-06-11", 5000, "equipment"),
    ]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_refund_of_woocommerce_is_of_the_items_that_make_up_its_amount(tmp_path: Path, reverse: bool) -> None:
    items = ("ESP-1", "40.00", "40.00"), ("EQ-1", "25.00", "25.00"), ("X-1", "10.00", "10.00")
    parts = [FIRST.format("35.00"), SECOND.format("46.00").lstrip(";")]
    found = refunded(
        tmp_path, *items, postage="6.00", refunded="81.00", refunds=";".join(parts[::-1] if reverse else parts)
    )
    assert sorted(found) == [
        ("2026-03-09", 1000),
        ("2026-03-09", 2500, "equipment"),
        ("2026-06-11", 600, "postage"),
        ("2026-06-11", 4000, "espresso"),
    ]


def test_one_item_can_be_refunded_on_two_days(tmp_path: Path) -> None:
    once = refunded(tmp_path, ("ESP-1", "50.00", "20.00"), refunded="20.00", refunds=FIRST.format("20.00"))
    both = FIRST.format("20.00") + SECOND.format("30.00")
    twice = refunded(tmp_path, ("ESP-1", "50.00", "50.00"), refunded="50.00", refunds=both)
    assert once == [("2026-03-09", 2000, "espresso")]
    assert twice == [*once, ("2026-06-11", 3000, "espresso")]


def test_a_goodwill_refund_stays_one_when_an_item_is_refunded_later(tmp_path: Path) -> None:
    once = refunded(tmp_path, ("ESP-1", "50.00", "0"), refunded="7.00", postage="5.00", refunds=FIRST.format("7.00"))
    both = FIRST.format("7.00") + SECOND.format("40.00")
    twice = refunded(tmp_path, ("ESP-1", "50.00", "40.00"), refunded="47.00", postage="5.00", refunds=both)
    assert once == [("2026-03-09", 700)]
    assert twice == [*once, ("2026-06-11", 4000, "espresso")]


@pytest.mark.parametrize(
    ("amount", "parts"),
    quick_first(
        [
            ("53.00", [(300, "fee"), (5000, "espresso")]),
            ("58.00", [(300, "fee"), (500, "postage"), (5000, "espresso")]),
            ("55.00", [(500, "postage"), (5000, "espresso")]),
            ("51.00", [(100, "postage"), (5000, "espresso")]),
            ("60.00", [(1000,), (5000, "espresso")]),
        ],
        2,
    ),
)
def test_a_refunded_fee_takes_from_no_other_order(tmp_path: Path, amount: str, parts: list[Any]) -> None:
    found = woo_lines(
        tmp_path,
        ("ESP-1", "60.00", "50.00"),
        postage="5.00",
        fee="3.00",
        refunded=amount,
        refunds=FIRST.format(amount),
    )
    bought = [("2026-03-05", 300, "fee"), ("2026-03-05", 500, "postage"), ("2026-03-05", 6000, "espresso")]
    assert sorted(line[1:] for line in found) == [*bought, *(("2026-03-09", *part) for part in parts)]


def test_a_fee_below_zero_is_a_discount_on_the_items(tmp_path: Path) -> None:
    items = ("ESP-1", "60.00", "60.00"), ("EQ-1", "40.00", "0")
    found = woo_lines(tmp_path, *items, postage="5.00", fee="-10.00", refunded="54.00", refunds=FIRST.format("54.00"))
    assert found == [
        ("purchase", "2026-03-05", 5400, "espresso"),
        ("purchase", "2026-03-05", 3600, "equipment"),
        ("purchase", "2026-03-05", 500, "postage"),
        ("refund", "2026-03-09", 5400, "espresso"),
    ]


def test_a_discount_above_the_items_leaves_nothing_to_pay(tmp_path: Path) -> None:
    assert woo_lines(tmp_path, ("ESP-1", "5.00", "0"), fee="-9.00") == [("purchase", "2026-03-05", 0, "espresso")]


# What is left out
