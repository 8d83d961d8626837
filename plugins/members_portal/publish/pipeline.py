"""The pipeline: seven stages from inputs to a release in force; an error leaves the old release in force.

This module holds the order of the stages, and stage 1. It imports neither Pelican nor DuckDB: a publish that
finds nothing changed ends after stage 1, and importing stages 2 to 7 (stages.py) would take most of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from members_portal.loyalty.input.problem import Problem
from members_portal.publish import fingerprint, releases
from members_portal.publish.context import PublishContext
from members_portal.publish.lock import publish_lock
from members_portal.publish.publish_error import Locked, Loss
from members_portal.publish.reuse.release_stamp import release_stamp
from members_portal.seal import SealError, Secret, verify_release
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap
from members_portal.seal.previous_release import PreviousRelease
from members_portal.whole_file import draft_of

if TYPE_CHECKING:
    from members_portal.seal import SealReport

# Keys among the recorded fingerprints
WARNINGS = "warnings"  # the number of warnings
STAMP = "stamp"  # the stamp with which the release was verified
STAGES = ("load", "validate", "render", "letters", "seal", "gate", "flip")

Stage = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Loaded:
    """The result of stage 1: the inputs' fingerprint, the release in force, and the recorded fingerprints of it.

    `verified` is the release in force if all its files are as this site signed them: only then anything of it is used.
    Where nothing has changed, an earlier publish may have read them. `found` holds the SHA-256 (hex) of all that were
    read now, by path.
    """

    inputs_print: str
    current: Path | None
    verified: Path | None
    fingerprints: Mapping[str, str]
    found: Mapping[str, str] = field(default_factory=dict)

    @property
    def warned(self) -> int:
        """The number of warnings of the release in force."""
        count = str(self.fingerprints.get(WARNINGS, ""))
        return int(count) if count.isdecimal() else 0

    def is_last(self, context: PublishContext) -> bool:
        """Return whether nothing has changed, so that a publish ends here; stage 2 lists warnings as errors."""
        is_refused = context.strict and self.warned > 0
        return not is_refused and self.is_unchanged(context.now)

    def is_unchanged(self, now: int) -> bool:
        """Return whether the inputs are those of the release in force, and the same items are open.

        None has opened since, and the clock was not set back: a wrong one may have opened an item too early.
        """
        opens, made = (str(self.fingerprints.get(name, "")) for name in ("opens", "made"))
        is_open = opens.isdigit() and now >= int(opens)
        return (
            self.fingerprints.get("inputs") == self.inputs_print and not is_open and made.isdigit() and int(made) <= now
        )


@dataclass(frozen=True)
class Published:
    """The result of a publish; `report` is None when nothing had changed.

    Counts: `items` and `members` by edition, `segments` the members of each segment, `pdfs` the letters of each
    newsletter (None when this machine cannot make PDFs).
    `dropped` lists the unread columns of each table. `warnings` are those of a publish that read the inputs; `warned`
    is their number, also when nothing had changed. `accepted` is a loss that --accept-changes accepted.
    `notes` are about the work pack.
    """

    release: Path
    report: SealReport | None = None
    items: Mapping[str, int] = field(default_factory=dict)
    members: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0
    dropped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    warned: int = 0
    segments: Mapping[str, int] = field(default_factory=dict)
    pdfs: Mapping[str, int] | None = field(default_factory=dict)
    accepted: Loss | None = None
    notes: tuple[str, ...] = ()


def publish(context: PublishContext, secret: Secret, stage: Stage) -> Published:
    """Run the stages; `stage` wraps each to show progress. After an error the release in force is unchanged."""
    start = perf_counter()
    with publish_lock(context.build):
        with stage("load"):
            current = releases.current_release(context.output, context.releases)
            notes = open_pack(context, secret, current)
            loaded = load(context, secret, current)
            unchanged = loaded.verified if loaded.is_last(context) else None
            if unchanged:
                notes += finish_pack(context, secret, unchanged)
        if unchanged:
            return Published(unchanged, seconds=perf_counter() - start, warned=loaded.warned, notes=notes)
        from members_portal.publish.stages import publish_changes  # half a second of imports, needed only from here

        published = publish_changes(context, secret, loaded, stage)
        return replace(published, notes=(*notes, *published.notes), seconds=perf_counter() - start)


def remove_old(context: PublishContext, release: Path, *replaced: Path) -> None:
    """Remove the releases before the one that a release has replaced, with their fingerprints.

    Files that cannot be removed stay for the next publish, and so do the censuses.
    """
    with suppress(OSError):
        releases.clear_drafts(context.releases, context.output, release, *replaced)
        fingerprint.forget(context.state, context.releases)


def remove_shown(context: PublishContext, release: Path) -> None:
    """Remove the releases that a preview has replaced, after it has shown the new one; remember the new one."""
    with suppress(OSError, Locked), publish_lock(context.build):
        remove_old(context, release)
        if context.release_memory:
            context.release_memory.keep(release)


def open_pack(context: PublishContext, secret: Secret, current: Path | None) -> tuple[str, ...]:
    """Open the work pack, if the context has one; return a note when it is ignored."""
    if not context.work_pack:
        return ()
    from members_portal.publish.reuse.work_pack import unpack_work

    return tuple(filter(None, [unpack_work(context, secret, context.work_pack, current)]))


def write_pack(context: PublishContext, secret: Secret, release: Path) -> tuple[str, ...]:
    """Write the work pack, if the context has one; return a note about it."""
    if not context.work_pack:
        return ()
    from members_portal.publish.reuse.work_pack import pack_work

    return (pack_work(context, secret, context.work_pack, release),)


def finish_pack(context: PublishContext, secret: Secret, release: Path) -> tuple[str, ...]:
    """Write the work pack that a killed publish has left as a draft; return a note about it."""
    pack = context.work_pack
    return write_pack(context, secret, release) if pack and draft_of(pack).exists() else ()


def load(context: PublishContext, secret: Secret, current: Path | None) -> Loaded:
    """1. Remove drafts of killed publishes; fingerprint the inputs; read the fingerprints of the release in force.

    A newer release than the one in force stays until the next one is: browsers that saw it refuse a lower number.
    """
    newest = releases.newest_release(context.releases, secret) if context.releases.is_dir() else None
    newer = [newest] if newest and not (current and int(newest.name) <= int(current.name)) else []
    releases.clear_drafts(context.releases, context.output, current, *newer)
    releases.clear_cache(context.cache)
    fingerprint.forget(context.state, context.releases)
    fingerprints = fingerprint.recall(context.state, current)
    loaded = Loaded(fingerprint.inputs_fingerprint(context, secret), current, None, fingerprints)
    return with_verified(loaded, current, context, secret) if current else loaded


def with_verified(loaded: Loaded, current: Path, context: PublishContext, secret: Secret) -> Loaded:
    """Return the result of stage 1 with the release in force verified.

    If nothing has changed, a release that was verified before with the same stamp is not read again.
    """
    stamp = release_stamp(current, secret) if loaded.is_last(context) else None
    if stamp and loaded.fingerprints.get(STAMP) == stamp.value:
        return replace(loaded, verified=current)
    is_at_rest = stamp and stamp.is_at_rest()
    found = genuine_digests(current, context, secret)
    if found is None:
        return replace(loaded, fingerprints={})
    if stamp and is_at_rest:
        with suppress(OSError):
            fingerprint.remember(context.state, current, {**loaded.fingerprints, STAMP: stamp.value})
    return replace(loaded, verified=current, found=found)


def genuine_digests(release: Path, context: PublishContext, secret: Secret) -> Mapping[str, str] | None:
    """Return the digests of `verified_digests`; of a release that this process has made, those of its sealed files."""
    is_own = context.release_memory and context.release_memory.knows(release)
    return PreviousRelease(release, secret, {}).listing if is_own else verified_digests(release, secret)


def verified_digests(release: Path, secret: Secret) -> Mapping[str, str] | None:
    """Return the SHA-256 (hex) of the files of a release by path.

    Return None unless it bears its own sequence number and all its files are as this site signed them.
    """
    try:
        found = verify_release(release, secret.public_key)
        is_own = release.name == str(decode_bootstrap((release / PATH).read_bytes()).sequence)
    except (SealError, OSError):
        return None
    return found if is_own else None
