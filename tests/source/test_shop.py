"""Exports of Shopify and WooCommerce: members and ledger without SQL, and problems with their places."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.loyalty.programme.programme import Programme
from members_portal.source import shop
from members_portal.source.open_source import open_source
from members_portal.source.people import People, load_people
from members_portal.source.shop.mapping import load_shop
from tests.loyalty.small_club import PROGRAMME, programme_of

TODAY = date(2026, 11, 20)
ZONE = ZoneInfo("Europe/Lisbon")
EXPORTS = Path(__file__).parent / "exports"
RULES = PROGRAMME.replace("You buy often.}", "You buy often., reach: 100}").replace("others.}", "others., reach: 900}")
RULES += "qualifying: {basis: spend}\n"
SHOPIFY = """\
shop: shopify
customers: shopify_customers.csv
orders: shopify_orders.csv
refunds: shopify_transactions.csv
joined: 2024-01-01
tags: {ESP-: espresso, EQ-: [equipment, heavy]}
"""
WOOCOMMERCE = """\
shop: woocommerce
customers: woocommerce_customers.csv
orders: woocommerce_orders.csv
tags: {ESP-: espresso, EQ-: [equipment]}
"""


def shop_in(folder: Path, text: str) -> Programme:
    """Write a folder with shop.yaml and the exports."""
    shutil.copytree(EXPORTS, folder, dirs_exist_ok=True)
    (folder / "shop.yaml").write_text(text, "utf-8")
    return programme_of(folder, RULES)


def people_in(folder: Path, text: str, address: str | None = None) -> People:
    """Read members and ledger of a shop."""
    programme = shop_in(folder, text)
    with open_source(folder, address, ZONE) as source:
        return load_people(source, programme, TODAY)


def lines(people: People) -> list[tuple[Any, ...]]:
    """Return member, day, kind, minor, reference and tags of each line, sorted by the first three."""
    assert people.ledger is not None
    rows = people.ledger.con.execute("select member, day, kind, minor, reference, tags from line order by n").fetchall()
    found = [(member, str(day), *rest) for member, day, *rest in rows]
    return sorted(found, key=in_file)


def in_file(line: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the place of a line in the exports: purchases before refunds, postage last, dearer items first."""
    member, day, kind, minor, _, tags = line
    return member, day, kind, "postage" in tags, -(minor or 0), tags


UNKNOWN_ITEMS = "{} of unknown items: taken from all parts of the order in proportion, postage too"
PARTIAL = f"shopify_transactions.csv:4:64: warning: {UNKNOWN_ITEMS.format('1 refund')}"  # 34.50 of 104.50


def said_of(error: InvalidInput, folder: Path) -> list[str]:
    """Return the problems without the folder, and without the note on the refund of the sample export."""
    found = [str(problem).replace(f"{folder}/", "") for problem in error.problems]
    return [said for said in found if said != PARTIAL]


def problems_in(folder: Path, text: str) -> list[str]:
    """Return the problems of a shop."""
    with pytest.raises(InvalidInput) as caught:
        people_in(folder, text)
    return said_of(caught.value, folder)


MAYA = "7000000000001"
TAGS = ["wholesale", "gift-wrap"]


def test_shopify_exports_need_no_sql(tmp_path: Path) -> None:
    people = people_in(tmp_path, SHOPIFY)
    maya, rui = people.members
    assert (maya.id, maya.given_name, maya.formal_name, str(maya.joined)) == (MAYA, "Maya", "Maya Okafor", "2026-03-05")
    assert maya.address is not None
    assert (maya.address.lines, maya.address.postcode) == (("The Old Dispensary", "Chapel Lane"), "0123")
    assert (maya.email, maya.phone, dict(maya.consent)) == ("Maya@post.example", "+353 20 915 0201", {"email": True})
    assert (str(rui.joined), rui.address, dict(rui.consent)) == ("2024-01-01", None, {})
    assert lines(people) == [  # #1001: 60 + 50 after its discount, shared; in Lisbon, 23:30 -01:00 is the next day
        (MAYA, "2026-03-05", "purchase", 5455, "#1001", [*TAGS, "espresso"]),
        (MAYA, "2026-03-05", "purchase", 4545, "#1001", [*TAGS, "equipment", "heavy"]),
        (MAYA, "2026-03-05", "purchase", 450, "#1001", [*TAGS, "postage"]),
        (MAYA, "2026-03-12", "refund", 3450, "#1001", []),
    ]
    assert people.dropped == {}


def test_rows_of_an_order_need_not_be_together(tmp_path: Path) -> None:
    together = lines(people_in(tmp_path / "together", SHOPIFY))
    programme = shop_in(tmp_path / "apart", SHOPIFY)
    header, other, voided, first, second = (EXPORTS / "shopify_orders.csv").read_text("utf-8").splitlines()
    (tmp_path / "apart" / "shopify_orders.csv").write_text("\n".join((header, first, other, voided, second)), "utf-8")
    with open_source(tmp_path / "apart", None, ZONE) as source:
        assert lines(load_people(source, programme, TODAY)) == together


def test_shopify_refunds_without_transactions_are_of_the_orders_day(tmp_path: Path) -> None:
    people = people_in(tmp_path, SHOPIFY.replace("refunds: shopify_transactions.csv\n", ""))
    assert lines(people)[-1] == (MAYA, "2026-03-05", "refund", 3450, "#1001", [])


def test_woocommerce_exports_need_no_sql(tmp_path: Path) -> None:
    people = people_in(tmp_path, WOOCOMMERCE)
    assert [(one.id, str(one.joined)) for one in people.members] == [("11", "2021-05-30"), ("12", "2024-02-29")]
    assert people.members[0].address is not None
    assert people.members[0].address.lines == ("Okafor & Co", "The Old Dispensary", "Chapel Lane")
    assert lines(people) == [
        ("11", "2026-03-05", "purchase", 6000, "501", ["equipment"]),
        ("11", "2026-03-05", "purchase", 6000, "501", ["espresso"]),
        ("11", "2026-03-05", "purchase", 600, "501", ["postage"]),
        ("11", "2026-03-09", "refund", 6000, "501", ["equipment"]),
        ("11", "2026-03-11", "refund", 600, "501", ["postage"]),
    ]


def test_booked_lines_and_own_members_come_beside_the_exports(tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text(f"date,member,kind,points,reference\n2026-03-06,{MAYA},redemption,5,mug\n")
    (tmp_path / "members.yaml").write_text(
        f"- {{id: '{MAYA}', given name: Maya, formal name: Ms Okafor, joined: 2021-05-30, key customer: false}}\n"
        "- {id: S-1, given name: Ann, formal name: Ms Lee, joined: 2020-01-01, staff: true}\n"
    )
    people = people_in(tmp_path, SHOPIFY)
    assert [member.formal_name for member in people.members] == ["Ms Okafor", "Ms Lee", "Rui Costa"]
    assert lines(people)[3] == (MAYA, "2026-03-06", "redemption", None, "mug", [])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ledger.yaml", "ledger.yaml: is not read beside shop.yaml, expected `ledger.csv`"),
        ("Ledger.csv", "Ledger.csv: is not read: its name differs in case, expected `ledger.csv`"),
        ("Members.yaml", "Members.yaml: is not read: its name differs in case, expected `members.yaml`"),
    ],
)
def test_a_file_beside_the_exports_is_read_or_named(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / name).write_text("[]\n", "utf-8")
    assert problems_in(tmp_path, SHOPIFY) == [said]


def test_a_shop_file_with_a_capital_is_named(tmp_path: Path) -> None:
    programme = shop_in(tmp_path, SHOPIFY)
    (tmp_path / "shop.yaml").rename(tmp_path / "Shop.yaml")
    (tmp_path / "members.yaml").write_text("[]\n", "utf-8")
    with (
        pytest.raises(InvalidInput, match=r"Shop\.yaml: is not read: its name differs"),
        open_source(tmp_path, None, ZONE) as source,
    ):
        load_people(source, programme, TODAY)


def test_without_an_export_of_orders_the_ledger_is_that_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "ledger.yaml").write_text("- {date: 2026-03-05, member: '11', kind: event}\n", "utf-8")
    people = people_in(tmp_path, WOOCOMMERCE.replace("orders: woocommerce_orders.csv\n", ""))
    assert lines(people) == [("11", "2026-03-05", "event", None, None, [])]


def test_a_mapping_of_ones_own_is_a_file_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "till.yaml").write_text(
        "customers: {id: No, given name: First, formal name: Letter, joined: Since}\n"
        "orders: {reference: Slip, date: Day, customer: No, total: Paid}\n"
    )
    (tmp_path / "people.csv").write_text("No;First;Letter;Since;Shoe size\nM-1;Maya;Ms Okafor;2021-05-30;38\n")
    (tmp_path / "slips.csv").write_text("Slip;Day;No;Paid\nR-1;2026-03-05;M-1;12.50\nR-2;2026-03-05;M-9;3\n")
    people = people_in(tmp_path, "shop: till.yaml\ncustomers: people.csv\norders: slips.csv\n")
    assert lines(people) == [("M-1", "2026-03-05", "purchase", 1250, "R-1", [])]
    assert [*people.dropped.values()] == [("Shoe size",)]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "shopify_orders.csv",
            "Espresso bag,30.00",
            "Espresso bag,thirty",
            "shopify_orders.csv:4:169: `Lineitem price`: the value doesn't fit, expected an amount such as 12.50",
        ),
        (
            "shopify_orders.csv",
            "EUR,100.00",
            "USD,100.00",
            "shopify_orders.csv:4:85: unknown currency `USD`, expected EUR, or a rate in `exchange rates`",
        ),
        (
            "shopify_orders.csv",
            "Lineitem price",
            "Line price",
            "shopify_orders.csv:1:1: the column `Lineitem price` is missing, expected at least Name, Created at,"
            " Lineitem price",
        ),
        (
            "shopify_orders.csv",
            "#1002,",
            ",",
            "shopify_orders.csv:3:1: a row without an order, expected a text in `Name`",
        ),
        (
            "shopify_orders.csv",
            "2026-03-04 23:30:00 -0100",
            "04.03.2026",
            "shopify_orders.csv:4:128: `Created at`: the value doesn't fit here and in 2 other lines, expected a day"
            " that exists, as YYYY-MM-DD, or with a time, as 2026-06-11 10:00:00 +0100",
        ),
        (
            "shopify_transactions.csv",
            "success,34.50",
            'success,"34,50"',
            "shopify_transactions.csv:4:64: `Amount`: the value doesn't fit, expected an amount such as 12.50",
        ),
        (
            "shopify_orders.csv",
            "100.00,4.50,",
            '100.00,"4,50",',
            "shopify_orders.csv:4:96: `Shipping`: the value doesn't fit, expected a number such as 12.50",
        ),
        (
            "shopify_orders.csv",
            "-0100,2,",
            "-0100,two,",
            "shopify_orders.csv:4:154: `Lineitem quantity`: the value doesn't fit, expected a number such as 12.50",
        ),
        (
            "shopify_customers.csv",
            ",Phone,",
            ",Email,",
            "shopify_customers.csv:1:1: there are two columns `Email`, expected one of each",
        ),
        (
            "shopify_customers.csv",
            "Maya@post.example",
            "not-an-address",
            "shopify_customers.csv:2:28: `Email`: the value doesn't fit, expected an e-mail address",
        ),
    ],
)
def test_a_problem_has_its_place_in_the_export(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    programme = shop_in(tmp_path, SHOPIFY)
    (tmp_path / file).write_text((EXPORTS / file).read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidInput) as caught, open_source(tmp_path, None, ZONE) as source:
        load_people(source, programme, TODAY)
    assert said_of(caught.value, tmp_path) == [said]


def test_customers_without_a_day_of_joining_are_counted(tmp_path: Path) -> None:
    more = "7000000000003,Ann,Lee,ann@quay.example,no,,,,,,PT,,,,no,0.00,0,,no,\n"
    programme = shop_in(tmp_path, SHOPIFY.replace("joined: 2024-01-01\n", ""))
    with (tmp_path / "shopify_customers.csv").open("a", encoding="utf-8") as file:
        file.write(more)
    with pytest.raises(InvalidInput) as caught, open_source(tmp_path, None, ZONE) as source:
        load_people(source, programme, TODAY)
    assert said_of(caught.value, tmp_path) == [
        "shopify_customers.csv:3:1: 2 customers without a day of joining and without an order, expected `joined` in"
        " shop.yaml"
    ]


def test_an_invalid_day_of_an_order_is_reported_once(tmp_path: Path) -> None:
    programme = shop_in(tmp_path, SHOPIFY.replace("joined: 2024-01-01\n", ""))
    (tmp_path / "shopify_customers.csv").write_text(
        "\n".join((EXPORTS / "shopify_customers.csv").read_text("utf-8").splitlines()[:2]), "utf-8"
    )
    file = tmp_path / "shopify_orders.csv"
    file.write_text(file.read_text("utf-8").replace("2026-03-04 23:30:00 -0100", "11.06.2026"), "utf-8")
    with pytest.raises(InvalidInput) as caught, open_source(tmp_path, None, ZONE) as source:
        load_people(source, programme, TODAY)
    assert [said.partition(": the value")[0] for said in said_of(caught.value, tmp_path)] == [
        "shopify_orders.csv:4:128: `Created at`"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SHOPIFY.replace("shopify\n", "shopfy\n", 1), "shop.yaml:1:7: shop: there is no file `shopfy`, expected"
         " shopify, woocommerce, or a mapping file (did you mean `shopify`?)"),
        (SHOPIFY.replace("shopify_orders", "../orders"), "shop.yaml:3:9: orders: there is no file `../orders.csv`,"
         " expected a file in this folder"),
        (SHOPIFY + "order: 1\n", "shop.yaml:7:1: unknown key `order` (did you mean `orders`?)"),
    ],
)  # fmt: skip
def test_a_wrong_shop_file_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    assert problems_in(tmp_path, text) == [said]


# Refunds: what was paid beyond the purchases, and the day of each part

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
    [
        (["108.00"], [10000]),
        (["54.00"], [5000]),
        (["54.00", "54.00"], [5000, 5000]),
        (["36.01", "35.99", "36.00"], [3334, 3333, 3333]),  # the parts of a whole refund are the whole order
        (["0.01"], [1]),
    ],
)
def test_shopify_refunds_count_without_the_tax_that_the_checkout_adds(
    tmp_path: Path, amounts: list[str], counted: list[int]
) -> None:
    text = "".join(transaction(f"{day}", amount) for day, amount in enumerate(amounts, 10))
    expected = [(f"2026-03-{day}", minor) for day, minor in enumerate(counted, 10)]
    assert refunds_of(tmp_path, text) == expected
    rows = text.splitlines(keepends=True)
    assert refunds_of(tmp_path, "".join(reversed(rows))) == expected


def test_a_later_refund_of_shopify_changes_no_earlier_one(tmp_path: Path) -> None:
    first, second = transaction("10", "33.33"), transaction("11", "33.33")
    assert refunds_of(tmp_path, second + first)[:1] == refunds_of(tmp_path, first)


@pytest.mark.parametrize(("back", "counted"), [("108.00", 10000), ("54.00", 5000)])
def test_the_refunded_amount_of_shopify_counts_without_tax_too(tmp_path: Path, back: str, counted: int) -> None:
    assert refunds_of(tmp_path, "", back=back) == [("2026-03-04", counted)]


@pytest.mark.parametrize(("total", "shipping"), [("100.00", "0"), ("105.00", "5.00"), ("100.00", "5.00"), ("", "0")])
def test_refunds_of_shopify_are_whole_where_prices_include_tax(tmp_path: Path, total: str, shipping: str) -> None:
    assert refunds_of(tmp_path, transaction("10", "54.00"), total=total, shipping=shipping) == [("2026-03-10", 5400)]


def test_a_tip_is_no_purchase(tmp_path: Path) -> None:
    assert refunds_of(tmp_path, transaction("10", "125.00"), total="125.00", shipping="5.00") == [("2026-03-10", 10500)]


WITHOUT_DAY = "{} with a refund without a day: it counts on the day of the order, expected {}"


def test_refunds_of_shopify_without_transactions_are_counted(tmp_path: Path) -> None:
    people = shipped_people(tmp_path, "", back="50.00")
    expected = "an export of transactions as `refunds` in shop.yaml"
    assert notes_of(people, tmp_path) == [
        f"shopify_orders.csv:2:95: warning: {WITHOUT_DAY.format('1 order', expected)}"
    ]


@pytest.mark.parametrize("refunds", ["", "id:601|amount:10.00"])
def test_refunds_of_woocommerce_without_a_day_are_counted(tmp_path: Path, refunds: str) -> None:
    row = "{},2026-03-05 10:12:00,completed,0,0,0,0,10.00,EUR,11,ESP-1,50.00,0,0,{}\n"
    people = woo_people(tmp_path, row.format(501, refunds) + row.format(502, refunds))
    assert [line[1:4] for line in lines(people)][2:] == [("2026-03-05", "refund", 1000)] * 2
    assert notes_of(people, tmp_path) == [
        f"woocommerce_orders.csv:2:43: warning: {WITHOUT_DAY.format('2 orders', 'days in the column `refunds`')}"
    ]


# Refunds of Shopify, which name no items

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
)
def test_a_refund_of_shopify_is_of_the_parts_that_make_up_its_amount(
    tmp_path: Path, amounts: list[str], parts: list[Any]
) -> None:
    text = "".join(transaction(f"{day}", amount) for day, amount in enumerate(amounts, 10))
    assert parts_of(shipped_people(tmp_path, text)) == parts


def test_the_refunded_amount_of_shopify_is_of_these_parts_too(tmp_path: Path) -> None:
    assert parts_of(shipped_people(tmp_path, "", back="50.00")) == [GRINDER]


@pytest.mark.parametrize(
    ("amount", "part"), [("54.00", GRINDER), ("10.80", POSTAGE), ("54.40", GRINDER), ("10.00", POSTAGE)]
)
def test_a_refund_with_tax_is_of_the_part_with_tax(tmp_path: Path, amount: str, part: Any) -> None:
    total = "172.80" if amount in {"54.00", "10.80"} else "173.20"  # 8 % of all, or 8.8 % of the items alone
    assert parts_of(shipped_people(tmp_path, transaction("10", amount), total=total)) == [part]


@pytest.mark.parametrize(
    ("order", "amount", "part"),
    [
        ({"first": "50.00"}, "50.00", (5000,)),  # either item
        ({"first": "50.00", "code": "EQ-1"}, "50.00", GRINDER),  # either item, with the same tags
        ({"first": "10.00"}, "10.00", (1000,)),  # an item or the postage
        ({"first": "60.00"}, "60.00", (6000,)),  # an item, or the other one with postage
        ({"first": "20.00", "quantity": "3", "second": "20.00", "postage": "20.00"}, "20.00", (2000,)),
    ],
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


WOO = (
    "order_number,date,status,shipping_total,shipping_tax_total,fee_total,fee_tax_total,refunded_total,order_currency,"
    "customer_id,item_sku,item_total,item_total_tax,item_refunded,refunds\n"
)
FIRST, SECOND = "id:1|date:2026-03-09 09:00:00|amount:{}", ";id:2|date:2026-06-11 09:00:00|amount:{}"


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
    [
        ("53.00", [(300, "fee"), (5000, "espresso")]),
        ("58.00", [(300, "fee"), (500, "postage"), (5000, "espresso")]),
        ("55.00", [(500, "postage"), (5000, "espresso")]),
        ("51.00", [(100, "postage"), (5000, "espresso")]),
        ("60.00", [(1000,), (5000, "espresso")]),
    ],
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

SHIPPED = "\n".join(
    f"50{number},2026-03-05 10:12:00,{status},0,0,0,0,0,EUR,{customer},ESP-1,50.00,0,0,"
    for number, (status, customer) in enumerate(
        [
            *(("wc-completed", 11), ("Completed", 11), ("shipped", 11), ("Shipped", 11), ("on-hold", 11)),
            *(("On hold", 11), ("shipped", 0), ("completed", 0), ("a@b.example", 11), ("", 11)),
        ]
    )
)


def notes_of(people: People, folder: Path) -> list[str]:
    """Return the warnings and notes of a source, without the folder."""
    return [str(warning).replace(f"{folder}/", "") for warning in people.warnings]


def woo_people(folder: Path, orders: str, more: str = "") -> People:
    """Read a shop of WooCommerce with these orders."""
    programme = shop_in(folder, WOOCOMMERCE + more)
    (folder / "woocommerce_orders.csv").write_text(WOO + orders, "utf-8")
    with open_source(folder, None, ZONE) as source:
        return load_people(source, programme, TODAY)


STATUS = "expected this status in `counted` or `not counted` of shop.yaml"


def test_orders_that_do_not_count_are_counted_by_reason(tmp_path: Path) -> None:
    people = woo_people(tmp_path, SHIPPED)
    assert [line[4] for line in lines(people)] == ["500", "501"]
    assert notes_of(people, tmp_path) == [
        f"woocommerce_orders.csv:4:25: warning: 2 orders not counted: unknown status `shipped`, {STATUS}",
        "woocommerce_orders.csv:6:25: left out: 2 orders with the status `on-hold`",
        "woocommerce_orders.csv:8:47: left out: 2 orders of customers who are no members in woocommerce_customers.csv",
        f"woocommerce_orders.csv:10:25: warning: 1 order not counted: unknown status, {STATUS}",
        f"woocommerce_orders.csv:11:25: warning: 1 order not counted: no status, {STATUS}",
    ]


def test_a_shop_names_its_own_statuses(tmp_path: Path) -> None:
    people = woo_people(tmp_path, "\n".join(SHIPPED.splitlines()[:6]), "counted: Shipped\nnot counted: [completed]\n")
    assert [line[4] for line in lines(people)] == ["502", "503"]
    assert [note.partition("left out: ")[2] for note in notes_of(people, tmp_path)] == [
        "2 orders with the status `completed`",
        "2 orders with the status `on-hold`",
    ]


def test_a_wrong_column_of_statuses_floods_no_report(tmp_path: Path) -> None:
    orders = "".join(
        f"{number},2026-03-05 10:12:00,s{number},0,0,0,0,0,EUR,11,ESP-1,5,0,0,\n" for number in range(100, 150)
    )
    notes = notes_of(woo_people(tmp_path, orders), tmp_path)
    assert len(notes) == 21
    assert notes[0] == "woocommerce_orders.csv: warning: 50 notes; these are the first 20"


def test_a_customer_with_another_address_is_counted(tmp_path: Path) -> None:
    programme = shop_in(tmp_path, SHOPIFY)
    customers = (EXPORTS / "shopify_customers.csv").read_text("utf-8").replace("Maya@post", "maya.new@post")
    (tmp_path / "shopify_customers.csv").write_text(customers, "utf-8")
    with open_source(tmp_path, None, ZONE) as source:
        people = load_people(source, programme, TODAY)
    assert lines(people) == []
    assert notes_of(people, tmp_path) == [
        "shopify_orders.csv:2:7: left out: 3 orders of customers who are no members in shopify_customers.csv"
    ]


def test_a_customer_is_found_by_any_spelling_of_the_address(tmp_path: Path) -> None:
    programme = shop_in(tmp_path, SHOPIFY)
    for name, domain in (("customers", "straße.example"), ("orders", "XN--STRAE-OQA.example")):
        file = tmp_path / f"shopify_{name}.csv"
        file.write_text(file.read_text("utf-8").replace("post.example", domain), "utf-8")
    with open_source(tmp_path, None, ZONE) as source:
        assert len(lines(load_people(source, programme, TODAY))) == 4


def test_refunds_of_orders_outside_the_export_are_left_out(tmp_path: Path) -> None:
    programme = shop_in(tmp_path, SHOPIFY)
    file = tmp_path / "shopify_transactions.csv"
    more = "4001,#0900,card,refund,cards,2026-03-{} 12:00:00 +0000,success,10.00,EUR,Visa\n"
    file.write_text(file.read_text("utf-8") + more.format("12") + more.format("11"), "utf-8")
    with open_source(tmp_path, None, ZONE) as source:
        people = load_people(source, programme, TODAY)
    assert [line[3] for line in lines(people) if line[2] == "refund"] == [3450]
    assert notes_of(people, tmp_path)[-1] == (
        "shopify_transactions.csv:7:6: warning: 2 refunds not counted: no such order, expected orders that are in"
        " shopify_orders.csv"
    )


CUSTOMERS = "customer_id,first_name,last_name,email,date_registered\n"
NAMELESS = "13,,,news@post.example,2024-01-01\n14,,,more@post.example,2024-01-01\n15,,Costa,c@quay.example,2024-01-01\n"


def nameless_shop(folder: Path) -> People:
    """Read a shop with customers who lack names."""
    programme = shop_in(folder, WOOCOMMERCE)
    (folder / "woocommerce_customers.csv").write_text(CUSTOMERS + NAMELESS, "utf-8")
    order = "50{0},2026-03-05 10:12:00,completed,0,0,0,0,0,EUR,1{0},ESP-1,50.00,0,0,\n"
    (folder / "woocommerce_orders.csv").write_text(WOO + "".join(map(order.format, (3, 4, 5))), "utf-8")
    with open_source(folder, None, ZONE) as source:
        return load_people(source, programme, TODAY)


def test_a_customer_without_a_name_stops_nothing(tmp_path: Path) -> None:
    people = nameless_shop(tmp_path)
    assert [(one.id, one.given_name, one.family_name, one.formal_name) for one in people.members] == [
        ("15", "Costa", None, "Costa")
    ]
    assert [line[0] for line in lines(people)] == ["15"]
    assert notes_of(people, tmp_path) == [
        "woocommerce_customers.csv:2:4: warning: 2 customers not read: no name, expected a first or a last name",
        "woocommerce_customers.csv:4:4: warning: 1 customer with a part of a name: it is used for the whole,"
        " expected first name and formal name",
        "woocommerce_orders.csv:2:49: left out: 2 orders of customers who are no members in woocommerce_customers.csv",
    ]


def test_a_member_of_ones_own_gives_a_customer_a_name(tmp_path: Path) -> None:
    (tmp_path / "members.yaml").write_text(
        "- {id: '13', given name: Ann, formal name: Ms Lee, joined: 2020-01-01}\n", "utf-8"
    )
    people = nameless_shop(tmp_path)
    assert [(one.id, one.given_name) for one in people.members] == [("13", "Ann"), ("15", "Costa")]
    assert [line[0] for line in lines(people)] == ["13", "15"]


# The tables of WooCommerce

VIEWS = (Path(shop.__file__).parent / "woocommerce.sql").read_text("utf-8")
TABLES = """
create table wp_wc_customer_lookup (customer_id bigint, user_id bigint, username text, first_name text, last_name text,
  email text, date_last_active timestamp, date_registered timestamp, country text, postcode text, city text,
  state text);
create table wp_wc_order_stats (order_id bigint, parent_id bigint, date_created timestamp, date_created_gmt timestamp,
  num_items_sold int, total_sales double precision, tax_total double precision, shipping_total double precision,
  net_total double precision, returning_customer boolean, status text, customer_id bigint);
create table wp_wc_order_product_lookup (order_item_id bigint, order_id bigint, product_id bigint, variation_id bigint,
  customer_id bigint, date_created timestamp, product_qty int, product_net_revenue double precision,
  product_gross_revenue double precision, coupon_amount double precision, tax_amount double precision,
  shipping_amount double precision, shipping_tax_amount double precision);
insert into wp_wc_customer_lookup values
  (1, 11, 'maya', 'Maya', 'Okafor', 'maya@post.example', null, '2021-05-30 10:00:00', 'IE', '0123', 'Inverskea', ''),
  (2, 12, 'rui', 'Rui', '', 'rui@quay.example', null, '2024-02-29 10:00:00', 'PT', '', '', ''),
  (3, null, '', 'Guest', '', 'guest@nowhere.example', null, null, '', '', '', '');
insert into wp_wc_order_stats values
  (501, 0, '2026-03-05 10:12:00', '2026-03-05 10:12:00', 3, 126.0, 21.0, 5.0, 100.0, null, 'wc-completed', 1),
  (502, 0, '2026-03-06 10:12:00', '2026-03-06 10:12:00', 1, 20.0, 0, 0, 20.0, null, 'wc-cancelled', 1),
  (503, 0, '2026-03-07 10:12:00', '2026-03-07 10:12:00', 1, 20.0, 0, 0, 20.0, null, 'wc-completed', 3),
  (601, 501, '2026-03-09 09:00:00', '2026-03-09 09:00:00', -1, -60.0, -10.0, 0, -50.0, null, 'wc-completed', 1),
  (602, 501, '2026-03-11 09:00:00', '2026-03-11 09:00:00', 0, -6.0, -1.0, -5.0, 0, null, 'wc-completed', 1);
insert into wp_wc_order_product_lookup values
  (1, 501, 90, 0, 1, '2026-03-05 10:12:00', 2, 50.0, 63.0, 0, 10.0, 2.5, 0.5),
  (2, 501, 91, 7, 1, '2026-03-05 10:12:00', 1, 50.0, 63.0, 0, 10.0, 2.5, 0.5),
  (3, 502, 90, 0, 1, '2026-03-06 10:12:00', 1, 20.0, 20.0, 0, 0, 0, 0),
  (4, 503, 90, 0, 3, '2026-03-07 10:12:00', 1, 20.0, 20.0, 0, 0, 0, 0),
  (5, 601, 91, 7, 1, '2026-03-09 09:00:00', -1, -50.0, -60.0, 0, -10.0, 0, 0);
"""


def woocommerce_in_postgresql(folder: Path, database: str) -> str:
    """Make the tables and the views, and return the address."""
    with psycopg.connect(database) as con:
        con.execute(TABLES + VIEWS)
    return database


def woocommerce_in_sqlite(folder: Path, database: str) -> str:
    """Make the tables and the views, and return the address."""
    with sqlite3.connect(folder / "shop.db") as con:
        con.executescript(TABLES + VIEWS)
    return f"sqlite:///{folder}/shop.db"


@pytest.mark.parametrize("write", [woocommerce_in_postgresql, woocommerce_in_sqlite])
def test_the_views_of_woocommerce_need_no_change(write: Any, tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path, RULES)
    with open_source(tmp_path, write(tmp_path, database), ZONE) as source:
        people = load_people(source, programme, TODAY)
    assert [(one.id, one.formal_name, str(one.joined)) for one in people.members] == [
        ("11", "Maya Okafor", "2021-05-30"),
        ("12", "Rui", "2024-02-29"),
    ]
    assert lines(people) == [
        ("11", "2026-03-05", "purchase", 6000, "501", ["product-90"]),
        ("11", "2026-03-05", "purchase", 6000, "501", ["product-91"]),
        ("11", "2026-03-05", "purchase", 600, "501", ["postage"]),
        ("11", "2026-03-09", "refund", 6000, "501", ["product-91"]),
        ("11", "2026-03-11", "refund", 600, "501", ["postage"]),
    ]


@pytest.mark.parametrize("name", ["shopify", "woocommerce"])
def test_the_documentation_lists_the_columns_of_the_exports(tmp_path: Path, name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "members-and-ledger.md").read_text("utf-8")
    text = page.split("\n## Exports of a shop\n")[1].split("\n## ")[0]
    columns = load_shop_of(tmp_path, SHOPIFY if name == "shopify" else WOOCOMMERCE)
    assert [column for column in columns if f"`{column}`" not in text] == []


def load_shop_of(folder: Path, text: str) -> list[str]:
    """Return the columns of orders, refunds and names in a mapping."""
    shop_in(folder, text)
    mapping = load_shop(folder).columns
    customers = (*mapping.customers.id, *mapping.customers.formal_name, *mapping.customers.email)
    orders = [value for name, value in mapping.orders if name not in {"counted", "not_counted", "tags"}]
    refunds = [value for name, value in mapping.refunds or () if name not in {"kinds", "counted"}]
    lists = [(value,) if isinstance(value, str) else value or () for value in (*orders, *refunds)]
    return [*customers, *(column for columns in lists for column in columns)]
