"""The address of an IMAP folder: `imaps://user@host/FOLDER`, or `imap://…` with STARTTLS."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from members_portal.inbox.inbox_error import UnreadableInbox
from members_portal.loopback import is_loopback

IMAP_PORTS = {"imaps": 993, "imap": 143}
EXPECTED_ADDRESS = "an address such as imaps://user@mail.example/INBOX"


class ImapSecurity(StrEnum):
    """The encryption of the connection. Only to this machine a password goes without."""

    TLS = "TLS"
    STARTTLS = "STARTTLS"
    NONE = "no encryption, on this machine"


@dataclass(frozen=True)
class ImapAddress:
    """The server, the user and the folder; the password is kept apart."""

    host: str
    port: int
    user: str
    folder: str
    security: ImapSecurity


def is_imap(source: str) -> bool:
    """Tell whether a source is meant as an IMAP address."""
    return source.partition(":")[0].lower() in IMAP_PORTS


def read_imap_address(text: str) -> ImapAddress:
    """Parse an address; raise UnreadableInbox, whose message does not quote it."""
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise UnreadableInbox(f"the IMAP address doesn't fit, expected {EXPECTED_ADDRESS}") from None
    if parts.password is not None:
        raise UnreadableInbox("the IMAP address has a password in it: put it in PORTAL_INBOX_PASSWORD")
    scheme, user, folder = parts.scheme.lower(), unquote(parts.username or ""), unquote(parts.path.strip("/"))
    fits = host and user and not (parts.query or parts.fragment)
    if not fits or not (user + folder).isprintable() or not (user + folder).isascii():
        raise UnreadableInbox(f"the IMAP address doesn't fit, expected {EXPECTED_ADDRESS}")
    return ImapAddress(host, port or IMAP_PORTS[scheme], user, folder or "INBOX", _security(scheme, host))


def _security(scheme: str, host: str) -> ImapSecurity:
    if scheme == "imaps":
        return ImapSecurity.TLS
    return ImapSecurity.NONE if is_loopback(host) else ImapSecurity.STARTTLS
