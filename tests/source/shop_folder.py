"""Fixture folders with exports of Shopify and WooCommerce, and functions that read them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.loyalty.programme.programme import Programme
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


WITHOUT_DAY = "{} with a refund without a day: it counts on the day of the order, expected {}"
WOO = (
    "order_number,date,status,shipping_total,shipping_tax_total,fee_total,fee_tax_total,refunded_total,order_currency,"
    "customer_id,item_sku,item_total,item_total_tax,item_refunded,refunds\n"
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
