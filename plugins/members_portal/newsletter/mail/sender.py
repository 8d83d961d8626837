"""The sender of messages, from the setting PORTAL_MAIL, and the form of e-mail addresses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from members_portal.loyalty.input.email_address import written_address
from members_portal.newsletter.issue import House
from members_portal.newsletter.mail.mail_error import MailError

MEMBER_FIELD = "{token}"  # the place of the member's token in the unsubscribe address
PLACEHOLDER = "{{unsubscribe}}"  # a mailing provider puts its own address in this place


@dataclass(frozen=True)
class Sender:
    """The sender: `site` is the portal's address, `unsubscribe` an https address with `{token}`, if any.

    `placeholder` stands for the unsubscribe address in the messages for a mailing provider.
    """

    name: str
    address: str
    reply_to: str
    site: str
    language: str
    unsubscribe: str | None = None
    placeholder: str = PLACEHOLDER

    @property
    def host(self) -> str:
        return urlsplit(self.site).hostname or "localhost"


def read_sender(setting: Mapping[str, str], house: House) -> Sender:
    """Read the setting PORTAL_MAIL; the default of `from` is the house's address, `unsubscribe` is an https address."""
    if unknown := sorted(set(setting) - {"from", "unsubscribe", "placeholder"}):
        raise MailError(f"PORTAL_MAIL: unknown key `{unknown[0]}`, expected `from`, `unsubscribe` or `placeholder`")
    address = mailbox(setting.get("from") or house.email, "PORTAL_MAIL, `from`")
    reply_to = mailbox(house.email, "the house's e-mail address")
    unsubscribe, placeholder = _unsubscribe_address(setting), _placeholder(setting)
    return Sender(house.name, address, reply_to, house.site, house.language, unsubscribe, placeholder)


def _unsubscribe_address(setting: Mapping[str, str]) -> str | None:
    unsubscribe = setting.get("unsubscribe") or None
    if unsubscribe and not (
        unsubscribe.startswith("https://") and unsubscribe.isascii() and MEMBER_FIELD in unsubscribe
    ):
        raise MailError("PORTAL_MAIL: `unsubscribe` must be an https:// address with {token} in it (RFC 8058)")
    if unsubscribe and re.search(r"[\s<>,]", unsubscribe):
        raise MailError("PORTAL_MAIL: `unsubscribe` has a space, a comma or a bracket in it, expected %20 and the like")
    return unsubscribe


def _placeholder(setting: Mapping[str, str]) -> str:
    """Return the unsubscribe placeholder; raise MailError for one that HTML or a line break would change."""
    placeholder = setting.get("placeholder") or PLACEHOLDER
    if escape(placeholder) != placeholder or not placeholder.isprintable() or placeholder != placeholder.strip():
        raise MailError("PORTAL_MAIL: `placeholder` must be in one line, without quotation marks, `<`, `>` and `&`")
    return placeholder


def mailbox(address: str, whose: str) -> str:
    """Return an address with its domain in ASCII; raise MailError for an address that few servers accept."""
    try:
        return written_address(address)
    except ValueError as error:
        raise MailError(f"{whose}: {error}") from None
