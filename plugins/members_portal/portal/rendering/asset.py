"""Theme files on public pages and in the service worker: versioned addresses, digests, and the worker's scripts.

A short content hash in the address lets browsers cache each version without limit. Two digests protect the files from
other sites on the same origin: `integrity` on public pages, and the worker's table of all theme files and of the
sign-in page. The worker also holds the paths of all other public files: where a member is signed in, it asks the host
for no other path.
"""

import hashlib
import json
import re
import sys
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping
from pathlib import Path, PurePosixPath

CAMERA_LIBRARY = Path(sys.prefix) / "share" / "qr"  # from the npm registry, by .ci/camera_library.py; may be missing
CAMERA = "js/camera.js"
BUNDLES = "js/bundle/"  # scripts that import others
SIGN_IN_PAGE = "404.html"
NO_DIGESTS = "const DIGESTS = {};"
NO_PATHS = "const PATHS = [];"
NO_KEY = "const PUBLIC_KEY = '';"
NO_ENDPOINT = "const ENDPOINT = '';"

_IMPORTS = re.compile(r"^importScripts\((.*?)^\);\n", re.MULTILINE | re.DOTALL)
_IMPORTED = re.compile(r"'([^']*)'")
_STRICT = re.compile(r"^'use strict';\n\n?", re.MULTILINE)
_STYLE_IMPORT = re.compile(r'^@import "([\w-]+\.css)";\n', re.MULTILINE)
_DOCUMENTATION = re.compile(
    rb"^ */\*(?:(?!\*/).)*\*/\n|^ *//[^\n]*\n|^ +|^\n|/\*\* @type \{[^*\n]*\} \*/ ?|(?<=;) // [^\n'\"`]*$",
    re.MULTILINE | re.DOTALL,
)


class IncompleteWorker(Exception):
    """Raised when the theme's service worker lacks the line for the digests."""


def published_assets(static: Path) -> dict[str, bytes]:
    """Map the path of each file below theme/static/ to its published content, sorted.

    Comments on lines of their own and after statements, types, indentation and empty lines of scripts are not
    published: members load a third less.
    """
    files = {file.relative_to(static).as_posix(): file.read_bytes() for file in static.rglob("*") if file.is_file()}
    alone = {path: published(path, files[path]) for path in sorted(files)}
    return {path: _bundled(path, alone) for path in alone}


def _bundled(path: str, files: Mapping[str, bytes]) -> bytes:
    """Return a file with the styles or scripts that it imports in place of its imports: a page asks for one file."""
    content = files[path]
    if path.startswith(BUNDLES):
        return bundle_worker(content.decode(), lambda part: _part(path, part.removeprefix("theme/"), files)).encode()
    if path.endswith(".css") and b"@import" in content:
        folder = PurePosixPath(path).parent
        return _STYLE_IMPORT.sub(lambda name: _part(path, f"{folder}/{name[1]}", files), content.decode()).encode()
    return content


def _part(path: str, part: str, files: Mapping[str, bytes]) -> str:
    if part not in files:
        raise FileNotFoundError(f"static/{path} asks for static/{part}, which the theme doesn't have")
    return files[part].decode()


def theme_assets(static: Path) -> dict[str, bytes]:
    """Return `published_assets` and, for a theme with the till's camera, the installed modules that read QR codes."""
    assets = published_assets(static)
    return assets | _camera_library() if CAMERA in assets else assets


def _camera_library() -> dict[str, bytes]:
    licence = b"".join(b"/*\n%s*/\n" % file.read_bytes() for file in CAMERA_LIBRARY.glob("LICENSE*"))
    modules = sorted(CAMERA_LIBRARY.glob("*.js"))
    return {f"js/qr/{file.name}": licence + published(file.name, file.read_bytes()) for file in modules}


def published(path: str, content: bytes) -> bytes:
    """Return the published content of a theme file."""
    return _DOCUMENTATION.sub(b"", content) if path.endswith(".js") else content


def asset_versions(files: Mapping[str, bytes]) -> dict[str, str]:
    """Map each published file to the first 10 hex digits of its SHA-256."""
    return {path: hashlib.sha256(content).hexdigest()[:10] for path, content in files.items()}


def integrity_of(content: bytes) -> str:
    """Return the value of the attribute `integrity` for a file (Subresource Integrity, SHA-256)."""
    return f"sha256-{b64encode(hashlib.sha256(content).digest()).decode()}"


def public_digests(public: Path) -> dict[str, str]:
    """Map the theme files and the sign-in page of a public edition to their SHA-256, in hexadecimal."""
    files = [public / SIGN_IN_PAGE, *(file for file in (public / "theme").rglob("*") if file.is_file())]
    found = {file.relative_to(public).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return dict(sorted(found.items()))


def public_paths(public: Path) -> list[str]:
    """Return the paths of the other files of a public edition, sorted: neither theme, sign-in page nor worker."""
    paths = (file.relative_to(public).as_posix() for file in public.rglob("*") if file.is_file())
    return sorted(path for path in paths if path not in {SIGN_IN_PAGE, "sw.js"} and not path.startswith("theme/"))


def bundle_worker(script: str, read: Callable[[str], str]) -> str:
    """Return a script with the scripts it imports in place of `importScripts(…);`: the worker's, or a bundle of pages.

    `read` returns the text of a file by its path below the site's root. A browser fetches imported scripts one after
    another: on a slow line, each takes a round trip before a member can sign in. In a strict script, the imported ones
    need no line that makes them strict.
    """
    is_strict = _STRICT.search(script) is not None

    def text(path: str) -> str:
        return _STRICT.sub("", read(path), count=1) if is_strict else read(path)

    return _IMPORTS.sub(lambda imports: "\n".join(map(text, _IMPORTED.findall(imports[1]))), script)


def complete_worker(
    script: str, digests: Mapping[str, str], public_key: str, paths: Collection[str] = (), endpoint: str = ""
) -> str:
    """Return the service worker's script with digests of public files, the paths of the others, and the public key.

    `public_key` is in hexadecimal; it is empty for a build that is not sealed. `endpoint` is the address to which forms
    post answers, empty without one.
    """
    for line in (NO_DIGESTS, NO_PATHS, NO_KEY, *([NO_ENDPOINT] if endpoint else [])):
        if script.count(line) != 1:
            raise IncompleteWorker(f"the theme's static/js/sw.js must hold the line `{line}` once")
    filled = script.replace(NO_DIGESTS, f"const DIGESTS = {digest_table(digests)};")
    filled = filled.replace(NO_PATHS, paths_line(paths))
    return filled.replace(NO_KEY, key_line(public_key)).replace(NO_ENDPOINT, endpoint_line(endpoint))


def endpoint_line(endpoint: str) -> str:
    """Return the line of the service worker that holds the endpoint of answers."""
    return f"const ENDPOINT = '{endpoint}';"


def paths_line(paths: Collection[str]) -> str:
    """Return the line of the service worker that holds the paths of public files."""
    return f"const PATHS = {json.dumps(sorted(paths), separators=(',', ':'))};"


def key_line(public_key: str) -> str:
    """Return the line of the service worker that holds the public key, in base64url."""
    return f"const PUBLIC_KEY = '{urlsafe_b64encode(bytes.fromhex(public_key)).decode().rstrip('=')}';"


def digest_table(digests: Mapping[str, str]) -> str:
    """Return digests as one line of JSON."""
    return json.dumps(digests, separators=(",", ":"))
