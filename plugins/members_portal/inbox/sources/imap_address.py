"""The address of an IMAP folder: `imaps://user@host/FOLDER`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from members_portal.inbox.inbox_error import UnreadableInbox
from members_portal.loopback import is_loopback

IMAP_PORTS = {"imaps": 993, "imap": 143}
EXPECTED_ADDRESS = "an address such as imaps://user@mail.example/INBOX; imap:// only on this machine"


@dataclass(frozen=True)
class ImapAddress:
    """The server, the user and the folder; the password is kept apart."""

    host: str
    port: int
    user: str
    folder: str
    is_encrypted: bool


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
    if scheme == "imap" and not is_loopback(host):
        raise UnreadableInbox("imap:// sends the password in clear, expected imaps://, or a server on this machine")
    return ImapAddress(host, port or IMAP_PORTS[scheme], user, folder or "INBOX", scheme == "imaps")
