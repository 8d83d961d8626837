"""The keys of answers that pages and records get: the publisher's public key, and the answer key of each member."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from members_portal.answer.answer_key import AnswerKeys
from members_portal.answer.referral_code import referral_code
from members_portal.loyalty.member.member import Member
from members_portal.seal import Secret


class ReleaseAnswerKeys:
    """The keys of one site, as base64url; it is an `AnswerSource`."""

    def __init__(self, secret: Secret) -> None:
        self._keys, self._secret = AnswerKeys(secret), secret
        self.public_key, self.site = _base64url(self._keys.public_key), self._keys.site

    def member_key(self, member: Member) -> str:
        """Return the answer key of a member."""
        return _base64url(self._keys.member_key(member.id, member.code_version))

    def referral_code(self, member: Member) -> str:
        """Return the code in a member's link for new members."""
        return referral_code(self._secret, member.id)


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
