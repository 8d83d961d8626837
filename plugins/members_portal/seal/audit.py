"""Verify a release: signatures, digests, no missing file, no additional file."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from members_portal.seal.format.bootstrap import PATH, Bootstrap, decode_bootstrap, verify_bootstrap
from members_portal.seal.format.listing import listing_path, open_listing
from members_portal.seal.format.signature import DIGESTS, SIGNATURE, decode_digests, tree_digest, verify
from members_portal.seal.key.secret import Secret
from members_portal.seal.seal_error import DamagedRelease

READERS = 8  # files read at a time
_PART = 1 << 18  # bytes of a file in memory
NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO)  # ELOOP: a link; ENXIO: a socket
_SEALED = re.compile(r"_/(?:b/([0-9a-f]{2})/\1[0-9a-f]{30}|r/[0-9a-f]{32}/[0-9a-f]{4})")


class ReleaseSource(Protocol):
    """A place that holds a release."""

    def read(self, path: str) -> bytes | None:
        """Return the content of a file; None if there is none."""

    def digest(self, path: str) -> str:
        """Return the SHA-256 (hex) of a file; an empty text if there is none."""

    def paths(self) -> set[str] | None:
        """Return the paths of all files and links; None if the place cannot list them."""

    def aliases(self, paths: Collection[str]) -> Mapping[str, str]:
        """Return further addresses of the files at these paths: the path by address."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A release in a folder. A link, a folder or a device is no file of it."""

    root: Path

    def read(self, path: str) -> bytes | None:
        """Return the content of a file; None if there is none."""
        try:
            descriptor = os.open(self.root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            if error.errno in NO_FILE:
                return None
            raise
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            return None
        with open(descriptor, "rb") as file:
            return file.read()

    def digest(self, path: str) -> str:
        """Return the SHA-256 (hex) of a file; an empty text if there is none."""
        data = self.read(path)
        return "" if data is None else sha256(data).hexdigest()

    def paths(self) -> set[str]:
        """Return the paths of all files and links."""
        found = (path for path in self.root.rglob("*") if path.is_symlink() or not path.is_dir())
        return {path.relative_to(self.root).as_posix() for path in found}

    def aliases(self, _paths: Collection[str]) -> dict[str, str]:
        """Return no address: a folder has none but the paths."""
        return {}


@dataclass(frozen=True, slots=True)
class KnownFolder(FolderSource):
    """A release in a folder whose digests are known."""

    known: Mapping[str, str]

    def digest(self, path: str) -> str:
        """Return the known SHA-256 (hex) of a file; an empty text if there is none."""
        return self.known.get(path, "")

    def paths(self) -> set[str]:
        """Return the paths of all files and links."""
        return set(self.known)


def is_sealed_path(path: str) -> bool:
    """Return whether a path is that of a blob, decoy or pack."""
    return bool(_SEALED.fullmatch(path))


def sealed_digest(folder: Path, paths: Iterable[str]) -> str:
    """Return the tree digest (hex) of the blobs, decoys and packs among the paths."""
    return tree_digest({path: FolderSource(folder).digest(path) for path in paths if is_sealed_path(path)})


def verify_release(folder: Path, public_key: bytes) -> Mapping[str, str]:
    """Return the SHA-256 (hex) of each file by path.

    Raise DamagedRelease if a signature is wrong, or a file is changed, missing or additional.
    """
    source = KnownFolder(folder, folder_digests(folder))
    for difference in differences(source, public_key):
        raise DamagedRelease(difference)
    return source.known


def folder_digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 (hex) of each file of a folder by path; an empty text for a link or a special file."""
    found: dict[str, str] = {}
    _add_digests(found, str(folder), "")
    return found


def _add_digests(found: dict[str, str], folder: str, prefix: str) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                _add_digests(found, entry.path, f"{path}/")
            else:
                found[path] = _digest_of(entry.path) if entry.is_file(follow_symlinks=False) else ""


def _digest_of(file: str) -> str:
    """Return the SHA-256 (hex) of a file, which is no link."""
    opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        digest = sha256(part := os.read(opened, _PART))
        while part:
            digest.update(part := os.read(opened, _PART))
    finally:
        os.close(opened)
    return digest.hexdigest()


def differences(source: ReleaseSource, public_key: bytes, secret: Secret | None = None) -> Iterator[str]:
    """Yield each difference between a release and its signature.

    The site secret opens the listing, so that changed sealed files are named, also at a source that cannot list its
    files. Without the secret, sealed files are compared as a whole, and only at a source that can list them.
    """
    try:
        digests, tree = _signed(source, public_key)
    except DamagedRelease as error:
        yield str(error)
        return
    yield from _changed(source, digests)
    for address, path in source.aliases(digests.keys()).items():
        if difference := _difference(source, address, digests[path]):
            yield f"{difference} (expected {path})"
    found = source.paths()
    sealed = set(filter(is_sealed_path, found or ()))
    for path in sorted((found or set()) - sealed - digests.keys() - {DIGESTS, SIGNATURE}):
        yield f"{path} does not belong to the release"
    if secret:
        yield from _changed_sealed(source, tree, secret, sealed)
    elif found is not None and tree_digest(_digests(source, sealed)) != tree:
        yield "the sealed files are not as they were signed"


def _signed(source: ReleaseSource, public_key: bytes) -> tuple[Mapping[str, str], str]:
    """Return the digests and the tree digest of `release.json`, after verifying both signatures."""
    data = _need(source, DIGESTS)
    verify(public_key, data, _need(source, SIGNATURE))
    signed_bootstrap(source, public_key)
    return decode_digests(data)


def signed_bootstrap(source: ReleaseSource, public_key: bytes) -> Bootstrap:
    """Return the bootstrap of a release; raise DamagedRelease unless its signature verifies under this public key."""
    payload = _need(source, PATH)
    verify_bootstrap(payload, public_key)
    return decode_bootstrap(payload)


def _changed_sealed(source: ReleaseSource, tree: str, secret: Secret, sealed: set[str]) -> Iterator[str]:
    """Yield the differences between sealed files and the listing, and between the listing and the tree digest."""
    try:
        publish_id = decode_bootstrap(_need(source, PATH)).publish
        listing = open_listing(secret, publish_id, _need(source, listing_path(publish_id)))
    except DamagedRelease as error:
        yield f"the listing of sealed files: {error}"
        return
    if tree_digest(listing) != tree:
        yield "the listing of sealed files is not as it was signed"
    yield from _changed(source, listing)
    for path in sorted(sealed - listing.keys()):
        yield f"{path} does not belong to the release"


def _changed(source: ReleaseSource, expected: Mapping[str, str]) -> Iterator[str]:
    paths = sorted(expected)
    yield from filter(None, _read_all(source, lambda path: _difference(source, path, expected[path]), paths))


def _difference(source: ReleaseSource, path: str, expected: str) -> str:
    """Return the difference between a file and its digest (hex); an empty text without one."""
    try:
        found = source.digest(path)
    except DamagedRelease as error:
        return str(error)
    if found == expected:
        return ""
    return f"{path} is not as it was signed" if found else f"{path} is missing from the release"


def _digests(source: ReleaseSource, paths: Iterable[str]) -> dict[str, str]:
    """Return the digests (hex) of files by path; an empty text for a missing file."""
    ordered = sorted(paths)
    return dict(zip(ordered, _read_all(source, source.digest, ordered), strict=True))


def _read_all(source: ReleaseSource, read: Callable[[str], str], paths: Iterable[str]) -> Iterator[str]:
    """Yield the result of each path, in order; several files are read at a time."""
    if isinstance(source, KnownFolder):  # nothing is left to read
        yield from map(read, paths)
        return
    from concurrent.futures import ThreadPoolExecutor  # imported late: a publish reads its folder without it

    with ThreadPoolExecutor(READERS) as pool:
        yield from pool.map(read, paths)


def _need(source: ReleaseSource, path: str) -> bytes:
    data = source.read(path)
    if data is None:
        raise DamagedRelease(f"{path} is missing from the release")
    return data
