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
from members_portal.publish.till.till_list import book, read_list
from tests.coupon.test_redemption import CUP, OFFERS, ON, ROSTER, SECRET, code

HEADER = "date,member,kind,points,reference\r\n"


def till_list(folder: Path, *lines: str) -> Path:
    """Write a list in the format of the till's page."""
    file = folder / "till.csv"
    file.write_text(HEADER + "".join(f"{line}\r\n" for line in lines), "utf-8", newline="")
    return file


def test_members_are_named_and_codes_written_in_one_form(tmp_path: Path) -> None:
    kettle, cup = code("kettle", "M-1"), code("cup", "M-3")
    file = till_list(tmp_path, f"2026-11-20,,redemption,0,{kettle}", f"2026-11-21,,redemption,0,{cup.lower()}")
    booked = book(file, OFFERS, ROSTER, SECRET, today=ON)
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
    booked = book(file, OFFERS, ROSTER, SECRET, tmp_path / "ledger.csv", today=ON)
    assert booked.lines == line.format(code=kettle) + "\n"


def test_a_ledger_without_a_column_for_points_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text("date,member,kind,reference\n", "utf-8")
    file = till_list(tmp_path, f"2026-11-20,,redemption,0,{code('kettle', 'M-1')}")
    with pytest.raises(PublishError, match="has no column points"):
        book(file, OFFERS, ROSTER, SECRET, tmp_path / "ledger.csv", today=ON)


def test_what_is_nobodys_is_left_out_and_what_is_wrong_is_said(tmp_path: Path) -> None:
    kettle = code("kettle", "M-1")
    strange = code("kettle", "M-9")
    uses = [f"2026-11-{20 + day},,redemption,0,{text}" for day, text in enumerate((kettle, strange, kettle), -1)]
    file = till_list(tmp_path, *uses)
    booked = book(file, OFFERS, ROSTER, SECRET, today=ON)
    assert [str(finding) for finding in booked.findings] == [
        "line 3, kettle: no member on the roster has this code",
        "line 4, member M-1, kettle: used twice; once is allowed",
    ]
    assert booked.lines.splitlines()[1:] == [f"2026-11-19,M-1,redemption,0,{kettle}"]


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
    file = till_list(tmp_path, f"2026-11-20,,redemption,40,{code('cup', 'M-1')}")
    booked = book(file, [cup], ROSTER, SECRET, today=ON)
    assert booked.lines.splitlines()[1:] == [f"2026-11-20,M-1,redemption,40,{code('cup', 'M-1')}"]
    assert booked.findings == []
    file = till_list(tmp_path, f"2026-11-20,,redemption,99999,{code('cup', 'M-1')}")
    booked = book(file, [cup], ROSTER, SECRET, today=ON)
    assert booked.lines == ""
    assert [str(finding) for finding in booked.findings] == [
        "line 2, member M-1, cup: 99999 points in the list; the offer costs 40"
    ]


def test_a_slug_instead_of_a_code_is_reported(tmp_path: Path) -> None:
    booked = book(till_list(tmp_path, "2026-11-20,,redemption,0,cup"), OFFERS, ROSTER, SECRET, today=ON)
    assert booked.lines == ""
    assert [str(finding) for finding in booked.findings] == ["line 2: is no code: book it by hand"]


def test_a_list_booked_twice_gives_no_line(tmp_path: Path) -> None:
    cup, kettle = code("cup", "M-1"), code("kettle", "M-2")
    uses = [f"2026-11-20,,redemption,0,{text}" for text in (cup, cup, kettle)]
    first = book(till_list(tmp_path, *uses), OFFERS, ROSTER, SECRET, today=ON)
    earlier = [
        Redemption(line, date.fromisoformat(day), member, reference.lower())
        for line, (day, member, _, _, reference) in enumerate(csv.reader(first.lines.splitlines()[1:]), 2)
    ]
    assert len(earlier) == 3
    again = book(till_list(tmp_path, *uses), OFFERS, ROSTER, SECRET, earlier=earlier, today=ON)
    assert (again.lines, again.is_repeated, len(again.findings)) == ("", True, 3)

    more = book(
        till_list(tmp_path, *uses, f"2026-11-21,,redemption,0,{code('cup', 'M-3')}"),
        OFFERS,
        ROSTER,
        SECRET,
        earlier=earlier,
        today=ON,
    )
    assert not more.is_repeated
    assert more.lines.splitlines()[1:] == [f"2026-11-21,M-3,redemption,0,{code('cup', 'M-3')}"]
    assert str(more.findings[0]) == "line 2, member M-1, cup: is already in the ledger: not booked again"


def test_a_use_that_was_undone_in_the_ledger_is_not_booked_again(tmp_path: Path) -> None:
    """It does not count towards the limit: the other use of the list is booked."""
    kettle = code("kettle", "M-1")
    undone = [Redemption(2, date(2026, 11, 19), "M-1", kettle.lower())]
    uses = [f"2026-11-{day},,redemption,0,{kettle}" for day in (19, 20)]
    booked = book(till_list(tmp_path, *uses), OFFERS, ROSTER, SECRET, undone=undone, today=ON)
    assert booked.lines.splitlines()[1:] == [f"2026-11-20,M-1,redemption,0,{kettle}"]
    assert [str(each) for each in booked.findings] == [
        "line 2, member M-1, kettle: was undone in the ledger: not booked again"
    ]
    alone = book(till_list(tmp_path, uses[0]), OFFERS, ROSTER, SECRET, undone=undone, today=ON)
    assert (alone.lines, alone.is_repeated) == ("", True)


def test_a_use_twice_in_a_list_is_booked_once(tmp_path: Path) -> None:
    use = f"2026-11-20,,redemption,0,{code('kettle', 'M-1')}"
    booked = book(till_list(tmp_path, use, use), OFFERS, ROSTER, SECRET, today=ON)
    assert booked.lines.splitlines()[1:] == [f"2026-11-20,M-1,redemption,0,{code('kettle', 'M-1')}"]
    assert [str(each) for each in booked.findings] == ["line 3, member M-1, kettle: used twice; once is allowed"]


@pytest.mark.parametrize("day", ["2026-11-19", "2026-11-21"])
@pytest.mark.parametrize(
    ("slug", "reference", "uses", "problem"),
    [
        ("kettle", "code", 1, "used twice; once is allowed"),
        ("kettle", "slug", 1, "used twice; once is allowed"),
        ("cup", "code", 2, "used 3 times; twice is allowed"),
    ],
)
def test_the_limit_counts_the_uses_of_the_ledger_whatever_their_day(
    tmp_path: Path, slug: str, reference: str, uses: int, problem: str, day: str
) -> None:
    text = code(slug, "M-1")
    earlier = [
        Redemption(n, date(2026, 11, 20), "M-1", text if reference == "code" else slug) for n in range(2, 2 + uses)
    ]
    file = till_list(tmp_path, f"{day},,redemption,0,{text}", f"{day},,redemption,0,{code(slug, 'M-2')}")
    booked = book(file, OFFERS, ROSTER, SECRET, earlier=earlier, today=ON)
    assert booked.lines.splitlines()[1:] == [f"{day},M-2,redemption,0,{code(slug, 'M-2')}"]
    assert [str(finding) for finding in booked.findings] == [f"line 2, member M-1, {slug}: {problem}"]


def test_a_second_use_within_the_limit_is_booked(tmp_path: Path) -> None:
    cup = code("cup", "M-1")
    earlier = [Redemption(2, date(2026, 11, 20), "M-1", cup)]
    booked = book(
        till_list(tmp_path, f"2026-11-21,,redemption,0,{cup}"), OFFERS, ROSTER, SECRET, earlier=earlier, today=ON
    )
    assert (booked.lines.splitlines()[1:], booked.findings) == ([f"2026-11-21,M-1,redemption,0,{cup}"], [])


def test_a_use_that_is_left_out_does_not_count(tmp_path: Path) -> None:
    """Of the lines of one member, those outside the offer's days, segments or points leave the limit to the others."""
    yearly, kettle = replace(OFFERS[0], starts=date(2026, 6, 1), per="year"), code("kettle", "M-1")
    lines = [("2026-05-31", 0), ("2026-07-01", 0), ("2026-08-01", 5), ("2026-11-03", 0), ("2026-11-04", 0)]
    file = till_list(tmp_path, *(f"{day},,redemption,{points},{kettle}" for day, points in lines))
    booked = book(
        file, [yearly], ROSTER, SECRET, today=ON, outside=lambda uses: [use for use in uses if use[2].month == 7]
    )
    assert [str(finding) for finding in booked.findings] == [
        "line 2, member M-1, kettle: used 1 day before the offer starts",
        "line 3, member M-1, kettle: used by a member in none of the offer's segments on that day",
        "line 4, member M-1, kettle: 5 points in the list; the offer costs 0",
        "line 6, member M-1, kettle: used twice in the year; once is allowed",
    ]
    assert booked.lines.splitlines()[1:] == [f"2026-11-03,M-1,redemption,0,{kettle}"]


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        ("2026-11-22", "is dated after today, 2026-11-21"),
        ("2026-10-31", "used 1 day before the offer starts"),
        ("0001-01-01", "used 739920 days before the offer starts"),
    ],
)
def test_a_day_before_the_offer_or_in_the_future_is_reported(tmp_path: Path, day: str, problem: str) -> None:
    booked = book(till_list(tmp_path, f"{day},,redemption,0,{code('kettle', 'M-1')}"), OFFERS, ROSTER, SECRET, today=ON)
    assert booked.lines == ""
    assert [str(finding) for finding in booked.findings] == [f"line 2, member M-1, kettle: {problem}"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"2026-11-20,,redemption,0,caf\xe9", r"till.csv:2:29: byte 0xe9 isn't UTF-8"),
        (b"2026-11-20,,redemption,0," + b"X" * 200_000, r"till.csv:2:1: can't be read as CSV: field larger than"),
    ],
)
def test_a_list_that_cannot_be_read_names_the_place(tmp_path: Path, line: bytes, says: str) -> None:
    file = tmp_path / "till.csv"
    file.write_bytes(HEADER.encode() + line)
    with pytest.raises(InvalidInput, match=says):
        read_list(file)


def test_lines_are_counted_in_the_file(tmp_path: Path) -> None:
    use = f'"2026-11-20",,redemption,0,"{code("kettle", "M-1")}\n"'
    with pytest.raises(InvalidInput, match=r"till.csv:4:1: isn't a line of a till"):
        read_list(till_list(tmp_path, use, "more"))
