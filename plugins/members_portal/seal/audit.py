"""Verify a release: signature, digests, no missing file, no additional file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from members_portal.seal.format.manifest import decode_json
from members_portal.seal.format.signature import DIGESTS, SIGNATURE, verify
from members_portal.seal.seal_error import DamagedRelease

_BLOB = re.compile(r"_/b/([0-9a-f]{2})/\1[0-9a-f]{30}")


def verify_release(folder: Path, public_key: bytes) -> None:
    """Raise DamagedRelease if the signature is wrong, or a file is changed, missing or additional.

    Blobs and records are checked by name only: each message is verified when it is opened.
    """
    data = (folder / DIGESTS).read_bytes()
    verify(public_key, data, (folder / SIGNATURE).read_bytes())
    digests = _read_digests(data)
    for path, digest in digests.items():
        if sha256(_read(folder / path)).hexdigest() != digest:
            raise DamagedRelease(f"{path} is not as it was signed")
    for path in _paths(folder):
        if path not in digests and path not in (DIGESTS, SIGNATURE) and not _BLOB.fullmatch(path):
            raise DamagedRelease(f"{path} does not belong to the release")


def _read_digests(data: bytes) -> Mapping[str, str]:
    match decode_json(data):
        case {"files": dict(files)}:
            return files
    raise DamagedRelease(f"{DIGESTS} has another shape than the format says")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DamagedRelease(f"{path.name} is missing from the release") from error


def _paths(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return [path.relative_to(folder).as_posix() for path in found]
