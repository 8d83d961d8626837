"""Has anything changed since the release in force was made?

A fingerprint covers everything a release depends on. It is keyed by the site secret, so that the private state folder
tells nothing about the content, and changes with the secret.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from members_portal import seal
from members_portal.publish.context import PublishContext
from members_portal.publish.issue.pango import pango_version
from members_portal.seal import Secret

PACKAGES = (
    *("pelican", "jinja2", "markupsafe", "markdown", "babel", "pyyaml", "pydantic", "cryptography", "fonttools"),
    *("duckdb", "font-source-serif-pro", "font-source-sans-pro"),
    *("weasyprint", "pydyf", "pikepdf", "uharfbuzz", "segno"),
)
SKIPPED = frozenset({"__pycache__"})


def inputs_fingerprint(context: PublishContext, secret: Secret) -> str:
    """Fold every input file, the date, the address and the versions in use into one keyed digest (hex)."""
    digest = hashlib.sha256()
    pdfs = f"{context.pdfs} {pango_version()}"
    for part in (
        f"{context.on} {context.is_dated}",
        context.siteurl or "",
        pdfs,
        *(f"{name} {version(name)}" for name in PACKAGES),
    ):
        digest.update(part.encode() + b"\0")
    folders = (context.content, context.members, context.theme, context.code)
    for folder in folders:
        _add_tree(digest, folder)
    digest.update(_data(context))
    for name in ("pelicanconf.py", "publishconf.py"):
        digest.update((context.root / name).read_bytes() + b"\0")
    return secret.derive("inputs", digest.hexdigest()).hex()


def _data(context: PublishContext) -> bytes:
    """Stand for what a database holds: nobody knows that before it is read, so it is never what it was."""
    return secrets.token_bytes(16) if context.database else b""


def tree_fingerprint(site: Path, roster: Iterable[object], generation: int, secret: Secret) -> str:
    """Fold what is to be sealed, for whom and by which code, into one keyed digest (hex)."""
    digest = hashlib.sha256()
    _add_tree(digest, site)
    _add_tree(digest, Path(seal.__file__).parent)
    digest.update(f"{generation}\0{list(roster)!r}".encode())
    return secret.derive("tree", digest.hexdigest()).hex()


def _add_tree(digest: "hashlib._Hash", folder: Path) -> None:
    for path in _files(str(folder)):
        digest.update(os.path.relpath(path, folder).encode("utf-8", "surrogateescape") + b"\0")
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())


def _files(folder: str) -> Iterator[str]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name) if os.path.isdir(folder) else ():
        if entry.is_dir() and entry.name not in SKIPPED:
            yield from _files(entry.path)
        elif entry.is_file():
            yield entry.path


def remember(state: Path, release: Path, made_of: Mapping[str, str]) -> None:
    """Note what a release was made of, whole or not at all."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = state / ".tmp"  # one name, so that what a killed publish left is written over
    draft.write_text(json.dumps(made_of), "utf-8")
    draft.replace(_note(state, release))


def forget(state: Path, releases: Path) -> None:
    """Remove the notes of releases that are gone, or never came."""
    for note in state.glob("*.json"):
        if not (releases / note.stem).is_dir():
            note.unlink()


def recall(state: Path, release: Path | None) -> dict[str, str]:
    """Return what a release was made of; nothing when that isn't known."""
    try:
        found = json.loads(_note(state, release).read_text("utf-8")) if release else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _note(state: Path, release: Path) -> Path:
    return state / f"{release.name}.json"
