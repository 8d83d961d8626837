"""Problems of a row in the words of its export: with the export's name of the column, and its form of a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Row

WRITTEN_FORM = "as YYYY-MM-DD"
EXPORTED_DAY = f"{WRITTEN_FORM}, or with a time, as 2026-06-11 10:00:00 +0100"


@dataclass(frozen=True)
class ExportRow(Row):
    """A row of this portal that was read from an export; `columns` are the export's names by column."""

    columns: Mapping[str, str | None] = field(default_factory=dict)

    def problem(self, column: str, what: str, expected: str = "", hint: str = "") -> Problem:
        named = self.columns.get(column)
        if named and named != column:
            what, expected = in_export(what, column, named), expected.replace(WRITTEN_FORM, EXPORTED_DAY)
        return super().problem(column, what, expected, hint)


def in_export(what: str, column: str, named: str) -> str:
    """Return words with the export's name of a column: `amount: the value` becomes `` `Price`: the value``."""
    own = re.escape(column).replace("_", "[ _]")
    what = re.sub(f"^{own}: ", lambda _: f"`{named}`: ", what)
    return re.sub(f"`{own}` (?=is missing)", lambda _: f"`{named}` ", what)
