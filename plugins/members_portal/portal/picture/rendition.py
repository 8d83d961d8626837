"""Renditions: a picture in up to three widths, as AVIF and for older browsers as JPEG, or as WebP with transparency.

An animation has renditions of its first frame only, for readers who want no motion.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from members_portal.picture_file import MOST_SIDE, encode_image, fitted, published_picture, read_picture

RENDITION_FOLDER = "assets/pictures"
RENDITION_WIDTHS = (480, 960, 1600)  # pixels: a phone; a column at two pixels a point; a page at two pixels a point
CLOSE = 0.85  # a width is left out if the picture is hardly wider
SUFFIXES = {"AVIF": "avif", "JPEG": "jpg", "WEBP": "webp"}


@dataclass(frozen=True)
class Rendition:
    """A picture in one width and format. `address` is relative to the site's root."""

    kind: str
    width: int
    address: str


@dataclass(frozen=True)
class PictureFacts:
    """What a page states about a picture; `digest` stands for its file and for the encoding."""

    digest: str
    width: int
    height: int
    is_animated: bool
    has_alpha: bool

    @property
    def is_portrait(self) -> bool:
        return self.height > self.width

    @property
    def renditions(self) -> tuple[Rendition, ...]:
        """The renditions, by format, narrow ones first."""
        kinds = ["AVIF"] if self.is_animated else ["AVIF", "WEBP" if self.has_alpha else "JPEG"]
        widths = rendition_widths(self.width)
        return tuple(Rendition(kind, width, self._address(kind, width)) for kind in kinds for width in widths)

    def _address(self, kind: str, width: int) -> str:
        return f"{RENDITION_FOLDER}/{self.digest[:24]}-{width}.{SUFFIXES[kind]}"


def rendition_widths(width: int) -> list[int]:
    """Return the widths of the renditions of a picture: none is wider than the picture."""
    largest = min(width, RENDITION_WIDTHS[-1])
    return [step for step in RENDITION_WIDTHS if step < largest * CLOSE] + [largest]


@dataclass(frozen=True)
class EncodedPicture:
    """A picture's facts, the file for its own address, and the files of its renditions."""

    facts: PictureFacts
    published: bytes
    renditions: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        """Serialise for the cache: a line of JSON, then the files."""
        facts, files = self.facts, (self.published, *self.renditions)
        head = [facts.width, facts.height, facts.is_animated, facts.has_alpha, list(map(len, files))]
        return json.dumps(head).encode() + b"\n" + b"".join(files)

    @classmethod
    def from_bytes(cls, digest: str, data: bytes) -> "EncodedPicture":
        """Read what `to_bytes` wrote."""
        head, _, rest = data.partition(b"\n")
        width, height, is_animated, has_alpha, lengths = json.loads(head)
        published, *renditions = _cut(rest, lengths)
        return cls(PictureFacts(digest, width, height, is_animated, has_alpha), published, tuple(renditions))


def _cut(data: bytes, lengths: Sequence[int]) -> list[bytes]:
    parts, start = [], 0
    for length in lengths:
        parts.append(data[start : start + length])
        start += length
    return parts


def encode_picture(data: bytes, kind: str, digest: str) -> EncodedPicture:
    """Encode a picture for publication, in format `kind` at its own address; raise UnreadablePicture."""
    picture = read_picture(data)
    first = picture.frames[0]
    width, height = fitted(first, MOST_SIDE, MOST_SIDE).size
    facts = PictureFacts(digest, width, height, picture.is_animated and kind != "JPEG", picture.has_alpha)
    sharp = {"subsampling": "4:4:4"} if picture.format in {"GIF", "PNG"} else {}  # drawings have coloured edges
    renditions = [
        encode_image(fitted(first, each.width, MOST_SIDE), each.kind, **({} if each.kind == "WEBP" else sharp))
        for each in facts.renditions
    ]
    return EncodedPicture(facts, published_picture(picture, kind), tuple(renditions))
