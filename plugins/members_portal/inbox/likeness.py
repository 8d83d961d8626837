"""Likeness: the members who may be the person of a new entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from members_portal.inbox.record.inbox_row import ChangeRow
from members_portal.loyalty.input.email_address import address_key
from members_portal.loyalty.member.member import Member

Trait = tuple[str, str, str]


class Likeness:
    """Members by what may identify them: e-mail address, telephone, the name with birthday or postcode."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._members: dict[Trait, list[str]] = defaultdict(list)
        for member in members:
            born, address = member.birthday, member.address
            day = f"{born.month:02}-{born.day:02}" if born else ""
            name = f"{member.given_name} {member.family_name or ''}"
            postcode = (address.postcode or "") if address else ""
            for trait in (*_contacts(member.email or "", member.phone or ""), *_names(name, day, postcode)):
                self._members[trait].append(member.id)

    def of(self, stated: Mapping[str, str]) -> list[str]:
        """Return the ids of members who are like a person, sorted; `stated` are columns of members.csv.

        A telephone number may be that of a household.
        """
        name = f"{stated['given_name']} {stated['family_name']}"
        names = _names(name, stated["birthday"][-5:], stated["postcode"])
        return self._with((*_contacts(stated["email"], ""), *names))

    def reached_by(self, email: str, phone: str) -> list[str]:
        """Return the ids of members with this e-mail address or telephone number, sorted."""
        return self._with(_contacts(email, phone))

    def _with(self, traits: Iterable[Trait]) -> list[str]:
        return sorted({member for trait in traits for member in self._members.get(trait, ())})


def _contacts(email: str, phone: str) -> Iterator[Trait]:
    if email:
        yield ("email", address_key(email), "")
    if digits := "".join(each for each in phone if each.isdigit()).removeprefix("00"):
        yield ("phone", digits, "")


def _names(name: str, day: str, postcode: str) -> Iterator[Trait]:
    plain = "".join(name.split()).casefold()
    if day:
        yield ("birthday", plain, day)
    if postcode:
        yield ("postcode", plain, "".join(postcode.split()).casefold())


def sharing_members(rows: Sequence[ChangeRow], likeness: Likeness) -> list[str]:
    """Return the ids of other members who have the new e-mail address or telephone number of a change."""
    texts = {row.field: row.after for row in rows}
    members = {row.member for row in rows}
    found = likeness.reached_by(texts.get("email", ""), texts.get("phone", ""))
    return [each for each in found if each not in members]
