"""The SMTP server: its address, the encryption of the connection, and the connection."""

import ipaddress
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from members_portal.newsletter.mail.mail_error import MailError

PORTS = {"smtp": 587, "smtps": 465}  # submission (RFC 6409) and submissions (RFC 8314)
OWN_NAME = "[127.0.0.1]"  # in EHLO: hides the name of this machine, and avoids a slow name lookup


class Security(StrEnum):
    """The encryption of the connection."""

    TLS = "TLS"
    STARTTLS = "STARTTLS"
    NONE = "no encryption, on this machine"


@dataclass(frozen=True)
class SmtpServer:
    """The address of the server; the password is kept separately."""

    host: str
    port: int
    user: str | None
    security: Security


def read_server(address: str) -> SmtpServer:
    """Parse `smtp://user@host:587` or `smtps://…`; encryption is required except for the loopback address."""
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
    return SmtpServer(parts.hostname, port or PORTS[parts.scheme], user, _security(parts.scheme, parts.hostname))


def _security(scheme: str, host: str) -> Security:
    if scheme == "smtps":
        return Security.TLS
    return Security.NONE if is_loopback(host) else Security.STARTTLS


def is_loopback(host: str) -> bool:
    """Tell whether a host is the loopback address or `localhost`; without a name lookup."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def connect(server: SmtpServer, password: str | None, context: ssl.SSLContext, timeout: float) -> smtplib.SMTP:
    """Open a connection and sign in; raise MailError for errors that a retry can't fix."""
    try:
        return _open(server, password, context, timeout)
    except (OSError, smtplib.SMTPException) as error:
        if reason := _permanent(error):
            raise MailError(f"{server.host}: {reason}") from None
        raise


def _open(server: SmtpServer, password: str | None, context: ssl.SSLContext, timeout: float) -> smtplib.SMTP:
    if server.security is Security.TLS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, OWN_NAME, timeout=timeout, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, OWN_NAME, timeout=timeout)
    try:
        _without_delay(connection)
        if server.security is Security.STARTTLS:
            connection.starttls(context=context)
        connection.ehlo_or_helo_if_needed()
        if server.user and password:
            connection.login(server.user, password)
    except BaseException:
        connection.close()
        raise
    return connection


def _without_delay(connection: smtplib.SMTP) -> None:
    """Disable Nagle's algorithm: it would delay the last line of each message by 40 ms."""
    if connection.sock is not None:
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _permanent(error: Exception) -> str | None:
    """Return the reason for an error that a retry can't fix, or None."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not trusted"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "it offers no STARTTLS, or no way to sign in"
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code // 100 == 5:
        return f"it refused the connection or the password ({error.smtp_code})"
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return "it doesn't use TLS on this port; smtps:// is for port 465, smtp:// for 587"
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME:
        return "no server has this name"
    return None
