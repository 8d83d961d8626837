"""The links to a member's cards for the wallets of phones, as a publish hands them over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from members_portal.loyalty.member.member import Member

CARD_FILE = "wallet/membership.pkpass"  # the path among the files of a member's record


@dataclass(frozen=True)
class PassLinks:
    """The path of the Apple Wallet pass, and the address that saves a Google Wallet card; empty without one."""

    apple: str
    google: str


class PassSource(Protocol):
    """Returns the links of each member; `digest` covers what all of them depend on but the members' own data."""

    @property
    def digest(self) -> str: ...

    def links(self, member: Member) -> PassLinks | None: ...
