"""Known people: members by id, also by former ids, and by referral code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from members_portal.loyalty.member.member import Member, present_ids


@dataclass(frozen=True)
class KnownPeople:
    """The people of the portal. `present` are those who can answer; `everyone` are also those who left.

    `referral` returns the referral code of a member.
    """

    present: Mapping[str, Member] = field(repr=False)
    everyone: Sequence[Member] = field(repr=False)
    referral: Callable[[str], str] = field(repr=False)

    @cached_property
    def renumbered(self) -> dict[str, str]:
        """The present ids by former ids."""
        return present_ids(self.everyone)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of everyone."""
        return frozenset(member.id for member in self.everyone)

    @cached_property
    def _by_code(self) -> dict[str, str]:
        return {self.referral(member): member for member in self.present}

    def find(self, member_id: str | None) -> Member | None:
        """Return a present member by the present or a former id."""
        return self.present.get(self.renumbered.get(member_id or "", member_id or ""))

    def anyone(self, member_id: str) -> Member | None:
        """Return a present or former member by the present or a former id."""
        return next((each for each in self.everyone if each.id == self.renumbered.get(member_id, member_id)), None)

    def version_of(self, member_id: str) -> int | None:
        """Return the code version of a present member."""
        member = self.find(member_id)
        return member.code_version if member else None

    def referrer(self, code: str | None) -> str:
        """Return the id of the member with a referral code; empty for an unknown one."""
        return self._by_code.get((code or "").strip().upper(), "") if code else ""
