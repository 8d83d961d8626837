"""Attachments: the types and names of the files below content/ that may be published.

A file keeps its path, so its name must not be one that the product writes or that a host obeys.
"""

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path, PurePosixPath

from members_portal.portal.content.drawing import SAFE_DRAWING, drawing_fault

PICTURE_TYPES = ("avif", "gif", "jpeg", "jpg", "png", "svg", "webp")
MEDIA = ("m4a", "mp3", "mp4", "ogg", "opus", "vtt", "wav", "webm")
DOCUMENTS = ("csv", "docx", "epub", "ics", "odp", "ods", "odt", "pdf", "pptx", "txt", "vcf", "xlsx", "zip")
TYPES = frozenset(PICTURE_TYPES + MEDIA + DOCUMENTS)
IMAGES = frozenset(f".{name}" for name in PICTURE_TYPES)  # of `Image:`; PDFs show them

FIXED_ADDRESSES = frozenset(
    {"tiers", "account", "till", "letters", "assets", "theme", "_"}
)  # folders that the product writes
LISTED = f"a file that ends in {', '.join(f'.{name}' for name in sorted(TYPES))}"
SINGLE_ENDING = "a name with one dot, or with a digit or a space after each dot before the ending"
NO_FAULT = ("", "")

# Hosts read each part of a name between two dots as a type, a language or an encoding: x.php.jpg, index.html.en.txt.
_INNER_TYPE = re.compile(r"\.(?![0-9 ])(?=.*\.)", re.DOTALL)

Fault = tuple[str, str]  # the problem, and the expected value


def folded(path: str) -> str:
    """Return the form in which paths are equal on a host that ignores case or normalises Unicode."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def attachment_fault(folder: Path, path: str) -> Fault:
    """Return the reason that a file below content/ can't be published, and the expected form; empty when it can."""
    return _name_fault(path) or _content_fault(folder, path) or NO_FAULT


def is_content_file(folder: Path, path: str) -> bool:
    """Tell whether a path is a file in the content folder, symbolic links resolved."""
    file = (folder / path).resolve()
    return "\\" not in path and file.is_file() and file.is_relative_to(folder.resolve())


def is_image(folder: Path, path: str) -> bool:
    """Tell whether a path is an image file in the content folder."""
    return PurePosixPath(path).suffix.lower() in IMAGES and is_content_file(folder, path)


def _name_fault(path: str) -> Fault | None:
    parts = path.split("/")
    if path != posixpath.normpath(path) or not path.isprintable() or "\\" in path:
        return f"{path!a} can't be an address", "a path such as images/name.jpg, in printable characters"
    if len(parts) == 1:
        return f"`{path}` lies directly in content/", "a folder such as images/: the product and the host use the root"
    if folded(parts[0]).strip(". ") in FIXED_ADDRESSES:
        return f"`{path}` lies in a folder that the product writes", "another folder, such as images/"
    if any(folded(part).startswith(".") or part != part.strip(" ") or part.endswith(".") for part in parts):
        return f"`{path}` has a name that hosts hide or change", "a name without a dot or space at its ends"
    if any("." in folded(part) for part in parts[:-1]):
        return f"`{path}` lies in a folder with a dot, which could be a file of the product", "a folder without a dot"
    if folded(path).startswith("_"):
        return f"`{path}` has a name that hosts obey", "a folder that doesn't begin with _"
    if _INNER_TYPE.search(folded(parts[-1])):
        return f"`{path}` has two endings, and some hosts obey the first", SINGLE_ENDING
    return None if _suffix(path) in TYPES else (f"`{path}` has a type that isn't published", LISTED)


def _suffix(path: str) -> str:
    return posixpath.splitext(path)[1].removeprefix(".").lower()


def _content_fault(folder: Path, path: str) -> Fault | None:
    file = (folder / path).resolve()
    if _suffix(file.name) != _suffix(path):
        return f"`{path}` is a link to a file of another type", "a file, or a link to one of the same type"
    if _suffix(path) == "svg" and (what := _drawing_fault(file, file.stat().st_mtime_ns)):
        return f"{path}: {what}", SAFE_DRAWING
    return None


@lru_cache(maxsize=1024)  # a drawing can stand on many pages
def _drawing_fault(file: Path, _changed: int) -> str:
    return drawing_fault(file.read_bytes())


def twins(files: Iterable[str], made: Collection[str]) -> dict[str, str]:
    """Map files to others with the same path on a host that ignores case or normalises Unicode.

    `made` lists the paths that the product writes.
    """
    first = {folded(path): path for path in made}
    found: dict[str, str] = {}
    for path in sorted(files):
        other = first.setdefault(folded(path), path)
        if other != path or path in made:
            found[path] = other
            if other not in made:
                found[other] = path
    return found
