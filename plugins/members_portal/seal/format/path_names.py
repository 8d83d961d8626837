"""Path parts that are allowed, and paths that the format reserves."""

from __future__ import annotations

RESERVED_NAMES = frozenset({"portal.json", "release.json", "release.json.sig", "_"})


def is_part(part: str) -> bool:
    """Return whether a text is a valid path part on every host and in every browser."""
    if part in ("", ".", "..") or "/" in part or "\\" in part:
        return False
    return part.isprintable()  # no NUL, no control character, no lone surrogate (a file name that is not UTF-8)


def is_path(path: str) -> bool:
    """Return whether a text is a relative path that stays below its root."""
    return all(map(is_part, path.split("/")))


def is_reserved(path: str) -> bool:
    """Return whether the format reserves this path; case is ignored, as some hosts ignore it."""
    return path.split("/", 1)[0].casefold() in RESERVED_NAMES
