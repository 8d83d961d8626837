"""Mail faults: faults of a member's entry. A member with a fault gets no e-mail; all other members do."""

import unicodedata
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from members_portal.loyalty.input.email_address import written_address

MAIL_CHANNEL = "email"  # of programme.yaml; needs the member's consent
BREAKS = frozenset({"Cc", "Zl", "Zp"})  # general categories of control characters and line breaks


class HasMailbox(Protocol):
    """The keys of a member's entry that e-mail needs."""

    @property
    def given_name(self) -> str: ...
    @property
    def family_name(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def consent(self) -> Mapping[str, bool]: ...


class MailFault(NamedTuple):
    """The field with a fault, and the reason to leave the member out."""

    field: str
    reason: str


def mail_fault(member: HasMailbox) -> MailFault | None:
    """Return the fault of a member's address or name, None if a message can be written."""
    try:
        written_address(member.email or "")
    except ValueError:
        return MailFault("email", "has an e-mail address that can't be written to")
    for field, name in (("given_name", member.given_name), ("family_name", member.family_name or "")):
        if not name.isprintable() and any(unicodedata.category(character) in BREAKS for character in name):
            return MailFault(field, "has a name with a line break or a control character in it")
    return None


def expects_mail(member: HasMailbox) -> bool:
    """Return whether a member has an address and agreed to e-mail."""
    return bool(member.email) and member.consent.get(MAIL_CHANNEL, False)
