"""The encoded pictures of a run, from the cache or new.

A cache entry is named by a digest of the picture's file and of everything that its encoding depends on, and bears a
MAC. An entry that is damaged or of another site is made anew.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from PIL import features

from members_portal import picture_file
from members_portal.cache_entry import open_entry, seal_entry
from members_portal.picture_file import FORMATS, UnreadablePicture, is_raster, read_picture
from members_portal.portal.picture import rendition
from members_portal.portal.picture.published_drawing import published_drawing
from members_portal.portal.picture.rendition import EncodedPicture, PictureFacts, encode_picture
from members_portal.whole_file import replaced_file

ENTRY_SUFFIX = ".picture"


class PictureStore:
    """The raster pictures of a content folder, as they are published; with `cache`, encoded once for all runs."""

    def __init__(self, folder: Path, cache: Path | None = None, mac_key: bytes = b"") -> None:
        self.folder, self.cache, self._mac_key = folder, cache, mac_key
        self._digests: dict[str, str] = {}
        self._facts: dict[str, PictureFacts] = {}
        self._encoded: dict[str, bytes] = {}  # without a cache
        self._published: dict[str, dict[str, str]] = {}

    def fault(self, path: str) -> UnreadablePicture | None:
        """Return why a picture can't be published, or None; None for any other file."""
        try:
            if is_raster(path) and path not in self._facts and not self._find(path):
                read_picture((self.folder / path).read_bytes())
            elif is_drawing(path):
                self.published(path)
        except UnreadablePicture as error:
            return error
        return None

    def prepare(self, paths: Iterable[str]) -> None:
        """Encode the pictures that the cache lacks, on all cores: the encoders of AVIF and WebP run in parallel."""
        missing = [path for path in dict.fromkeys(paths) if is_raster(path) and not self._find(path)]
        unique = list({self.digest(path): path for path in missing}.values())
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            for _ in pool.map(self.encoded, unique):
                pass

    def encoded(self, path: str) -> EncodedPicture:
        """Return a picture as it is published; raise UnreadablePicture."""
        if found := self._find(path):
            return found
        data = (self.folder / path).read_bytes()
        digest = self._digests[path] = _digest_of(path, data)  # the file may have changed since it was asked for
        made = encode_picture(data, _kind(path), digest)
        self._keep(digest, made.to_bytes())
        self._facts[path] = made.facts
        return made

    def facts(self, path: str) -> PictureFacts:
        """Return what pages state about a picture."""
        return self._facts.get(path) or self.encoded(path).facts

    def published(self, path: str) -> bytes:
        """Return the bytes of any content file as it is published: pictures without their metadata."""
        if is_raster(path):
            return self.encoded(path).published
        data = (self.folder / path).read_bytes()
        return published_drawing(data) if is_drawing(path) else data

    def renditions(self, path: str) -> Iterator[tuple[str, bytes]]:
        """Yield the address and the bytes of each rendition of a picture."""
        picture = self.encoded(path)
        for each, data in zip(picture.facts.renditions, picture.renditions, strict=True):
            yield each.address, data

    def published_digests(self, path: str) -> dict[str, str]:
        """Map the address of a content file, and those of its renditions, to the SHA-256 of their bytes."""
        if path not in self._published:
            files = dict(self.renditions(path)) if is_raster(path) else {}
            files[path] = self.published(path)
            self._published[path] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        return self._published[path]

    def digest(self, path: str) -> str:
        """Return the digest (hex) of a picture and of all that its encoding depends on. Encoding reads it anew."""
        if path not in self._digests:
            self._digests[path] = _digest_of(path, (self.folder / path).read_bytes())
        return self._digests[path]

    def forget_unused(self) -> None:
        """Remove the cache entries that this run did not use."""
        used = {f"{digest}{ENTRY_SUFFIX}" for digest in self._digests.values()}
        for file in self.cache.glob(f"*{ENTRY_SUFFIX}") if self.cache else ():
            if file.name not in used:
                file.unlink(missing_ok=True)

    def _find(self, path: str) -> EncodedPicture | None:
        digest = self.digest(path)
        data = self._cached(digest) if self.cache else self._encoded.get(digest)
        if data is None:
            return None
        found = EncodedPicture.from_bytes(digest, data)
        self._facts[path] = found.facts
        return found

    def _cached(self, digest: str) -> bytes | None:
        file = self._entry(digest)
        return open_entry(self._mac_key, file.name, file.read_bytes()) if file.is_file() else None

    def _keep(self, digest: str, data: bytes) -> None:
        if self.cache is None:
            self._encoded[digest] = data
            return
        self.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._entry(digest)
        with replaced_file(file, file.with_suffix(f".{os.getpid()}.tmp")) as draft:  # a check may run beside a publish
            draft.write_bytes(seal_entry(self._mac_key, file.name, data))

    def _entry(self, digest: str) -> Path:
        assert self.cache is not None  # noqa: S101 - the callers checked it
        return self.cache / f"{digest}{ENTRY_SUFFIX}"


def is_drawing(path: str) -> bool:
    """Tell whether the name of a file is that of an SVG file."""
    return path.lower().endswith(".svg")


def _kind(path: str) -> str:
    return FORMATS[PurePosixPath(path).suffix.lower()]


def _digest_of(path: str, data: bytes) -> str:
    return hashlib.sha256(f"{_encoding()} {_kind(path)}\0".encode() + data).hexdigest()


@cache
def _encoding() -> str:
    """Return what the bytes of every encoded picture depend on: our own code, Pillow and its codecs."""
    code = hashlib.sha256(b"\0".join(Path(str(module.__file__)).read_bytes() for module in (picture_file, rendition)))
    codecs = (str(features.version(name)) for name in ("avif", "webp", "jpg", "zlib"))
    return " ".join((code.hexdigest(), version("pillow"), *codecs))
