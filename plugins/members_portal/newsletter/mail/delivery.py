"""The post report: sends messages over SMTP, each at most once, and says what became of them.

The server's answer decides: 2xx sent, 5xx refused (this one; the run goes on), 4xx or a lost connection later, in
another round over a new connection. A connection that is lost after a message's last line and before the answer leaves
open what became of it: see the sent log.
"""

import logging
import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.sent_log import REFUSED, SENT, TRYING, SentLog
from members_portal.newsletter.mail.smtp_server import Server, connect

logger = logging.getLogger(__name__)

WAITS = (10.0, 60.0, 300.0)  # seconds before each further round; greylisting lets nobody in before some minutes
TIMEOUT = 60.0  # seconds for an answer
LAST_TIMEOUT = 600.0  # seconds for the answer to a whole message (RFC 5321, 4.5.3.2.6)
LOST_IN_A_ROW = 3  # connections, after which a round is given up
CLOSING, GONE = 421, -1  # the server is about to hang up, whatever it was asked; smtplib: it has
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463


@dataclass(frozen=True)
class Envelope:
    """A message in a file, from whom, and to whom; the log knows it by its name, the report by its member's id."""

    member: str
    name: str
    sender: str
    to: str
    file: Path


@dataclass
class DeliveryReport:
    """What became of messages, by their members' ids; `refused` has the server's codes."""

    sent: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not (self.refused or self.unsure or self.left)


@dataclass(frozen=True)
class MonotonicClock:
    """Time as it passes, and waiting."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class SendingLimits:
    """How to treat a server: so many messages a minute (0: as fast as it takes them), and rounds after waits."""

    per_minute: float = 0
    waits: Sequence[float] = WAITS
    timeout: float = TIMEOUT
    clock: MonotonicClock = field(default_factory=MonotonicClock)


class Later(Exception):
    """Raised inside when a message isn't taken now."""


class Lost(Exception):
    """Raised inside when the connection is gone."""


class Refused(Exception):
    """Raised inside when a message will never be taken."""


class SmtpDelivery:
    """Sends to one server; `context` says which certificates are trusted."""

    def __init__(
        self,
        server: Server,
        password: str | None = None,
        limits: SendingLimits | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        if server.user and not password:
            raise MailError("PORTAL_SMTP names a user, and PORTAL_SMTP_PASSWORD is not set")
        self.server, self.limits = server, limits or SendingLimits()
        self._password, self._context = password, context or ssl.create_default_context()
        self._line: smtplib.SMTP | None = None
        self._last = -float("inf")

    def send(
        self,
        envelopes: Iterable[Envelope],
        log: SentLog,
        *,
        again: bool = False,
        tell: Callable[[str], None] = lambda member: None,
    ) -> DeliveryReport:
        """Send what the log doesn't know as sent; `again` includes those of which it isn't sure.

        `tell` is called with a member's id when the server has decided on their message.
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
        """Try each once, over one connection as long as it holds; return what is left for later."""
        later: list[Envelope] = []
        lost = 0
        try:
            for index, envelope in enumerate(envelopes):
                try:
                    self._settle(envelope, log, report)
                    tell(envelope.member)
                    lost = 0
                except Later:
                    later.append(envelope)
                    lost = 0
                except Lost:
                    later.append(envelope)
                    lost += 1
                if lost == LOST_IN_A_ROW:
                    return later + list(envelopes[index + 1 :])
        except BaseException:
            self._drop()  # without taking leave: it might be read as a line of the message
            raise
        self._hang_up()
        return later

    def _settle(self, envelope: Envelope, log: SentLog, report: DeliveryReport) -> None:
        """Send one message and book what became of it; raise Later or Lost."""
        data = _dotted(envelope.file.read_bytes())
        self._keep_pace()
        line = self._connected()
        try:
            self._hand_over(line, envelope, data, log)
        except Refused as refused:
            log.note(envelope.name, REFUSED)
            report.refused[envelope.member] = str(refused)
        except (Lost, OSError, smtplib.SMTPException) as error:
            self._drop()
            if log.states.get(envelope.name) != TRYING:
                raise Lost from error
            report.unsure.append(envelope.member)
        else:
            log.note(envelope.name, SENT)
            report.sent.append(envelope.member)

    def _hand_over(self, line: smtplib.SMTP, envelope: Envelope, data: bytes, log: SentLog) -> None:
        """Have the server take one message; its last line leaves only when the log knows of it."""
        self._announce(line, envelope.sender)
        _expect(line, line.docmd(f"RCPT TO:<{envelope.to}>"), 250, 251)
        _expect(line, line.docmd("DATA"), 354)
        line.send(data)
        log.note(envelope.name, TRYING)
        line.send(b".\r\n")
        answer = _last_answer(line)
        if answer[0] // 100 == 4:
            log.note(envelope.name, REFUSED)  # for now: it surely wasn't taken
        _expect(line, answer, 250)

    def _announce(self, line: smtplib.SMTP, sender: str) -> None:
        try:
            _expect(line, line.docmd(f"MAIL FROM:<{sender}>"), 250)
        except Refused as refused:
            raise MailError(f"{self.server.host} takes no mail from {sender} ({refused})") from None

    def _keep_pace(self) -> None:
        if self.limits.per_minute:
            wait = self._last + 60 / self.limits.per_minute - self.limits.clock.now()
            if wait > 0:
                self.limits.clock.sleep(wait)
            self._last = self.limits.clock.now()

    # The connection

    def _connected(self) -> smtplib.SMTP:
        """Return the open connection, or open one; raise Lost when the server can't be had now."""
        if self._line is None:
            try:
                self._line = connect(self.server, self._password, self._context, self.limits.timeout)
            except (OSError, smtplib.SMTPException) as error:
                logger.warning("no connection to %s: %s", self.server.host, type(error).__name__)
                raise Lost from error
        return self._line

    def _hang_up(self) -> None:
        if self._line is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._line.quit()
        self._drop()

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _is_open(envelope: Envelope, log: SentLog, report: DeliveryReport, again: bool) -> bool:
    """Tell whether a message is still to be sent; book it when it isn't."""
    state = log.states.get(envelope.name)
    if state == SENT:
        report.already.append(envelope.member)
    elif state == TRYING and not again:
        report.unsure.append(envelope.member)
    else:
        return True
    return False


def _expect(line: smtplib.SMTP, answer: tuple[int, bytes], *wanted: int) -> None:
    """Go on when the server answered as wanted; its words may name the recipient, so only codes are kept."""
    code, words = answer
    if code in wanted:
        return
    if code in (CLOSING, GONE):
        raise Lost
    with suppress(OSError, smtplib.SMTPException):  # the next command will find out that the connection is dead
        line.rset()
    if code // 100 == 5:
        enhanced = _ENHANCED.match(words)
        raise Refused(f"{code} {enhanced[0].decode()}" if enhanced else str(code))
    raise Later


def _last_answer(line: smtplib.SMTP) -> tuple[int, bytes]:
    """Wait for the answer to a whole message, which may be scanned first."""
    assert line.sock is not None  # noqa: S101 - it was sent through it
    before = line.sock.gettimeout()
    line.sock.settimeout(LAST_TIMEOUT)
    answer = line.getreply()
    line.sock.settimeout(before)
    return answer


def _dotted(data: bytes) -> bytes:
    """Return a message as it travels, but for its last line (RFC 5321, 4.5.2)."""
    data = re.sub(rb"(?m)^\.", b"..", data)
    return data if data.endswith(b"\r\n") else data + b"\r\n"
