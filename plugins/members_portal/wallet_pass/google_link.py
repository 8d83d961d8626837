"""The link that saves a card in Google Wallet: a JSON Web Token (RFC 7519), signed with RS256 (RFC 7515, RFC 7518).

The token holds the card. Google reads it when the member opens the link, and not before.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from members_portal.wallet_pass.google_account import GoogleAccount
from members_portal.wallet_pass.pass_content import PassContent, PassSite

SAVE = "https://pay.google.com/gp/v/save/"
LONGEST = 1800  # characters of a token: Google's limit, beyond which browsers may cut the address


@dataclass(frozen=True)
class GoogleClass:
    """The loyalty class that the owner has made in Google's console: issuer id, and the part of its id after that."""

    issuer: str
    suffix: str

    @property
    def id(self) -> str:
        return f"{self.issuer}.{self.suffix}"


@dataclass(frozen=True)
class GoogleSigner:
    """Makes the links of one site. `on` is the day of the publish."""

    account: GoogleAccount
    google_class: GoogleClass
    site: PassSite
    on: date

    def link(self, content: PassContent) -> str:
        """Return the link for one card; raise ValueError for a card that is too long for an address."""
        if len(token := self._token(self._claims(content))) > LONGEST:
            raise ValueError(f"the card takes {len(token)} characters; an address has room for {LONGEST}")
        return SAVE + token

    def _claims(self, content: PassContent) -> dict[str, Any]:
        # The time of issue is the first day of the month: links stay the same from day to day, as other personal parts.
        issued = datetime(self.on.year, self.on.month, 1, tzinfo=UTC)
        address = urlsplit(self.site.portal)
        return {
            "iss": self.account.email,
            "aud": "google",
            "typ": "savetowallet",
            "iat": int(issued.timestamp()),
            "origins": [f"{address.scheme}://{address.netloc}"] if address.netloc else [],
            "payload": {"loyaltyObjects": [self._card(content)]},
        }

    def _card(self, content: PassContent) -> dict[str, Any]:
        card: dict[str, Any] = {
            "id": f"{self.google_class.issuer}.{content.serial}",
            "classId": self.google_class.id,
            "state": "ACTIVE",
            "accountId": content.number,
            "accountName": content.name,
            "barcode": {"type": "CODE_128", "value": content.number, "alternateText": content.number},
        }
        if content.points is not None:
            card["loyaltyPoints"] = {"label": self.site.points_name, "balance": {"int": content.points}}
        if content.tier:
            card["textModulesData"] = [{"id": "tier", "header": self.site.labels.tier, "body": content.tier}]
        return card

    def _token(self, claims: Mapping[str, Any]) -> str:
        header = {"alg": "RS256", "typ": "JWT", "kid": self.account.key_id}
        signed = f"{_part(_json(header))}.{_part(_json(claims))}"
        return f"{signed}.{_part(self.account.key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _part(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
