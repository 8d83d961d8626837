"""The keys of the way back, as a publish hands them over."""

from __future__ import annotations

from typing import Protocol

from members_portal.loyalty.member.member import Member


class AnswerSource(Protocol):
    """The publisher's public key (base64url), the site id, and the answer key (base64url) and code of each member."""

    @property
    def public_key(self) -> str: ...

    @property
    def site(self) -> str: ...

    def member_key(self, member: Member) -> str: ...

    def referral_code(self, member: Member) -> str:
        """Return the code in a member's link for new members."""
