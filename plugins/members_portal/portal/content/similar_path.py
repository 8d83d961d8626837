"""Similar paths: suggestions for a path below content/ at which there is no file."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from posixpath import relpath
from urllib.parse import quote

from members_portal.loyalty.input.problem import closest
from members_portal.portal.content.attachment import IMAGES

LEAST = 0.55  # similarity of two names without their endings
_NOT_IN_LINKS = re.compile(r"[ ()<>\[\]\"'%#?]")


def similar_path(path: str, known: Iterable[str], source: str = "") -> str:
    """Return the most similar known path; empty if none is similar.

    It has the same file name in another folder or in another case, a similar name, or the folder `path`. `source` is
    the file that names the path. It is never suggested, nor is the path itself.
    """
    others = sorted(other for other in known if other not in (source, path))
    name = PurePosixPath(path).name.casefold()
    same = [other for other in others if PurePosixPath(other).name.casefold() == name]
    if not same and not PurePosixPath(path).suffix:
        same = [other for other in others if other.startswith(f"{path}/")]
    return _plain(closest(path, same, 0)) if same else _similar_name(path, others)


def _similar_name(path: str, others: Iterable[str]) -> str:
    stems: dict[str, list[str]] = {}
    for other in others:
        if not PurePosixPath(path).suffix or _type(other) == _type(path):
            stems.setdefault(PurePosixPath(other).stem, []).append(other)
    stem = _plain(closest(PurePosixPath(path).stem, stems, LEAST))
    return _plain(closest(path, stems[stem], 0)) if stem else ""


def _type(path: str) -> str:
    """Return the ending of a path; all pictures have one type."""
    ending = PurePosixPath(path).suffix.lower()
    return "picture" if ending in IMAGES else ending


def near(path: str, known: Iterable[str], source: str = "") -> str:
    """Return the most similar known path in backquotes, or an empty text."""
    found = similar_path(path, known, source)
    return f"`{found}`" if found else ""


def link_to(path: str, source: str, written: str = "") -> str:
    """Return the link to a content path as the file `source` must write it, in backquotes.

    It begins at content/ and keeps its `#anchor` if the link that was `written` does so.
    """
    start = f"/{path}" if written.startswith("/") else relpath(path, PurePosixPath(source).parent)
    _, sign, anchor = written.partition("#")
    link = _NOT_IN_LINKS.sub(lambda found: quote(found[0], safe=""), start)
    return f"`{link}{sign}{anchor}`"


def _plain(hint: str) -> str:
    return hint.strip("`")
