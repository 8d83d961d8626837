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
    """Returns the cards of each member; `digest` covers what the links depend on besides the members' own data."""

    @property
    def digest(self) -> str: ...

    def links(self, member: Member) -> PassLinks | None: ...

    def kept_digest(self, member: Member) -> str:
        """Return the SHA-256 (hex) of the member's pass of an earlier publish; empty if a new one must be made."""

    def has_left_out(self, member: Member) -> bool:
        """Return whether a card or a link of a member was left out, for a reason that the publish tells."""
