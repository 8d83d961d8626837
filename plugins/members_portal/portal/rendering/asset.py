"""Theme files on public pages and in the service worker: versioned addresses, and digests.

A short content hash in the address lets browsers cache each version without limit. Two digests protect the files from
other sites on the same origin: `integrity` on public pages, and the worker's table of all theme files and of the
sign-in page.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

SIGN_IN_PAGE = "404.html"
NO_DIGESTS = "const DIGESTS = {};"


class NoPlaceForDigests(Exception):
    """Raised when the theme's service worker lacks the line for the digests."""


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


def asset_integrity(static: Path) -> Callable[[Context, str], Markup]:
    """Return the template function `integrity(path)`: the attribute of a theme file on public pages, else nothing.

    Members' pages need none: they are sealed, and the worker checks their theme files.
    """
    files = (file for file in static.rglob("*") if file.is_file())
    attributes = {file.relative_to(static).as_posix(): _attribute(file.read_bytes()) for file in files}

    @pass_context
    def integrity(context: Context, path: str) -> Markup:
        return attributes[path] if context["edition"].is_public else Markup("")

    return integrity


def _attribute(content: bytes) -> Markup:
    return Markup(' integrity="{}"').format(integrity_of(content))


def integrity_of(content: bytes) -> str:
    """Return the value of the attribute `integrity` for a file (Subresource Integrity, SHA-256)."""
    return f"sha256-{b64encode(hashlib.sha256(content).digest()).decode()}"


def public_digests(public: Path) -> dict[str, str]:
    """Map the theme files and the sign-in page of a public edition to their SHA-256, in hexadecimal."""
    files = [public / SIGN_IN_PAGE, *(file for file in (public / "theme").rglob("*") if file.is_file())]
    found = {file.relative_to(public).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return dict(sorted(found.items()))


def worker_with_digests(script: str, digests: Mapping[str, str]) -> str:
    """Return the service worker's script with the digests of the files that it may serve."""
    if script.count(NO_DIGESTS) != 1:
        raise NoPlaceForDigests(f"the theme's static/js/sw.js must hold the line `{NO_DIGESTS}` once")
    return script.replace(NO_DIGESTS, f"const DIGESTS = {digest_table(digests)};")


def digest_table(digests: Mapping[str, str]) -> str:
    """Return digests as one line of JSON."""
    return json.dumps(digests, separators=(",", ":"))
