"""The same members and the same ledger from every source."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from members_portal.loyalty.programme.programme import Programme
from members_portal.source.open_source import open_source
from members_portal.source.people import People, load_people
from tests.loyalty.small_club import programme_of
from tests.source.small_ledger import LINES, RULES, WRITERS, in_yaml

TODAY = date(2026, 11, 20)


def people_of(folder: Path, address: str | None, programme: Programme) -> People:
    """Read members and ledger from an address."""
    with open_source(folder, address) as source:
        return load_people(source, programme, TODAY)


def lines(people: People) -> list[tuple[Any, ...]]:
    """Return the lines of a ledger."""
    assert people.ledger is not None
    found = people.ledger.con.execute("select * from line order by n").fetchall()
    return [(n, member, str(day), *rest) for n, member, day, *rest in found]


@pytest.mark.parametrize("kind", WRITERS)
def test_members_and_lines_are_the_same_from_everywhere(kind: str, tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path / "plain", RULES)
    in_yaml(tmp_path / "plain", database)
    plain = people_of(tmp_path / "plain", None, programme)
    (tmp_path / kind).mkdir()
    people = people_of(tmp_path / kind, WRITERS[kind](tmp_path / kind, database), programme)
    assert sorted(people.members, key=lambda member: member.id) == plain.members
    assert lines(people) == lines(plain) == LINES
    assert people.ledger is not None
    assert people.ledger.lines == len(LINES)


@pytest.mark.parametrize(("kind", "dropped"), [
    ("yaml", {}),
    ("csv", {"members.csv": ("Shoe Size",)}),
    ("sqlite", {"portal_members": ("shoe_size",)}),
    ("postgresql", {"portal_members": ("shoe_size",)}),
])  # fmt: skip
def test_columns_nobody_asked_for_are_listed(kind: str, dropped: dict[str, Any], tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path, RULES)
    people = people_of(tmp_path, WRITERS[kind](tmp_path, database), programme)
    assert {Path(name).name: columns for name, columns in people.dropped.items()} == dropped
