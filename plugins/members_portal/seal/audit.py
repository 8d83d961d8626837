"""Verify a release: signatures, digests, no missing file, no additional file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from members_portal.seal.format.bootstrap import PATH, verify_bootstrap
from members_portal.seal.format.signature import DIGESTS, SIGNATURE, decode_digests, tree_digest, verify
from members_portal.seal.seal_error import DamagedRelease

_SEALED = re.compile(r"_/(?:b/([0-9a-f]{2})/\1[0-9a-f]{30}|r/[0-9a-f]{32}/[0-9a-f]{4})")


def is_sealed_path(path: str) -> bool:
    """Return whether a path is that of a blob, decoy or pack."""
    return bool(_SEALED.fullmatch(path))


def verify_release(folder: Path, public_key: bytes) -> None:
    """Raise DamagedRelease if a signature is wrong, or a file is changed, missing or additional."""
    data = _read(folder / DIGESTS)
    verify(public_key, data, _read(folder / SIGNATURE))
    verify_bootstrap(_read(folder / PATH), public_key)
    digests, tree = decode_digests(data)
    for path, digest in digests.items():
        if _digest(folder / path) != digest:
            raise DamagedRelease(f"{path} is not as it was signed")
    found = _paths(folder)
    for path in found:
        if path not in digests and path not in (DIGESTS, SIGNATURE) and not is_sealed_path(path):
            raise DamagedRelease(f"{path} does not belong to the release")
    if sealed_digest(folder, found) != tree:
        raise DamagedRelease("the sealed files are not as they were signed")


def sealed_paths(folder: Path) -> set[str]:
    """Return the paths of the blobs, decoys and packs of a release."""
    return {path for path in _paths(folder) if is_sealed_path(path)}


def sealed_digest(folder: Path, paths: Iterable[str]) -> str:
    """Return the tree digest (hex) of the blobs, decoys and packs among the paths."""
    return tree_digest({path: _digest(folder / path) for path in paths if is_sealed_path(path)})


def _digest(path: Path) -> str:
    return sha256(_read(path)).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DamagedRelease(f"{path.name} is missing from the release") from error


def _paths(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return [path.relative_to(folder).as_posix() for path in found]
