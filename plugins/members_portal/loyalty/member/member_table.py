"""Members in a table: from the flat row of a customer database to the nested value of members.yaml.

Columns have the names of the keys of members.yaml, in upper or lower case, with spaces or underscores. The address is
flat: `address_lines` (separated by ` / ` or line ends), `postcode`, `city`, `country`. `interests`, `desk` and
`consent` are words separated by spaces or commas; `consent` lists the channels with consent. `tiers_given` are
separated by commas.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from members_portal.loyalty.input.located_yaml import Located, Mark, Path_
from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import INVISIBLE, Row, Table
from members_portal.loyalty.member.known_rows import KnownRows, row_digest
from members_portal.loyalty.member.member import Member, RawMember

ADDRESS = {"address_lines": "lines", "postcode": "postcode", "city": "city", "country": "country"}
MEMBER_COLUMNS = (*(name for name in Member.model_fields if name != "address"), *ADDRESS)
MEMBER_REQUIRED = tuple(name for name, field in Member.model_fields.items() if field.is_required())
QUOTABLE_CELL = re.compile(r"[\w ./-]{1,40}")
FLAGS = {"1": "true", "0": "false"}  # databases without a boolean type


@dataclass
class RowPlaces(Located):
    """The places of a member's values in a row."""

    row: Row | None = None

    def mark(self, path: Path_, *, key: bool = False) -> Mark:
        return self.row.mark(column_of(path)) if self.row else (0, 0)

    def problem(self, path: Path_, what: str, expected: str = "", hint: str = "", *, key: bool = False) -> Problem:
        """Return a problem that quotes only text like WORD: under a wrong header, a value may be any personal data."""
        return super().problem(path, re.sub(r" `([^`]*)`", _only_words, what), expected, hint, key=key)


def members_in_table(table: Table, problems: list[Problem], rows: KnownRows | None = None) -> Iterator[RawMember]:
    """Yield the members of a table; raise InvalidInput when a required column is missing.

    A row that `rows` knows is yielded with its member, and its flat texts as the value.
    """
    rows = rows or KnownRows()
    for raw in table.raw_rows(problems):
        row = table.row(raw)
        places, digest = RowPlaces(row.file, private=True, row=row), row_digest(row.texts)
        if member := rows.find(digest):
            yield RawMember(places, (), row.texts, row.line, digest, member)
            continue
        problems += invisible_texts(row)
        yield RawMember(places, (), nested(row.texts), row.line, digest)


def nested(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return a flat row as the nested value of members.yaml."""
    value: dict[str, Any] = dict(texts)
    address: dict[str, Any] = {name: value.pop(column) for column, name in ADDRESS.items() if column in texts}
    if address:
        value["address"] = address
        if "lines" in address:
            address["lines"] = _split(r"\s+/\s+|[\r\n]+", address["lines"])
    for name in ("interests", "formerly", "desk"):
        if name in value:
            value[name] = _words(value[name])
    if "tiers_given" in value:
        value["tiers_given"] = [_given_tier(part) for part in _split(r"[,;]", value["tiers_given"])]
    if "consent" in value:
        value["consent"] = dict.fromkeys(_words(value["consent"]), "true")
    for name in ("staff", "key_customer"):
        if name in value:
            value[name] = FLAGS.get(value[name], value[name])
    return value


def _words(text: str) -> list[str]:
    """Return words that are separated by spaces or commas."""
    return text.replace(",", " ").split()


def _split(at: str, text: str) -> list[str]:
    return [part.strip() for part in re.split(at, text) if part.strip()]


def _given_tier(text: str) -> dict[str, str]:
    """Read `gold 2026-01-01 2026-06-30`: a tier, its first day and its last day."""
    tier, _, days = text.partition(" ")
    first, _, last = days.strip().partition(" ")
    return {"tier": tier, **({"from": first} if first else {}), **({"until": last.strip()} if last else {})}


def column_of(path: Path_) -> str:
    """Return the column of a path in the nested value."""
    if path[:1] == ("address",):
        inner = path[1] if len(path) > 1 else "lines"
        return next((column for column, name in ADDRESS.items() if name == inner), "")
    return str(path[0]) if path else ""


def _only_words(quoted: re.Match[str]) -> str:
    return quoted[0] if QUOTABLE_CELL.fullmatch(quoted[1]) else ""


def invisible_texts(row: Row) -> Iterator[Problem]:
    """Yield a problem for each text with a control character; YAML rejects them too."""
    if "".join(row.texts.values()).isprintable():
        return
    for column, text in row.texts.items():
        if not text.isprintable() and (found := INVISIBLE.search(text)):
            what = f"{column.replace('_', ' ')}: the invisible character U+{ord(found[0]):04X}"
            yield row.problem(column, what, "text")
