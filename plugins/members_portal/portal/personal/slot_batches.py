"""Slot batches: the slots of many members are made on several cores or a cluster, those of a few in this process."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from members_portal.loyalty.member.member import Member
from members_portal.portal.content.item import Item
from members_portal.portal.personal.member_view import EditionOffers
from members_portal.portal.personal.slot_batch import Codes, SlotOrder, SlotRecipe, make_batch
from members_portal.portal.personal.slot_maker import MadeSlots, SlotMaker
from members_portal.workers.spread import Spread

FEWEST_MEMBERS = 1_000  # members for which starting processes is worth while: a process needs a second for its imports
MEMBERS_PER_BATCH = 64
LEDGER_LINES_PER_BATCH = 4_000  # ledger lines: a member with many of them fills a batch

DueMember = tuple[Member, tuple[Item, ...]]  # a member to make slots for, and the member's letters


class SlotBatches:
    """Makes slots with a `maker`, or by its `recipe` with workers; without a recipe, in this process."""

    def __init__(
        self, maker: SlotMaker, recipe: Callable[[], SlotRecipe] | None = None, spread: Spread | None = None
    ) -> None:
        self._maker, self._recipe, self._spread = maker, recipe, spread

    def make(self, due: Sequence[DueMember]) -> Iterator[MadeSlots]:
        """Yield the slots of members, in order."""
        self._maker.views.standings.expect(member.id for member, _ in due)
        if self._spread and self._recipe and self._spread.is_worth(len(due), FEWEST_MEMBERS):
            recipe = _pickled(self._recipe())
            if recipe is not None:
                return self._make_with(self._spread, recipe, due)
        return self._make_here(due)

    def _make_here(self, due: Sequence[DueMember]) -> Iterator[MadeSlots]:
        return (self._maker.make(member, letters) for member, letters in due)

    def _make_with(self, spread: Spread, recipe: bytes, due: Sequence[DueMember]) -> Iterator[MadeSlots]:
        sent = deque[list[DueMember]]()
        for made in spread.run(partial(make_batch, recipe=recipe), self._batches(due, sent)):
            batch = sent.popleft()
            yield from self._make_here(batch) if made is None else made

    def _batches(self, due: Sequence[DueMember], sent: deque[list[DueMember]]) -> Iterator[list[SlotOrder]]:
        """Yield the orders in batches; note the members of each one in `sent`."""
        orders, lines, start = list[SlotOrder](), 0, 0
        for end, one in enumerate(due, start=1):
            orders.append(order := self._order(*one))
            lines += len(order.account.lines) if order.account else 0
            if len(orders) == MEMBERS_PER_BATCH or lines >= LEDGER_LINES_PER_BATCH or end == len(due):
                sent.append([*due[start:end]])
                yield orders
                orders, lines, start = [], 0, end

    def _order(self, member: Member, letters: Sequence[Item]) -> SlotOrder:
        views, standings = self._maker.views, self._maker.views.standings
        return SlotOrder(
            member,
            standings.by_hand.get(member.id),
            standings.accounts.get(member.id),
            standings.segments.get(member.id, ()),
            tuple(item.slug for item in letters),
            self._codes(views.offers_of(member), member),
            views.answer_key(member),
            views.answered(member),
            views.referral(member),
        )

    def _codes(self, offers: EditionOffers, member: Member) -> Codes:
        codes = self._maker.views.coupon_codes
        return {terms.slug: codes(terms.slug, member.id) for terms in offers.terms if terms.coupon} if codes else {}


def _pickled(recipe: SlotRecipe) -> bytes | None:
    """Return a recipe for other processes; None if settings of Jinja hold something that can't be sent."""
    try:
        return pickle.dumps(recipe)
    except (pickle.PicklingError, AttributeError, TypeError):
        return None
