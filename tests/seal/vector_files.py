"""Negative vectors: a small release, `vectors/base.json`, and one file for each failure that a reader must refuse.

A vector holds the release's difference from the base:

    failure    what is wrong
    reason     what a reader says that knows the site's public key: `mistyped`, `unknown` (no card) or `damaged`
    code       the access code to sign in with
    path       the path to read
    files      the changed files by path: null for a missing file, otherwise how much of the base's file stays at the
               start and at the end, in bytes, and in base64 what is between

The base states the `public_key` of the site. `write_vectors.py` wrote them. A reader passes if it opens the base, and
refuses to open or read each vector: with the public key for the stated reason, and without the key for any reason.
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "vectors"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "base")


@dataclass(frozen=True)
class Vector:
    """A release as bytes by path, and what a reader asks it for."""

    failure: str
    reason: str
    public_key: bytes
    code: str
    path: str
    files: dict[str, bytes]

    def write(self, folder: Path) -> Path:
        """Write the release into a folder."""
        for path, data in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return folder


def base() -> Vector:
    """Load the release that all readers open."""
    return _vector(_load("base"), _load("base")["public_key"], {})


def vector(name: str) -> Vector:
    """Load a release that all readers refuse."""
    return _vector(_load(name), base().public_key.hex(), base().files)


def _vector(data: dict[str, Any], public_key: str, before: dict[str, bytes]) -> Vector:
    changed = {path: spliced(before.get(path, b""), change) for path, change in data["files"].items() if change}
    kept = {path: content for path, content in before.items() if path not in data["files"]}
    reason, key = data.get("reason", ""), bytes.fromhex(public_key)
    return Vector(data["failure"], reason, key, data["code"], data["path"], kept | changed)


def spliced(before: bytes, change: dict[str, Any]) -> bytes:
    """Return a changed file."""
    end = len(before) - change["end"]
    return before[: change["start"]] + b64decode(change["between"]) + before[end:]


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return loaded
