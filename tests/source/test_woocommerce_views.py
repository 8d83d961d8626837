"""The views on WooCommerce's tables, in PostgreSQL and SQLite."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest

from members_portal.source import shop
from members_portal.source.open_source import open_source
from members_portal.source.people import load_people
from tests.loyalty.small_club import programme_of
from tests.source.shop_folder import RULES, TODAY, ZONE, lines

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
