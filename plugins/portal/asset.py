"""Theme files by a short hash of their content, so that browsers may keep each version for good."""

import hashlib
from pathlib import Path


def asset_versions(static: Path) -> dict[str, str]:
    """Map each file below theme/static/ to the first 10 hex digits of its SHA-256."""
    return {
        file.relative_to(static).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:10]
        for file in sorted(static.rglob("*"))
        if file.is_file()
    }
