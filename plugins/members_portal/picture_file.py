"""Raster pictures: read within limits, turned upright, converted to sRGB, without metadata.

All bytes of a published picture are encoded anew from its pixels. Camera data, positions, thumbnails, comments, colour
profiles and appended data therefore never leave the machine.
"""

import io
import os
import struct
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image, ImageCms, ImageFile, ImageOps, ImageSequence
from PIL.JpegImagePlugin import get_sampling

FORMATS = {".avif": "AVIF", ".gif": "GIF", ".jpeg": "JPEG", ".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
MOST_PIXELS = 100_000_000  # of all frames together: 400 MB in memory
MOST_SIDE = 2560  # pixels of the longer side of a published picture
MOST_PRINTED = (2600, 3600)  # width and height of a printed one: A4 with bleed at 300 dpi
MOST_TABLES = 4  # quantization tables of a JPEG
FINE = 92  # JPEG quality of a picture that is encoded once more later, for print
JPEG_SAVED, WEBP_SAVED, AVIF_SAVED = 82, 82, 60
AVIF_SPEED = 9  # of 10: a fifth of the time of 8, for 2 to 17 % more bytes

_ACCEPTED = tuple(dict.fromkeys(FORMATS.values()))
_FAILED = (  # what decoders raise for damaged files
    *(OSError, ValueError, SyntaxError, EOFError, struct.error, Image.DecompressionBombError, MemoryError),
    *(RuntimeError, TypeError, LookupError, ArithmeticError, AttributeError),
)
_KEPT_INFO = frozenset({"background", "duration", "loop", "transparency"})  # needed to encode frames
_HARMLESS = _KEPT_INFO | {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"),
    *("version", "interlace", "extension", "default_image", "blend", "disposal", "timestamp", "bbox"),
}
_OTHERS = (  # the first bytes of files that are often renamed
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"BM", "a BMP picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\3\4", "an archive or office document"),
    (b"<svg", "an SVG picture"),
    (b"<?xml", "an XML document"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
SAVE_AS = "a picture saved as JPEG, PNG, WebP, AVIF or GIF"


class UnreadablePicture(ValueError):
    """Raised for a file that is not a picture, is damaged, or is too large. `expected` names what helps."""

    def __init__(self, what: str, expected: str = SAVE_AS) -> None:
        super().__init__(what)
        self.what, self.expected = what, expected


@dataclass(frozen=True)
class RasterPicture:
    """The pixels of a picture: upright frames in sRGB. `format` is that of its file."""

    format: str
    frames: tuple[Image.Image, ...]
    durations: tuple[int, ...] = ()  # milliseconds of each frame
    loop: int | None = None
    options: tuple[tuple[str, Any], ...] = ()  # of the encoder, so that a JPEG or WebP keeps its quality

    @property
    def is_animated(self) -> bool:
        return len(self.frames) > 1

    @property
    def size(self) -> tuple[int, int]:
        return self.frames[0].size

    @property
    def has_alpha(self) -> bool:
        """Tell whether a pixel of the first frame is not opaque."""
        first = self.frames[0]
        if not first.has_transparency_data:
            return False
        extrema: Any = first.convert("RGBA").getchannel("A").getextrema()
        return bool(extrema[0] < 255)


def is_raster(path: str) -> bool:
    """Tell whether the name of a file is that of a raster picture."""
    return os.path.splitext(path)[1].lower() in FORMATS


def read_picture(data: bytes) -> RasterPicture:
    """Decode a picture completely; raise UnreadablePicture for a file that is none, is damaged, or is too large."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of damaged metadata, which are dropped
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it when it is imported
        image = _opened(data)
        try:
            return _read(image, data)
        except UnreadablePicture:
            raise
        except _FAILED as error:
            raise UnreadablePicture(
                "is damaged or incomplete", "a complete picture: export or copy it again"
            ) from error


def _opened(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=_ACCEPTED)
        pixels = _pixels(image)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except _FAILED as error:
        raise UnreadablePicture(_described(data)) from error
    if pixels > MOST_PIXELS:
        raise _too_large()
    return image


def _pixels(image: Image.Image) -> int:
    width, height = image.size
    return width * height * (1 if image.format == "MPO" else getattr(image, "n_frames", 1))


def _too_large() -> UnreadablePicture:
    return UnreadablePicture(f"has more than {MOST_PIXELS // 1_000_000} million pixels", "a smaller picture")


def _described(data: bytes) -> str:
    """Say what a file holds instead of a picture."""
    if not data:
        return "is empty"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return "holds a HEIC picture, which few browsers show"
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower()
    found = next((name for begins, name in _OTHERS if start.startswith(begins.lower())), None)
    return f"holds {found}" if found else "is not a picture"


def _read(image: Image.Image, data: bytes) -> RasterPicture:
    kind = "JPEG" if image.format == "MPO" else str(image.format)  # photos with a second picture of a phone
    options = tuple(_options(image, kind, data).items())
    profile = image.info.get("icc_profile")
    if kind == "JPEG" or getattr(image, "n_frames", 1) == 1:
        image.load()
        return RasterPicture(kind, (_normal(image, profile),), options=options)
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        durations.append(int(frame.info.get("duration", 0)))
        frames.append(_normal(frame.convert("RGBA"), profile))
    return RasterPicture(kind, tuple(frames), tuple(durations), image.info.get("loop"), options)


def _options(image: Image.Image, kind: str, data: bytes) -> dict[str, Any]:
    """Return the encoder options with which a picture keeps the quality of its file."""
    tables = getattr(image, "quantization", {})
    if kind == "JPEG" and image.mode in {"L", "RGB"} and 0 < len(tables) <= MOST_TABLES:
        sampling = get_sampling(image)
        return {"qtables": tables, **({"subsampling": sampling} if sampling >= 0 else {})}
    return {"lossless": True} if kind == "WEBP" and b"VP8L" in data[:64] else {}


def _normal(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return an image upright, in sRGB, in one of the modes L, P, RGB and RGBA, without metadata."""
    turned = _in_srgb(_storable(_upright(image)), profile)
    plain = turned.copy()
    plain.info = {name: value for name, value in turned.info.items() if name in _KEPT_INFO}
    return plain


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except _FAILED:  # damaged EXIF: no orientation
        return image


def _storable(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a channel
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode == "P" and not isinstance(image.info.get("transparency", b""), bytes | int):
        return image.convert("RGBA")
    if image.mode == "P" or (image.mode in {"L", "RGB", "CMYK"} and "transparency" not in image.info):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "L" if image.mode == "1" else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert an image to sRGB; one without a usable profile counts as sRGB, as in browsers."""
    if profile:
        shown = image.convert("RGBA" if image.has_transparency_data else "RGB") if image.mode == "P" else image
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "srgb" in ImageCms.getProfileDescription(source).lower():
                return image if image.mode != "CMYK" else image.convert("RGB")
            converted = ImageCms.profileToProfile(
                shown,
                source,
                _srgb(),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGBA" if shown.mode == "RGBA" else "RGB",
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
            image = converted or image
        except (ImageCms.PyCMSError, *_FAILED):
            pass  # a damaged profile, or one of another colour model
    return image.convert("RGB") if image.mode == "CMYK" else image


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def fitted(image: Image.Image, width: int, height: int) -> Image.Image:
    """Return an image at most this wide and high; a smaller one unchanged."""
    if image.width <= width and image.height <= height:
        return image
    scale = min(width / image.width, height / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    full = image if image.mode in {"L", "RGB", "RGBA"} else _full_colour(image)
    return full.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _full_colour(image: Image.Image) -> Image.Image:
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def encode_image(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Encode one image in a format; the same pixels and options always give the same bytes."""
    if kind == "JPEG" and image.mode not in {"L", "RGB"}:
        image = _on_white(image)
    elif kind in {"AVIF", "WEBP"} and image.mode not in {"RGB", "RGBA"}:
        image = _full_colour(image)
    defaults: dict[str, dict[str, Any]] = {
        "AVIF": {"quality": AVIF_SAVED, "speed": AVIF_SPEED, "max_threads": 1},
        "GIF": {},
        "JPEG": {"optimize": True, "progressive": True} | ({} if "qtables" in options else {"quality": JPEG_SAVED}),
        "PNG": {"optimize": True},
        "WEBP": {"quality": WEBP_SAVED},
    }
    out = io.BytesIO()
    image.save(out, kind, **defaults[kind] | options)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    full = image.convert("RGBA")
    sheet = Image.new("RGB", full.size, "white")
    sheet.paste(full, mask=full.getchannel("A"))
    return sheet


def published_picture(picture: RasterPicture, kind: str) -> bytes:
    """Encode a picture in a format for its own address: all frames, at most MOST_SIDE pixels wide and high."""
    options = dict(picture.options) if kind == picture.format else {}
    frames = [fitted(frame, MOST_SIDE, MOST_SIDE) for frame in picture.frames]
    if not picture.is_animated or kind == "JPEG":
        return encode_image(frames[0], kind, **options)
    more = {"save_all": True, "append_images": frames[1:], "duration": list(picture.durations)}
    if picture.loop is not None and kind in {"GIF", "PNG", "WEBP"}:
        more["loop"] = picture.loop
    return encode_image(frames[0], kind, **options, **more)


def printed_picture(data: bytes) -> tuple[bytes, str]:
    """Return a picture for a PDF, as a JPEG or, with transparency or few colours, as a PNG; and its media type.

    An animation becomes its first frame.
    """
    picture = read_picture(data)
    first = fitted(picture.frames[0], *MOST_PRINTED)
    if picture.has_alpha or picture.format in {"GIF", "PNG"}:
        return encode_image(first, "PNG"), "image/png"
    options = dict(picture.options) if picture.format == "JPEG" else {"quality": FINE}
    return encode_image(first, "JPEG", **options), "image/jpeg"


def find_metadata(data: bytes) -> list[str]:
    """Return the names of the metadata of a raster picture; raise UnreadablePicture for a file that is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = _opened(data)
        found = {str(name) for name in image.info} - _HARMLESS
        found |= {"exif"} if len(image.getexif()) else set()
        found |= {str(name) for name, _ in getattr(image, "applist", ()) if name not in {"APP0", "APP14"}}
    return sorted(found)
