"""Slots of earlier runs. The slots of a member are rendered again only if they change.

Kept slots have the first and the last day on which they are the same. The digest of their sources covers all that they
are made from but the day: code, theme, settings, programme, the edition with its offers, the member, the ledger lines
and the letters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.offer_eligibility import CouponCodes
from members_portal.loyalty.standings import Standings
from members_portal.portal.answering.answered_view import AnsweredView
from members_portal.portal.content.item import Item
from members_portal.portal.personal.kept_slots import KeptSlots
from members_portal.portal.personal.member_view import EditionOffers
from members_portal.portal.personal.slot_table import Piece
from members_portal.portal.rendering.edition import Edition
from members_portal.portal.rendering.page_record import RenderWork, ShownDigests
from members_portal.work_record import digest_of


class SlotWork:
    """Finds and keeps the slots of members in a cache; without a work record it finds and keeps nothing.

    `shown` has the digests of items; `context` describes what all slot templates get, `own_path` is the path of the
    members' own texts.
    """

    def __init__(
        self,
        work: RenderWork | None,
        cache: Path,
        standings: Standings,
        editions: Mapping[str, Edition],
        used: Mapping[str, int],
        coupon_codes: CouponCodes | None,
        shown: ShownDigests,
        *,
        own_path: str,
        context: str = "",
        keeps_day: bool,
        answered: Callable[[Member], tuple[AnsweredView, ...]] = lambda _: (),
    ) -> None:
        self._kept = KeptSlots(work.record if work else None, cache, own_path)
        self._standings, self._shown, self._answered = standings, shown, answered
        self._bases: dict[str, bytes] = {}
        if work:
            common = (work.base, standings.programme.model_dump_json(), context, str(keeps_day))
            self._bases = {
                name: digest_of(*common, *_edition_parts(edition, used, coupon_codes, shown))
                for name, edition in editions.items()
            }

    def digest(self, member: Member, letters: Sequence[Item]) -> bytes:
        """Return the digest of all that a member's slots are made from, but the day."""
        if not self._bases:
            return b""
        standings = self._standings
        written = standings.by_hand.get(member.id, member)  # it differs from the member in the tier alone
        return digest_of(
            self._bases[member.edition],
            str(member.tier),
            written.model_dump_json(),
            standings.facts.get(member.id, ""),
            repr(standings.segments.get(member.id, ())),
            repr(self._answered(member)),
            *map(self._shown.of_item, letters),
        )

    def has(self, digest: bytes) -> bool:
        """Return whether there are slots for the day of the standings; if not, they must be rendered."""
        return self._kept.has(digest, self._standings.on)

    def find(self, digest: bytes) -> Piece | None:
        """Return the slots for the day of the standings; None if they must be rendered."""
        return self._kept.find(digest, self._standings.on)

    def keep(self, digest: bytes, slots: Piece, last: date) -> None:
        """Keep rendered slots, with the last day on which they are the same."""
        if self._bases:
            self._kept.keep(digest, slots, self._standings.on, last)

    def save(self, file: Path, digest: str) -> None:
        """Keep the file with the slots of all members, of which this is the SHA-256 (hex)."""
        self._kept.save(file, digest)


def _edition_parts(
    edition: Edition, used: Mapping[str, int], coupon_codes: CouponCodes | None, digests: ShownDigests
) -> list[str | bytes]:
    """Return the parts of an edition that slots can show: its name and title, and its offers."""
    parts: list[str | bytes] = [edition.name, edition.title]
    offers = EditionOffers(edition)
    for terms in offers.terms:
        shown, codes = offers.shown[terms.slug], coupon_codes(terms.slug, "") if coupon_codes else ()
        is_left = terms.capacity is None or used.get(terms.slug, 0) < terms.capacity
        text = digests.of_item(shown.item)
        parts += [digests.of(shown), text, repr((shown.interests, terms, len(codes), is_left))]
    return parts
