"""Releases side by side, and `output`, the link that names the one in force.

A release is built under a draft name, renamed when whole, and only then named by `output`: one rename, so that a reader
sees the old release or the new one. Whatever a killed publish left behind is cleared away by the next.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from members_portal.publish.publish_error import PublishError
from members_portal.seal.release_folder import named

KEPT = 2  # the release in force and the one before it
DRAFT = ".tmp-"


def current_release(output: Path, releases: Path) -> Path | None:
    """Return the release in force, or None before the first; refuse an output that isn't ours."""
    if not output.is_symlink():
        if output.exists():
            raise PublishError(f"{output} is not a link made by a publish; move it away first")
        return None
    target = (output.parent / os.readlink(output)).resolve()
    if target.parent != releases.resolve() or not target.name.isdigit():
        raise PublishError(f"{output} leads to {target}, which is no release of this project; move it away first")
    return target if target.is_dir() else None


def clear_drafts(releases: Path, output: Path, current: Path | None) -> None:
    """Remove what killed publishes left, and releases that are neither in force nor the one before."""
    releases.mkdir(parents=True, exist_ok=True)
    _link_draft(output).unlink(missing_ok=True)
    whole = sorted((path for path in releases.iterdir() if path.name.isdigit()), key=lambda path: int(path.name))
    older = [path for path in whole if current and int(path.name) < int(current.name)]
    keep = {current, *older[-(KEPT - 1) :]}
    for path in releases.iterdir():
        if path not in keep:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def clear_cache(cache: Path) -> None:
    """Remove what killed publishes left half written in the cache."""
    for draft in cache.rglob("*.tmp"):
        draft.unlink(missing_ok=True)


def draft_release(releases: Path, sequence: int) -> Path:
    """Return the draft name of a release."""
    return releases / f"{DRAFT}{sequence}"


def whole_release(draft: Path) -> Path:
    """Return the name a draft gets when it is whole."""
    return draft.with_name(draft.name.removeprefix(DRAFT))


def flip(draft: Path, output: Path) -> Path:
    """Put a whole draft in force."""
    release = whole_release(draft)
    draft.rename(release)
    sync(release.parent)
    output.parent.mkdir(parents=True, exist_ok=True)
    link = _link_draft(output)
    link.symlink_to(os.path.relpath(release, output.parent.resolve()))
    link.replace(output)
    with suppress(OSError):  # in force already; if power fails now, the old link may be back, to a whole release
        sync(output.parent)
    return release


def sync(folder: Path) -> None:
    """Have the kernel write a folder's entries to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with named(folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _link_draft(output: Path) -> Path:
    return output.with_name(f".{output.name}.tmp")
