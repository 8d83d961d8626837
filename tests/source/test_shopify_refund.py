"""Refunds of Shopify, which name no items: the parts of the order that make up their amounts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from members_portal.source.open_source import open_source
from members_portal.source.people import People, load_people
from tests.long_cases import quick_and_long, quick_first
from tests.loyalty.small_club import programme_of
from tests.source.shop_folder import RULES, SHOPIFY, TODAY, UNKNOWN_ITEMS, WITHOUT_DAY, ZONE, lines, notes_of, shop_in

TAXED = """\
Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,\
Lineitem price,Lineitem sku,Refunded Amount,Tags,Lineitem discount
#2001,maya@post.example,paid,EUR,100.00,{shipping},8.00,{total},2026-03-04 12:00:00 +0000,2,Bag,50.00,ESP-1,{back},,0.00
"""
REFUND = "Name,Kind,Created At,Status,Amount,Currency\n"


def refunds_of(folder: Path, text: str, *, back: str = "0", total: str = "108.00", shipping: str = "0") -> list[Any]:
    """Return day and amount of the refunds of a Shopify order of 100.00, with tax of 8.00 on top."""
    folder.mkdir(parents=True, exist_ok=True)
    programme = shop_in(folder, SHOPIFY if text else SHOPIFY.replace("refunds: shopify_transactions.csv\n", ""))
    orders = TAXED.format(back=back, total=total, shipping=shipping)
    (folder / "shopify_orders.csv").write_text(orders, "utf-8")
    (folder / "shopify_transactions.csv").write_text(REFUND + text, "utf-8")
    with open_source(folder, None, ZONE) as source:
        return [line[1:4:2] for line in lines(load_people(source, programme, TODAY)) if line[2] == "refund"]


def transaction(day: str, amount: str) -> str:
    return f"#2001,refund,2026-03-{day} 12:00:00 +0000,success,{amount},EUR\n"


@pytest.mark.parametrize(
    ("amounts", "counted"),
    quick_and_long(
        [
            (["108.00"], [10000]),
            (["54.00"], [5000]),
            (["54.00", "54.00"], [5000, 5000]),
            (["36.01", "35.99", "36.00"], [3334, 3333, 3333]),  # the parts of a whole refund are the whole order
            (["0.01"], [1]),
        ],
        [(["54.00"], [5000])],
    ),
)
def test_shopify_refunds_count_without_the_tax_that_the_checkout_adds(
    tmp_path: Path, amounts: list[str], counted: list[int]
) -> None:
    text = "".join(transaction(f"{day}", amount) for day, amount in enumerate(amounts, 10))
    expected = [(f"2026-03-{day}", minor) for day, minor in enumerate(counted, 10)]
    assert refunds_of(tmp_path, text) == expected
    rows = text.splitlines(keepends=True)
    assert refunds_of(tmp_path, "".join(reversed(rows))) == expected


@pytest.mark.long
def test_a_later_refund_of_shopify_changes_no_earlier_one(tmp_path: Path) -> None:
    first, second = transaction("10", "33.33"), transaction("11", "33.33")
    assert refunds_of(tmp_path, second + first)[:1] == refunds_of(tmp_path, first)


@pytest.mark.parametrize(("back", "counted"), [("108.00", 10000), ("54.00", 5000)])
def test_the_refunded_amount_of_shopify_counts_without_tax_too(tmp_path: Path, back: str, counted: int) -> None:
    assert refunds_of(tmp_path, "", back=back) == [("2026-03-04", counted)]


@pytest.mark.parametrize(
    ("total", "shipping"), quick_first([("100.00", "0"), ("105.00", "5.00"), ("100.00", "5.00"), ("", "0")], 1)
)
def test_refunds_of_shopify_are_whole_where_prices_include_tax(tmp_path: Path, total: str, shipping: str) -> None:
    assert refunds_of(tmp_path, transaction("10", "54.00"), total=total, shipping=shipping) == [("2026-03-10", 5400)]


def test_a_tip_is_no_purchase(tmp_path: Path) -> None:
    assert refunds_of(tmp_path, transaction("10", "125.00"), total="125.00", shipping="5.00") == [("2026-03-10", 10500)]


def test_refunds_of_shopify_without_transactions_are_counted(tmp_path: Path) -> None:
    people = shipped_people(tmp_path, "", back="50.00")
    expected = "an export of transactions as `refunds` in shop.yaml"
    assert notes_of(people, tmp_path) == [
        f"shopify_orders.csv:2:95: warning: {WITHOUT_DAY.format('1 order', expected)}"
    ]


SHIPPED_ORDER = """\
Name,Email,Financial Status,Currency,Subtotal,Shipping,Total,Created at,Lineitem quantity,Lineitem price,Lineitem sku,\
Refunded Amount
#2001,maya@post.example,paid,EUR,{subtotal},{postage},{total},2026-03-04 12:00:00 +0000,{quantity},{first},{code},{back}
#2001,maya@post.example,,,,,,2026-03-04 12:00:00 +0000,1,{second},EQ-2,
"""


def shipped_people(folder: Path, text: str, **order: str) -> People:
    """Read an order of two items with postage, and its transactions; without these, the order states the refund."""
    values = {
        "first": "100.00",
        "second": "50.00",
        "code": "ESP-1",
        "postage": "10.00",
        "back": "0",
        "quantity": "1",
    } | order
    values = {"subtotal": "150.00", "total": "160.00"} | values
    programme = shop_in(folder, SHOPIFY if text else SHOPIFY.replace("refunds: shopify_transactions.csv\n", ""))
    (folder / "shopify_orders.csv").write_text(SHIPPED_ORDER.format(**values), "utf-8")
    (folder / "shopify_transactions.csv").write_text(REFUND + text, "utf-8")
    with open_source(folder, None, ZONE) as source:
        return load_people(source, programme, TODAY)


def parts_of(people: People) -> list[Any]:
    """Return amount and tags of the refunds."""
    return [(line[3], *line[5]) for line in lines(people) if line[2] == "refund"]


COFFEE, GRINDER, POSTAGE = (10000, "espresso"), (5000, "equipment", "heavy"), (1000, "postage")


@pytest.mark.parametrize(
    ("amounts", "parts"),
    quick_first(
        [
            (["10.00"], [POSTAGE]),
            (["50.00"], [GRINDER]),
            (["110.00"], [COFFEE, POSTAGE]),
            (["150.00"], [COFFEE, GRINDER]),
            (["160.00"], [(16000,)]),
            (["50.00", "110.00"], [GRINDER, (11000,)]),  # the rest of the order
            (["10.00", "50.00"], [POSTAGE, GRINDER]),
            (["50.00", "50.00"], [GRINDER, (5000,)]),  # the grinder is already returned
            (["30.00", "10.00"], [(3000,), POSTAGE]),
            (["170.00"], [(17000,)]),
        ],
        3,
    ),
)
def test_a_refund_of_shopify_is_of_the_parts_that_make_up_its_amount(
    tmp_path: Path, amounts: list[str], parts: list[Any]
) -> None:
    text = "".join(transaction(f"{day}", amount) for day, amount in enumerate(amounts, 10))
    assert parts_of(shipped_people(tmp_path, text)) == parts


def test_the_refunded_amount_of_shopify_is_of_these_parts_too(tmp_path: Path) -> None:
    assert parts_of(shipped_people(tmp_path, "", back="50.00")) == [GRINDER]


@pytest.mark.parametrize(
    ("amount", "part"), quick_first([("54.00", GRINDER), ("10.80", POSTAGE), ("54.40", GRINDER), ("10.00", POSTAGE)], 2)
)
def test_a_refund_with_tax_is_of_the_part_with_tax(tmp_path: Path, amount: str, part: Any) -> None:
    total = "172.80" if amount in {"54.00", "10.80"} else "173.20"  # 8 % of all, or 8.8 % of the items alone
    assert parts_of(shipped_people(tmp_path, transaction("10", amount), total=total)) == [part]


@pytest.mark.parametrize(
    ("order", "amount", "part"),
    quick_first(
        [
            ({"first": "50.00"}, "50.00", (5000,)),  # either item
            ({"first": "50.00", "code": "EQ-1"}, "50.00", GRINDER),  # either item, with the same tags
            ({"first": "10.00"}, "10.00", (1000,)),  # an item or the postage
            ({"first": "60.00"}, "60.00", (6000,)),  # an item, or the other one with postage
            ({"first": "20.00", "quantity": "3", "second": "20.00", "postage": "20.00"}, "20.00", (2000,)),
        ],
        2,
    ),
)
def test_equal_amounts_of_different_parts_name_no_part(
    tmp_path: Path, order: dict[str, str], amount: str, part: Any
) -> None:
    items = Decimal(order["first"]) * int(order.get("quantity", 1)) + Decimal(order.get("second", 50))
    order = {"subtotal": str(items), "total": str(items + Decimal(order.get("postage", 10)))} | order
    people = shipped_people(tmp_path, transaction("10", amount), **order)
    assert parts_of(people) == [part]
    said = f"shopify_transactions.csv:2:48: warning: {UNKNOWN_ITEMS.format('1 refund')}"
    assert notes_of(people, tmp_path) == ([] if len(part) > 1 else [said])


@pytest.mark.parametrize(
    ("first", "quantity", "amounts", "parts"),
    quick_first(
        [
            ("40.00", 3, ["40.00"], [(4000, "espresso")]),
            ("40.00", 3, ["80.00"], [(8000, "espresso")]),
            ("40.00", 3, ["40.00", "80.00"], [(4000, "espresso"), (8000, "espresso")]),
            ("40.00", 3, ["40.00", "40.00"], [(4000, "espresso"), (4000, "espresso")]),
            ("40.00", 3, ["40.00", "50.00"], [(4000, "espresso"), GRINDER]),
            ("50.00", 2, ["50.00"], [GRINDER]),  # a whole item goes before a unit of another one
            ("25.00", 4, ["75.00"], [(7500, "espresso")]),  # not the grinder and one unit: that is no whole item
            ("40.00", 3, ["20.00"], [(2000,)]),
        ],
        3,
    ),
)
def test_a_refund_of_shopify_is_of_units_of_an_item(
    tmp_path: Path, first: str, quantity: int, amounts: list[str], parts: list[Any]
) -> None:
    subtotal = Decimal(first) * quantity + 50
    values = {"subtotal": str(subtotal), "total": str(subtotal + 10), "quantity": str(quantity)}
    text = "".join(transaction(f"{day}", amount) for day, amount in enumerate(amounts, 10))
    assert parts_of(shipped_people(tmp_path, text, first=first, **values)) == parts


def test_refunds_of_unknown_items_are_counted(tmp_path: Path) -> None:
    people = shipped_people(tmp_path, transaction("10", "1.00") + transaction("11", "2.00"))
    assert notes_of(people, tmp_path) == [
        f"shopify_transactions.csv:2:48: warning: {UNKNOWN_ITEMS.format('2 refunds')}"
    ]


def test_a_refund_of_a_part_of_the_only_item_is_certain(tmp_path: Path) -> None:
    assert refunds_of(tmp_path, transaction("10", "30.00"), total="100.00") == [("2026-03-10", 3000)]
    with open_source(tmp_path, None, ZONE) as source:
        assert load_people(source, programme_of(tmp_path, RULES), TODAY).warnings == ()


def cancelled_people(folder: Path, text: str, back: str = "0", *, has_table: bool = True) -> People:
    """Read a cancelled order that was paid, and its refunds."""
    programme = shop_in(folder, SHOPIFY if has_table else SHOPIFY.replace("refunds: shopify_transactions.csv\n", ""))
    header, row = TAXED.format(back=back, total="100.00", shipping="0").splitlines()
    orders = f"{header},Cancelled at\n{row},2026-03-06 10:00:00 +0000\n"
    (folder / "shopify_orders.csv").write_text(orders, "utf-8")
    (folder / "shopify_transactions.csv").write_text(REFUND + text, "utf-8")
    with open_source(folder, None, ZONE) as source:
        return load_people(source, programme, TODAY)


@pytest.mark.parametrize("has_table", [True, False])
def test_a_cancelled_order_without_a_refund_is_left_out(tmp_path: Path, has_table: bool) -> None:
    people = cancelled_people(tmp_path, transaction("10", "100.00").replace("success", "failure"), has_table=has_table)
    assert lines(people) == []
    assert notes_of(people, tmp_path) == ["shopify_orders.csv:2:107: left out: 1 order cancelled without a refund"]


@pytest.mark.parametrize("has_table", [True, False])
def test_a_refund_takes_a_cancelled_order_back_once(tmp_path: Path, has_table: bool) -> None:
    people = cancelled_people(tmp_path, transaction("06", "100.00"), "100.00", has_table=has_table)
    assert [line[2:4] for line in lines(people)] == [("purchase", 10000), ("refund", 10000)]
