"""Heard answers: what members answered to forms, as `portal inbox` writes it into `inbox/answers.csv`.

The file has one row per question, and per choice of several. It may be missing. Rows of members who have left or are
unknown are dropped: who is forgotten is forgotten here, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from members_portal.loyalty.input.csv_cell import unguarded
from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.input.schema import read_day
from members_portal.loyalty.input.table_columns import Row

HEARD_FILE = "inbox/answers.csv"  # below the folder of programme.yaml
HEARD_COLUMNS = ("number", "received", "written", "form", "kind", "member", "tier", "about", "question", "answer")
HEARD_REQUIRED = ("number", "received", "form", "kind")
NOTE, FEEDBACK, THEME, EMPLOYEE = "note", "feedback", "theme", "employee"
_ANSWER_NUMBER = re.compile(r"A(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")


@dataclass(frozen=True)
class HeardAnswer:
    """One answer. `member` wrote it; a note of staff is `about` another member. `values` are by question."""

    number: str
    received: date
    form: str
    kind: str
    member: str = field(repr=False)
    about: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)

    @property
    def concerns(self) -> str:
        """The id of the member whose sheet shows the answer."""
        return self.about if self.kind == NOTE else self.member

    @property
    def theme(self) -> str:
        """The theme that the member chose, or an empty text."""
        return self.values.get(THEME, "")

    @property
    def words(self) -> dict[str, str]:
        """The values without the theme."""
        return {question: value for question, value in self.values.items() if question != THEME}


def read_heard(folder: Path, problems: list[Problem]) -> tuple[HeardAnswer, ...]:
    """Read the answers, newest first; add what is wrong with the file to `problems`."""
    path = folder / HEARD_FILE
    if not path.exists():
        return ()
    found: dict[str, HeardAnswer] = {}
    try:
        table = CsvTable(path, HEARD_COLUMNS, HEARD_REQUIRED)
        for raw in table.raw_rows(problems):
            _add_row(table.row(raw), found, problems)
    except InvalidInput as error:
        problems += error.problems
    return tuple(sorted(found.values(), key=lambda answer: (-answer.received.toordinal(), answer.number)))


def _add_row(row: Row, found: dict[str, HeardAnswer], problems: list[Problem]) -> None:
    """Add the question of a row to its answer."""
    wrong = list(_row_problems(row))
    problems += wrong
    if wrong:
        return
    number, texts = row.texts["number"], row.texts
    if number not in found:
        day, names = read_day(texts["received"][:10]), (texts.get("member", ""), texts.get("about", ""))
        found[number] = HeardAnswer(number, day, texts["form"], texts["kind"], *names, {})
    if "question" in texts and "answer" in texts:
        question, value = texts["question"], unguarded(texts["answer"])
        before = found[number].values
        together = f"{before[question]}, {value}" if question in before else value  # each choice of several has a row
        found[number] = replace(found[number], values={**before, question: together})


def _row_problems(row: Row) -> Iterable[Problem]:
    """Yield the cells that are missing or wrong; none is quoted: it may be anything a member wrote."""
    missing = [column for column in HEARD_REQUIRED if column not in row.texts]
    yield from (row.problem(column, f"`{column}` is missing", "a text") for column in missing)
    if "number" in row.texts and not _ANSWER_NUMBER.fullmatch(row.texts["number"]):
        yield row.problem("number", "not the number of an answer", "a number such as A-7K3Q-9XMP-2T4V")
    if "received" in row.texts:
        try:
            read_day(row.texts["received"][:10])
        except ValueError as error:
            yield row.problem("received", "not a day", str(error))


def heard_of(answers: Iterable[HeardAnswer], members: Collection[str], on: date) -> tuple[HeardAnswer, ...]:
    """Return the answers up to a day that concern one of these members."""
    return tuple(each for each in answers if each.received <= on and each.concerns in members)
