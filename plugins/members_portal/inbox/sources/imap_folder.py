"""A folder of an IMAP server. Messages are read by UID, without setting `\\Seen`.

A message is marked with the keyword `$PortalTaken`, after what came of it is on disk. Where the server keeps no such
keyword, messages with answers are moved to the folder `Taken`.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from members_portal.inbox.inbox_error import UnreadableInbox
from members_portal.inbox.sources.arrival import MOST_MESSAGE, TOO_LARGE, Arrival
from members_portal.inbox.sources.imap_address import ImapAddress, ImapSecurity
from members_portal.inbox.sources.mail_text import read_arrival

KEYWORD = "$PortalTaken"
TAKEN_MAILBOX = "Taken"
IMAP_TIMEOUT = 60  # seconds without an answer of the server
UIDS_PER_SEARCH = 20_000  # the answer is one line, of which imaplib reads a megabyte
MESSAGES_PER_FETCH = 16  # in memory at a time
UIDS_PER_STORE = 500


@dataclass(frozen=True)
class ImapFolder:
    """An open folder. `marks_all` is false where messages are moved."""

    connection: imaplib.IMAP4
    folder: str
    next_uid: int
    marks_all: bool

    def arrivals(self) -> Iterator[Arrival]:
        """Yield the messages that are not marked, oldest first."""
        for first in range(1, self.next_uid, UIDS_PER_SEARCH):
            for uids in _chunks(self._search(first, first + UIDS_PER_SEARCH - 1), MESSAGES_PER_FETCH):
                yield from self._fetched(uids)

    def mark(self, keys: Collection[str]) -> None:
        """Mark messages as taken."""
        for uids in _chunks(sorted(keys, key=int), UIDS_PER_STORE):
            if self.marks_all:
                self._ask("STORE", ",".join(uids), "+FLAGS.SILENT", f"({KEYWORD})")
            else:
                self._move(",".join(uids))

    def _search(self, first: int, last: int) -> list[str]:
        unmarked = ("UNKEYWORD", KEYWORD) if self.marks_all else ()
        (found, *_) = self._ask("SEARCH", "UID", f"{first}:{last}", "UNDELETED", *unmarked)
        return sorted(found.decode("ascii", "replace").split(), key=int) if isinstance(found, bytes) else []

    def _fetched(self, uids: Sequence[str]) -> Iterator[Arrival]:
        """Yield messages; those that are too large are not fetched."""
        sizes = _sizes(self._ask("FETCH", ",".join(uids), "(UID RFC822.SIZE)"))
        small = [uid for uid in uids if sizes.get(uid, 0) <= MOST_MESSAGE]
        bodies = _bodies(self._ask("FETCH", ",".join(small), "(UID BODY.PEEK[])")) if small else {}
        for uid in uids:
            origin = f"message {uid}"
            if uid in bodies:
                yield read_arrival(bodies[uid], origin, uid)
            elif uid not in small:
                yield Arrival(origin, uid, fault=TOO_LARGE)

    def _move(self, uids: str) -> None:
        with _explained():
            self.connection.create(TAKEN_MAILBOX)  # it may exist
        if "MOVE" in self.connection.capabilities:
            self._ask("MOVE", uids, TAKEN_MAILBOX)
        else:
            self._ask("COPY", uids, TAKEN_MAILBOX)
            self._ask("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)")

    def _ask(self, command: str, *arguments: str) -> list[Any]:
        with _explained():
            try:
                state, found = self.connection.uid(command, *arguments)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                state, found = "BAD", []
        if state != "OK":
            raise UnreadableInbox(f"the IMAP server refuses {command}")
        return found


@contextmanager
def open_imap(address: ImapAddress, password: str | None) -> Iterator[ImapFolder]:
    """Sign in and open a folder; raise UnreadableInbox, whose message has no part of the server's words."""
    connection = _signed_in(address, password)
    try:
        with _explained():
            state, _ = connection.select(_quoted(address.folder))
            if state != "OK":
                raise UnreadableInbox("the IMAP server has no such folder")
            flags, following = connection.response("PERMANENTFLAGS")[1], connection.response("UIDNEXT")[1]
        text = b" ".join(each for each in flags or () if isinstance(each, bytes)).decode("ascii", "replace")
        keeps = r"\*" in text or KEYWORD.lower() in text.lower()
        yield ImapFolder(connection, address.folder, _next_uid(following), keeps)
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            connection.logout()


def _signed_in(address: ImapAddress, password: str | None) -> imaplib.IMAP4:
    if not password:
        raise UnreadableInbox("PORTAL_INBOX_PASSWORD is not set, expected the password of the IMAP server")
    with _explained():
        connection = _connected(address)
    try:
        with _explained():
            if address.security is ImapSecurity.STARTTLS:
                _encrypt(connection)
            connection.login(address.user, password)
    except imaplib.IMAP4.error:
        _close(connection)
        raise UnreadableInbox("the IMAP server refuses the user or the password") from None
    except UnreadableInbox:
        _close(connection)
        raise
    return connection


def _connected(address: ImapAddress) -> imaplib.IMAP4:
    if address.security is ImapSecurity.TLS:
        trusted = ssl.create_default_context()
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=trusted, timeout=IMAP_TIMEOUT)
    return imaplib.IMAP4(address.host, address.port, timeout=IMAP_TIMEOUT)


def _encrypt(connection: imaplib.IMAP4) -> None:
    """Start TLS; raise UnreadableInbox where the server doesn't: the password would go in clear."""
    if "STARTTLS" not in connection.capabilities:
        raise UnreadableInbox("the IMAP server offers no STARTTLS, expected imaps://, or a server on this machine")
    try:
        connection.starttls(ssl.create_default_context())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise UnreadableInbox("the IMAP server refuses STARTTLS, expected imaps://") from None


def _close(connection: imaplib.IMAP4) -> None:
    with suppress(OSError):  # after a failed handshake there is no socket
        connection.shutdown()


@contextmanager
def _explained() -> Iterator[None]:
    """Turn errors of the connection into UnreadableInbox."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise UnreadableInbox("the certificate of the IMAP server is not trusted") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableInbox(f"no connection to the IMAP server: {reason}") from None
    except imaplib.IMAP4.abort:
        raise UnreadableInbox("the IMAP server has closed the connection") from None


def _sizes(found: Sequence[Any]) -> dict[str, int]:
    lines = (part if isinstance(part, bytes) else part[0] for part in found if part)
    return {uid: int(size[1]) for line in lines if (uid := _uid_in(line)) and (size := _SIZE.search(line))}


def _bodies(found: Sequence[Any]) -> dict[str, bytes]:
    return {uid: part[1] for part in found if isinstance(part, tuple) and (uid := _uid_in(part[0]))}


_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")


def _uid_in(line: bytes) -> str:
    found = _UID.search(line)
    return found[1].decode() if found else ""


def _next_uid(found: Sequence[Any] | None) -> int:
    text = found[0] if found else None
    if not isinstance(text, bytes) or not text.isdigit():
        raise UnreadableInbox("the IMAP server does not tell UIDNEXT (RFC 3501)")
    return int(text)


def _chunks(uids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (uids[start : start + size] for start in range(0, len(uids), size))


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
