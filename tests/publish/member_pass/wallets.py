"""A project with a certificate, signed by the authority of the tests, and with a service account."""

from __future__ import annotations

from pathlib import Path

from tests.publish.project import Project
from tests.wallet_pass.authority import (
    PASS_TYPE,
    TEAM,
    account_file,
    authority_certificate,
    pass_certificate,
    pem,
    pem_key,
)

APPLE = {
    "pass_type": PASS_TYPE,
    "team": TEAM,
    "organisation": "Harbour Lamps",
    "certificate": ".portal/pass.pem",
    "key": ".portal/pass-key.pem",
    "wwdr": ".portal/wwdr.pem",
}
GOOGLE = {"issuer": "3388000000012345678", "class": "loyalty", "service_account": ".portal/google.json"}


def lay_in(root: Path, name: str, data: bytes) -> None:
    """Write a file that only its owner can read below `.portal/`."""
    folder = root / ".portal"
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / name).touch(0o600)
    (folder / name).write_bytes(data)


def lay_in_keys(root: Path) -> None:
    """Write all files that APPLE and GOOGLE name."""
    lay_in(root, "pass.pem", pem(pass_certificate()))
    lay_in(root, "pass-key.pem", pem_key("owner"))
    lay_in(root, "wwdr.pem", pem(authority_certificate()))
    lay_in(root, "google.json", account_file())


def with_wallets(project: Project, **passes: object) -> Project:
    """Add PORTAL_PASSES and its files to a project; without `passes`, both wallets."""
    lay_in_keys(project.root)
    written = passes or {"apple": APPLE, "google": GOOGLE}
    with open(project.root / "pelicanconf.py", "a", encoding="utf-8") as conf:
        conf.write(f"\nPORTAL_PASSES = {written!r}\n")
    return project
