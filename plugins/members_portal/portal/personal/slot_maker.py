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
from members_portal.portal.personal.slot_renderer import SlotRenderer
from members_portal.portal.personal.slot_table import Piece, piece_of
from members_portal.portal.rendering.slot import sealed_name


class MadeSlots(NamedTuple):
    """Rendered slots, and the last day on which they are the same; `earlier` has a file of its own, or is empty."""

    piece: Piece
    earlier: bytes
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
        piece = piece_of(member.id, json.dumps(named, ensure_ascii=False, sort_keys=True))
        return MadeSlots(piece, self._renderer.earlier(view).encode(), self._days.last(view, self.views.standings))
