"""Web fonts: subsets of the font packages, as WOFF2.

The fonts come from PyPI (`font-source-serif-pro`, `font-source-sans-pro`, `manimgx-fonts`; SIL Open Font License 1.1)
and are not in the source tree. A subset is made once. Its cache key is a hash of packages, versions and options; the
entry has a MAC.
"""

import hashlib
import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from members_portal.cache_entry import open_entry, seal_entry
from members_portal.whole_file import replaced_file

RECIPE = "4"  # part of the cache key: raise it when the subsetting changes
LATIN = (  # Latin, with Vietnamese and transliterated names
    "U+0000-024F,U+0259,U+02BB-02BC,U+02C6-02DC,U+1E00-1EFF,U+2000-206F,U+20A0-20CF,U+2113,U+2122,U+2190-2193,U+2212"
)
FEATURES = ["kern", "liga", "lnum", "onum", "pnum", "tnum", "smcp", "c2sc", "frac", "ccmp", "locl", "mark", "mkmk"]
USE_MY_METRICS = 0x0200


def build_fonts(fonts: Mapping[str, tuple[str, str]], cache: Path, key: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the file name and the bytes of `<name>.woff2` for each name: (package, file name in the package).

    `key` authenticates the entries of the folder `cache`.
    """
    for name, (package, file) in fonts.items():
        versions = map(_version, (package, "fonttools", "uharfbuzz", "brotli"))
        recipe = "\0".join((package, *versions, file, LATIN, *FEATURES, RECIPE))
        digest = hashlib.sha256(recipe.encode()).hexdigest()[:24]
        kept = cache / (f"{digest}.font" if key else f"{digest}-no-key.font")  # Pelican alone has no key
        data = open_entry(key, kept.name, kept.read_bytes()) if kept.is_file() else None
        if data is None:
            data = _subset(font_file(package, file))
            cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            with replaced_file(kept) as draft:
                draft.write_bytes(seal_entry(key, kept.name, data))
        yield f"{name}.woff2", data


_version = lru_cache(version)  # a preview asks for it at each edit


def font_file(package: str, file: str) -> Path:
    """Return the path of a font file in an installed package: in its folder `files`, if it has one."""
    folder = Path(str(import_module(package.replace("-", "_")).__file__)).parent
    return next((path for path in (folder / "files" / file, folder / file) if path.is_file()), folder / file)


def _subset(source: Path) -> bytes:
    """Return the subset of a font file, as WOFF2: its Latin characters, or in a font of signs all others."""
    from fontTools.subset import parse_unicodes  # these take 0.2 s to import, only for a new subset
    from fontTools.ttLib import TTFont, TTLibError
    from uharfbuzz import Blob, Face, SubsetInput, SubsetInputSets, subset

    try:
        TTFont(source).close()
    except TTLibError as error:
        raise OSError(f"{source.name} is no font ({error}): install its package again") from error
    face, cutter = Face(Blob.from_file_path(str(source))), SubsetInput()
    latin = set(parse_unicodes(LATIN))
    cutter.unicode_set.update(latin if ord("A") in face.unicodes else set(face.unicodes) - latin)
    cutter.layout_feature_tag_set.clear()
    cutter.layout_feature_tag_set.update(map(_tag, FEATURES))
    cutter.pin_all_axes_to_default(face)  # the default instance of a variable font
    cutter.sets(SubsetInputSets.DROP_TABLE_TAG).add(_tag("STAT"))
    font = TTFont(io.BytesIO(subset(face, cutter).blob.data), recalcTimestamp=False, recalcBBoxes=False)
    _mend_metrics(font)
    font.flavor = "woff2"
    with io.BytesIO() as target:
        font.save(target)
        return target.getvalue()


def _tag(name: str) -> int:
    """Return the tag of a table or a feature as a number."""
    return int.from_bytes(name.encode("ascii"), "big")


def _mend_metrics(font: Any) -> None:
    """Clear the flag USE_MY_METRICS where a component and its composite glyph have different advance widths.

    Source Serif Pro's TrueType files set the flag on such components, and WebKit then prints glyphs on top of each
    other. Source: "Component flags" in the OpenType specification of the table `glyf`.
    """
    glyphs, widths = font.get("glyf"), font["hmtx"]
    composites = [name for name, glyph in glyphs.glyphs.items() if glyph.isComposite()] if glyphs else []
    for name in composites:  # the others are not decoded, and so are packed as they are
        for component in glyphs[name].components:
            if component.flags & USE_MY_METRICS and widths[component.glyphName][0] != widths[name][0]:
                component.flags &= ~USE_MY_METRICS
