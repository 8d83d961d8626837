"""What the desk writes of the sample: the short list for all staff, sheets and lists for those who may read them."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from pelican import Pelican

from tests.portal.small_portal import PROJECT, settings_of

WAITS = "A-5ZQ1-TKW0-A7ET"
SHEETS = "members/{}/desk/sheets-0.json"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(tmp_path_factory.mktemp("desk"))


def rendered(folder: Path) -> Path:
    """Render the sample with its theme; its newest feedback is not answered."""
    shutil.copytree(PROJECT / "members", folder / "members")
    answered = folder / "members/inbox/answered.csv"
    answered.write_text(answered.read_text("utf-8").replace(f"{WAITS},2026-11-19,Inês\n", ""), "utf-8")
    more: dict[str, Any] = {"PATH": str(PROJECT / "content"), "THEME": str(PROJECT / "theme")}
    Pelican(settings_of(folder, **more | {"PORTAL_TODAY": "2026-11-28"})).run()
    return folder / "tree"


def read(tree: Path, path: str) -> Any:
    return json.loads((tree / path).read_text("utf-8"))


def plain(html: str) -> str:
    """Return the text of some HTML."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_list_for_all_staff_has_seven_facts_of_each_member_and_no_staff(tree: Path) -> None:
    found = read(tree, "editions/staff/desk/members.json")
    rows = {row[0]: row for row in found["rows"]}
    assert len(rows) == 30
    assert {len(row) for row in rows.values()} == {7}
    assert rows["M-1022"][1:3] == ["Grzegorz Chrząstowicz-Ściborski", found["tiers"].index("Gold")]
    assert rows["M-1022"][6] == 1  # a birthday in the week
    assert "@" not in json.dumps(found)
    size = (tree / "editions/staff/desk/members.json").stat().st_size
    print(f"desk_bytes_per_member={size // len(rows)}")
    assert size / len(rows) < 120


def test_managers_get_all_sheets_and_an_account_manager_the_customers(tree: Path) -> None:
    assert len(read(tree, SHEETS.format("S-01"))) == 30
    assert set(read(tree, SHEETS.format("S-02"))) == {"M-1015", "M-1017"}


def test_a_sheet_tells_where_a_member_stands_and_why(tree: Path) -> None:
    sheet = plain(read(tree, SHEETS.format("S-01"))["M-1016"])
    for words in (
        "Jean-Baptiste L'Écuyer de Kermorvan",
        "Why Silver €117.60 since 1 January 2026",
        "To Gold €532.40 by 31 December 2026",
        "Last order 31 March 2026",
        "50 beans for the birthday 14 July 2026",
        "Segments Gone quiet",
        "Note of staff Reason: Something else Moved in summer",
    ):
        assert words in sheet, words


def test_the_lists_have_the_members_of_the_reader_alone(tree: Path) -> None:
    managers = plain(read(tree, "members/S-01/desk/own.json")["lists"])
    assert "Ελπινίκη Παπασχοινά €92.30 to Gold" in managers
    assert "last order 31 March 2026 , €465.30 in the year before" in managers
    assert "Moved in summer" in managers
    assert "Ring in January" not in plain(read(tree, "members/S-02/desk/own.json")["lists"])
    assert [row[0] for row in read(tree, "members/S-02/desk/own.json")["contacts"]] == ["M-1015", "M-1017"]


def test_what_waits_longer_than_promised_is_listed_and_all_staff_read_how_much(tree: Path) -> None:
    listed = f"wrote on 19 November 2026 , promised by 23 November 2026 ; {WAITS}"
    assert listed in plain(read(tree, "members/S-01/desk/own.json")["lists"])
    assert WAITS not in (tree / "members/S-02/desk/own.json").read_text("utf-8")
    page = (tree / "editions/staff/desk/index.html").read_text("utf-8")
    assert "1 message waits longer than we promise." in page
    assert WAITS not in page


def test_what_members_wrote_is_text(tree: Path) -> None:
    assert "Zoë &lt;the Elder&gt; Vandersteene" in read(tree, SHEETS.format("S-01"))["M-1014"]


def test_members_and_the_public_have_nothing_of_the_desk(tree: Path) -> None:
    elsewhere = [
        path.relative_to(tree).as_posix() for path in tree.rglob("*") if "desk" in path.relative_to(tree).parts
    ]
    assert {path.split("/desk")[0] for path in elsewhere} == {"editions/staff", "members/S-01", "members/S-02"}


@pytest.mark.long
def test_the_same_inputs_give_the_same_bytes(tree: Path, tmp_path: Path) -> None:
    again = rendered(tmp_path)
    for path in ("editions/staff/desk/members.json", "members/S-01/desk/own.json", SHEETS.format("S-01")):
        assert (tree / path).read_bytes() == (again / path).read_bytes()
