"""Exports of Shopify and WooCommerce: members and ledger without SQL, and problems with their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.source.open_source import open_source
from members_portal.source.people import People, load_people
from members_portal.source.shop.mapping import load_shop
from tests.long_cases import quick_first
from tests.source.shop_folder import (
    EXPORTS,
    MAYA,
    SHOPIFY,
    TAGS,
    TODAY,
    WOO,
    WOOCOMMERCE,
    ZONE,
    lines,
    notes_of,
    people_in,
    problems_in,
    said_of,
    shop_in,
    woo_people,
)


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
    quick_first(
        [
            ("ledger.yaml", "ledger.yaml: is not read beside shop.yaml, expected `ledger.csv`"),
            ("Ledger.csv", "Ledger.csv: is not read: its name differs in case, expected `ledger.csv`"),
            ("Members.yaml", "Members.yaml: is not read: its name differs in case, expected `members.yaml`"),
        ],
        1,
    ),
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
    quick_first(
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
                "shopify_orders.csv:4:128: `Created at`: the value doesn't fit here and in 2 other lines, expected a"
                " day that exists, as YYYY-MM-DD, or with a time, as 2026-06-11 10:00:00 +0100",
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
        3,
    ),
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


SHIPPED = "\n".join(
    f"50{number},2026-03-05 10:12:00,{status},0,0,0,0,0,EUR,{customer},ESP-1,50.00,0,0,"
    for number, (status, customer) in enumerate(
        [
            *(("wc-completed", 11), ("Completed", 11), ("shipped", 11), ("Shipped", 11), ("on-hold", 11)),
            *(("On hold", 11), ("shipped", 0), ("completed", 0), ("a@b.example", 11), ("", 11)),
        ]
    )
)


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
