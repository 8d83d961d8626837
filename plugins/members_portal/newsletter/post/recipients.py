"""Who gets an issue: whose copy goes into the portal, whose is printed and posted, and why the others' are not.

A copy in the portal is part of the membership; only paper asks for consent and an address.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from members_portal.loyalty.input.problem import closest
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.newsletter.post.postal_address import AddressMisfit
from members_portal.newsletter.print_error import PrintError

KEY_CUSTOMERS = "key-customers"
POST = "post"  # the channel of consent for letters on paper
Fit = Callable[[Member], tuple[str, ...]]


@dataclass(frozen=True)
class Choice:
    """The members an issue is meant for, in the order they were given.

    `chosen` get it in the portal; `posted` of them on paper, with their `addresses` by id as they stand in the window.
    `left_out` are all who are meant and get none on paper, each with one reason.
    """

    chosen: tuple[Member, ...]
    posted: tuple[Member, ...]
    left_out: tuple[tuple[Member, str], ...]
    addresses: Mapping[str, tuple[str, ...]] = field(repr=False)


def choose(
    members: Iterable[Member],
    words: Iterable[str],
    segments: Mapping[str, tuple[str, ...]],
    programme: Programme,
    on: date,
    fit: Fit,
) -> Choice:
    """Choose who gets an issue of a day.

    `members` are all there ever were; `words` name segments and `key-customers`; `segments` are the keys of those each
    member belongs to that day; `fit` sets an address into the window, or raises AddressMisfit.
    """
    meant = _known(words, programme)
    chosen: list[Member] = []
    left_out: list[tuple[Member, str]] = []
    addresses: dict[str, tuple[str, ...]] = {}
    for member in members:
        if meant.isdisjoint(_groups(member, segments)):
            continue
        if reason := _why_not_at_all(member, on):
            left_out.append((member, reason))
            continue
        chosen.append(member)
        if reason := _why_not_on_paper(member, programme):
            left_out.append((member, reason))
            continue
        try:
            addresses[member.id] = fit(member)
        except AddressMisfit as misfit:
            left_out.append((member, f"address doesn't fit: {misfit.what}"))
    posted = tuple(member for member in chosen if member.id in addresses)
    return Choice(tuple(chosen), posted, tuple(left_out), addresses)


def _known(words: Iterable[str], programme: Programme) -> frozenset[str]:
    known = [KEY_CUSTOMERS, *(segment.key for segment in programme.segments)]
    meant = frozenset(words)
    for word in sorted(meant.difference(known)):
        hint = f" (did you mean {closest(word, known)}?)" if closest(word, known) else ""
        raise PrintError(f"letters for `{word}`: no such segment, expected {', '.join(known)}{hint}")
    return meant


def _groups(member: Member, segments: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    own = segments.get(member.id, ())
    return (KEY_CUSTOMERS, *own) if member.key_customer else own


def _why_not_at_all(member: Member, on: date) -> str:
    if member.left and not member.is_member(on):
        return f"left on {member.left}"
    if member.joined > on:
        return f"joined later, on {member.joined}"
    return "staff" if member.staff and not member.key_customer else ""


def _why_not_on_paper(member: Member, programme: Programme) -> str:
    """Say what is missing for the post; a postcode isn't, since there are addresses without one everywhere."""
    if POST not in programme.channels:
        return f"the programme has no channel `{POST}`"
    if not member.consent.get(POST, False):
        return "no consent for post"
    if not member.address:
        return "no address"
    return "" if member.address.lines else "address incomplete: no street or box"
