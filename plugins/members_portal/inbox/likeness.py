"""Likeness: the members who may be the person of a new entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from members_portal.loyalty.input.email_address import address_key
from members_portal.loyalty.member.member import Member

Trait = tuple[str, str, str]


class Likeness:
    """Members by what may identify them: the e-mail address, or the name with birthday or postcode."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._members: dict[Trait, list[str]] = defaultdict(list)
        for member in members:
            born, address = member.birthday, member.address
            day = f"{born.month:02}-{born.day:02}" if born else ""
            name = f"{member.given_name} {member.family_name or ''}"
            for trait in _traits(member.email or "", name, day, (address.postcode or "") if address else ""):
                self._members[trait].append(member.id)

    def of(self, stated: Mapping[str, str]) -> list[str]:
        """Return the ids of members who are like a person, sorted; `stated` are columns of members.csv."""
        name = f"{stated['given_name']} {stated['family_name']}"
        traits = _traits(stated["email"], name, stated["birthday"][-5:], stated["postcode"])
        return sorted({member for trait in traits for member in self._members.get(trait, ())})


def _traits(email: str, name: str, day: str, postcode: str) -> Iterable[Trait]:
    plain = "".join(name.split()).casefold()
    if email:
        yield ("email", address_key(email), "")
    if day:
        yield ("birthday", plain, day)
    if postcode:
        yield ("postcode", plain, "".join(postcode.split()).casefold())
