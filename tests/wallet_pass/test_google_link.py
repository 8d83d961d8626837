"""Google Wallet links: the token, its signature, and its content."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from members_portal.wallet_pass.google_account import read_google_account
from members_portal.wallet_pass.google_link import GoogleClass, GoogleSigner
from members_portal.wallet_pass.pass_fault import PassFault
from tests.wallet_pass.authority import EMAIL, account_file, key_of
from tests.wallet_pass.cards import CARD, HOUSE

DAY = date(2026, 11, 20)
SAVE = "https://pay.google.com/gp/v/save/"


def signer(on: date = DAY) -> GoogleSigner:
    return GoogleSigner(read_google_account(account_file()), GoogleClass("3388000000012345678", "loyalty"), HOUSE, on)


def decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def token_of(link: str, owner: str = "google") -> tuple[Any, Any]:
    """Verify a link with the public key; return header and claims of its token."""
    assert link.startswith(SAVE)
    header, claims, signature = link.removeprefix(SAVE).split(".")
    key_of(owner).public_key().verify(decoded(signature), f"{header}.{claims}".encode(), PKCS1v15(), SHA256())
    return json.loads(decoded(header)), json.loads(decoded(claims))


def test_the_token_is_signed_by_the_service_account() -> None:
    header, claims = token_of(signer().link(CARD))
    assert header == {"alg": "RS256", "typ": "JWT", "kid": "0123456789abcdef"}
    assert {key: claims[key] for key in claims if key != "payload"} == {
        "iss": EMAIL,
        "aud": "google",
        "typ": "savetowallet",
        "iat": 1793491200,  # 1 November 2026
        "origins": ["https://club.example"],
    }
    with pytest.raises(InvalidSignature):
        token_of(signer().link(CARD), owner="owner")


def test_the_token_holds_the_card() -> None:
    _, claims = token_of(signer().link(CARD))
    assert claims["payload"] == {
        "loyaltyObjects": [
            {
                "id": "3388000000012345678." + "5e1a" * 8,
                "classId": "3388000000012345678.loyalty",
                "state": "ACTIVE",
                "accountId": "L-101",
                "accountName": "Torvald Ekdahl",
                "barcode": {"type": "CODE_128", "value": "L-101", "alternateText": "L-101"},
                "loyaltyPoints": {"label": "points", "balance": {"int": 1250}},
                "textModulesData": [{"id": "tier", "header": "Tier", "body": "Pewter"}],
            }
        ]
    }


def test_a_member_without_statement_and_tier_has_neither_on_the_card() -> None:
    _, claims = token_of(signer().link(replace(CARD, points=None, tier="")))
    assert not {"loyaltyPoints", "textModulesData"} & claims["payload"]["loyaltyObjects"][0].keys()


def test_the_link_is_the_same_on_each_day_of_a_month() -> None:
    assert signer(date(2026, 11, 1)).link(CARD) == signer(date(2026, 11, 30)).link(CARD)
    assert signer(date(2026, 12, 1)).link(CARD) != signer().link(CARD)


def test_the_link_holds_no_character_that_an_address_must_escape() -> None:
    token = signer().link(replace(CARD, name="欧阳芳泽 & ‹شيرين›")).removeprefix(SAVE)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_card_that_no_address_has_room_for_is_refused() -> None:
    assert len(signer().link(replace(CARD, name="x" * 200))) < 2000
    with pytest.raises(ValueError, match="an address has room for 1800"):
        signer().link(replace(CARD, name="x" * 1000))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the file is not JSON"),
        (b"{", "the file is not JSON"),
        (b"\xff\xfe\xff", "the file is not JSON"),
        (b"[]", "the file is not that of a service account"),
        (account_file(type="authorized_user"), "the file is not that of a service account"),
        (account_file(client_email=None), "`client_email`, `private_key_id` or `private_key` is missing in the file"),
        (account_file(private_key="tallow"), "`private_key` in the file is no key in PEM"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_without_its_content(data: bytes, what: str) -> None:
    with pytest.raises(PassFault) as raised:
        read_google_account(data)
    assert (raised.value.key, raised.value.what) == ("service_account", what)
    assert "tallow" not in str(raised.value)
