"""Members in a table: from the flat row of a customer database to what members.yaml says of a member.

Columns are called as the keys of members.yaml are, in any case, with spaces or underscores. What is nested there is
flat here: `address_lines` (parted by ` / ` or line ends), `postcode`, `city`, `country`. `interests` and `consent` are
words parted by spaces or commas; consent names the channels that were agreed to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from members_portal.loyalty.input.located_yaml import Located, Mark, Path_
from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table import INVISIBLE, Found, Row, Table
from members_portal.loyalty.member.member import Entry, Member

ADDRESS = {"address_lines": "lines", "postcode": "postcode", "city": "city", "country": "country"}
COLUMNS = (*(name for name in Member.model_fields if name != "address"), *ADDRESS)
REQUIRED = tuple(name for name, field in Member.model_fields.items() if field.is_required())
WORD = re.compile(r"[\w ./-]{1,40}")
FLAGS = {"1": "true", "0": "false"}  # as databases without true and false have them


@dataclass
class RowPlaces(Located):
    """Where the parts of a member stand in a row."""

    row: Row | None = None

    def mark(self, path: Path_, *, key: bool = False) -> Mark:
        return self.row.mark(_column(path)) if self.row else (0, 0)

    def problem(self, path: Path_, what: str, expected: str = "", hint: str = "", *, key: bool = False) -> Problem:
        """Make a problem; a word that is none is not quoted, since under a wrong header it may be anything."""
        return super().problem(path, re.sub(r" `([^`]*)`", _only_words, what), expected, hint, key=key)


def members_in_table(table: Table[Found], problems: list[Problem]) -> Iterator[Entry]:
    """Read a table of members; raise InvalidInput when it lacks a column that every member needs."""
    for record in table.records(problems):
        row = table.row(record)
        problems += _invisible(row)
        yield Entry(RowPlaces(row.file, private=True, row=row), (), nested(row.texts), row.line)


def nested(texts: dict[str, str] | Any) -> dict[str, Any]:
    """Give a flat row the shape it has in members.yaml."""
    value: dict[str, Any] = {name: text for name, text in texts.items() if name not in ADDRESS}
    if address := {name: texts[column] for column, name in ADDRESS.items() if column in texts}:
        value["address"] = address
        if "lines" in address:
            address["lines"] = _parted(r"\s+/\s+|[\r\n]+", address["lines"])
    if "interests" in value:
        value["interests"] = _parted(r"[\s,]+", value["interests"])
    if "consent" in value:
        value["consent"] = dict.fromkeys(_parted(r"[\s,]+", value["consent"]), "true")
    for name in ("staff", "key_customer"):
        if name in value:
            value[name] = FLAGS.get(value[name], value[name])
    return value


def _parted(at: str, text: str) -> list[str]:
    return [part.strip() for part in re.split(at, text) if part.strip()]


def _column(path: Path_) -> str:
    """Name the column that a path of the nested value comes from."""
    if path[:1] == ("address",):
        inner = path[1] if len(path) > 1 else "lines"
        return next((column for column, name in ADDRESS.items() if name == inner), "")
    return str(path[0]) if path else ""


def _only_words(quoted: re.Match[str]) -> str:
    return quoted[0] if WORD.fullmatch(quoted[1]) else ""


def _invisible(row: Row) -> Iterator[Problem]:
    """Find characters that nobody typed: YAML refuses them too."""
    for column, text in row.texts.items():
        if not text.isprintable() and (found := INVISIBLE.search(text)):
            what = f"{column.replace('_', ' ')}: the invisible character U+{ord(found[0]):04X}"
            yield row.problem(column, what, "text")
