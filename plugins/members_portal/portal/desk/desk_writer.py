"""Desk writer: the list of members for all staff, and the sheets and lists of each reader, as sealed JSON.

The list is in the staff edition. Everything else is in the own files of the member of staff who may read it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jinja2 import Environment

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import STAFF
from members_portal.portal.answering.waiting_answer import WaitingAnswer, waiting_answers
from members_portal.portal.desk.desk_file import OWN_DESK, list_names, listed_members, readable_sheets, sheet_parts
from members_portal.portal.desk.heard_answer import HeardAnswer, heard_answers
from members_portal.portal.desk.sheet import MemberSheet
from members_portal.portal.desk.sheet_work import SheetWork
from members_portal.portal.desk.week_ahead import days_to_birthday
from members_portal.portal.desk.work_list import work_lists
from members_portal.portal.inputs import Inputs
from members_portal.portal.rendering.rendered_tree import RenderedTree

Heard = Mapping[str, Sequence[HeardAnswer]]  # by the id of the member that they concern, newest first


@dataclass(frozen=True)
class DeskWriter:
    """Writes the desk's data; `titles` are those of the offers by slug, `base` is the context of templates."""

    inputs: Inputs
    tree: RenderedTree
    work: SheetWork
    env: Environment
    base: Mapping[str, Any]
    titles: Mapping[str, str]

    def write(self) -> None:
        """Write the list, and the own files of each reader."""
        members, heard = self.inputs.members, self._heard()
        readers = {one.id: readable_sheets(one, members) for one in members if one.staff}
        readable = {each.id for sheets in readers.values() for each in sheets}
        due = {
            each.id: each for each in (*listed_members(members), *(one for some in readers.values() for one in some))
        }
        sheets = dict(self.work.sheets((each for each in members if each.id in due), readable, heard))
        for path, some in list_names(listed_members(members)).items() if readers else ():
            self._write(f"editions/{STAFF}/{path}", self._list(some, sheets))
        for reader, own in readers.items():
            self._write_own(f"members/{reader}", own, sheets, heard)

    def _heard(self) -> Heard:
        found = defaultdict[str, list[HeardAnswer]](list)
        known = {member.id for member in self.inputs.members}
        for answer in heard_answers(self.inputs.received, known, self.inputs.on):
            found[answer.concerns].append(answer)
        return found

    def _write_own(self, folder: str, own: Sequence[Member], sheets: Mapping[str, MemberSheet], heard: Heard) -> None:
        """Write the sheets that a reader may read, and the reader's lists."""
        standings = self.inputs.standings
        facts = {member.id: sheets[member.id].facts for member in own}
        lists = work_lists(own, facts, heard, standings, self._waiting) if own else None
        html = self.env.get_template("desk/lists.html").render(**self.base, lists=lists, basis=self._basis)
        contacts = [[member.id, member.email or "", member.phone or ""] for member in own]
        self._write(f"{folder}/{OWN_DESK}", {"contacts": contacts, "lists": html.strip()})
        for path, some in sheet_parts(own):
            self._write(f"{folder}/{path}", {member.id: sheets[member.id].html for member in some})

    @cached_property
    def _waiting(self) -> list[WaitingAnswer]:
        inputs = self.inputs
        return waiting_answers(inputs.library, inputs.received, inputs.on, inputs.site.answers.calendar)

    @property
    def _basis(self) -> str:
        qualifying = self.inputs.programme.qualifying
        return qualifying.basis if qualifying else ""

    def _list(self, members: Sequence[Member], sheets: Mapping[str, MemberSheet]) -> dict[str, Any]:
        """Return the list of members as rows: number, name, tier, points, offers, 1 before a birthday."""
        ladder, today = self.inputs.programme.ladder, self.inputs.on.isoformat()
        slugs = {
            member.id: [slug for slug, starts in sheets[member.id].facts.offers if starts <= today]
            for member in members
        }
        offers = {slug: at for at, slug in enumerate(sorted({slug for own in slugs.values() for slug in own}))}
        rows = [
            [
                member.id,
                member.full_name,
                ladder.index(member.tier) if member.tier else -1,
                sheets[member.id].facts.active,
                sheets[member.id].facts.pending,
                [offers[slug] for slug in slugs[member.id]],
                int(days_to_birthday(member, self.inputs.on) >= 0),
            ]
            for member in members
        ]
        tiers = [tier.name for tier in self.inputs.programme.tiers]
        return {"tiers": tiers, "offers": [self.titles.get(slug, slug) for slug in offers], "rows": rows}

    def _write(self, path: str, value: object) -> None:
        """Write JSON. Names are no HTML: a `<` in them is written as in JSON within a page."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        is_list = path.startswith("editions/")
        self.tree.write(path, (text.replace("<", "\\u003c") if is_list else text).encode())
