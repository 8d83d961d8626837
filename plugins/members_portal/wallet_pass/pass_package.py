"""The package of an Apple Wallet pass: a ZIP archive with pass.json, pictures, their digests and a signature.

The signature holds the time of signing, so that two packages with the same content differ. A package of an earlier
publish is kept while its content and its certificate are the same. The day on it is left out of the comparison.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha1, sha256
from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7SignatureBuilder,
    load_der_pkcs7_certificates,
)
from cryptography.x509 import Certificate

from members_portal.wallet_pass.apple_fields import CARD_JSON, as_of_of, pass_json
from members_portal.wallet_pass.apple_identity import AppleIdentity
from members_portal.wallet_pass.pass_content import PassContent, PassSite

MANIFEST_JSON, SIGNATURE_FILE = "manifest.json", "signature"
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first that ZIP knows: packages hold no time of their making but the signature's
# Binary: the bytes are signed as they are, without line ends of mail. Capabilities are of use to mail programs only.
OPTIONS = (PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoCapabilities)


class PassPrinter:
    """Makes the packages of one site."""

    def __init__(self, identity: AppleIdentity, site: PassSite, pictures: Mapping[str, bytes]) -> None:
        self._identity, self._site, self._pictures = identity, site, dict(pictures)
        self._digests = {name: _digest(data) for name, data in pictures.items()}
        common = (*map(_encoded, self._certificates), *pictures.values())
        self._base = b"".join(sha256(part).digest() for part in common)

    def package(self, content: PassContent, earlier: bytes | None = None) -> bytes:
        """Return the package of a card: the earlier one if only its day differs, else a new one."""
        if earlier is not None and self._is_current(content, earlier):
            return earlier
        card = self._card(content)
        manifest = self._manifest(card)
        files = {CARD_JSON: card, **self._pictures, MANIFEST_JSON: manifest, SIGNATURE_FILE: self._sign(manifest)}
        return _zipped(files)

    def key(self, content: PassContent) -> bytes:
        """Return the digest of all that a package depends on but the day on it."""
        return sha256(self._base + self._card(replace(content, as_of=""))).digest()

    @property
    def _certificates(self) -> tuple[Certificate, Certificate]:
        return self._identity.certificate, self._identity.issuer

    def _card(self, content: PassContent) -> bytes:
        return pass_json(content, self._site, self._identity.pass_type)

    def _manifest(self, card: bytes) -> bytes:
        return json.dumps({CARD_JSON: _digest(card), **self._digests}).encode()

    def _sign(self, manifest: bytes) -> bytes:
        identity = self._identity
        builder = PKCS7SignatureBuilder().set_data(manifest)
        builder = builder.add_signer(identity.certificate, identity.key, SHA256()).add_certificate(identity.issuer)
        return builder.sign(Encoding.DER, OPTIONS)

    def _is_current(self, content: PassContent, earlier: bytes) -> bool:
        """Return whether an earlier package has this content, apart from its day, and a signature of this identity."""
        try:
            with ZipFile(BytesIO(earlier)) as package:
                card = package.read(CARD_JSON)
                if card != self._card(replace(content, as_of=as_of_of(card))):
                    return False
                certificates = load_der_pkcs7_certificates(package.read(SIGNATURE_FILE))
                is_same = package.read(MANIFEST_JSON) == self._manifest(card)
        except (BadZipFile, KeyError, ValueError, EOFError):
            return False
        return is_same and set(self._certificates) <= set(certificates)


def _encoded(certificate: Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _digest(data: bytes) -> str:
    return sha1(data, usedforsecurity=False).hexdigest()  # the format has SHA-1; the signature has SHA-256


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as package:
        for name, data in files.items():
            entry = ZipInfo(name, NO_TIME)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # the same on each system
            package.writestr(entry, data)
    return packed.getvalue()
