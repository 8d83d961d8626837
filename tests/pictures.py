"""Small pictures for tests, with every kind of metadata."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

TAG = "CANARY-7f3a"  # stands in all metadata
ENDINGS = {"avif": "AVIF", "gif": "GIF", "jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def halves(width: int = 40, height: int = 20) -> Image.Image:
    """Return a picture with a red left and a blue right half."""
    image = Image.new("RGB", (width, height), (220, 30, 30))
    image.paste((30, 30, 220), (width // 2, 0, width, height))
    return image


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Encode a picture with options of Pillow."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def camera_data(orientation: int = 1) -> Image.Exif:
    """Return EXIF data with a maker, a position and an orientation."""
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = TAG, orientation
    exif.get_ifd(GPS)[29] = TAG
    return exif


def tagged(ending: str, orientation: int = 1, image: Image.Image | None = None) -> bytes:
    """Return a picture with a tag in all metadata that its format can hold."""
    kind, exif = ENDINGS[ending], camera_data(orientation)
    text = PngInfo()
    text.add_text("Author", TAG)
    text.add_itxt("XML:com.adobe.xmp", f"<x>{TAG}</x>")
    more: dict[str, dict[str, Any]] = {
        "AVIF": {"exif": exif, "xmp": TAG.encode()},
        "GIF": {"comment": TAG},
        "JPEG": {"exif": exif, "xmp": TAG.encode(), "comment": TAG, "dpi": (300, 300), "quality": 90},
        "PNG": {"pnginfo": text, "exif": exif, "dpi": (300, 300)},
        "WEBP": {"exif": exif.tobytes(), "xmp": TAG.encode(), "lossless": True},
    }
    return encoded(image or halves(), kind, **more[kind]) + (TAG.encode() if kind in {"JPEG", "PNG"} else b"")


def profile_with_swapped_colours() -> bytes:
    """Return a matrix profile in which red and green are exchanged, so that a conversion to sRGB is visible."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for start in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12):
        name = bytes(data[start : start + 4])
        if name in {b"rXYZ", b"gXYZ"}:
            data[start : start + 4] = b"gXYZ" if name == b"rXYZ" else b"rXYZ"
    return bytes(data).replace(b"s\0R\0G\0B", b"t\0e\0s\0t").replace(b"\0s\0R\0G\0B", b"\0t\0e\0s\0t")


def animation(kind: str = "GIF") -> bytes:
    """Return an animation of three frames."""
    first, *others = [Image.new("RGB", (32, 20), colour) for colour in ("red", "green", "blue")]
    return encoded(first, kind, save_all=True, append_images=others, duration=[100, 200, 300], loop=0)
