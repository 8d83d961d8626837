"""Slot batch: the slots of members, made in another process or on another machine.

A recipe is the data that all members share. An order is the data of one member, with the member's coupon codes and
answer key.
Neither contains a secret of the site.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.standings import Standings
from members_portal.portal.answering.answered_view import AnsweredView
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.item import Item
from members_portal.portal.personal.member_view import MemberViewBuilder
from members_portal.portal.personal.slot_days import SlotDays
from members_portal.portal.personal.slot_maker import MadeSlots, SlotMaker
from members_portal.portal.personal.slot_renderer import SlotRenderer
from members_portal.portal.rendering.edition import Edition
from members_portal.portal.rendering.template_functions import EnvironmentRecipe

SLOT_PACKAGES = ("jinja2", "markupsafe", "babel", "pydantic")  # they make the bytes of slots

Codes = Mapping[str, tuple[str, ...]]  # a member's coupon codes by the slug of the offer


@dataclass(frozen=True)
class SlotRecipe:
    """What the slots of all members are made from; `standings` are those of no member. `letters` are by slug."""

    environment: EnvironmentRecipe
    standings: Standings
    editions: Mapping[str, Edition]
    used: Mapping[str, int]
    base: Mapping[str, Any]
    letters: Mapping[str, Item]
    may_answer: Mapping[str, tuple[str, ...]]
    nonce: str
    keeps_day: bool


@dataclass(frozen=True)
class SlotOrder:
    """What the slots of one member are made from; `letters` are slugs."""

    member: Member
    written: Member | None = field(repr=False)
    account: Account | None = field(repr=False)
    segments: tuple[str, ...]
    letters: tuple[str, ...]
    codes: Codes = field(repr=False)
    answer_key: str = field(default="", repr=False)
    answered: tuple[AnsweredView, ...] = ()
    referral: str = field(default="", repr=False)


def offers_only(edition: Edition) -> Edition:
    """Return an edition with the items that slots can show."""
    items = {path: shown for path, shown in edition.items.items() if isinstance(shown.item.front, Offer)}
    return replace(edition, items=items, sections=(), pages=(), teasers=())


def make_batch(orders: Sequence[SlotOrder], recipe: bytes) -> list[MadeSlots] | None:
    """Make the slots of a batch by a pickled recipe; None after an error: the caller makes them, to tell its place."""
    try:
        return _maker(recipe).make(orders)
    except Exception:  # noqa: BLE001 - raised again by the caller
        return None


class _BatchMaker:
    def __init__(self, recipe: SlotRecipe) -> None:
        self._recipe, self._codes, self._keys = recipe, dict[str, Codes](), dict[str, str]()
        self._answered = dict[str, tuple[AnsweredView, ...]]()
        self._referrals = dict[str, str]()
        env, standings, keeps_day = recipe.environment.make(), recipe.standings, recipe.keeps_day
        self._views = MemberViewBuilder(
            standings,
            (),
            recipe.editions,
            self._codes_of,
            used=recipe.used,
            answer_key=self._key_of,
            answered=self._answered_of,
            referral=self._referral_of,
        )
        renderer = SlotRenderer(
            env, standings.programme, recipe.base, standings.on, keeps_day=keeps_day, may_answer=recipe.may_answer
        )
        days = SlotDays(recipe.editions, keeps_day=keeps_day)
        self._maker = SlotMaker(self._views, renderer, days, recipe.nonce)

    def make(self, orders: Sequence[SlotOrder]) -> list[MadeSlots]:
        self._codes = {order.member.id: order.codes for order in orders}
        self._keys = {order.member.id: order.answer_key for order in orders}
        self._answered = {order.member.id: order.answered for order in orders}
        self._referrals = {order.member.id: order.referral for order in orders}
        self._views.standings = replace(
            self._recipe.standings,
            accounts={order.member.id: order.account for order in orders if order.account},
            segments={order.member.id: order.segments for order in orders},
            by_hand={order.member.id: order.written for order in orders if order.written},
        )
        letters = self._recipe.letters
        return [self._maker.make(order.member, [letters[slug] for slug in order.letters]) for order in orders]

    def _codes_of(self, slug: str, member: str) -> tuple[str, ...]:
        return self._codes[member].get(slug, ())

    def _referral_of(self, member: Member) -> str:
        return self._referrals[member.id]

    def _answered_of(self, member: Member) -> tuple[AnsweredView, ...]:
        return self._answered[member.id]

    def _key_of(self, member: Member) -> str:
        return self._keys[member.id]


@lru_cache(maxsize=1)
def _maker(recipe: bytes) -> _BatchMaker:
    return _BatchMaker(pickle.loads(recipe))  # noqa: S301 - made by the process that sends the batch
