"""The editor's plan of an issue: sections of items from the site, charts, and recipients of letters."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from members_portal.loyalty.input.schema import NonEmpty, Record, Text, Words, decimal_of, misfit


def _listed(value: Any) -> Any:
    """Split `reports, offers` into a list."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _between(least: int, most: int, noun: str) -> BeforeValidator:
    def count(value: Any) -> Any:
        if isinstance(value, list) and not least <= len(value) <= most:
            raise ValueError(f"{least} to {most} {noun}")
        return value

    return BeforeValidator(count)


class Selection(Record):
    """A section of an issue: the news of a kind, or the items that the editor names.

    `full` holds the paths of the items printed with their whole text; `print` applies to all items. `items` and `full`
    are excluded from dumps of the record: some readers of the newsletter may not see the items they name.
    """

    kind: Annotated[Text | None, StringConstraints(to_lower=True)] = None
    title: Text | None = None
    items: Annotated[Words, NonEmpty, Field(exclude=True)] = ()
    full: Annotated[Words, NonEmpty, Field(exclude=True)] = ()
    print: Literal["full", "summary"] | None = None

    @model_validator(mode="after")
    def _is_consistent(self) -> "Selection":
        if not self.kind and not self.items:
            raise misfit("a section of nothing", "a kind such as `reports`, or `title` and `items`")
        if self.kind and self.items:
            raise misfit("`kind` beside `items`", "one of them", "kind")
        if self.items and not self.title:
            raise misfit("`title` is missing", "what stands above these items")
        if self.full and self.print:
            raise misfit("`full` beside `print`", "one of them", "print")
        return self

    def prints_whole(self, path: str) -> bool:
        """Tell whether an item of this section is printed with its whole text."""
        return self.print == "full" or path in self.full


class ChartValue(Record):
    """One bar of a chart."""

    label: Annotated[Text, StringConstraints(max_length=30)]
    value: Annotated[Decimal, decimal_of(4, "0", "a number from 0 on, such as 12.5: no bar goes below the line")]


class Bars(Record):
    """A bar chart. `note` is the caption."""

    title: Text
    note: str = ""
    unit: str = ""
    values: Annotated[tuple[ChartValue, ...], _between(2, 12, "bars")]


def _of_kind(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


def last_issue(value: Any) -> Any:
    """Read `last-issue` as None, or pass a day on."""
    if not isinstance(value, str) or not re.match(r"last-issue$|[0-9]", value):
        raise ValueError("`last-issue`, or a day as YYYY-MM-DD")
    return None if value == "last-issue" else value


Selections = Annotated[
    tuple[Annotated[Selection, BeforeValidator(_of_kind)], ...], BeforeValidator(_listed), _between(1, 20, "sections")
]
Charts = Annotated[tuple[Bars, ...], _between(1, 2, "charts")]
ListedWords = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
