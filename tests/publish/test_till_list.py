"""Ledger lines from a till's list, in the columns of the ledger."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from members_portal.coupon.redemption import Redemption
from members_portal.loyalty.input.problem import InvalidInput
from members_portal.publish.publish_error import PublishError
from members_portal.publish.till_list import book, read_list
from tests.coupon.test_redemption import CUP, OFFERS, ROSTER, SECRET, code

HEADER = "date,member,kind,points,reference\r\n"


def till_list(folder: Path, *lines: str) -> Path:
    """Write a list in the format of the till's page."""
    file = folder / "till.csv"
    file.write_text(HEADER + "".join(f"{line}\r\n" for line in lines), "utf-8", newline="")
    return file


def test_members_are_named_and_codes_written_in_one_form(tmp_path: Path) -> None:
    kettle, cup = code("kettle", "M-1"), code("cup", "M-3")
    file = till_list(tmp_path, f"2026-11-20,,redemption,0,{kettle}", f"2026-11-21,,redemption,0,{cup.lower()}")
    booked = book(file, OFFERS, ROSTER, SECRET)
    assert booked.findings == []
    assert booked.lines.splitlines() == [
        "date,member,kind,points,reference",
        f"2026-11-20,M-1,redemption,0,{kettle}",
        f"2026-11-21,M-3,redemption,0,{cup}",
    ]


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("date,member,kind,amount,points,reference,tags", "2026-11-20,M-1,redemption,,0,{code},"),
        ("\ufeffreference;points;kind;member;date", "{code};0;redemption;M-1;2026-11-20"),
    ],
)
def test_lines_stand_as_in_the_ledger_that_is_there(tmp_path: Path, header: str, line: str) -> None:
    (tmp_path / "ledger.csv").write_text(f"{header}\n", "utf-8")
    kettle = code("kettle", "M-1")
    file = till_list(tmp_path, f"2026-11-20,,redemption,0,{kettle}")
    booked = book(file, OFFERS, ROSTER, SECRET, tmp_path / "ledger.csv")
    assert booked.lines == line.format(code=kettle) + "\n"


def test_a_ledger_without_a_column_for_points_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text("date,member,kind,reference\n", "utf-8")
    file = till_list(tmp_path, f"2026-11-20,,redemption,0,{code('kettle', 'M-1')}")
    with pytest.raises(PublishError, match="has no column points"):
        book(file, OFFERS, ROSTER, SECRET, tmp_path / "ledger.csv")


def test_what_is_nobodys_is_left_out_and_what_is_wrong_is_said(tmp_path: Path) -> None:
    kettle = code("kettle", "M-1")
    strange = code("kettle", "M-9")
    uses = [f"2026-11-2{day},,redemption,0,{text}" for day, text in enumerate((kettle, strange, kettle))]
    file = till_list(tmp_path, *uses)
    booked = book(file, OFFERS, ROSTER, SECRET)
    assert [str(finding) for finding in booked.findings] == [
        "line 3, kettle: no member on the roster has this code",
        "line 4, member M-1, kettle: used twice; once is allowed",
    ]
    assert booked.lines.count("M-1") == 2
    assert strange not in booked.lines


@pytest.mark.parametrize(
    "line",
    [
        "2026-02-30,,redemption,0,X",
        "2026-11-20,,purchase,0,X",
        "2026-11-20,M-2,redemption,0,X",
        "2026-11-20,,redemption,-1,X",
        "2026-11-20,,redemption,many,X",
        "2026-11-20,,redemption,0",
        "2026-11-20,,redemption,0,X,Y",
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    file = till_list(tmp_path, f"2026-11-20,,redemption,0,{code('cup', 'M-1')}", line)
    with pytest.raises(InvalidInput, match=r"till.csv:3:1: isn't a line of a till"):
        read_list(file)


@pytest.mark.parametrize("text", ["", "date,member\n", "a picture"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.csv").write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match="isn't a till's list"):
        read_list(tmp_path / "other.csv")


def test_points_are_those_of_the_offer(tmp_path: Path) -> None:
    cup = replace(CUP, points=40)
    file = till_list(tmp_path, f"2026-11-20,,redemption,99999,{code('cup', 'M-1')}")
    booked = book(file, [cup], ROSTER, SECRET)
    assert booked.lines.splitlines()[1:] == [f"2026-11-20,M-1,redemption,40,{code('cup', 'M-1')}"]
    assert [str(finding) for finding in booked.findings] == [
        "line 2, member M-1, cup: 99999 points in the list; the offer costs 40"
    ]


def test_a_slug_instead_of_a_code_is_reported(tmp_path: Path) -> None:
    booked = book(till_list(tmp_path, "2026-11-20,,redemption,0,cup"), OFFERS, ROSTER, SECRET)
    assert booked.lines == ""
    assert [str(finding) for finding in booked.findings] == ["line 2: is no code: book it by hand"]


def test_a_list_booked_twice_gives_no_line(tmp_path: Path) -> None:
    cup, kettle = code("cup", "M-1"), code("kettle", "M-2")
    uses = [f"2026-11-20,,redemption,0,{text}" for text in (cup, cup, kettle)]
    first = book(till_list(tmp_path, *uses), OFFERS, ROSTER, SECRET)
    earlier = [
        Redemption(line, date.fromisoformat(day), member, reference.lower())
        for line, (day, member, _, _, reference) in enumerate(csv.reader(first.lines.splitlines()[1:]), 2)
    ]
    assert len(earlier) == 3
    again = book(till_list(tmp_path, *uses), OFFERS, ROSTER, SECRET, earlier=earlier)
    assert (again.lines, again.is_repeated, len(again.findings)) == ("", True, 3)

    more = book(
        till_list(tmp_path, *uses, f"2026-11-21,,redemption,0,{code('cup', 'M-3')}"),
        OFFERS,
        ROSTER,
        SECRET,
        earlier=earlier,
    )
    assert not more.is_repeated
    assert more.lines.splitlines()[1:] == [f"2026-11-21,M-3,redemption,0,{code('cup', 'M-3')}"]
    assert str(more.findings[0]) == "line 2, member M-1, cup: is already in the ledger: not booked again"
