"""Delivery of messages over SMTP, each at most once, with a report of the results.

The server's reply decides: 2xx means sent; 5xx means refused, and the run continues; 4xx or a lost connection means a
retry in a later round over a new connection. If the connection is lost between a message's last line and the reply,
the result is unknown: see sent_log.py.
"""

import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.sending_limits import SendingLimits
from members_portal.newsletter.mail.sent_log import REFUSED, SENT, TRYING, SentLog
from members_portal.newsletter.mail.smtp_server import SmtpServer, connect
from members_portal.newsletter.mail.transmission import dated, dotted

logger = logging.getLogger(__name__)

LAST_TIMEOUT = 600.0  # seconds for the reply to a whole message (RFC 5321, 4.5.3.2.6)
LOST_IN_A_ROW = 3  # lost connections that end a round
CLOSING, GONE = 421, -1  # 421: the server closes the connection; -1: smtplib's code for a closed connection
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463


@dataclass(frozen=True)
class Envelope:
    """The SMTP envelope of a message file. `name` is the key in the sent log, `member` the id in the report."""

    member: str
    name: str
    sender: str
    to: str
    file: Path


@dataclass
class DeliveryReport:
    """The results of a delivery, by member id; `refused` maps ids to reply codes, `left` are messages not sent."""

    sent: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not (self.refused or self.unsure or self.left)


class TemporaryFailure(Exception):
    """Raised internally when the server rejects a message for now (4xx)."""


class ConnectionLost(Exception):
    """Raised internally when the connection is lost or can't be opened."""


class PermanentFailure(Exception):
    """Raised internally when the server refuses a message for good (5xx)."""


class SmtpDelivery:
    """Delivers messages to one server; `context` holds the trusted certificates.

    `now` returns the `Date` of a message at its transmission; without it the message is sent as it is.
    """

    def __init__(
        self,
        server: SmtpServer,
        password: str | None = None,
        limits: SendingLimits | None = None,
        context: ssl.SSLContext | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        if server.user and not password:
            raise MailError("PORTAL_SMTP names a user, and PORTAL_SMTP_PASSWORD is not set")
        self.server, self.limits = server, limits or SendingLimits()
        self._password, self._context = password, context or ssl.create_default_context()
        self._now = now
        self._connection: smtplib.SMTP | None = None
        self._last = -float("inf")

    def send(
        self,
        envelopes: Iterable[Envelope],
        log: SentLog,
        *,
        again: bool = False,
        tell: Callable[[str], None] = lambda member: None,
    ) -> DeliveryReport:
        """Send the messages that the log doesn't record as sent; with `again`, also those with an unknown result.

        `tell` is called with the member's id after the server's final reply to a message.
        """
        report = DeliveryReport()
        left = [envelope for envelope in envelopes if _is_open(envelope, log, report, again)]
        for wait in (0.0, *self.limits.waits):
            if left:
                self.limits.clock.sleep(wait)
                left = self._round(left, log, report, tell)
        report.left = [envelope.member for envelope in left]
        return report

    def _round(
        self, envelopes: Sequence[Envelope], log: SentLog, report: DeliveryReport, tell: Callable[[str], None]
    ) -> list[Envelope]:
        """Try each message once, over one connection if possible; return the messages for a later round."""
        later: list[Envelope] = []
        lost = 0
        try:
            for index, envelope in enumerate(envelopes):
                try:
                    self._settle(envelope, log, report)
                    tell(envelope.member)
                    lost = 0
                except TemporaryFailure:
                    later.append(envelope)
                    lost = 0
                except ConnectionLost:
                    later.append(envelope)
                    lost += 1
                if lost == LOST_IN_A_ROW:
                    return later + list(envelopes[index + 1 :])
        except BaseException:
            self._drop()  # without QUIT: the server might read it as a line of the message
            raise
        self._hang_up()
        return later

    def _settle(self, envelope: Envelope, log: SentLog, report: DeliveryReport) -> None:
        """Send one message and record the result; raise TemporaryFailure or ConnectionLost."""
        data = envelope.file.read_bytes()
        self._keep_pace()
        connection = self._connected()
        data = dotted(dated(data, self._now()) if self._now else data)
        try:
            self._transmit(connection, envelope, data, log)
        except PermanentFailure as refused:
            log.note(envelope.name, REFUSED)
            report.refused[envelope.member] = str(refused)
        except (ConnectionLost, OSError, smtplib.SMTPException) as error:
            self._drop()
            if log.states.get(envelope.name) != TRYING:
                raise ConnectionLost from error
            report.unsure.append(envelope.member)
        else:
            log.note(envelope.name, SENT)
            report.sent.append(envelope.member)

    def _transmit(self, connection: smtplib.SMTP, envelope: Envelope, data: bytes, log: SentLog) -> None:
        """Transmit one message; log `trying` before its last line."""
        self._announce(connection, envelope.sender)
        _expect(connection, connection.docmd(f"RCPT TO:<{envelope.to}>"), 250, 251)
        _expect(connection, connection.docmd("DATA"), 354)
        connection.send(data)
        log.note(envelope.name, TRYING)
        connection.send(b".\r\n")
        answer = _last_answer(connection)
        if answer[0] // 100 == 4:
            log.note(envelope.name, REFUSED)  # not accepted, so a retry is safe
        _expect(connection, answer, 250)

    def _announce(self, connection: smtplib.SMTP, sender: str) -> None:
        try:
            _expect(connection, connection.docmd(f"MAIL FROM:<{sender}>"), 250)
        except PermanentFailure as refused:
            raise MailError(f"{self.server.host} takes no mail from {sender} ({refused})") from None

    def _keep_pace(self) -> None:
        if self.limits.per_minute:
            wait = self._last + 60 / self.limits.per_minute - self.limits.clock.now()
            if wait > 0:
                self.limits.clock.sleep(wait)
            self._last = self.limits.clock.now()

    # The connection

    def _connected(self) -> smtplib.SMTP:
        """Return the open connection, or open one; raise ConnectionLost when that fails for now."""
        if self._connection is None:
            try:
                self._connection = connect(self.server, self._password, self._context, self.limits.timeout)
            except (OSError, smtplib.SMTPException) as error:
                logger.warning("no connection to %s: %s", self.server.host, type(error).__name__)
                raise ConnectionLost from error
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
        self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _is_open(envelope: Envelope, log: SentLog, report: DeliveryReport, again: bool) -> bool:
    """Tell whether a message is still to be sent; otherwise add it to the report."""
    state = log.states.get(envelope.name)
    if state == SENT:
        report.already.append(envelope.member)
    elif state == TRYING and not again:
        report.unsure.append(envelope.member)
    else:
        return True
    return False


def _expect(connection: smtplib.SMTP, answer: tuple[int, bytes], *wanted: int) -> None:
    """Check a reply code; keep the code only, since the reply text may name the recipient."""
    code, words = answer
    if code in wanted:
        return
    if code in (CLOSING, GONE):
        raise ConnectionLost
    with suppress(OSError, smtplib.SMTPException):  # if the connection is dead, the next command fails
        connection.rset()
    if code // 100 == 5:
        enhanced = _ENHANCED.match(words)
        raise PermanentFailure(f"{code} {enhanced[0].decode()}" if enhanced else str(code))
    raise TemporaryFailure


def _last_answer(connection: smtplib.SMTP) -> tuple[int, bytes]:
    """Return the reply to a whole message; the long timeout allows for virus scans."""
    assert connection.sock is not None  # noqa: S101 - the message was sent over it
    before = connection.sock.gettimeout()
    connection.sock.settimeout(LAST_TIMEOUT)
    answer = connection.getreply()
    connection.sock.settimeout(before)
    return answer
