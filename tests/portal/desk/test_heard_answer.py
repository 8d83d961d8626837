"""The answers that the desk shows: rows of a file become answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from members_portal.inbox.record.inbox_row import AnswerRow
from members_portal.loyalty.input.problem import Problem
from members_portal.portal.desk.heard_answer import HEARD_COLUMNS, HEARD_FILE, HeardAnswer, heard_of, read_heard

HEAD = "number,received,written,form,kind,member,tier,about,question,answer\n"
ON = date(2026, 11, 20)


def heard(folder: Path, rows: str) -> tuple[tuple[HeardAnswer, ...], list[Problem]]:
    """Write the file below a folder and read it."""
    problems: list[Problem] = []
    (folder / HEARD_FILE).parent.mkdir(parents=True, exist_ok=True)
    (folder / HEARD_FILE).write_text(HEAD + rows, "utf-8")
    return read_heard(folder, problems), problems


def test_the_columns_are_those_of_the_inbox() -> None:
    assert HEARD_COLUMNS == AnswerRow._fields


def test_without_the_file_nobody_said_anything(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert (read_heard(tmp_path, problems), problems) == ((), [])


def test_the_rows_of_a_number_are_one_answer_and_the_newest_comes_first(tmp_path: Path) -> None:
    found, problems = heard(
        tmp_path,
        "A-0000-0000-0001,2026-11-01,,forms/tell-us,feedback,M-1,gold,,theme,Delivery\n"
        "A-0000-0000-0001,2026-11-01,,forms/tell-us,feedback,M-1,gold,,words,'=1+1 late\n"
        "A-0000-0000-0002,2026-11-03T09:00,,forms/liked,survey,M-1,gold,,likes,Filter\n"
        "A-0000-0000-0002,2026-11-03T09:00,,forms/liked,survey,M-1,gold,,likes,Decaf\n",
    )
    assert problems == []
    assert [(one.number[-1], one.received.day, dict(one.values)) for one in found] == [
        ("2", 3, {"likes": "Filter, Decaf"}),
        ("1", 1, {"theme": "Delivery", "words": "=1+1 late"}),
    ]


def test_a_note_concerns_the_member_whom_it_is_about(tmp_path: Path) -> None:
    (note,), _ = heard(tmp_path, "A-0000-0000-0001,2026-11-01,,forms/note,note,S-1,,M-1,reason,Moved away\n")
    assert note.concerns == "M-1"


def test_who_is_forgotten_and_what_comes_later_is_dropped(tmp_path: Path) -> None:
    found, _ = heard(
        tmp_path,
        "A-0000-0000-0001,2026-11-01,,f,feedback,M-1,,,words,Good\n"
        "A-0000-0000-0002,2026-11-01,,f,feedback,M-2,,,words,Gone\n"
        "A-0000-0000-0003,2026-11-21,,f,feedback,M-1,,,words,Later\n",
    )
    assert [one.number[-1] for one in heard_of(found, {"M-1"}, ON)] == ["1"]


def test_a_wrong_cell_is_told_with_its_place_and_is_not_quoted(tmp_path: Path) -> None:
    _, problems = heard(
        tmp_path,
        "A-ILOU-0000-0001,2026-11-01,,f,feedback,M-1,,,words,Secret\nA-0000-0000-0002,Secret,,f,feedback,M-1,,,words,x\n",
    )
    assert [(one.line, one.column, one.what) for one in problems] == [
        (2, 1, "not the number of an answer"),
        (3, 18, "not a day"),
    ]
    assert "Secret" not in str(problems)
