"""Personal parts: the own files and slots of all members, from the inputs of a run and the theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from members_portal.loyalty.offer_eligibility import CouponCodes
from members_portal.loyalty.programme.audience import MEMBERS, PUBLIC, STAFF
from members_portal.picture_file import is_raster
from members_portal.portal.answering.answer_source import AnswerSource
from members_portal.portal.answering.answered_view import AnsweredViews
from members_portal.portal.answering.form_view import FormViews
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.desk.desk_file import has_desk
from members_portal.portal.desk.desk_writer import DeskWriter
from members_portal.portal.desk.sheet import SheetMaker
from members_portal.portal.desk.sheet_work import SheetWork
from members_portal.portal.inputs import Inputs
from members_portal.portal.personal.member_view import MemberViewBuilder
from members_portal.portal.personal.member_writer import MemberWriter
from members_portal.portal.personal.pass_source import PassSource
from members_portal.portal.personal.slot_batch import SlotRecipe, offers_only
from members_portal.portal.personal.slot_batches import SlotBatches
from members_portal.portal.personal.slot_days import SlotDays
from members_portal.portal.personal.slot_maker import SlotMaker
from members_portal.portal.personal.slot_renderer import EARLIER_SLOT, SlotRenderer
from members_portal.portal.personal.slot_work import SlotWork
from members_portal.portal.rendering.dated_part import SameDays
from members_portal.portal.rendering.edition import Edition
from members_portal.portal.rendering.page import Theme
from members_portal.portal.rendering.page_record import RenderWork
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.portal.rendering.slot import slot_file
from members_portal.portal.rendering.template_functions import EnvironmentRecipe, KnownPictures, TemplateFunctions
from members_portal.workers.spread import Spread


@dataclass(frozen=True)
class PersonalParts:
    """Writes the personal parts. `base` is the context of all slot templates; `join` in it is the address of the form
    for joining, empty if members have no link to it.

    `holders` maps the slug of an issue to the ids of the members with a letter of it. `jinja` are the arguments of the
    environment of templates; None if it has more than these and `functions`: other processes can't make it.
    """

    inputs: Inputs
    theme: Theme
    functions: TemplateFunctions
    jinja: Mapping[str, Any] | None
    base: Mapping[str, Any]
    holders: Mapping[str, frozenset[str]]
    coupon_codes: CouponCodes | None
    keeps_day: bool
    work: RenderWork | None
    cache: Path
    spread: Spread | None
    passes: PassSource | None
    answers: AnswerSource | None

    def write(self, tree: RenderedTree, editions: Mapping[str, Edition]) -> None:
        """Write the own files of all members, and their slots."""
        inputs, standings, nonce = self.inputs, self.inputs.standings, self.functions.nonce
        key = self.answers.member_key if self.answers else None
        answered = AnsweredViews(inputs.received, editions, inputs.on).of
        views = MemberViewBuilder(
            standings,
            inputs.library.items.values(),
            editions,
            self.coupon_codes,
            answer_key=key,
            answered=answered,
            referral=self.answers.referral_code if self.answers and self.base["join"] else None,
        )
        may_answer = self._may_answer(editions)
        env, keeps_day = self.theme.env, self.keeps_day
        renderer = SlotRenderer(
            env,
            inputs.programme,
            self.base,
            inputs.on,
            keeps_day=keeps_day,
            passes=self.passes,
            may_answer=may_answer,
        )
        maker = SlotMaker(views, renderer, SlotDays(editions, keeps_day=keeps_day), nonce)
        jinja = None if self.passes else self.jinja  # the key of links to Google stays in this process
        site = self.answers.site if self.answers else ""  # answer keys come from its secret
        recipe = None if jinja is None else lambda: self._recipe(jinja, editions, views.used, may_answer)
        work = SlotWork(
            self.work,
            self.cache,
            standings,
            editions,
            views.used,
            self.coupon_codes,
            self.theme.shown,
            own_path=slot_file(EARLIER_SLOT, nonce),
            context=repr(
                (self.base, nonce, self.passes.digest if self.passes else "", may_answer, site, self._photo_digests())
            ),
            keeps_day=keeps_day,
            answered=answered,
        )
        batches = SlotBatches(maker, recipe, self.spread)
        done = self.work.members_done if self.work else None
        MemberWriter(inputs, tree, batches, work, self.holders, self.passes, done=done).write_all()
        if has_desk(inputs.members):
            self._write_desk(tree, views, work, SlotDays(editions, keeps_day=keeps_day))

    def _write_desk(self, tree: RenderedTree, views: MemberViewBuilder, work: SlotWork, days: SlotDays) -> None:
        """Write the data of the desk."""
        record = self.work.record if self.work else None
        sheets = SheetWork(SheetMaker(views, self.theme.env, self.base), views, work, days, record)
        titles = views.titles(STAFF)
        DeskWriter(self.inputs, tree, sheets, self.theme.env, self.base, titles).write()

    def _may_answer(self, editions: Mapping[str, Edition]) -> dict[str, tuple[str, ...]]:
        """Return the own parts of forms that not all readers of their page may answer, by edition."""
        views, found = FormViews(self.inputs.programme), dict[str, list[str]]()
        for name, edition in editions.items():
            reader = name if name in {PUBLIC, STAFF} else MEMBERS
            for shown in edition.items.values():
                view = views.view(shown, reader)
                if view and view.own and name in views.answerers(shown.item):
                    found.setdefault(name, []).append(view.own)
        return {name: tuple(sorted(slots)) for name, slots in found.items()}

    def _recipe(
        self,
        jinja: Mapping[str, Any],
        editions: Mapping[str, Edition],
        used: Mapping[str, int],
        may_answer: Mapping[str, tuple[str, ...]],
    ) -> SlotRecipe:
        inputs, standings = self.inputs, self.inputs.standings
        return SlotRecipe(
            EnvironmentRecipe(
                self.theme.folder.resolve(), jinja, self.functions, SameDays(inputs.on), self._pictures()
            ),
            standings.of_nobody(),
            {name: offers_only(edition) for name, edition in editions.items()},
            used,
            self.base,
            {item.slug: item for item in inputs.library.newsletters if item.slug in self.holders},
            may_answer,
            self.functions.nonce,
            self.keeps_day,
        )

    def _pictures(self) -> KnownPictures:
        """Return the pictures that slots can show: those of offers and account managers."""
        fronts = [item.front for item in self.inputs.library.items.values()]
        images = {front.image for front in fronts if isinstance(front, Offer)}
        images |= set(self._photos())
        store = self.inputs.pictures
        return KnownPictures({path: store.facts(path) for path in images if path and is_raster(path)})

    def _photos(self) -> list[str]:
        """Return the paths of the photos of account managers that have renditions."""
        photos = (manager.photo for manager in self.inputs.programme.account_managers)
        return sorted({photo for photo in photos if photo and is_raster(photo)})

    def _photo_digests(self) -> list[str]:
        return [self.inputs.pictures.digest(photo) for photo in self._photos()]
