"""Slot maker: the slots of one member, rendered, as a piece of the slot table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from members_portal.loyalty.member.member import Member
from members_portal.portal.content.item import Item
from members_portal.portal.personal.member_view import MemberViewBuilder
from members_portal.portal.personal.slot_days import SlotDays
from members_portal.portal.personal.slot_renderer import EARLIER_SLOT, SlotRenderer
from members_portal.portal.personal.slot_table import Piece, own_text, piece_of
from members_portal.portal.rendering.slot import sealed_name, slot_file


class MadeSlots(NamedTuple):
    """Rendered slots, and the last day on which they are the same. The lines of earlier years are the own text."""

    piece: Piece
    last: date


class SlotMaker:
    """Makes the slots of members; `nonce` ends the names of slots."""

    def __init__(self, views: MemberViewBuilder, renderer: SlotRenderer, days: SlotDays, nonce: str) -> None:
        self.views, self._renderer, self._days, self._nonce = views, renderer, days, nonce

    def make(self, member: Member, letters: Sequence[Item]) -> MadeSlots:
        """Render the slots of a member with these letters."""
        view = self.views.build(member)
        slots = self._renderer.slots(view, letters)
        named = {sealed_name(name, self._nonce): fragments for name, fragments in slots.items()}
        earlier = self._renderer.earlier(view)
        own = own_text(slot_file(EARLIER_SLOT, self._nonce), earlier) if earlier else None
        piece = piece_of(member.id, json.dumps(named, ensure_ascii=False, sort_keys=True), own)
        return MadeSlots(piece, self._days.last(view, self.views.standings))
