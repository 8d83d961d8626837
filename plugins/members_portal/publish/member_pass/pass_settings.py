"""The setting PORTAL_PASSES, checked: identifiers, and the files of certificates and keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from members_portal.loyalty.input.problem import Problem, check_degree
from members_portal.portal.setting_reader import SettingReader
from members_portal.portal.site_settings import SiteSettings
from members_portal.publish.context import PublishContext
from members_portal.seal import BadSecret
from members_portal.seal.key.secret_file import read_secret_file
from members_portal.wallet_pass.apple_identity import (
    AppleIdentity,
    ApplePassType,
    ends_soon,
    identity_faults,
    read_certificate,
    read_private_key,
)
from members_portal.wallet_pass.google_account import GoogleAccount, read_google_account
from members_portal.wallet_pass.google_link import GoogleClass
from members_portal.wallet_pass.pass_fault import PassFault
from members_portal.wallet_pass.pass_labels import PassLabels

PASSES_SETTING = "PORTAL_PASSES"
PASS_KEYS = ("apple", "google", "colour", "labels")
APPLE_KEYS = ("pass_type", "team", "organisation", "certificate", "key", "wwdr")
GOOGLE_KEYS = ("issuer", "class", "service_account")
HOUSE_COLOUR = "#12363f"  # the theme's
MOST_KEY_BYTES = 1 << 16  # of a file with a key
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class PassSettings:
    """The checked settings; `apple` and `google` are None where the owner has not given them."""

    organisation: str = ""
    colour: str = HOUSE_COLOUR
    labels: PassLabels = field(default_factory=PassLabels)
    apple: AppleIdentity | None = None
    google: tuple[GoogleAccount, GoogleClass] | None = None
    warnings: tuple[Problem, ...] = ()


def read_pass_settings(context: PublishContext, site: SiteSettings) -> PassSettings:
    """Check PORTAL_PASSES and read its files; raise InvalidInput with all problems together."""
    if not site.passes:
        return PassSettings()
    reader = _PassReader(context, site)
    found = PassSettings(
        organisation=reader.organisation(),
        colour=reader.colour(),
        labels=reader.labels(),
        apple=reader.apple(),
        google=reader.google(),
    )
    warnings = check_degree(reader.settings.problems, strict=context.strict)
    return PassSettings(**{**vars(found), "warnings": warnings})


class _PassReader:
    """Reads the parts of PORTAL_PASSES and collects problems in `settings.problems`."""

    def __init__(self, context: PublishContext, site: SiteSettings) -> None:
        self.context, self.site = context, site
        self.settings = SettingReader(context.conf)
        self.block = self.settings.block((PASSES_SETTING,), site.passes, (), PASS_KEYS)

    def organisation(self) -> str:
        """Return the organisation on passes: the company where none is given."""
        apple = self.block.get("apple")
        stated = apple.get("organisation") if isinstance(apple, Mapping) else None
        return stated if isinstance(stated, str) else self.site.company

    def colour(self) -> str:
        value = self.block.get("colour", HOUSE_COLOUR)
        if isinstance(value, str) and _COLOUR.fullmatch(value):
            return value
        self.settings.wrong((PASSES_SETTING, "colour"), value, "a colour such as #12363f")
        return HOUSE_COLOUR

    def labels(self) -> PassLabels:
        path, known = (PASSES_SETTING, "labels"), tuple(each.name for each in fields(PassLabels))
        given = self.settings.block(path, self.block.get("labels", {}), (), known)
        texts = {key: self.settings.text((*path, key), given) for key in given if key in known}
        return PassLabels(**texts)

    def apple(self) -> AppleIdentity | None:
        """Return the identity that signs passes; None without one, or with a problem."""
        block = self._part("apple", APPLE_KEYS)
        if block is None:
            return None
        texts = {key: self.settings.text((PASSES_SETTING, "apple", key), block) for key in APPLE_KEYS}
        identifier = texts["pass_type"]
        if identifier and not identifier.startswith("pass."):
            expected = "an identifier such as pass.example.club"
            self.settings.wrong((PASSES_SETTING, "apple", "pass_type"), identifier, expected)
        password = self.context.environ.get("PORTAL_PASS_PASSWORD", "").encode() or None
        certificate = key = issuer = None
        with self._told("apple"):
            certificate = read_certificate("certificate", self._read("certificate", texts["certificate"]))
        with self._told("apple"):
            key = read_private_key("key", self._read_private("key", texts["key"]), password)
        with self._told("apple"):
            issuer = read_certificate("wwdr", self._read("wwdr", texts["wwdr"]))
        if not (certificate and key and issuer):
            return None
        identity = AppleIdentity(ApplePassType(identifier, texts["team"]), certificate, issuer, key)
        today = self.context.today  # a signature holds the present time, also when another day is published
        for fault in identity_faults(identity, today):
            self._tell("apple", fault)
        if last := ends_soon(identity, today):
            what = f"`{PASSES_SETTING}`, `apple`, `certificate`: the certificate ends on {last}"
            path = (PASSES_SETTING, "apple", "certificate")
            self.settings.add(path, what, "a new one before that day", degree="warning")
        return identity

    def google(self) -> tuple[GoogleAccount, GoogleClass] | None:
        """Return the account that signs links, and the class of cards; None without them, or with a problem."""
        block = self._part("google", GOOGLE_KEYS)
        if block is None:
            return None
        texts = {key: self.settings.text((PASSES_SETTING, "google", key), block) for key in GOOGLE_KEYS}
        for key, form, expected in (
            ("issuer", r"[0-9]+", "the issuer id, digits in quotes"),
            ("class", r"[\w.-]+", "letters, digits, `.`, `_` and `-`"),
        ):
            if texts[key] and not re.fullmatch(form, texts[key], re.ASCII):
                self.settings.wrong((PASSES_SETTING, "google", key), texts[key], expected)
        with self._told("google"):
            account = read_google_account(self._read_private("service_account", texts["service_account"]))
            return account, GoogleClass(texts["issuer"], texts["class"])
        return None

    def _part(self, name: str, keys: tuple[str, ...]) -> Mapping[str, Any] | None:
        """Return a block of the setting, None without one."""
        if name not in self.block:
            return None
        return self.settings.block((PASSES_SETTING, name), self.block[name] or {}, keys)

    def _read(self, key: str, written: str) -> bytes:
        """Return the bytes of a file that a setting names; raise PassFault for a missing one."""
        try:
            return self._path(key, written).read_bytes()
        except OSError as error:
            expected = "a file, by its path from the project's folder"
            raise PassFault(key, f"{written} cannot be read", expected) from error

    def _read_private(self, key: str, written: str) -> bytes:
        """Return the bytes of a file with a key; raise PassFault if others can read it, or if git tracks it."""
        try:
            return read_secret_file(self._path(key, written), MOST_KEY_BYTES).encode()
        except BadSecret as error:
            expected = "a file that only you can read, outside git, such as in .portal/"
            raise PassFault(key, str(error).replace(f"{self.context.root}/", ""), expected) from error

    def _path(self, key: str, written: str) -> Path:
        if not written:
            raise _Missing(key, "", "")
        return self.context.root / written

    @contextmanager
    def _told(self, part: str) -> Iterator[None]:
        """Add a PassFault of this context to the problems."""
        try:
            yield
        except _Missing:
            pass
        except PassFault as fault:
            self._tell(part, fault)

    def _tell(self, part: str, fault: PassFault) -> None:
        path = (PASSES_SETTING, part, fault.key)
        named = ", ".join(f"`{key}`" for key in path)
        self.settings.add(path, f"{named}: {fault.what}", fault.expected)


class _Missing(PassFault):
    """Raised for a setting that is missing, which is a problem already."""
