"""Versioned addresses of theme files: a short content hash lets browsers cache each version without limit."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import pass_context
from jinja2.runtime import Context


def asset_versions(static: Path) -> dict[str, str]:
    """Map each file below theme/static/ to the first 10 hex digits of its SHA-256."""
    return {
        file.relative_to(static).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:10]
        for file in sorted(static.rglob("*"))
        if file.is_file()
    }


def asset_address(versions: Mapping[str, str]) -> Callable[[Context, str], str]:
    """Return the template function `asset(path)`, which returns the versioned address of a theme file."""

    @pass_context
    def asset(context: Context, path: str) -> str:
        if path not in versions:
            raise FileNotFoundError(f"{context.name} asks for static/{path}, which the theme doesn't have")
        return f"{context['root']}theme/{path}?v={versions[path]}"

    return asset
