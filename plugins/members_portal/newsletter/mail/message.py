"""Messages of the e-mail edition: the same bytes for the same arguments.

A message has no Date: `transmission.py` adds it when the message is sent, as does a submission server (RFC 6409, 8.2).

The message is serialised here (RFC 5322, 2045, 2047) in 7-bit form: Python's generator draws random boundaries, breaks
the long URLs of List-Unsubscribe, and differs between versions.

There is no Auto-Submitted header: a person wrote the editorial and reads replies. List-Id suppresses vacation notices
(RFC 5230, 4.6).
"""

import binascii
import hmac
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.mail_templates import CALLED, UNSUBSCRIBE, MailPage
from members_portal.newsletter.mail.plain_text import wrapped
from members_portal.newsletter.mail.sender import MEMBER_FIELD, Sender, mailbox

LINE_WIDTH = 78  # RFC 5322, 2.1.1: SHOULD; the MUST limit is 998
ENCODED_BYTES = 42  # bytes of text per encoded word: 56 characters of base64, below the 75 of RFC 2047, 2


@dataclass(frozen=True)
class Recipient:
    """A member with the e-mail edition: `called` is the name in the salutation, `address` the e-mail address."""

    member: str
    name: str
    address: str
    called: str


@dataclass(frozen=True)
class Mail:
    """A serialised message; `member` and `to` are empty for a message without a recipient."""

    member: str
    message_id: str
    to: str
    data: bytes


def compose_mail(page: MailPage, sender: Sender, key: bytes, recipient: Recipient | None = None) -> Mail:
    """Return the message of an issue for a recipient, or without one; it has no Date.

    `key` is a secret of the site; the Message-ID and the unsubscribe token are HMACs under it, so they don't reveal the
    member.
    """
    if page.personal != (recipient is not None):
        raise MailError("a personal page needs a recipient, and other pages must have none")
    name = _message_id(page, sender, key, recipient)
    headers = [
        *_addresses(sender, recipient),
        ("Subject", _worded(page.subject, "the subject")),
        ("Message-ID", name),
        ("List-Id", f"<newsletter.{sender.host}>"),
        *_unsubscribing(page, sender, key, recipient),
        ("Content-Language", sender.language),
        ("MIME-Version", "1.0"),
    ]
    html, text = _addressed(page, sender, key, recipient)
    data = _alternatives(headers, text, html, boundary=f"=_{name[1:33]}")
    return Mail(recipient.member if recipient else "", name, _to(recipient), data)


def unsubscribe_token(key: bytes, member: str) -> str:
    """Return the token of a member in unsubscribe addresses: an HMAC, the same in every issue."""
    return _digest(key, "unsubscribe", member)


def display_name(name: str, whose: str) -> str:
    """Return a name for a header, quoted or encoded; raise MailError for a line break or a control character."""
    name = _checked(name, f"the name of {whose}")
    if not name.isascii() or len(name) > LINE_WIDTH - len("Reply-To: ") or "=?" in name:
        return _encoded(name)
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _digest(key: bytes, *parts: str) -> str:
    return hmac.digest(key, "\0".join(parts).encode(), "sha256")[:16].hex()


def _message_id(page: MailPage, sender: Sender, key: bytes, recipient: Recipient | None) -> str:
    subject = ("member", recipient.member) if recipient else ("edition", page.issue.edition)
    return f"<{_digest(key, 'message', page.issue.slug, *subject)}@{sender.host}>"


# Addresses and unsubscription


def _addresses(sender: Sender, recipient: Recipient | None) -> Iterator[tuple[str, str]]:
    yield "From", f"{display_name(sender.name, 'the house')} <{sender.address}>"
    if sender.reply_to != sender.address:
        yield "Reply-To", f"<{sender.reply_to}>"
    if recipient:
        yield "To", f"{display_name(recipient.name, f'member {recipient.member}')}\r\n <{_to(recipient)}>"


def _to(recipient: Recipient | None) -> str:
    return mailbox(recipient.address, f"member {recipient.member}") if recipient else ""


def _unsubscribing(
    page: MailPage, sender: Sender, key: bytes, recipient: Recipient | None
) -> Iterator[tuple[str, str]]:
    """Yield the headers for unsubscription: RFC 2369, and one-click RFC 8058."""
    if recipient:
        ways = _ways_to_leave(page, sender, key, recipient)
        yield "List-Unsubscribe", ",\r\n ".join(f"<{way}>" for way in ways)
        if sender.unsubscribe:
            yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _ways_to_leave(page: MailPage, sender: Sender, key: bytes, recipient: Recipient) -> list[str]:
    subject = quote(f"Unsubscribe {recipient.member}")
    mail = f"mailto:{quote(sender.reply_to, safe='@')}?subject={subject}"
    token = unsubscribe_token(key, recipient.member)
    return [sender.unsubscribe.replace(MEMBER_FIELD, token), mail] if sender.unsubscribe else [mail]


def _addressed(page: MailPage, sender: Sender, key: bytes, recipient: Recipient | None) -> tuple[str, str]:
    """Return the HTML and the text of a page with the recipient's values, or with a provider's placeholder."""
    way = _ways_to_leave(page, sender, key, recipient)[0] if recipient else sender.placeholder
    called = _in_one_line(recipient.called) if recipient else ""
    html = page.html.replace(CALLED, escape(called)).replace(UNSUBSCRIBE, escape(way))
    lines = (
        wrapped(line.replace(CALLED, called)) if CALLED in line else line.replace(UNSUBSCRIBE, way)
        for line in page.text.split("\n")
    )
    return html, "\n".join(lines)


# Headers


def _checked(text: str, what: str) -> str:
    """Return a text with white space collapsed; raise MailError for a line break or another control character."""
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        raise MailError(f"{what} has a control character or a line break in it")
    return _in_one_line(text)


def _in_one_line(text: str) -> str:
    """Return a text with its white space collapsed, line breaks too, and without other control characters."""
    return " ".join("".join(sign for sign in text if sign.isspace() or unicodedata.category(sign) != "Cc").split())


def _worded(text: str, what: str) -> str:
    """Return unstructured header text, as encoded words where needed."""
    text = _checked(text, what)
    plain = text.isascii() and len(text) <= LINE_WIDTH - len("Subject: ") and "=?" not in text
    return text if plain else _encoded(text)


def _encoded(text: str) -> str:
    """Return encoded words, one per line; no character is split (RFC 2047, 5)."""
    pieces = [""]
    for character in text:
        if len((pieces[-1] + character).encode()) > ENCODED_BYTES:
            pieces.append("")
        pieces[-1] += character
    return "\r\n ".join(f"=?utf-8?B?{b64encode(piece.encode()).decode()}?=" for piece in pieces)


# Bodies


def _alternatives(headers: list[tuple[str, str]], text: str, html: str, boundary: str) -> bytes:
    """Return a multipart/alternative message, the preferred part last. `=_` never occurs in quoted-printable."""
    content = ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"')
    parts = [_part("plain", text), _part("html", html)]
    marks = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f"{_head([*headers, content])}\r\n{marks}--{boundary}--\r\n".encode("ascii")


def _part(subtype: str, text: str) -> str:
    encoded = binascii.b2a_qp(text.encode("utf-8"), istext=True).decode("ascii")
    headers = [("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", "quoted-printable")]
    return f"{_head(headers)}\r\n" + encoded.replace("\r\n", "\n").replace("\n", "\r\n")


def _head(headers: list[tuple[str, str]]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers)
