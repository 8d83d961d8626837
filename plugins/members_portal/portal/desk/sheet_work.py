"""Sheets of earlier runs: the sheet of a member is made again only if something in it changes.

The digest of a sheet covers what the member's slots are made from, and the answers on it. Its last day is that of the
slots.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from members_portal.loyalty.member.member import Member
from members_portal.portal.desk.heard_answer import HeardAnswer
from members_portal.portal.desk.sheet import MemberSheet, SheetFacts, SheetMaker
from members_portal.portal.personal.member_view import MemberViewBuilder
from members_portal.portal.personal.slot_days import SlotDays
from members_portal.portal.personal.slot_work import SlotWork
from members_portal.work_record import WorkRecord, digest_of

KIND_SHEETS = "sheets of the desk"


class SheetWork:
    """Finds the sheets of an earlier run, or makes them; without a record, it makes all of them."""

    def __init__(
        self, maker: SheetMaker, views: MemberViewBuilder, work: SlotWork, days: SlotDays, record: WorkRecord | None
    ) -> None:
        self._maker, self._views, self._work, self._days, self._record = maker, views, work, days, record
        if record:
            record.load(KIND_SHEETS)

    def sheets(
        self, members: Iterable[Member], readable: Collection[str], heard: Mapping[str, Sequence[HeardAnswer]]
    ) -> Iterator[tuple[str, MemberSheet]]:
        """Yield the id and the sheet of each member; those that nobody may read are without HTML."""
        for member in members:
            yield member.id, self._sheet(member, heard.get(member.id, ()), is_read=member.id in readable)

    def _sheet(self, member: Member, heard: Sequence[HeardAnswer], *, is_read: bool) -> MemberSheet:
        known = self._work.digest(member, ())
        digest = digest_of(known, repr((heard_texts(heard), is_read)))
        kept = self._record.find(KIND_SHEETS, digest) if self._record and known else None
        if kept and (sheet := _read_sheet(kept, self._views.standings.on)):
            return sheet
        view = self._views.build(member)
        html = self._maker.html(view, heard) if is_read else ""
        sheet = MemberSheet(self._maker.facts(view), html, self._days.last(view, self._views.standings))
        if self._record and known:
            self._record.keep(KIND_SHEETS, digest, _written_sheet(sheet, self._views.standings.on))
        return sheet


def heard_texts(heard: Sequence[HeardAnswer]) -> list[tuple[object, ...]]:
    """Return all that a sheet shows of the answers."""
    return [(each.number, each.received, each.kind, sorted(each.values.items())) for each in heard]


def _written_sheet(sheet: MemberSheet, first: date) -> bytes:
    entry = {"first": first, "last": sheet.last, "html": sheet.html, "facts": asdict(sheet.facts)}
    return json.dumps(entry, default=str).encode()


def _read_sheet(data: bytes, on: date) -> MemberSheet | None:
    """Return a kept sheet if it is the same on a day."""
    entry = json.loads(data)
    last = date.fromisoformat(entry["last"])
    if not date.fromisoformat(entry["first"]) <= on <= last:
        return None
    facts, as_type = entry["facts"], dict[str, Callable[[str], object]]
    typed = as_type(missing=Decimal, share=Decimal, spent=Decimal)
    facts |= {name: read(facts[name]) for name, read in typed.items()}
    facts["offers"] = tuple((slug, starts) for slug, starts in facts["offers"])
    facts["ordered"] = date.fromisoformat(facts["ordered"]) if facts["ordered"] else None
    return MemberSheet(SheetFacts(**facts), entry["html"], last)
