"""A browser with a profile on disk, and a search for secrets in its files."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession

from tests.conftest import ARGUMENTS
from tests.js.host import Host
from tests.js.reader import Reader

FORMAT = b"portal-release/1"
CHROMIUM = "/usr/bin/chromium"  # the headless shell keeps no history and stores no forms
LOCAL = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "hasPrf": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class DiskReader(Reader[Host]):
    """Drive Chromium on a profile on disk."""

    def _new_context(self, browser: Browser, **device: Any) -> BrowserContext:
        folder = str(device["profile"])
        return browser.browser_type.launch_persistent_context(
            folder, executable_path=CHROMIUM, args=[*ARGUMENTS[:-1], LOCAL]
        )

    def add_authenticator(self) -> Authenticator:
        """Give the tab an authenticator of its own; nothing of it is in the profile."""
        return Authenticator(self.context.new_cdp_session(self.page))


class Authenticator:
    """A virtual authenticator of one tab."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        session.send("WebAuthn.enable")
        self._id = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    def count(self) -> int:
        """Count the passkeys."""
        return len(self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})["credentials"])

    def stop_worker(self) -> None:
        """Stop the worker; the end of another session of the tab would end the authenticator."""
        self._session.send("ServiceWorker.enable")
        self._session.send("ServiceWorker.stopAllWorkers")

    def refuse(self) -> None:
        """Fail to recognise the user from now on."""
        parameters = {"authenticatorId": self._id, "isUserVerified": False}
        self._session.send("WebAuthn.setUserVerified", parameters)


def member_root(code: str) -> bytes:
    """Compute a member's root from the access code, as FORMAT.md says."""
    return hmac.new(FORMAT, code.replace("-", "").encode(), hashlib.sha512).digest()


def found_on_disk(profile: Path, secrets: Mapping[str, bytes]) -> set[tuple[str, str]]:
    """Search the files of a profile; return pairs of a secret's name and a file or folder of the profile."""
    wanted = [(name, form) for name, secret in secrets.items() for form in forms(secret)]
    found = set()
    for file in profile.rglob("*"):
        if file.is_file() and not file.is_symlink():
            data = file.read_bytes()
            place = file.relative_to(profile / "Default" if profile / "Default" in file.parents else profile).parts[0]
            found |= {(name, place) for name, form in wanted if form in data}
    return found


def forms(secret: bytes) -> list[bytes]:
    """Return the encodings to search for: UTF-8 or raw, UTF-16LE, hexadecimal, base64 at each alignment."""
    digits = secret.hex()
    found = [secret, b"".join(bytes((byte, 0)) for byte in secret), digits.encode(), digits.upper().encode()]
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + secret)
        inner = whole[4 if shift else 0 : -4]  # the letters that no neighbour changes
        found += [inner, inner.replace(b"+", b"-").replace(b"/", b"_")]
    return found
