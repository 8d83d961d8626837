"""Glyph coverage: the characters that no font can print, neither one of the theme nor one of the machine.

Fonts of the machine are found by fontconfig, as Pango finds them. Bitmap fonts do not count: a press refuses them.
"""

import ctypes
import unicodedata
from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll")  # on Linux, macOS and Windows
UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}  # general categories of characters without a glyph: spaces, joiners
SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))  # variation selectors, which select a glyph


class GlyphCoverage:
    """The characters with a glyph in one of the `fonts`, or in a font of the machine."""

    def __init__(self, fonts: Iterable[Path]) -> None:
        self.fonts = tuple(fonts)

    def missing(self, text: str) -> str:
        """Return the characters of a text without a glyph, each once."""
        return "".join(each for each in dict.fromkeys(text) if not (self._has(each) or _on_machine(each)))

    def _has(self, character: str) -> bool:
        point = ord(character)
        unseen = unicodedata.category(character) in UNSEEN or any(point in points for points in SELECTORS)
        return unseen or point in self._points

    @cached_property
    def _points(self) -> frozenset[int]:
        return frozenset().union(*map(_points_of, self.fonts))


@lru_cache(maxsize=64)
def _points_of(font: Path) -> frozenset[int]:
    import uharfbuzz

    return frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(font))).unicodes)


def described(characters: str) -> str:
    """Return characters for a message: `🎈` (U+1F388 BALLOON)."""
    names = ((each, f"U+{ord(each):04X} {unicodedata.name(each, '')}".rstrip()) for each in characters)
    return ", ".join(f"`{each}` ({name})" for each, name in names)


@cache
def _fontconfig() -> Any:
    """Return the library, None without it."""
    for name in LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        for function in ("FcPatternCreate", "FcCharSetCreate", "FcObjectSetCreate", "FcFontList"):
            getattr(library, function).restype = ctypes.c_void_p
        return library
    return None


class _FontSet(ctypes.Structure):
    """The beginning of fontconfig's FcFontSet."""

    _fields_ = [("nfont", ctypes.c_int)]


@cache
def _on_machine(character: str) -> bool:
    """Return whether an installed outline font has a character; True if the fonts can't be listed."""
    library = _fontconfig()
    if library is None:
        return True
    pattern, characters, objects = (
        ctypes.c_void_p(create())
        for create in (library.FcPatternCreate, library.FcCharSetCreate, library.FcObjectSetCreate)
    )
    library.FcCharSetAddChar(characters, ctypes.c_uint32(ord(character)))
    library.FcPatternAddCharSet(pattern, b"charset", characters)
    library.FcPatternAddBool(pattern, b"outline", 1)
    fonts = ctypes.c_void_p(library.FcFontList(None, pattern, objects))
    found = bool(ctypes.cast(fonts, ctypes.POINTER(_FontSet)).contents.nfont > 0)
    library.FcFontSetDestroy(fonts)
    library.FcObjectSetDestroy(objects)
    library.FcCharSetDestroy(characters)
    library.FcPatternDestroy(pattern)
    return found
