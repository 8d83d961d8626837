"""Change detection: fingerprints of the inputs and the rendered tree, compared with those of the release in force.

A fingerprint covers all dependencies of a release. It is keyed by the site secret: the state folder reveals nothing
about the content, and a new secret changes every fingerprint.
"""

import hashlib
import json
import os
import re
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from members_portal import seal
from members_portal.portal.rendering.asset import CAMERA_LIBRARY
from members_portal.portal.rendering.rendered_tree import PART
from members_portal.publish.context import PublishContext
from members_portal.publish.issue.pango import pango_version
from members_portal.publish.reuse.imported_files import imported_files
from members_portal.publish.site_day import SETTINGS_FILES
from members_portal.seal import Secret
from members_portal.settings_file import assigned_literals
from members_portal.whole_file import replaced_file

RELEASE_PACKAGES = (
    *("pelican", "jinja2", "markupsafe", "markdown", "pymdown-extensions", "nh3", "tinyhtml5", "tinycss2"),
    *("babel", "iso4217", "idna", "pyyaml", "pydantic", "cryptography", "fonttools", "pillow"),
    *("duckdb", "font-source-serif-pro", "font-source-sans-pro", "manimgx-fonts"),
    *("weasyprint", "pydyf", "pikepdf", "uharfbuzz", "segno", "ahocorasick-rs", "icalendar", "tzdata"),
)
SKIPPED = frozenset({"__pycache__", ".git"})  # .git holds the times of a checkout


class FileDigests:
    """The SHA-256 (hex) of files; each file is read once. `known` holds those below a folder, by path in it."""

    def __init__(self, folder: Path | None = None, known: Mapping[str, str] | None = None) -> None:
        self._known = {f"{folder}/{path}": digest for path, digest in (known or {}).items()}

    def below(self, folder: Path) -> dict[str, str]:
        """Return the known digests of the files below a folder, by path in it."""
        start = f"{folder}/"
        return {path[len(start) :]: digest for path, digest in self._known.items() if path.startswith(start)}

    def of(self, file: str) -> str:
        """Return the digest of a file."""
        if file not in self._known:
            self._known[file] = _digest_of(file)
        return self._known[file]


def _digest_of(file: str) -> str:
    """Return the SHA-256 (hex) of a file: most are small, and a file object takes half of their time."""
    opened = os.open(file, os.O_RDONLY)
    try:
        digest = hashlib.sha256(part := os.read(opened, PART))
        while part:
            digest.update(part := os.read(opened, PART))
    finally:
        os.close(opened)
    return digest.hexdigest()


def inputs_fingerprint(context: PublishContext, secret: Secret) -> str:
    """Return a keyed digest (hex) of all input files, the date, SITEURL and the versions of dependencies."""
    digest = hashlib.sha256()
    pdfs = f"{context.pdfs} {pango_version()}"
    for part in (
        f"{context.on} {context.is_dated}",
        context.siteurl or "",
        pdfs,
        *package_versions(),
    ):
        digest.update(part.encode() + b"\0")
    folders = (context.content, context.members, context.theme, context.code, CAMERA_LIBRARY)
    for folder in folders:
        _add_tree(digest, folder)
    digest.update(_database_token(context))
    digest.update(modules_digest(context.root))
    for name in SETTINGS_FILES:
        digest.update((context.root / name).read_bytes() + b"\0")
        digest.update(_files_of_passes(context.root, name))
    return secret.derive("inputs", digest.hexdigest()).hex()


@cache
def package_versions() -> tuple[str, ...]:
    """Return the names and versions of RELEASE_PACKAGES, read once per process."""
    found = _installed_versions()
    return tuple(f"{name} {found[name] if name in found else _stated_version(name)}" for name in RELEASE_PACKAGES)


def installed_version(package: str) -> str:
    """Return the version of one of RELEASE_PACKAGES."""
    return dict(each.split(" ", 1) for each in package_versions())[package]


def _installed_versions() -> dict[str, str]:
    """Return versions by package, by the names of the folders `NAME-VERSION.dist-info`.

    importlib.metadata reads a file of each package instead, which takes a tenth of a publish without changes.
    """
    found: dict[str, str] = {}
    for folder in reversed(sys.path):  # the first counts, as for imports
        for path in Path(folder).glob("*.dist-info"):
            name, _, version = path.stem.rpartition("-")
            found[re.sub(r"[-_.]+", "-", name).lower()] = version
    return found


def _stated_version(name: str) -> str:
    """Return the version of a package that was installed without such a folder, as some of Linux distributions are."""
    from importlib.metadata import version  # imported late: it takes 15 ms, and few installations need it

    return version(name)


@cache
def code_digest(folder: Path) -> bytes:
    """Return a digest of the package's code, of Python and of RELEASE_PACKAGES: what results of work depend on."""
    digest = hashlib.sha256("\0".join((sys.version, *package_versions())).encode())
    _add_tree(digest, folder)
    return digest.digest()


def modules_digest(root: Path) -> bytes:
    """Return the digest of the project's modules, from which the settings files may import filters or extensions."""
    names = ((os.fsencode(file.relative_to(root)), file) for file in imported_files(root, SETTINGS_FILES))
    parts = (part for name, file in names for part in (name, file.read_bytes()))
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


def _database_token(context: PublishContext) -> bytes:
    """Return random bytes for a database, which counts as always changed; nothing for files."""
    return secrets.token_bytes(16) if context.database else b""


def _files_of_passes(root: Path, name: str) -> bytes:
    """Return the digest of the certificates and keys that PORTAL_PASSES names in a settings file.

    Where the setting is more than plain values, they count as always changed.
    """
    texts = assigned_literals(root / name, "PORTAL_PASSES")
    if texts is None:
        return secrets.token_bytes(16)
    files = [root / text for text in texts if text and (root / text).is_file()]
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).digest()


def tree_fingerprint(
    site: Path, roster: Iterable[object], generation: int, secret: Secret, digests: FileDigests | None = None
) -> str:
    """Return a keyed digest (hex) of the rendered tree, the roster, the generation and the code of the seal.

    `digests` collects those of the files.
    """
    digest = hashlib.sha256()
    _add_tree(digest, site, digests)
    _add_tree(digest, Path(seal.__file__).parent)
    digest.update(f"{generation}\0{list(roster)!r}".encode())
    return secret.derive("tree", digest.hexdigest()).hex()


def folder_digest(folder: Path) -> bytes:
    """Return the digest of the files below a folder, with their paths."""
    digest = hashlib.sha256()
    _add_tree(digest, folder)
    return digest.digest()


def _add_tree(digest: "hashlib._Hash", folder: Path, digests: FileDigests | None = None) -> None:
    known, start = digests or FileDigests(), len(f"{folder}/")
    for path, kind in _entries(str(folder)) if os.path.isdir(folder) else ():
        digest.update(path[start:].encode("utf-8", "surrogateescape") + kind + b"\0")
        digest.update(b"" if kind else bytes.fromhex(known.of(path)))


def _entries(folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the kind of each entry: nothing for a file, `/` for a folder, `//` for anything else.

    A folder without files, or a link that leads nowhere, can have the name of an input: a publish then ends with an
    error. Links with hidden names are left out: Emacs makes one while a file is open.
    """
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name not in SKIPPED:
                yield entry.path, b"/"
                yield from _entries(entry.path)
        elif entry.is_file():
            yield entry.path, b""
        elif not entry.name.startswith("."):
            yield entry.path, b"//"


def remember(state: Path, release: Path, fingerprints: Mapping[str, str]) -> None:
    """Write the fingerprints of a release, atomically."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replaced_file(_note(state, release), state / ".tmp") as draft:
        draft.write_text(json.dumps(fingerprints), "utf-8")


def forget(state: Path, releases: Path) -> None:
    """Remove the fingerprints of releases that don't exist."""
    for note in state.glob("*.json"):
        if not (releases / note.stem).is_dir():
            note.unlink()


def recall(state: Path, release: Path | None) -> dict[str, str]:
    """Return the fingerprints of a release; empty when they are missing or damaged."""
    try:
        found = json.loads(_note(state, release).read_text("utf-8")) if release else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _note(state: Path, release: Path) -> Path:
    return state / f"{release.name}.json"
