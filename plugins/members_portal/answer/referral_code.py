"""Referral codes: a member's own sign in a link or QR code that brings new members."""

from __future__ import annotations

from members_portal.seal.key.code_format import ALPHABET
from members_portal.seal.key.secret import Secret

REFERRAL_LENGTH = 8  # characters of 5 bits


def referral_code(secret: Secret, member: str) -> str:
    """Return the referral code of a member: 8 characters that do not reveal the id."""
    bits = int.from_bytes(secret.derive("referral", member)[:5], "big")
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))
