"""Release folders, and `output`, the symbolic link to the release in force.

A release is built under a draft name and renamed when complete; then `output` is replaced by one atomic rename, so that
a reader sees either the old release or the new one. The next publish removes the remains of a killed one.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from members_portal.publish.publish_error import PublishError
from members_portal.seal import SealError, Secret
from members_portal.seal.audit import FolderSource
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap, verify_bootstrap
from members_portal.seal.release_folder import named

RELEASE_NAME = re.compile(r"[0-9]{1,16}")  # the sequence number, at most MOST_PUBLISHES of seal
RELEASES_KEPT = 2  # the release in force and the one before it
DRAFT = ".tmp-"
FORMER_CACHES = ("bodies",)  # folders of earlier versions in the cache


def current_release(output: Path, releases: Path) -> Path | None:
    """Return the release in force, None before the first; raise PublishError when `output` is not our link."""
    if not output.is_symlink():
        if output.exists():
            raise PublishError(f"{output} is not a link made by a publish; move it away first")
        return None
    target = (output.parent / os.readlink(output)).resolve()
    if target.parent != releases.resolve() or not RELEASE_NAME.fullmatch(target.name):
        raise PublishError(f"{output} leads to {target}, which is no release of this project; move it away first")
    return target if target.is_dir() else None


def clear_drafts(releases: Path, output: Path, current: Path | None, *others: Path) -> None:
    """Remove drafts of killed publishes, and all releases except the one in force and `others`, or its predecessor.

    Releases are known by their names: `releases` may be below a link.
    """
    releases.mkdir(parents=True, exist_ok=True)
    _link_draft(output).unlink(missing_ok=True)
    older = [path for path in whole_releases(releases) if current and int(path.name) < int(current.name)]
    keep = {path.name for path in (*filter(None, [current]), *(others or older[-(RELEASES_KEPT - 1) :]))}
    for path in releases.iterdir():
        if path.name not in keep:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def whole_releases(releases: Path) -> list[Path]:
    """Return the release folders by sequence number. A link is none."""
    found = (path for path in releases.iterdir() if RELEASE_NAME.fullmatch(path.name))
    return sorted((path for path in found if path.is_dir() and not path.is_symlink()), key=lambda path: int(path.name))


def clear_cache(cache: Path) -> None:
    """Remove partial files of killed publishes from the cache, and what earlier versions kept there."""
    for draft in cache.rglob("*.tmp"):
        draft.unlink(missing_ok=True)
    for name in FORMER_CACHES:
        if (cache / name).is_dir():
            shutil.rmtree(cache / name)


def next_sequence(releases: Path, now: int, secret: Secret) -> int:
    """Return the sequence number of a release: its day as YYYYMMDD times 1000, or the number after the newest one.

    `now` is in seconds since 1970. The number does not tell the time of day. The newest number is the largest that this
    site signed: a folder can have any name, and browsers would refuse all later releases after a number that is too
    large.
    """
    day = datetime.fromtimestamp(now, UTC)
    newest = newest_release(releases, secret)
    sequence = max(int(f"{day:%Y%m%d}000"), signed_sequence(newest, secret) + 1 if newest else 0)
    taken = {int(folder.name) for folder in whole_releases(releases)}
    return next(number for number in count(sequence) if number not in taken)


def newest_release(releases: Path, secret: Secret) -> Path | None:
    """Return the release with the largest number that this site signed; None without any."""
    found = [(signed_sequence(folder, secret), folder) for folder in whole_releases(releases)]
    return max((each for each in found if each[0]), default=(0, None))[1]


def signed_sequence(release: Path, secret: Secret) -> int:
    """Return the sequence number in the signed `portal.json` of a release, 0 without a genuine one."""
    try:
        data = FolderSource(release).read(PATH) or b""
        verify_bootstrap(data, secret.public_key)
        return decode_bootstrap(data).sequence
    except (SealError, OSError):
        return 0


def draft_release(releases: Path, sequence: int) -> Path:
    """Return the draft name of a release."""
    return releases / f"{DRAFT}{sequence}"


def whole_release(draft: Path) -> Path:
    """Return the final path of a draft."""
    return draft.with_name(draft.name.removeprefix(DRAFT))


def flip(draft: Path, output: Path) -> Path:
    """Put a complete draft in force; return its final path."""
    release = whole_release(draft)
    draft.rename(release)
    sync(release.parent)
    put_in_force(release, output)
    return release


@contextmanager
def shown(draft: Path, output: Path, previous: Path) -> Iterator[Path]:
    """Put a draft in force while a block checks it, as its final path; put the previous release back if it fails."""
    release = flip(draft, output)
    try:
        yield release
    except BaseException:
        put_in_force(previous, output)
        shutil.rmtree(release, ignore_errors=True)
        raise


def put_in_force(release: Path, output: Path) -> None:
    """Make `output` the link to a release, atomically."""
    output.parent.mkdir(parents=True, exist_ok=True)
    link = _link_draft(output)
    link.symlink_to(os.path.relpath(release, output.parent.resolve()))
    link.replace(output)
    with suppress(OSError):  # already in force; after a power failure the old link may be back, to a complete release
        sync(output.parent)


def sync(folder: Path) -> None:
    """Write a folder's entries to disk (fsync)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with named(folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _link_draft(output: Path) -> Path:
    return output.with_name(f".{output.name}.tmp")
