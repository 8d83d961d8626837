"""What a member gets in the letter: the access code, and the address that signs in with it."""

from __future__ import annotations

from members_portal.seal.key.code_format import format_code
from members_portal.seal.key.keys import Secret


def access_code(secret: Secret, member: str, version: int) -> str:
    """Write a member's access code in nine groups of three."""
    return format_code(secret.code(member, version))


def sign_in_address(root: str, code: str) -> str:
    """Write the address that signs in: site root, `#`, code; no request carries a fragment."""
    return f"{root.rstrip('/')}/#{code}"
