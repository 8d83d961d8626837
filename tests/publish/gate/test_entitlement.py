"""Entitlement of every member to every item, read from the sealed release with the member's code."""

from __future__ import annotations

from datetime import date

import pytest

from members_portal.publish.context import make_context
from members_portal.publish.validation import validate
from tests.long_cases import quick_and_long
from tests.publish.project import DAY, EDITIONS, MEMBERS, Project

TABLE = """
                                        public  member  pewter  brass  copper  staff
    promise/lit-by-dusk/                   x       x       x      x       x      x
    visit/                                 x       x       x      x       x      x
    reports/the-drowned-bell/                                     x       x      x
    reports/oil-ledger/                            x       x      x       x      x
    announcements/moonless-regatta/                                       x      x
    announcements/unwritten/
    offers/wick-voucher/                           x       x      x       x      x
    offers/chandlers-discount/                             x      x       x      x
    events/night-of-lanterns/                      x       x      x       x      x
    newsletters/letter-one/                                x              x      x
    you-said-we-did/till-drill/                                                  x
"""


def read_table() -> dict[str, set[str]]:
    """Return the readers of each address from the table."""
    head, *rows = [line for line in TABLE.splitlines() if line.strip()]
    middles = {name: head.index(name) + len(name) // 2 for name in head.split()}
    readers = {}
    for row in rows:
        crosses = [index for index, letter in enumerate(row) if letter == "x" and index > 40]
        readers[row.split()[0]] = {min(middles, key=lambda name: abs(middles[name] - cross)) for cross in crosses}
    return readers


def readers_of(project: Project, url: str) -> set[str]:
    """Return the readers that find an address in the release."""
    page = f"{url}index.html"
    found = {EDITIONS[member] for member in MEMBERS if page in project.open(member).manifest["files"]}
    return found | ({"public"} if (project.release / page).is_file() else set())


def test_everybody_reads_what_the_table_says(harbour: Project) -> None:
    table = read_table()
    assert {url: readers_of(harbour, url) for url in table} == table
    print(f"entitlements={len(table) * len(MEMBERS)}")


@pytest.mark.parametrize("day", quick_and_long([DAY, "2026-12-08", "2026-12-24", "2026-11-10"], {DAY}))
def test_the_release_is_the_gates_table(day: str, project: Project) -> None:
    project.publish(day)
    today = date.fromisoformat(day)
    context = make_context(project.environ(), root=project.root, on=today, today=today, now=1)
    inputs = validate(context, None)
    for item in inputs.library.items.values():
        expected = {reader for reader in inputs.programme.readers if item.visible_to(reader, today)}
        assert readers_of(project, item.url) == expected, (day, item.path)


def test_pictures_and_attachments_are_where_a_page_shows_them(harbour: Project) -> None:
    for path, readers in {
        "images/bell-rubbing.png": {"L-103", "L-104", "L-105", "L-106"},
        "images/soundings.pdf": {"L-103", "L-104", "L-105", "L-106"},
        "images/quay-map.pdf": set(MEMBERS),
    }.items():
        assert {member for member in MEMBERS if path in harbour.open(member).manifest["files"]} == readers
    assert not (harbour.release / "images" / "bell-rubbing.png").exists()


def test_calendars_of_events_are_with_the_readers_of_the_events(harbour: Project) -> None:
    for path in ("events/night-of-lanterns/night-of-lanterns.ics", "events/calendar.ics"):
        found = {EDITIONS[member] for member in MEMBERS if path in harbour.open(member).manifest["files"]}
        assert found == read_table()["events/night-of-lanterns/"], path
        assert not (harbour.release / path).exists()
    [key, kind, size, _] = harbour.open("L-103").manifest["files"]["events/calendar.ics"]
    assert (kind, bool(key), bool(size)) == ("text/calendar", True, True)
    assert b"SUMMARY:" in harbour.open("L-103").read("events/calendar.ics")


def test_a_photo_of_an_account_manager_is_with_the_key_customers_only(harbour: Project) -> None:
    with_photo = {member for member in MEMBERS if "images/signe.png" in harbour.open(member).record["files"]}
    assert with_photo == {"L-104", "L-105"}


def test_everybody_is_greeted_by_their_own_name_and_no_other(harbour: Project) -> None:
    called = ("Torvald", "Ms Obiakor", "芳泽", "شيرين", "Aurelie", "Halvdan")
    for member, name in zip(MEMBERS, called, strict=True):
        page = harbour.open(member).page("", date.fromisoformat(DAY))
        assert [other for other in called if other in page] == [name]


def test_lower_tiers_see_a_teaser_and_nothing_else_of_an_item(harbour: Project) -> None:
    tiers = harbour.open("L-101").read("tiers/").decode()
    assert "Something has been lifted from the fjord" in tiers
    pages = [harbour.open("L-101").read(path) for path in harbour.open("L-101").manifest["files"]]
    for word in (b"Skagerholm", b"drowned-bell", b"Maristuen", b"till-drill"):
        assert not any(word in page for page in pages)
