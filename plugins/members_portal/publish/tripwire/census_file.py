"""The census of each release, sealed with a key of the site secret.

The folder holds nothing else. Its files reveal nothing, so the cache of a CI may hold it. A changed file does not open,
nor does one of another release or secret.
"""

import json
from pathlib import Path

from members_portal.publish.tripwire.census import Census, as_record, from_record
from members_portal.seal import SealError, Secret
from members_portal.seal.format.container import open_message, seal_message
from members_portal.seal.format.padding import decode, encode
from members_portal.whole_file import replaced_file

CENSUS_SUFFIX = ".census"
SMALLEST_CENSUS = 16_384  # bytes of the smallest file: the size does not tell how long a small ledger is


def remember_census(folder: Path, release: Path, census: Census, secret: Secret) -> None:
    """Write the census of a release, atomically."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    frame = encode(json.dumps(as_record(census)).encode(), smallest=SMALLEST_CENSUS)
    with replaced_file(_file(folder, release), folder / ".tmp") as draft:
        draft.write_bytes(seal_message(_key(secret), _context(release), frame))


def forget_censuses(folder: Path, releases: Path) -> None:
    """Remove the censuses of releases that don't exist."""
    for file in folder.glob(f"*{CENSUS_SUFFIX}"):
        if not (releases / file.stem).is_dir():
            file.unlink()


def recall_census(folder: Path, release: Path, secret: Secret) -> Census | None:
    """Return the census of a release; None when it is missing or does not open."""
    try:
        frame = open_message(_key(secret), _context(release), _file(folder, release).read_bytes())
        return from_record(json.loads(decode(frame)))
    except (OSError, SealError, ValueError, KeyError, TypeError):
        return None


def _file(folder: Path, release: Path) -> Path:
    return folder / f"{release.name}{CENSUS_SUFFIX}"


def _key(secret: Secret) -> bytes:
    return secret.derive("census")[:32]


def _context(release: Path) -> bytes:
    return f"members-portal census {release.name}".encode()
