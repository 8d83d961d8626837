"""A real SMTP server that puts what it accepts into the mailbox of a real Dovecot, and the mail program of a member."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.inbox.dovecot import Dovecot
from tests.newsletter.mail_host import HOST, free_port


@dataclass
class PostOffice:
    """A running server; `recipients` are the addresses that it accepted mail for."""

    mailbox: Dovecot
    port: int
    recipients: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = bytes(envelope.original_content or b"")
        code = await asyncio.to_thread(self.mailbox.deliver_as_mail_servers_do, content)
        if code:
            return "451 not delivered"
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    def send(self, mail: bytes) -> None:
        """Send a mail, as the mail program of a member does."""
        with smtplib.SMTP(HOST, self.port) as connection:
            lines = mail.replace(b"\n", b"\r\n")
            assert connection.sendmail("member@post.example", ["club@post.example"], lines) == {}

    def send_prepared(self, link: str) -> None:
        """Send the e-mail of a `mailto` link, as the mail program that opens it does."""
        address = urlsplit(link)
        fields = parse_qs(address.query)
        message = EmailMessage()
        message["From"], message["To"] = "member@post.example", unquote(address.path)
        (message["Subject"],) = fields["subject"]
        message.set_content(f"{fields['body'][0]}\n-- \nSent from my phone")
        with smtplib.SMTP(HOST, self.port) as connection:
            assert connection.send_message(message) == {}


@contextmanager
def post_office(mailbox: Dovecot) -> Iterator[PostOffice]:
    """Run a server."""
    office = PostOffice(mailbox, free_port())
    controller = Controller(office, HOST, office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
