"""Tiers given by hand: that of a member's entry, and those of other times. RULES.md, "By hand"."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple, Protocol

from pydantic import Field, model_validator

from members_portal.loyalty.input.schema import Day, Record, in_order


class GivenTier(Record):
    """An entry of `tiers given`: a tier by hand of another time than the present one."""

    tier: str
    from_: Annotated[Day, Field(alias="from")]
    until: Day | None = None

    @model_validator(mode="after")
    def _check(self) -> "GivenTier":
        return in_order(self)  # type: ignore[no-any-return]


class GivesTiers(Protocol):
    """The keys of a member's entry that give tiers by hand."""

    @property
    def tier(self) -> str | None: ...
    @property
    def tier_from(self) -> date | None: ...
    @property
    def tier_until(self) -> date | None: ...
    @property
    def tiers_given(self) -> Sequence[GivenTier]: ...


class TierByHand(NamedTuple):
    """A tier by hand from its first to its last day; without a first day, it changes no points."""

    tier: str
    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        """Return whether the tier holds on a day."""
        return (self.first or day) <= day <= (self.last or day)


def tiers_by_hand(member: GivesTiers) -> list[TierByHand]:
    """Return the tiers by hand of a member, the one with the latest first day first."""
    if not (member.tier or member.tiers_given):  # most members
        return []
    entry = [TierByHand(member.tier, member.tier_from, member.tier_until)] if member.tier else []
    given = [TierByHand(each.tier, each.from_, each.until) for each in member.tiers_given]
    return sorted((*entry, *given), key=lambda each: each.first or date.min, reverse=True)


def tier_by_hand(member: GivesTiers, day: date) -> TierByHand | None:
    """Return the tier by hand that a member has on a day: of several, the one with the latest first day."""
    return next((each for each in tiers_by_hand(member) if each.holds(day)), None)
