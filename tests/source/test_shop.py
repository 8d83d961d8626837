"""Exports of Shopify and WooCommerce: members and ledger without SQL, and problems with their places."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
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
    """Return member, day, kind, minor, reference and tags of each line."""
    assert people.ledger is not None
    rows = people.ledger.con.execute("select member, day, kind, minor, reference, tags from line order by n").fetchall()
    return [(member, str(day), *rest) for member, day, *rest in rows]


def problems_in(folder: Path, text: str) -> list[str]:
    """Return the problems of a shop, without the folder."""
    with pytest.raises(InvalidInput) as caught:
        people_in(folder, text)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


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
        ("11", "2026-03-05", "purchase", 6000, "501", ["espresso"]),
        ("11", "2026-03-05", "purchase", 6000, "501", ["equipment"]),
        ("11", "2026-03-05", "purchase", 600, "501", ["postage"]),
        ("11", "2026-03-11", "refund", 6000, "501", ["equipment"]),
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
            "shopify_orders.csv:4:169: amount: the value doesn't fit, expected an amount such as 12.50",
        ),
        (
            "shopify_orders.csv",
            "EUR,100.00",
            "USD,100.00",
            "shopify_orders.csv:4:85: unknown currency `USD`, expected EUR",
        ),
        (
            "shopify_orders.csv",
            "Lineitem price",
            "Line price",
            "shopify_orders.csv:1:1: the column `lineitem price` is missing, expected at least name, created at,"
            " lineitem price",
        ),
        (
            "shopify_orders.csv",
            "#1002,",
            ",",
            "shopify_orders.csv:3:1: a row without an order, expected a text in `Name`",
        ),
        (
            "shopify_transactions.csv",
            "#1001,card,refund,cards,2026-03-11",
            "#1009,card,refund,cards,2026-03-11",
            "shopify_transactions.csv:4:6: a refund of an order that isn't there, expected an order in"
            " shopify_orders.csv",
        ),
        (
            "shopify_customers.csv",
            "Maya@post.example",
            "not-an-address",
            "shopify_customers.csv:2:28: email: the value doesn't fit, expected an e-mail address",
        ),
    ],
)
def test_a_problem_has_its_place_in_the_export(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    programme = shop_in(tmp_path, SHOPIFY)
    (tmp_path / file).write_text((EXPORTS / file).read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidInput) as caught, open_source(tmp_path, None, ZONE) as source:
        load_people(source, programme, TODAY)
    assert [str(problem).replace(f"{tmp_path}/", "") for problem in caught.value.problems] == [said]


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
