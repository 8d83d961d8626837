"""The identity that signs passes: what is refused, and how the reason is named."""

from __future__ import annotations

from datetime import date

import pytest

from members_portal.wallet_pass.apple_identity import (
    AppleIdentity,
    ApplePassType,
    ends_soon,
    identity_faults,
    read_certificate,
    read_private_key,
)
from members_portal.wallet_pass.pass_fault import PassFault
from tests.wallet_pass.authority import (
    PASS_TYPE,
    TEAM,
    Subject,
    authority_certificate,
    key_of,
    pass_certificate,
    pem,
    pem_key,
)
from tests.wallet_pass.cards import identity_of

DAY = date(2026, 11, 20)


def faults_of(identity: AppleIdentity) -> list[tuple[str, str]]:
    return [(fault.key, fault.what) for fault in identity_faults(identity, DAY)]


def test_a_whole_identity_has_no_fault() -> None:
    assert faults_of(identity_of()) == []


def test_a_key_of_another_certificate_is_a_fault() -> None:
    identity = AppleIdentity(
        ApplePassType(PASS_TYPE, TEAM), pass_certificate(), authority_certificate(), key_of("google")
    )
    assert faults_of(identity) == [("key", "the private key is not that of the certificate")]


def test_another_pass_type_and_team_are_faults() -> None:
    assert faults_of(identity_of(Subject(pass_type="pass.other", team="OTHER12345"))) == [
        ("pass_type", "the certificate is for the pass type identifier 'pass.other'"),
        ("team", "the certificate is for the team identifier 'OTHER12345'"),
    ]


def test_a_certificate_of_another_authority_is_a_fault() -> None:
    assert faults_of(identity_of(issuer="stranger")) == [("wwdr", "it did not issue the file in `certificate`")]


@pytest.mark.parametrize(
    ("first", "last", "is_valid"),
    [
        (date(2026, 11, 20), date(2026, 11, 21), True),
        (date(2026, 11, 21), date(2027, 11, 21), False),
        (date(2025, 11, 20), date(2026, 11, 20), False),
        (date(2025, 11, 20), date(2026, 11, 19), False),
    ],
)
def test_a_certificate_must_be_valid_all_day(first: date, last: date, is_valid: bool) -> None:
    found = faults_of(identity_of(Subject(first=first, last=last)))
    expected = [] if is_valid else [("certificate", f"the certificate is valid from {first} until {last}")]
    assert found == expected


@pytest.mark.parametrize(("last", "told"), [(date(2026, 12, 20), True), (date(2026, 12, 21), False)])
def test_an_end_within_thirty_days_is_told(last: date, told: bool) -> None:
    assert ends_soon(identity_of(Subject(last=last)), DAY) == (last if told else None)


def test_a_key_with_a_password_is_read() -> None:
    found = read_private_key("key", pem_key("owner", "tallow and wick"), b"tallow and wick")
    assert found.public_key() == key_of("owner").public_key()


@pytest.mark.parametrize(
    ("data", "password", "what"),
    [
        (b"", None, "the file holds no private key in PEM"),
        (pem(authority_certificate()), None, "the file holds no private key in PEM"),
        (pem_key("owner", "tallow"), None, "the key needs a password"),
        (pem_key("owner", "tallow"), b"wick", "the password does not open the key"),
        (pem_key("owner"), b"wick", "the key has no password, and one is given"),
    ],
)
def test_a_key_that_cannot_be_read_is_named_without_its_content(data: bytes, password: bytes, what: str) -> None:
    with pytest.raises(PassFault) as raised:
        read_private_key("key", data, password)
    assert (raised.value.key, raised.value.what) == ("key", what)
    assert "tallow" not in str(raised.value)
    assert "wick" not in str(raised.value)


@pytest.mark.parametrize("data", [b"", b"text", pem_key("owner"), pem(authority_certificate()) * 2])
def test_a_file_without_one_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(PassFault, match="wwdr: the file holds"):
        read_certificate("wwdr", data)


def test_nothing_of_the_key_is_printed() -> None:
    assert "PrivateKey" not in repr(identity_of())
