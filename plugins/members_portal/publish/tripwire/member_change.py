"""The members of a census that are gone, have left, or are in a lower tier now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from members_portal.loyalty.member.member import Member
from members_portal.publish.tripwire.census import Census, numbers_of, pseudonym
from members_portal.publish.tripwire.measure import Measure, loss, reaches
from members_portal.publish.tripwire.threshold import Thresholds

FEW_MOVED = 1  # members that may always fall to a lower tier: a tier given by hand moves one
FEW_LEFT = 3  # members that may always leave, but at most half of them


@dataclass(frozen=True)
class MemberChanges:
    """Changes of the members of a census, counted by their edition in it.

    `gone`: no entry has their number. `left`: their last day has come, and the census did not know it. `lower`: their
    tier is a lower one; a higher tier is no change.
    """

    gone: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    lower: Counter[str] = field(default_factory=Counter)


def member_changes(
    old: Census,
    everyone: Iterable[Member],
    editions: Mapping[str, str],
    ranks: Sequence[str],
    on: date,
    key: bytes,
) -> MemberChanges:
    """Find the members of a census among all members by present and former numbers.

    `editions` has the edition of each present member by number, `ranks` all editions, lowest first. A member leaves
    up to the day `on`.
    """
    changes = MemberChanges()
    unfound = {known: edition for edition, own in old.members.items() for known in own}
    for member in everyone if unfound else ():
        for known in (pseudonym(key, number) for number in numbers_of(member)):
            if was := unfound.pop(known, ""):
                if not member.is_member(on):
                    changes.left[was] += known not in old.leaving
                elif was not in ranks or ranks.index(editions[member.id]) < ranks.index(was):
                    changes.lower[was] += 1
    changes.gone.update(unfound.values())
    return changes


def member_measures(old: Census, changes: MemberChanges, limits: Thresholds) -> Iterator[Measure]:
    """Yield the measures of members; none for a census of an earlier version."""
    total, left = sum(map(len, old.members.values())), changes.left.total()
    if not total:
        return
    yield loss("members", total, total - changes.gone.total(), limits.members)
    few = min(FEW_LEFT, total // 2)
    limit = f"less than {limits.members:g} % of members, or {few}"
    yield Measure("  leave by `left`", "", str(left), limit, left > few and reaches(left, total, limits.members))
    for edition, own in old.members.items():
        yield _tier(edition, len(own), changes.gone[edition], changes.lower[edition], limits.tier)


def _tier(edition: str, before: int, gone: int, lower: int, percent: float) -> Measure:
    """Compare one tier: the members that are still in it, in a higher tier, or have left, with all."""
    is_beyond = reaches(gone + lower, before, percent) and (gone > 0 or lower > FEW_MOVED)
    limit = f"less than {percent:g} % fewer, or {FEW_MOVED} moved"
    return Measure(f"  {edition}", str(before), str(before - gone - lower), limit, is_beyond)
