"""Blobs: the sealed files of all editions and members, reused from the previous release when unchanged."""

from __future__ import annotations

import random
from bisect import bisect
from collections import Counter
from collections.abc import Collection, Mapping
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

from members_portal.seal.format import decoys, padding
from members_portal.seal.format.container import HEADER, TAG, message_size, open_message, seal_message
from members_portal.seal.format.manifest import SealedFile, file_digest
from members_portal.seal.format.media_type import COMPRESSED, media_type
from members_portal.seal.key.binding import context
from members_portal.seal.key.keys import blob_id
from members_portal.seal.key.secret import Secret
from members_portal.seal.release_folder import ReleaseFolder
from members_portal.seal.seal_error import DamagedRelease

BLOBS_FOLDER = "_/b"
FEWEST_COVERS = 48
FEWEST_NEW = 16
LARGEST_CLASS = 1 << 16  # bytes of a frame: larger edition files are padded by padme alone
LARGEST_COVER = 1 << 18  # bytes of a frame: larger files have no covers of their size


def blob_path(name: str) -> str:
    """Return the path of a blob or decoy in a release, from its id."""
    return f"{BLOBS_FOLDER}/{name[:2]}/{name}"


def seal_blob(key: bytes, frame: bytes, *, site: str) -> bytes:
    """Seal a frame under its own key."""
    return seal_message(key, context(site, "blob", blob_id(key)), frame)


def open_blob(key: bytes, message: bytes, *, site: str) -> bytes:
    """Return the payload of a blob."""
    return padding.decode(open_message(key, context(site, "blob", blob_id(key)), message))


def version_of(payloads: Mapping[str, bytes]) -> str:
    """Return the version (hex) of a path from its content in each edition that has it."""
    lines = (f"{edition}\0{sha256(payloads[edition]).hexdigest()}\n" for edition in sorted(payloads))
    return sha256("".join(lines).encode()).hexdigest()


def edition_frame_size(largest: int) -> int:
    """Return the size of the frames of all editions at a path, from that of the largest.

    A small frame gets a size class: padme shows more often that the largest page has grown, and so whose page it is.
    """
    size = padding.size_class(largest)
    return size if size <= LARGEST_CLASS else largest


def cover_sizes(count: int, new: Collection[int], pool: Collection[int], secret: Secret) -> list[int]:
    """Return the sizes of new covers: a sample of the sizes in the pool, without the nearest one to each new blob.

    Thus the sizes of new blobs and covers together do not show which blobs are new.
    """
    weights = size_weights(pool, secret)
    ends, total = list(accumulate(weights.values())), count + len(new)
    start = random.SystemRandom().randrange(ends[-1])
    sizes = list(weights)
    sample = [sizes[bisect(ends, (place * ends[-1] + start) // total)] for place in range(total)]
    for blob in sorted(new, reverse=True):
        sample.remove(min(sample, key=lambda size: abs(size - blob)))
    return sample


def size_weights(pool: Collection[int], secret: Secret) -> dict[int, int]:
    """Return how often a size occurs among covers: its class in the pool, times a secret factor up to 3.

    Without the factor, the number of messages of a size would reveal the number of blobs of this size.
    """
    counts = Counter(size for size in pool if size <= LARGEST_COVER) or {padding.SMALLEST: 1}
    spares = {size: secret.spare(f"size {size}") for size in sorted(counts)}
    return {
        size: padding.size_class(padding.with_spare(counts[size], spare)) * (128 + spare)
        for size, spare in spares.items()
    }


class Blobs:
    """Write files and decoys into a release; a blob of the previous release that opens to the same file is linked."""

    def __init__(self, folder: ReleaseFolder, secret: Secret, generation: int, previous: Path | None) -> None:
        self._folder = folder
        self._secret = secret
        self._site = secret.site
        self._generation = generation
        self._previous = previous
        self._before = {path.name for path in (previous / BLOBS_FOLDER).glob("*/*")} if previous else set()
        self._sizes: dict[str, int] = {}  # of the frames, by id

    def add_file(self, path: str, payload: bytes) -> SealedFile:
        """Seal and write a common file."""
        key = self._secret.blob_key(self._generation, path, payload)
        name = blob_id(key)
        if name not in self._sizes and not self._reuse(key, payload):
            self._write(name, seal_blob(key, _frame(path, payload), site=self._site))
        return _sealed_file(key, path, payload)

    def add_edition_files(
        self, path: str, payloads: Mapping[str, bytes], editions: Collection[str]
    ) -> dict[str, SealedFile]:
        """Seal and write the files of all editions at a path, and decoys for the editions without it."""
        version = version_of(payloads)
        keys = {edition: self._secret.page_key(self._generation, edition, path, version) for edition in payloads}
        missing = [edition for edition, payload in payloads.items() if not self._reuse(keys[edition], payload)]
        if missing:
            frames = {edition: _frame(path, payload) for edition, payload in payloads.items()}
            size = edition_frame_size(max(map(len, frames.values())))
            for edition in missing:
                message = seal_blob(keys[edition], padding.widen(frames[edition], size), site=self._site)
                self._write(blob_id(keys[edition]), message)
        size = self._sizes[blob_id(next(iter(keys.values())))]
        for edition in sorted(set(editions) - payloads.keys()):
            self._add_decoy(decoys.absent_id(self._secret, self._generation, edition, path, version), size)
        return {edition: _sealed_file(keys[edition], path, payload) for edition, payload in payloads.items()}

    def add_covers(self) -> None:
        """Write covers, so that the number of blobs and decoys, and the number of new ones, are size classes.

        Keep covers of the previous release as far as their number allows.
        """
        covers = self._hidden_count(len(self._sizes) + FEWEST_COVERS, "blobs") - len(self._sizes)
        new = [size for name, size in self._sizes.items() if name not in self._before]
        fresh = min(covers, self._hidden_count(max(len(new), FEWEST_NEW), "new") - len(new))
        pool = list(self._sizes.values())
        kept = 0
        for name in self._old_covers():
            if kept == covers - fresh:
                break
            kept += self._reuse_decoy(name)
        for size in cover_sizes(covers - kept, new, pool, self._secret):
            self._add_decoy(decoys.cover_id(self._secret, self._generation), size)

    def _hidden_count(self, count: int, kind: str) -> int:
        return padding.size_class(padding.with_spare(count, self._secret.spare(kind)))

    def _old_covers(self) -> list[str]:
        """Return the ids of the covers of the previous release, in random order."""
        kinds = {name: decoys.decoy_kind(self._secret, self._generation, name) for name in sorted(self._before)}
        found = [name for name, kind in kinds.items() if kind == "cover"]
        random.SystemRandom().shuffle(found)
        return found

    def _add_decoy(self, name: str, size: int) -> None:
        if not self._reuse_decoy(name):
            self._write(name, decoys.seal_decoy(self._secret, name, size))

    def _reuse_decoy(self, name: str) -> bool:
        message = self._read_previous(name)
        if message is None or not decoys.is_decoy(self._secret, self._generation, name, message):
            return False
        self._link(name, message)
        return True

    def _reuse(self, key: bytes, payload: bytes) -> bool:
        """Link the blob of the previous release if it opens to this payload; return whether it does.

        Opening is faster than deflating and sealing again, and it stops a damaged file from being reused.
        """
        name = blob_id(key)
        message = self._read_previous(name)
        try:
            if message is None or open_blob(key, message, site=self._site) != payload:
                return False
        except DamagedRelease:
            return False
        self._link(name, message)
        return True

    def _read_previous(self, name: str) -> bytes | None:
        if self._previous is None or name not in self._before:
            return None
        try:
            return (self._previous / blob_path(name)).read_bytes()
        except OSError:
            return None

    def _link(self, name: str, message: bytes) -> None:
        if name not in self._sizes:
            source = (self._previous or Path()) / blob_path(name)
            self._folder.link(blob_path(name), source, message)
            self._sizes[name] = _frame_size(message)

    def _write(self, name: str, message: bytes) -> None:
        if name not in self._sizes:
            self._folder.write_sealed(blob_path(name), message)
            self._sizes[name] = _frame_size(message)


def _frame(path: str, payload: bytes) -> bytes:
    return padding.encode(payload, compress=media_type(path) not in COMPRESSED)


def _sealed_file(key: bytes, path: str, payload: bytes) -> SealedFile:
    return SealedFile(key, media_type(path), len(payload), file_digest(payload))


def _frame_size(message: bytes) -> int:
    """Return the size of the frame in a message."""
    full_chunks, rest = divmod(len(message) - HEADER, message_size(1 << 14) - message_size(0))
    return full_chunks * (1 << 14) + rest - TAG
