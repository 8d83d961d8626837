"""The server that mail is handed to: where it is, how a connection to it is kept private, and opened."""

import ipaddress
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from members_portal.newsletter.mail.mail_error import MailError

PORTS = {"smtp": 587, "smtps": 465}  # submission (RFC 6409) and submissions (RFC 8314)
OWN_NAME = "[127.0.0.1]"  # in EHLO: this machine's name is nobody's business, and looking it up can take seconds


class Security(StrEnum):
    """How a connection is kept private."""

    TLS = "TLS"
    STARTTLS = "STARTTLS"
    NONE = "no encryption, on this machine"


@dataclass(frozen=True)
class Server:
    """Where to send; the password is kept elsewhere."""

    host: str
    port: int
    user: str | None
    security: Security


def read_server(address: str) -> Server:
    """Read `smtp://user@host:587` or `smtps://…`; encryption is a must but on this very machine."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise MailError("PORTAL_SMTP is no address such as smtp://user@mail.example:587 or smtps://user@mail.example")
    if parts.password is not None:
        raise MailError("PORTAL_SMTP has a password in it: put it in PORTAL_SMTP_PASSWORD")
    user = unquote(parts.username) if parts.username else None
    return Server(parts.hostname, port or PORTS[parts.scheme], user, _security(parts.scheme, parts.hostname))


def _security(scheme: str, host: str) -> Security:
    if scheme == "smtps":
        return Security.TLS
    return Security.NONE if is_loopback(host) else Security.STARTTLS


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine, by its name alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def connect(server: Server, password: str | None, context: ssl.SSLContext, timeout: float) -> smtplib.SMTP:
    """Open a connection and sign in; raise MailError where it makes no sense to try again."""
    try:
        return _open(server, password, context, timeout)
    except (OSError, smtplib.SMTPException) as error:
        if reason := _hopeless(error):
            raise MailError(f"{server.host}: {reason}") from None
        raise


def _open(server: Server, password: str | None, context: ssl.SSLContext, timeout: float) -> smtplib.SMTP:
    if server.security is Security.TLS:
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, OWN_NAME, timeout=timeout, context=context)
    else:
        line = smtplib.SMTP(server.host, server.port, OWN_NAME, timeout=timeout)
    try:
        _without_delay(line)
        if server.security is Security.STARTTLS:
            line.starttls(context=context)
        line.ehlo_or_helo_if_needed()
        if server.user and password:
            line.login(server.user, password)
    except BaseException:
        line.close()
        raise
    return line


def _without_delay(line: smtplib.SMTP) -> None:
    """Have short lines leave at once: a message's last one would wait 40 ms for the answer to those before (Nagle)."""
    if line.sock is not None:
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _hopeless(error: Exception) -> str | None:
    """Say why it makes no sense to try again, if it doesn't."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not to be trusted"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "it offers no STARTTLS, or no way to sign in"
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code // 100 == 5:
        return f"it refused the connection or the password ({error.smtp_code})"
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return "it doesn't speak TLS there; smtps:// is for port 465, smtp:// for 587"
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME:
        return "no server has this name"
    return None
