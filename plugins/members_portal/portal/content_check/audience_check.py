"""Audience check: audiences and embargoes that an editor probably does not mean.

These are the lowest tier alone (`member` for `members`), and a tier that sees an item after a lower tier.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from operator import itemgetter

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.programme.audience import MEMBERS, STAFF
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.item import Item
from members_portal.portal.content.library import Library


def audience_problems(library: Library, programme: Programme, on: date) -> Iterator[Problem]:
    """Yield a warning for each audience, and for each embargo after the date `on`, that is probably not meant."""
    yield from _lowest_alone(library, programme)
    for path, item in library.items.items():
        for tier, what in _late_tiers(item, programme, on) if item.embargo else ():
            at = ("embargo", tier) if tier in item.embargo else ("embargo",)
            located = library.documents[path].front
            yield located.problem(at, what, "an earlier day for the higher tier").as_warning()


def _late_tiers(item: Item, programme: Programme, on: date) -> Iterator[tuple[str, str]]:
    """Yield each tier that sees an item after a lower tier, and the problem."""
    days = [(tier, day) for tier in programme.ladder if (day := item.visible_since(tier))]
    for index, (tier, day) in enumerate(days):
        lower, first = min(days[:index], key=itemgetter(1), default=(tier, day))
        has_expired = item.expires and item.expires < day  # `day_problems` names it
        if day > max(first, on) and not has_expired:
            yield tier, f"`{tier}` sees this on {day}, after `{lower}` on {first}"


def _lowest_alone(library: Library, programme: Programme) -> Iterator[Problem]:
    """Find audiences that are the lowest tier alone; in brackets, it is taken as meant."""
    lowest, *higher = programme.ladder
    for path, document in library.documents.items() if higher else ():
        item = library.items.get(path)
        if item and item.audience.readers - {STAFF} != {lowest}:
            continue  # its front matter needs no parsing
        value = document.front.value
        written = value.get("audience") if isinstance(value, dict) else None
        if isinstance(written, str) and _names_only(lowest, written):
            what = f"`{lowest}` hides {path} from {_listed(higher)}"
            expected = f"`{MEMBERS}` for all, or `[{lowest}]` for this tier alone"
            yield document.front.problem(("audience",), what, expected).as_warning()


def _names_only(tier: str, written: str) -> bool:
    return {word.strip().lower() for word in written.split(",")} - {STAFF} == {tier}


def _listed(tiers: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(tiers[:-1]), tiers[-1])))
