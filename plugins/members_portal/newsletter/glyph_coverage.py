"""Glyph coverage: characters that no font can print, neither of the theme nor of the machine; widths of the others.

Fonts of the machine are found by fontconfig, as Pango finds them. Bitmap fonts do not count: a press refuses them.
"""

import ctypes
import os
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll")  # on Linux, macOS and Windows
UNSEEN = {"Cf", "Zl", "Zp", "Zs"}  # general categories of characters without a glyph: spaces, joiners
SEEN = (  # characters of these categories that Pango draws: signs around numbers, hieroglyphs, shorthand
    *(range(0x600, 0x606), range(0x6DD, 0x6DE), range(0x70F, 0x710), range(0x890, 0x892), range(0x8E2, 0x8E3)),
    *(range(0x110BD, 0x110BE), range(0x110CD, 0x110CE), range(0x13430, 0x13440), range(0x1BCA0, 0x1BCA4)),
)
NOTES = range(0xFFF9, 0xFFFC)  # interlinear annotations: Pango draws a box for them with every font
SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))  # variation selectors, which select a glyph


class GlyphCoverage:
    """The characters with a glyph in one of the `fonts`, or in a font of the machine."""

    def __init__(self, fonts: Iterable[Path]) -> None:
        self.fonts = tuple(fonts)

    def missing(self, text: str) -> str:
        """Return the characters of a text without a glyph, each once."""
        return "".join(each for each in dict.fromkeys(text) if not self._has(each))

    def _has(self, character: str) -> bool:
        if _is_boxed(character):
            return False
        return _is_unseen(character) or ord(character) in self._points or _on_machine(character)

    @cached_property
    def _points(self) -> frozenset[int]:
        return frozenset().union(*map(_points_of, self.fonts))


def _is_boxed(character: str) -> bool:
    """Return whether Pango draws a box for a character: a control character that is no space. Parsers drop NUL."""
    is_control = unicodedata.category(character) == "Cc" and character != "\0" and not character.isspace()
    return is_control or ord(character) in NOTES


def _is_unseen(character: str) -> bool:
    """Return whether a character needs no glyph."""
    if unicodedata.category(character) in {"Cc", *UNSEEN}:
        return not any(ord(character) in points for points in SEEN)
    return any(ord(character) in points for points in SELECTORS)


@lru_cache(maxsize=64)
def _points_of(font: Path) -> frozenset[int]:
    import uharfbuzz

    return frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(font))).unicodes)


def described(characters: str) -> str:
    """Return characters for a message: `🎈` (U+1F388 BALLOON); of a control character the number alone."""
    names = ((each, f"U+{ord(each):04X} {unicodedata.name(each, '')}".rstrip()) for each in characters)
    return ", ".join(name if unicodedata.category(each) == "Cc" else f"`{each}` ({name})" for each, name in names)


@cache
def _fontconfig() -> Any:
    """Return the library, None without it."""
    for name in LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        for function in ("FcPatternCreate", "FcCharSetCreate", "FcObjectSetCreate", "FcFontList", "FcFontMatch"):
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
    with _pattern_of(library, character) as pattern:
        objects = ctypes.c_void_p(library.FcObjectSetCreate())
        fonts = ctypes.c_void_p(library.FcFontList(None, pattern, objects))
        found = bool(ctypes.cast(fonts, ctypes.POINTER(_FontSet)).contents.nfont > 0)
        library.FcFontSetDestroy(fonts)
        library.FcObjectSetDestroy(objects)
    return found


@contextmanager
def _pattern_of(library: Any, character: str) -> Iterator[ctypes.c_void_p]:
    """Make the pattern of the outline fonts with a character."""
    pattern, characters = (ctypes.c_void_p(create()) for create in (library.FcPatternCreate, library.FcCharSetCreate))
    library.FcCharSetAddChar(characters, ctypes.c_uint32(ord(character)))
    library.FcPatternAddCharSet(pattern, b"charset", characters)
    library.FcPatternAddBool(pattern, b"outline", 1)
    yield pattern
    library.FcCharSetDestroy(characters)
    library.FcPatternDestroy(pattern)


@cache
def machine_width(character: str) -> float:
    """Return the width of a character in em, in the installed font that fontconfig prefers; 0 if that is unknown."""
    import uharfbuzz

    file = _preferred_font(character)
    if file is None:
        return 0
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(file))
    run = uharfbuzz.Buffer()
    run.add_str(character)
    run.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(face), run)
    return float(sum(place.x_advance for place in run.glyph_positions or ()) / face.upem)


def _preferred_font(character: str) -> str | None:
    library = _fontconfig()
    if library is None:
        return None
    with _pattern_of(library, character) as pattern:
        library.FcConfigSubstitute(None, pattern, 0)
        library.FcDefaultSubstitute(pattern)
        match = ctypes.c_void_p(library.FcFontMatch(None, pattern, ctypes.byref(ctypes.c_int())))
        file, found = ctypes.c_char_p(), None
        if match and library.FcPatternGetString(match, b"file", 0, ctypes.byref(file)) == 0 and file.value:
            found = os.fsdecode(file.value)
        library.FcPatternDestroy(match)
    return found if found and ord(character) in _points_of(Path(found)) else None
