"""Which names may stand in a path, and which paths a release keeps for itself."""

from __future__ import annotations

RESERVED = frozenset({"portal.json", "release.json", "release.json.sig", "_"})


def is_part(part: str) -> bool:
    """Tell whether a text can be one part of a path on every host and in every browser."""
    if part in ("", ".", "..") or "/" in part or "\\" in part:
        return False
    return part.isprintable()  # so no NUL, no control, no lone surrogate of a name that is not UTF-8


def is_path(path: str) -> bool:
    """Tell whether a text is a path that leads to one file below its root."""
    return all(map(is_part, path.split("/")))


def is_reserved(path: str) -> bool:
    """Tell whether the release keeps this path for itself, on hosts that ignore case too."""
    return path.split("/", 1)[0].casefold() in RESERVED
