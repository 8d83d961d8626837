"""The access code of a member, and the sign-in address that contains it."""

from __future__ import annotations

from members_portal.seal.key.code_format import format_code
from members_portal.seal.key.secret import Secret


def access_code(secret: Secret, member: str, version: int) -> str:
    """Return a member's access code in nine groups of three characters."""
    return format_code(secret.code(member, version))


def sign_in_address(root: str, code: str) -> str:
    """Return the sign-in URL: site root, `#`, code. Browsers do not send a fragment in requests."""
    return f"{root.rstrip('/')}/#{code}"
