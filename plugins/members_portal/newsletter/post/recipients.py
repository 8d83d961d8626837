"""Recipients of an issue: members with a letter in the portal, members with a posted letter, and reasons for the rest.

The letter in the portal is part of the membership; a posted letter needs consent and an address.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from members_portal.loyalty.input.problem import closest
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.segment import KEY_CUSTOMERS
from members_portal.newsletter.glyph_coverage import described
from members_portal.newsletter.post.postal_address import NO_FONT, AddressMisfit, Missing
from members_portal.newsletter.print_error import PrintError

POST = "post"  # the channel of consent for letters on paper
MISFIT = "address doesn't fit"  # the beginning of a reason, like NO_FONT


@dataclass(frozen=True)
class Choice:
    """The recipients of an issue in input order, and the members without a posted letter, each with one reason.

    All `members` have a letter in the portal; `addresses` holds the lines in the envelope window of those with a posted
    letter as well, by member id.
    """

    members: tuple[Member, ...]
    addresses: Mapping[str, tuple[str, ...]]
    left_out: tuple[tuple[Member, str], ...]

    @property
    def posted(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.id in self.addresses)


def choose_recipients(
    members: Iterable[Member],
    words: Iterable[str],
    segments: Mapping[str, tuple[str, ...]],
    programme: Programme,
    on: date,
    set_address: Callable[[Member], tuple[str, ...]],
    missing: Missing = lambda _text: "",
) -> Choice:
    """Choose the recipients of an issue of the day `on`.

    `members` include former ones; `words` are segment keys or `key-customers`; `segments` maps member ids to their
    segment keys on that day; `set_address` returns a member's address in the window, or raises AddressMisfit; `missing`
    returns the characters of a text that no font can print.
    """
    meant = _known(words, programme)
    chosen: list[Member] = []
    addresses: dict[str, tuple[str, ...]] = {}
    left_out: list[tuple[Member, str]] = []
    for member in members:
        if meant.isdisjoint(_groups(member, segments)):
            continue
        reason = _why_not_at_all(member, on) or _why_unprintable(member, missing)
        if not reason:
            chosen.append(member)
            reason = _why_not_on_paper(member, programme)
        if not reason:
            try:
                addresses[member.id] = set_address(member)
            except AddressMisfit as misfit:
                unprintable = misfit.reason.startswith(NO_FONT)
                reason = misfit.reason if unprintable else f"{MISFIT}: {misfit.reason}"
        if reason:
            left_out.append((member, reason))
    return Choice(tuple(chosen), addresses, tuple(left_out))


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


def _why_unprintable(member: Member, missing: Missing) -> str:
    found = missing(member.called)
    return f"{NO_FONT}: {described(found)} in the salutation" if found else ""


def _why_not_on_paper(member: Member, programme: Programme) -> str:
    """Return the reason against a posted letter; the postcode is optional: many addresses have none."""
    if POST not in programme.channels:
        return f"the programme has no channel `{POST}`"
    if not member.consent.get(POST, False):
        return "no consent for post"
    if not member.address:
        return "no address"
    return "" if member.address.lines else "address incomplete: no street or box"
