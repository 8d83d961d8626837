"""The identity that signs Apple's passes: certificate, private key, and the certificate of Apple that issued it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from members_portal.wallet_pass.pass_fault import PassFault

NEAR_END = timedelta(days=30)  # before the end of a certificate, a warning
PEM_CERTIFICATE = "one certificate in PEM, which begins with -----BEGIN CERTIFICATE-----"
PEM_KEY = "a private key in PEM, which begins with -----BEGIN PRIVATE KEY----- or the like"
KEY_KINDS = (RSAPrivateKey, EllipticCurvePrivateKey)


@dataclass(frozen=True)
class ApplePassType:
    """What Apple has registered: the pass type identifier and the team identifier."""

    identifier: str
    team: str


@dataclass(frozen=True)
class AppleIdentity:
    """The certificate of a pass type with its key, and the certificate of its issuer."""

    pass_type: ApplePassType
    certificate: x509.Certificate
    issuer: x509.Certificate
    key: RSAPrivateKey | EllipticCurvePrivateKey = field(repr=False)


def read_certificate(key: str, data: bytes) -> x509.Certificate:
    """Read a PEM certificate of the setting `key`; raise PassFault for anything else."""
    try:
        found = x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise PassFault(key, "the file holds no certificate in PEM", PEM_CERTIFICATE) from error
    if len(found) != 1:
        raise PassFault(key, f"the file holds {len(found)} certificates", PEM_CERTIFICATE)
    return found[0]


def read_private_key(key: str, data: bytes, password: bytes | None) -> RSAPrivateKey | EllipticCurvePrivateKey:
    """Read a PEM private key of the setting `key`; raise PassFault for anything else. No message holds the password."""
    try:
        found = load_pem_private_key(data, password)
    except TypeError as error:  # one is given and not needed, or needed and not given
        what = "the key has no password, and one is given" if password else "the key needs a password"
        raise PassFault(key, what, "PORTAL_PASS_PASSWORD for a key with a password, and for no other") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        what = "the password does not open the key" if password else "the file holds no private key in PEM"
        raise PassFault(key, what, "the password of this key" if password else PEM_KEY) from error
    if not isinstance(found, KEY_KINDS):
        raise PassFault(key, "the key is of another kind", "an RSA key, as Apple's instructions make it")
    return found


def identity_faults(identity: AppleIdentity, on: date) -> Iterator[PassFault]:
    """Yield the reasons that Apple Wallet would refuse passes of this identity on a day."""
    certificate, pass_type = identity.certificate, identity.pass_type
    if _public(certificate) != _public(identity.key):
        yield PassFault("key", "the private key is not that of the certificate", "the key of the file in `certificate`")
    for key, oid, name, stated in (
        ("pass_type", NameOID.USER_ID, "pass type identifier", pass_type.identifier),
        ("team", NameOID.ORGANIZATIONAL_UNIT_NAME, "team identifier", pass_type.team),
    ):
        if (named := _subject(certificate, oid)) != stated:
            what = f"the certificate is for the {name} {named!r}" if named else f"the certificate names no {name}"
            yield PassFault(key, what, f"{stated!r}, as in this setting")
    try:
        certificate.verify_directly_issued_by(identity.issuer)
    except (ValueError, TypeError, InvalidSignature):
        what = "it did not issue the file in `certificate`"
        yield PassFault("wwdr", what, "Apple's intermediate certificate (WWDR) of the generation that issued it")
    for key, each in (("certificate", certificate), ("wwdr", identity.issuer)):
        first, last = each.not_valid_before_utc.date(), each.not_valid_after_utc.date()
        if not first <= on < last:
            what = f"the certificate is valid from {first} until {last}"
            yield PassFault(key, what, f"one that is valid on the day of the publish, {on}")


def ends_soon(identity: AppleIdentity, on: date) -> date | None:
    """Return the last day of the certificate if it is near and has not come."""
    last = identity.certificate.not_valid_after_utc.date()
    return last if on < last <= on + NEAR_END else None


def _subject(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    return next((str(each.value) for each in certificate.subject.get_attributes_for_oid(oid)), "")


def _public(owner: x509.Certificate | RSAPrivateKey | EllipticCurvePrivateKey) -> bytes:
    return owner.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
