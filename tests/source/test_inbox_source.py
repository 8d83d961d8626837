"""The ledger of the inbox behind that of any source: the same lines, problems with the right file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from tests.long_cases import quick_and_long, quick_first
from tests.loyalty.small_club import programme_of
from tests.source.small_ledger import LINES, RULES, WRITERS, in_csv
from tests.source.test_sources import lines, people_of

HEADER = "date,member,kind,amount,currency,points,reference,item,tags,note\n"
ADDED: list[tuple[Any, ...]] = [
    (4, "M-1", "2026-03-06", "adjustment", None, 25, "A-7K3Q-9XMP-2T4V", None, []),
    (9, "M-3", "2026-03-07", "survey", None, None, "A-0000-0000-0001", None, []),
]


def credits(folder: Path, *rows: str) -> None:
    (folder / "inbox").mkdir(exist_ok=True)
    (folder / "inbox" / "ledger.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows))
    taken = (f"{row.split(',')[6]},2026-03-06,forms/x,survey\n" for row in rows)
    (folder / "inbox" / "taken.csv").write_text("number,received,form,kind\n" + "".join(taken))


@pytest.mark.parametrize("kind", quick_and_long(WRITERS, ["yaml", "sqlite"]))
def test_the_lines_of_the_inbox_are_lines_of_the_ledger(kind: str, tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path, RULES)
    address = WRITERS[kind](tmp_path, database)
    credits(
        tmp_path,
        "2026-03-06,M-1,adjustment,,,25,A-7K3Q-9XMP-2T4V,,,'=x",
        "2026-03-07,M-3,survey,,,,A-0000-0000-0001,,,",
    )
    found = lines(people_of(tmp_path, address, programme))
    assert [line[1:] for line in found if str(line[6]).startswith("A-")] == [line[1:] for line in ADDED]
    assert [line[1:] for line in found if not str(line[6]).startswith("A-")] == [line[1:] for line in LINES]


@pytest.mark.parametrize("kind", quick_first(["yaml", "csv", "sqlite"], 1))
def test_a_problem_names_the_file_and_the_line(kind: str, tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path, RULES)
    address = WRITERS[kind](tmp_path, database)
    credits(tmp_path, "2026-03-06,M-1,adjustment,,,25,A-1,,,", "2026-03-06,M-9,adjustment,,,25,A-2,,,")
    with pytest.raises(InvalidInput) as caught:
        people_of(tmp_path, address, programme)
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems] == [
        "inbox/ledger.csv:3:12: unknown member `M-9`, expected the id of a member"
    ]


def test_without_another_ledger_it_is_the_ledger(tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path, RULES)
    address = in_csv(tmp_path, database)
    (tmp_path / "ledger.csv").unlink()
    credits(tmp_path, "2026-03-06,M-1,adjustment,,,25,A-1,,,")
    assert [line[1:6] for line in lines(people_of(tmp_path, address, programme))] == [
        ("M-1", "2026-03-06", "adjustment", None, 25)
    ]


@pytest.mark.parametrize("kind", quick_first(["yaml", "csv", "sqlite"], 1))
def test_lines_of_a_run_that_was_killed_before_its_commit_are_not_read(
    kind: str, tmp_path: Path, database: str
) -> None:
    programme = programme_of(tmp_path, RULES)
    address = WRITERS[kind](tmp_path, database)
    credits(tmp_path, "2026-03-06,M-1,adjustment,,,25,A-1,,,")
    with (tmp_path / "inbox" / "ledger.csv").open("a") as file:
        file.write("2026-03-06,M-1,adjustment,,,50,A-2,,,\n")
    found = lines(people_of(tmp_path, address, programme))
    assert [line[6] for line in found if str(line[6]).startswith("A-")] == ["A-1"]
    (tmp_path / "inbox" / "taken.csv").unlink()
    found = lines(people_of(tmp_path, address, programme))
    assert [line[6] for line in found if str(line[6]).startswith("A-")] == []
