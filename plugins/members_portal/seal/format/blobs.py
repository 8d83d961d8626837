"""Blobs: the sealed files of all editions and members, reused from the previous release when unchanged."""

from __future__ import annotations

import random
from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate

from members_portal.seal.format import decoys, padding
from members_portal.seal.format.container import HEADER, TAG, message_size, open_message, seal_message
from members_portal.seal.format.manifest import DIGEST, SealedFile
from members_portal.seal.format.media_type import COMPRESSED, media_type
from members_portal.seal.key.binding import context
from members_portal.seal.key.keys import blob_id
from members_portal.seal.key.secret import Secret
from members_portal.seal.previous_release import PreviousRelease
from members_portal.seal.release_folder import ReleaseFolder
from members_portal.seal.tree import SourceFile, source_of

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


def version_of(digests: Mapping[str, str]) -> str:
    """Return the version (hex) of a path from the SHA-256 (hex) of its content in each edition that has it."""
    lines = (f"{edition}\0{digests[edition]}\n" for edition in sorted(digests))
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
        del sample[nearest(sample, blob)]
    return sample


def nearest(ordered: Sequence[int], number: int) -> int:
    """Return the place of the nearest number in an ordered sequence."""
    place = bisect_left(ordered, number)
    if place == len(ordered) or (place and number - ordered[place - 1] <= ordered[place] - number):
        return place - 1
    return place


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
    """Write files and decoys into a release; an unchanged blob or decoy of the previous release is linked."""

    def __init__(self, folder: ReleaseFolder, secret: Secret, generation: int, previous: PreviousRelease) -> None:
        self._folder = folder
        self._secret = secret
        self._site = secret.site
        self._generation = generation
        self._previous = previous
        self._before = {path.rpartition("/")[2] for path in previous.listing if path.startswith(f"{BLOBS_FOLDER}/")}
        self._sizes: dict[str, int] = {}  # of the frames, by id

    def add_file(self, path: str, payload: bytes | SourceFile) -> SealedFile:
        """Seal and write a common file."""
        source = payload if isinstance(payload, SourceFile) else source_of(payload)
        file = self.describe_file(path, source)
        if not self._reuse(file.id):
            self._write(file.id, seal_blob(file.key, _frame(path, source.read()), site=self._site))
        return file

    def describe_file(self, path: str, source: SourceFile) -> SealedFile:
        """Return key, size and digest of a common file without writing it."""
        return _sealed_file(self._secret.blob_key(self._generation, path, source.digest), path, source)

    def add_edition_files(
        self, path: str, sources: Mapping[str, SourceFile], editions: Collection[str]
    ) -> dict[str, SealedFile]:
        """Seal and write the files of all editions at a path, and decoys for the editions without it."""
        version = version_of({edition: source.digest for edition, source in sources.items()})
        keys = {edition: self._secret.page_key(self._generation, edition, path, version) for edition in sources}
        names = {edition: blob_id(key) for edition, key in keys.items()}
        missing = [edition for edition, name in names.items() if not self._reuse(name)]
        if missing:
            frames = {edition: _frame(path, source.read()) for edition, source in sources.items()}
            size = edition_frame_size(max(map(len, frames.values())))
            for edition in missing:
                message = seal_blob(keys[edition], padding.widen(frames[edition], size), site=self._site)
                self._write(names[edition], message)
        size = self._sizes[next(iter(names.values()))]
        for edition in sorted(editions - sources.keys()):
            self._add_decoy(decoys.absent_id(self._secret, self._generation, edition, path, version), size)
        return {edition: _sealed_file(keys[edition], path, source) for edition, source in sources.items()}

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
            kept += self._reuse(name)
        for size in cover_sizes(covers - kept, new, pool, self._secret):
            self._add_decoy(decoys.cover_id(self._secret, self._generation), size)

    def _hidden_count(self, count: int, kind: str) -> int:
        return padding.size_class(padding.with_spare(count, self._secret.spare(kind)))

    def _old_covers(self) -> list[str]:
        """Return the ids of the covers of the previous release, in random order."""
        unused = sorted(self._before - self._sizes.keys())
        kinds = {name: decoys.decoy_kind(self._secret, self._generation, name) for name in unused}
        found = [name for name, kind in kinds.items() if kind == "cover"]
        random.SystemRandom().shuffle(found)
        return found

    def _add_decoy(self, name: str, size: int) -> None:
        if not self._reuse(name):
            self._write(name, decoys.seal_decoy(self._secret, name, size))

    def _reuse(self, name: str) -> bool:
        """Link the blob or decoy of the previous release if it is unchanged; return whether the release has it.

        The id of a blob derives from its content, and that of an absent decoy from its path.
        """
        if name in self._sizes:
            return True
        path = blob_path(name)
        digest = self._previous.digest(path) if name in self._before else None
        size = self._folder.link_known(path, f"{self._previous.folder}/{path}", digest) if digest else None
        if size is None:
            return False
        self._sizes[name] = _frame_size(size)
        return True

    def _write(self, name: str, message: bytes) -> None:
        if name not in self._sizes:
            self._folder.write_sealed(blob_path(name), message)
            self._sizes[name] = _frame_size(len(message))


def _frame(path: str, payload: bytes) -> bytes:
    return padding.encode(payload, compress=media_type(path) not in COMPRESSED)


def _sealed_file(key: bytes, path: str, source: SourceFile) -> SealedFile:
    return SealedFile(key, media_type(path), source.size, bytes.fromhex(source.digest)[:DIGEST])


def _frame_size(message: int) -> int:
    """Return the size of the frame in a message of a size."""
    full_chunks, rest = divmod(message - HEADER, message_size(1 << 14) - message_size(0))
    return full_chunks * (1 << 14) + rest - TAG
