"""A real SMTP server on this machine, and certificates for it, made anew."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
OTHER_NAME = "0.0.0.0"  # leads to this machine as well, and isn't taken for it
OK = "250 OK"
LOST = "the connection is cut here"
Step = Callable[[str], str]


@dataclass
class MailHost:
    """The messages accepted by a server; `on_recipient` and `on_message` return its replies, by recipient address."""

    port: int
    on_recipient: Step = lambda address: OK
    on_message: Step = lambda address: OK
    delivered: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    encrypted: set[bool] = field(default_factory=set)
    users: set[str] = field(default_factory=set)

    @property
    def recipients(self) -> list[str]:
        return [address for address, _ in self.delivered]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        session.host_name = name
        self.connections += 1
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer(server, self.on_recipient(address))
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        (address,) = envelope.rcpt_tos
        self.encrypted.add(session.ssl is not None)
        answer = self._answer(server, self.on_message(address))
        if answer.startswith("250"):
            self.delivered.append((address, bytes(envelope.original_content or b"")))
        return answer

    @staticmethod
    def _answer(server: SMTP, answer: str) -> str:
        if answer == LOST:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer if answer != LOST else "451 gone"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.users.add(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def mail_host(**given: Any) -> Iterator[MailHost]:
    """Run a server; `auth=True` asks for a password."""
    host = MailHost(free_port())
    if given.pop("auth", False):
        given |= {"authenticator": host.authenticate, "auth_required": True, "auth_require_tls": False}
    controller = Controller(host, HOST, host.port, **given)
    controller.start()
    try:
        yield host
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(frozen=True)
class Certificates:
    """The certificate of a server, and the trust store of a client."""

    server: ssl.SSLContext
    client: ssl.SSLContext
    authority: Path


def make_certificates(folder: Path) -> Certificates:
    """Make an authority of one's own, and a server's certificate by it."""
    key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Test authority", key, "Test authority", key, authority=True)
    leaf = _certificate("Test server", server_key, "Test authority", key, authority=False)
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    (folder / "server.pem").write_bytes(leaf.public_bytes(pem) + server_key.private_bytes(pem, *private))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return Certificates(server, ssl.create_default_context(cafile=str(folder / "ca.pem")), folder / "ca.pem")


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey, *, authority: bool
) -> x509.Certificate:
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host)) for host in (HOST, OTHER_NAME)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2999, 12, 31, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    return (builder if authority else builder.add_extension(names, critical=False)).sign(by, hashes.SHA256())
