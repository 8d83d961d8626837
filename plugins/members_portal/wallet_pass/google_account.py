"""The service account that signs Google Wallet links, from the JSON file that Google makes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from members_portal.wallet_pass.pass_fault import PassFault

SERVICE_ACCOUNT = "service_account"
EXPECTED_FILE = "the JSON file of a service account key, as Google Cloud makes it"


@dataclass(frozen=True)
class GoogleAccount:
    """A service account: its e-mail address, the id of its key, and the key."""

    email: str
    key_id: str
    key: RSAPrivateKey = field(repr=False)


def read_google_account(data: bytes) -> GoogleAccount:
    """Read the file of a service account; raise PassFault for anything else. No message holds a part of the file."""
    try:
        found = json.loads(data)
    except ValueError as error:
        raise PassFault(SERVICE_ACCOUNT, "the file is not JSON", EXPECTED_FILE) from error
    if not isinstance(found, dict) or found.get("type") != SERVICE_ACCOUNT:
        raise PassFault(SERVICE_ACCOUNT, "the file is not that of a service account", EXPECTED_FILE)
    email, key_id, written = (found.get(name) for name in ("client_email", "private_key_id", "private_key"))
    if not (isinstance(email, str) and isinstance(key_id, str) and isinstance(written, str)):
        what = "`client_email`, `private_key_id` or `private_key` is missing in the file"
        raise PassFault(SERVICE_ACCOUNT, what, EXPECTED_FILE)
    try:
        key = load_pem_private_key(written.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PassFault(SERVICE_ACCOUNT, "`private_key` in the file is no key in PEM", EXPECTED_FILE) from error
    if not isinstance(key, RSAPrivateKey):
        raise PassFault(SERVICE_ACCOUNT, "`private_key` in the file is no RSA key", EXPECTED_FILE)
    return GoogleAccount(email, key_id, key)
