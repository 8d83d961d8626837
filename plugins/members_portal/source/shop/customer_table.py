"""Members from a customers' export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.located_yaml import Path_, normal_key
from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Row
from members_portal.loyalty.member.member import RawMember
from members_portal.loyalty.member.member_table import RowPlaces, column_of, invisible_texts, nested
from members_portal.source.shop.export_file import ExportFile, joined_texts, site_day_of, text_of
from members_portal.source.shop.export_notes import ExportNotes, NoteKind
from members_portal.source.shop.export_row import ExportRow, in_export
from members_portal.source.shop.mapping import CustomerColumns, Shop

JOINED_BY = {"address_lines": " / "}
BOTH_NAMES = frozenset({"given_name", "formal_name"})  # a member needs both
NAMELESS = NoteKind("customer", "not read: no name", "a first or a last name")
PART_OF_A_NAME = NoteKind("customer", "with a part of a name: it is used for the whole", "first name and formal name")
DAYLESS = NoteKind("customer", "without a day of joining and without an order", "`joined` in shop.yaml", "error")
AGREED = frozenset({"yes", "true", "1", "y", "subscribed"})


def customer_export(shop: Shop) -> ExportFile:
    """Return the customers' export."""
    columns = shop.columns.customers
    needed = (*columns.id, *columns.given_name)
    return ExportFile(shop.folder / shop.record.customers, tuple(_columns(columns)), needed)


def _columns(columns: CustomerColumns) -> Iterator[str]:
    for name in columns.__class__.model_fields:
        value = getattr(columns, name)
        yield from value.values() if name == "consent" else value


def customers(
    shop: Shop, first_orders: Mapping[str, str], zone: ZoneInfo | None, problems: list[Problem], notes: ExportNotes
) -> Iterator[RawMember]:
    """Yield the customers with a name as members; `first_orders` is the day of the first order by member id."""
    columns = shop.columns.customers
    for row in customer_export(shop).rows(problems):
        texts = _member_texts(row, columns)
        name_column = next(iter(columns.given_name), None)
        if not texts.keys() & BOTH_NAMES:
            notes.add(row, name_column, NAMELESS)
            continue
        if not texts.keys() >= BOTH_NAMES:
            notes.add(row, name_column, PART_OF_A_NAME)
            complete_names(texts)
        registered = site_day_of(joined_texts(row, columns.joined, " "), zone)
        default = shop.record.joined.isoformat() if shop.record.joined else ""
        texts["joined"] = registered or first_orders.get(texts.get("id", ""), default)
        if not texts["joined"]:
            notes.add(row, next(iter((*columns.joined, *columns.id)), None), DAYLESS)
            continue
        places = _places(row, texts, columns)
        problems += invisible_texts(places)
        yield RawMember(ExportPlaces(row.file, private=True, row=places), (), nested(texts), row.line)


def _places(row: Row, texts: Mapping[str, str], columns: CustomerColumns) -> ExportRow:
    """Return a member's texts with their places in the export."""
    sources = {column: _source(columns, column) for column in texts}
    return ExportRow(row.file, texts, row.line, lambda column: row.mark(normal_key(sources.get(column, ""))), sources)


class ExportPlaces(RowPlaces):
    """The places of a customer's values in a row of an export."""

    def problem(self, path: Path_, what: str, expected: str = "", hint: str = "", *, key: bool = False) -> Problem:
        found = super().problem(path, what, expected, hint, key=key)
        column = column_of(path)
        named = self.row.columns.get(column) if isinstance(self.row, ExportRow) else None
        return replace(found, what=in_export(found.what, str(path[-1]), named)) if named else found


def is_nameless(row: Row, columns: CustomerColumns) -> bool:
    """Return whether a customer has no name at all, such as a subscriber of a newsletter."""
    return not joined_texts(row, (*columns.given_name, *columns.family_name, *columns.formal_name), " ")


def complete_names(texts: dict[str, str]) -> None:
    """Add the missing one of `given_name` and `formal_name`; without a given name, the family name is used."""
    formal = " ".join(filter(None, (texts.get("given_name"), texts.get("family_name"))))
    texts.setdefault("formal_name", formal)
    if "given_name" not in texts:
        texts["given_name"] = texts.pop("family_name", "") or texts["formal_name"]


def _member_texts(row: Row, columns: CustomerColumns) -> dict[str, str]:
    names = [name for name in columns.__class__.model_fields if name not in {"consent", "joined"}]
    found = {name: joined_texts(row, getattr(columns, name), JOINED_BY.get(name, " ")) for name in names}
    agreed = [channel for channel, column in columns.consent.items() if text_of(row, column).lower() in AGREED]
    texts = {name: text for name, text in {**found, "consent": " ".join(agreed)}.items() if text}
    if not texts.keys() & {"address_lines", "city"}:  # a country alone is no address
        texts = {name: text for name, text in texts.items() if name not in {"postcode", "country"}}
    return texts


def _source(columns: CustomerColumns, column: str) -> str:
    """Return the column of the export for a column of members."""
    found = getattr(columns, column, ())
    return next(iter(found.values() if isinstance(found, Mapping) else found), "")
