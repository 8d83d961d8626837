"""Members from flat rows of a customer database."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.member.member import Member, check_members
from members_portal.loyalty.member.member_table import MEMBER_COLUMNS, MEMBER_REQUIRED, members_in_table, nested
from tests.loyalty.small_club import PROGRAMME, programme_of

NEEDED = {"id": "M-1", "given name": "Maya", "formal name": "Ms Okafor", "joined": "2021-05-30", "tier": "gold"}


def read(folder: Path, text: str, programme: str = PROGRAMME) -> tuple[list[Member], list[Problem]]:
    """Read a CSV file; return the members and the problems."""
    (folder / "members.csv").write_bytes(text.encode())
    problems: list[Problem] = []
    entries = members_in_table(CsvTable(folder / "members.csv", MEMBER_COLUMNS, MEMBER_REQUIRED), problems)
    return check_members(entries, programme_of(folder, programme), problems), problems


def one(folder: Path, delimiter: str = ";", **more: str) -> Member:
    """Read one member, with more columns."""
    columns = NEEDED | more
    members, problems = read(folder, f"{delimiter.join(columns)}\r\n{delimiter.join(columns.values())}\r\n")
    assert problems == []
    return members[0]


def test_every_key_of_a_member_has_a_column() -> None:
    inner = {"address_lines", "postcode", "city", "country"}
    assert set(MEMBER_COLUMNS) == (set(Member.model_fields) - {"address"}) | inner


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_cells_are_parted_by_commas_semicolons_or_tabs(tmp_path: Path, delimiter: str, mark: str) -> None:
    members, problems = read(tmp_path, mark + delimiter.join(NEEDED) + "\n" + delimiter.join(NEEDED.values()) + "\n")
    assert ([member.id for member in members], problems) == (["M-1"], [])


def test_names_of_columns_may_be_in_quotes_and_capitals(tmp_path: Path) -> None:
    header = '"ID";"Given Name";"FORMAL_NAME";"Joined";"Tier"'
    members, problems = read(tmp_path, f"{header}\n{';'.join(NEEDED.values())}\n")
    assert (members[0].formal_name, problems) == ("Ms Okafor", [])


def test_tiers_of_other_times_are_in_one_cell(tmp_path: Path) -> None:
    given = one(tmp_path, tiers_given="gold 2025-01-01 2025-06-30, silver 2024-01-01").tiers_given
    assert [(each.tier, str(each.from_), str(each.until)) for each in given] == [
        ("gold", "2025-01-01", "2025-06-30"),
        ("silver", "2024-01-01", "None"),
    ]
    assert one(tmp_path, tiers_given="").tiers_given == ()


@pytest.mark.parametrize("cell", ["gold", "gold 1.1.2025", "gold 2025-01-01 until 2025-02-01", "2025-01-01"])
def test_a_tier_of_another_time_without_its_days_is_a_problem(tmp_path: Path, cell: str) -> None:
    header, row = ";".join([*NEEDED, "tiers given"]), ";".join([*NEEDED.values(), cell])
    assert [problem.column for problem in read(tmp_path, f"{header}\n{row}\n")[1]]


@pytest.mark.parametrize(
    "lines", ["The Dispensary / Chapel Lane", '"The Dispensary\r\nChapel Lane"', '"The Dispensary\n\n Chapel Lane "']
)
def test_an_address_has_its_lines(tmp_path: Path, lines: str) -> None:
    address = one(tmp_path, **{"address lines": lines, "city": "Cork", "country": "IE"}).address
    assert address is not None
    assert (address.lines, address.postcode) == (("The Dispensary", "Chapel Lane"), None)


def test_a_slash_without_spaces_is_part_of_a_line() -> None:
    assert nested({"address_lines": "Flat 3/2 / 7 High St"})["address"]["lines"] == ["Flat 3/2", "7 High St"]


@pytest.mark.parametrize("words", ["espresso decaf", "espresso,decaf", " espresso ,  decaf ", '"espresso\ndecaf"'])
def test_words_stand_between_spaces_or_commas(tmp_path: Path, words: str) -> None:
    assert one(tmp_path, interests=words).interests == ("espresso", "decaf")


def test_consent_names_what_was_agreed_to_and_nothing_else_was(tmp_path: Path) -> None:
    assert one(tmp_path, consent="post").consent == {"post": True}
    assert one(tmp_path, consent="").consent == {}


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("", False)])
def test_yes_and_no_are_what_databases_write(tmp_path: Path, written: str, meant: bool) -> None:
    assert one(tmp_path, staff=written).staff is meant


def test_a_tier_may_be_left_to_the_ledger(tmp_path: Path) -> None:
    text = "id,given name,formal name,joined\nM-1,Maya,Ms Okafor,2021-05-30\n"
    assert [str(problem).partition("csv:")[2] for problem in read(tmp_path, text)[1]] == [
        "2:1: `tier` is missing, expected member, silver, gold"
    ]
    rules = PROGRAMME.replace("summary: You buy often.", "reach: 100, summary: x")
    rules = rules.replace("summary: You tell others.", "reach: 200, summary: x") + "qualifying: {basis: spend}\n"
    members, problems = read(tmp_path, text, rules)
    assert (members[0].tier, problems) == (None, [])


def test_columns_that_are_not_known_are_listed_and_not_kept(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text(";".join((*NEEDED, "Telefon", "Mail", "", "phon")) + "\n")
    table = CsvTable(tmp_path / "members.csv", MEMBER_COLUMNS, MEMBER_REQUIRED)
    meant = ("Mail (did you mean `email`?)", "phon (did you mean `phone`?)")
    assert table.header.dropped == ("Telefon", meant[0], "column 8", meant[1])
    assert set(table.header.places) == {"id", "given_name", "formal_name", "joined", "tier"}


def test_what_stands_under_a_wrong_header_is_not_quoted(tmp_path: Path) -> None:
    _, problems = read(tmp_path, f"{','.join(NEEDED)}\nM-1,Maya,Ms Okafor,2021-05-30,maya@post.example\n")
    assert [str(problem).partition("csv:")[2] for problem in problems] == [
        "2:31: unknown tier, expected member, silver, gold"
    ]


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"members\.csv: can't be read: No such file"):
        CsvTable(tmp_path / "members.csv", MEMBER_COLUMNS, MEMBER_REQUIRED).header  # noqa: B018 - it is read when asked for
