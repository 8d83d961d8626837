"""Audience check: the lowest tier alone where an editor probably means all members (`member` for `members`)."""

from collections.abc import Iterator, Sequence

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.programme.audience import MEMBERS, STAFF
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.library import Library


def audience_problems(library: Library, programme: Programme) -> Iterator[Problem]:
    """Yield a warning for each audience that is the lowest tier alone; in brackets, it is taken as meant."""
    lowest, *higher = programme.ladder
    for path, document in library.documents.items():
        value = document.front.value
        written = value.get("audience") if isinstance(value, dict) else None
        if higher and isinstance(written, str) and _names_only(lowest, written):
            what = f"`{lowest}` hides {path} from {_listed(higher)}"
            expected = f"`{MEMBERS}` for all, or `[{lowest}]` for this tier alone"
            yield document.front.problem(("audience",), what, expected).as_warning()


def _names_only(tier: str, written: str) -> bool:
    return {word.strip().lower() for word in written.split(",")} - {STAFF} == {tier}


def _listed(tiers: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(tiers[:-1]), tiers[-1])))
