"""Digests of public scripts and styles: on the pages that load them, and in the service worker that serves them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from members_portal.loyalty.programme.audience import PUBLIC
from members_portal.portal.rendering.asset import (
    digest_table,
    integrity_of,
    key_line,
    paths_line,
    public_digests,
    public_paths,
)
from members_portal.publish.gate.candidate import Candidate

WORKER_FILE = "sw.js"
LOADING_ATTRIBUTES = ("src", "href", "xlink:href")  # of scripts and styles, also in SVG

_TAG = re.compile(r"<(?:script|link)\b[^>]*>?", re.IGNORECASE)
_DIGESTS = re.compile(r"^const DIGESTS = (\{.*?\});", re.MULTILINE)


@dataclass(frozen=True)
class Loading:
    """A tag that loads a script or a style: the address, and the attribute `integrity` (empty if missing)."""

    address: str
    integrity: str


def check_integrity(candidate: Candidate) -> Iterator[str]:
    """Yield scripts and styles of public pages without a fitting `integrity`, and wrong digests in the worker."""
    release, public = candidate.folder, candidate.tree / PUBLIC
    expected = cache(lambda file: integrity_of(file.read_bytes()))
    for page in sorted(file.relative_to(public).as_posix() for file in public.rglob("*.html")):
        for loading in loadings((release / page).read_text("utf-8", "replace")):
            file = _released(loading.address, page, candidate)
            if file is None or loading.integrity != expected(file):
                yield f"{page} loads `{loading.address}` without a fitting integrity"
    script = (release / WORKER_FILE).read_text("utf-8")
    table = _DIGESTS.search(script)
    if not table or table[1] != digest_table(public_digests(release)):
        yield f"{WORKER_FILE} holds other digests than those of the public files"
    if paths_line(public_paths(public)) not in script:
        yield f"{WORKER_FILE} holds other paths than those of the public files"
    if key_line(candidate.secret.public_key.hex()) not in script:
        yield f"{WORKER_FILE} does not hold the site's public key"


def loadings(html: str) -> list[Loading]:
    """Return the tags of a page that load a script or a style."""
    tags = map(_loading, dict.fromkeys(tag[0] for tag in _TAG.finditer(html)))
    return [loading for loading in tags if loading]


@lru_cache(maxsize=4096)  # most pages have the same tags
def _loading(tag: str) -> Loading | None:
    """Read one tag; a tag that the parser can't read counts as one that loads a script."""
    parser = _TagParser()
    parser.feed(tag)
    if parser.attributes is None:
        return Loading(tag, "")
    address = next((parser.attributes[name] for name in LOADING_ATTRIBUTES if name in parser.attributes), None)
    is_style = "stylesheet" in parser.attributes.get("rel", "").lower().split()
    if address is None or not (parser.name == "script" or is_style):
        return None
    return Loading(address, parser.attributes.get("integrity", ""))


class _TagParser(HTMLParser):
    """Keeps the name and the attributes of the first tag."""

    name = ""
    attributes: Mapping[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.attributes is None:
            self.name = tag
            self.attributes = {name: value or "" for name, value in reversed(attrs)}  # the first of each name counts


def _released(address: str, page: str, candidate: Candidate) -> Path | None:
    """Return the file of the release that a page loads; None for another address."""
    root = urljoin("https://portal.invalid", candidate.inputs.site.root)
    whole = urljoin(root + page, address)
    file = candidate.folder / unquote(urlsplit(whole.removeprefix(root)).path)
    return file if whole.startswith(root) and file.is_file() else None
