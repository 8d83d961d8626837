"""A certificate authority of the tests' own in the place of Apple's, a service account in the place of Google's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

PASS_TYPE, TEAM = "pass.example.harbour-lamp", "LAMP123456"
FIRST, LAST = date(2020, 1, 1), date(2099, 1, 1)
EMAIL = "passes@harbour-lamp.iam.gserviceaccount.example"


@cache
def key_of(owner: str) -> RSAPrivateKey:
    """Return the key of an owner, made once per run."""
    return generate_private_key(65537, 2048)


def pem_key(owner: str, password: str = "") -> bytes:
    """Return a key as PEM."""
    hidden: KeySerializationEncryption = NoEncryption()
    if password:
        hidden = BestAvailableEncryption(password.encode())
    return key_of(owner).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden)


@dataclass(frozen=True)
class Subject:
    """Whom a certificate names, and until when."""

    pass_type: str = PASS_TYPE
    team: str = TEAM
    first: date = FIRST
    last: date = LAST


def authority_certificate(name: str = "authority") -> x509.Certificate:
    """Return the certificate of an authority, signed by itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test {name}")])
    builder = _dated(x509.CertificateBuilder().subject_name(subject).issuer_name(subject), 1, FIRST, LAST)
    limits = x509.BasicConstraints(ca=True, path_length=None)
    builder = builder.public_key(key_of(name).public_key()).add_extension(limits, critical=True)
    return builder.sign(key_of(name), SHA256())


OWNER = Subject()


def pass_certificate(subject: Subject = OWNER, owner: str = "owner", issuer: str = "authority") -> x509.Certificate:
    """Return the certificate of a pass type, for the key of `owner`."""
    names = [
        x509.NameAttribute(NameOID.USER_ID, subject.pass_type),
        x509.NameAttribute(NameOID.COMMON_NAME, f"Pass Type ID: {subject.pass_type}"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, subject.team),
    ]
    signer = authority_certificate(issuer).subject
    builder = x509.CertificateBuilder().subject_name(x509.Name(names)).issuer_name(signer)
    builder = _dated(builder, 2, subject.first, subject.last).public_key(key_of(owner).public_key())
    return builder.sign(key_of(issuer), SHA256())


def pem(certificate: x509.Certificate) -> bytes:
    """Return a certificate as PEM."""
    return certificate.public_bytes(Encoding.PEM)


def account_file(owner: str = "google", **changed: object) -> bytes:
    """Return the JSON file of a service account."""
    found = {
        "type": "service_account",
        "client_email": EMAIL,
        "private_key_id": "0123456789abcdef",
        "private_key": pem_key(owner).decode(),
    }
    return json.dumps({**found, **changed}).encode()


def _dated(builder: x509.CertificateBuilder, number: int, first: date, last: date) -> x509.CertificateBuilder:
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, last))
    return builder.serial_number(number).not_valid_before(begin).not_valid_after(end)
