"""Web fonts: the parts of the font packages that the theme uses, as WOFF2.

The fonts come from PyPI (`font-source-serif-pro`, `font-source-sans-pro`; SIL Open Font License 1.1); nothing of them
is kept in the tree. A subset is made once and cached by what it depends on.
"""

import hashlib
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

LATIN = (  # with the letters of Vietnamese and of transliterated names
    "U+0000-024F,U+0259,U+02BB-02BC,U+02C6-02DC,U+1E00-1EFF,"
    "U+2000-206F,U+20A0-20CF,U+2113,U+2122,U+2190-2193,U+2212"
)
FEATURES = "kern,liga,lnum,onum,pnum,tnum,smcp,c2sc,frac,ccmp,locl,mark,mkmk"


def build_fonts(fonts: Mapping[str, tuple[str, str]], target: Path, cache: Path) -> None:
    """Write `target/<name>.woff2` for each name: (package, file name in the package)."""
    target.mkdir(parents=True, exist_ok=True)
    for name, (package, file) in fonts.items():
        recipe = "\0".join((package, version(package), version("fonttools"), file, LATIN, FEATURES))
        kept = cache / f"{hashlib.sha256(recipe.encode()).hexdigest()[:24]}.woff2"
        if not kept.is_file():
            cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = kept.with_suffix(".tmp")
            _subset(_font_file(package, file), draft)
            draft.replace(kept)
        (target / f"{name}.woff2").write_bytes(kept.read_bytes())


def _font_file(package: str, file: str) -> Path:
    module = import_module(package.replace("-", "_"))
    return Path(str(module.__file__)).parent / "files" / file


def _subset(source: Path, target: Path) -> None:
    from fontTools.subset import main as subset  # 0.2 s to import, seldom needed

    subset(
        [
            str(source),
            f"--output-file={target}",
            "--flavor=woff2",
            f"--unicodes={LATIN}",
            f"--layout-features={FEATURES}",
            "--no-recalc-timestamp",
            "--desubroutinize",
        ]
    )
