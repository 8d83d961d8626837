"""Personal data: the use of each field of a member. A test compares this list to the rendered output."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from members_portal.loyalty.member.member import Member


class Use(Enum):
    """The use of a field."""

    OWN = "own pages; full sheets of the desk"
    TOLD = "own pages; full sheets; e-mails and letters agreed to"
    LISTED = "own pages; the desk's list for all staff"
    NAMES = "own pages; names members to staff, printer, mail server"
    DECIDES = "decides what the member gets; is shown to nobody"
    LETTERS = "own pages; on paper, and in the member's own sealed letter"


USES = {
    "id": Use.NAMES,
    "given_name": Use.NAMES,
    "family_name": Use.NAMES,
    "formal_name": Use.TOLD,
    "salutation": Use.DECIDES,
    "name_order": Use.DECIDES,
    "email": Use.TOLD,
    "phone": Use.OWN,
    "birthday": Use.LISTED,
    "formerly": Use.DECIDES,
    "joined": Use.OWN,
    "left": Use.DECIDES,
    "tier": Use.LISTED,
    "tier_from": Use.DECIDES,
    "tier_until": Use.OWN,
    "tiers_given": Use.DECIDES,
    "staff": Use.DECIDES,
    "desk": Use.DECIDES,
    "key_customer": Use.DECIDES,
    "account_manager": Use.OWN,
    "interests": Use.OWN,
    "address": Use.LETTERS,
    "consent": Use.OWN,
    "code_version": Use.DECIDES,
    "language": Use.OWN,
}


@dataclass(frozen=True)
class Field:
    """A field, its use, and the number of members with a value."""

    name: str
    use: Use
    members: int


def fields(members: Iterable[Member]) -> Iterator[Field]:
    """Yield every field with the number of members that have a value."""
    counts = dict.fromkeys(USES, 0)
    for member in members:
        for name in USES:
            counts[name] += _is_given(getattr(member, name), name, member)
    for name, use in USES.items():
        yield Field(name.replace("_", " "), use, counts[name])


def _is_given(value: Any, name: str, member: Member) -> bool:
    return name in member.model_fields_set and value not in (None, "", (), {}, False)
