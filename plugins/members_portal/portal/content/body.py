"""From an item's markdown to HTML, with its links turned into addresses.

Editors link files: `../reports/x.md`, `../images/y.jpg`, or Pelican's `{filename}` and `{static}` spellings. What
a body becomes depends on its text and its path only, so it is kept in a cache keyed by both.
"""

import hashlib
import json
import os
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from markdown import Markdown
from markdown import __version__ as markdown_version

from members_portal.portal.content.typography import typeset
from members_portal.whole_file import replaced_file

CACHE_FORMAT = "1"
WORDS_PER_MINUTE = 220  # silent reading of English non-fiction: 238 (Brysbaert 2019), a little slower on a phone

_TAG = re.compile(r"<(?:a|area|img|source|track|video|audio|embed|iframe|object)\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(\s)([a-z-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_LINKING = frozenset({"href", "src", "poster", "data"})
_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_PELICAN = re.compile(r"^\{(?:filename|static|attach)\}")
_FIGURE = re.compile(r'<p>(<img [^>]*?) title="([^"]*)"([^>]*>)</p>')


@dataclass(frozen=True)
class Body:
    """An item's HTML; `links` maps the content paths and `/addresses` it points to to what the editor wrote."""

    html: str
    minutes: int
    links: Mapping[str, str]
    foreign: tuple[str, ...]  # images and media on other hosts


def content_path(link: str, folder: str) -> str:
    """Resolve a link as written in a file of `folder` to a path below content/, or `/address/` as it is."""
    target = unquote(_PELICAN.sub("", link).partition("#")[0])
    if not target.startswith("/"):
        return posixpath.normpath(posixpath.join(folder, target))
    return posixpath.normpath(target.lstrip("/")) if posixpath.splitext(target)[1] else target


class Converter:
    """Turns markdown into HTML: one Markdown instance for all, because making one costs more than a short text."""

    def __init__(self, settings: Mapping[str, Any], language: str) -> None:
        self.markdown, self.language = Markdown(**settings), language

    def convert(self, text: str, folder: str, root: str, address: Callable[[str], str]) -> Body:
        """Convert a body; `address` gives a content path's place in the site, `root` leads to the site's root."""
        links: dict[str, str] = {}
        foreign: list[str] = []

        def rewrite(found: re.Match[str]) -> str:
            space, attribute, link = found[1], found[2].lower(), unescape(found[3].strip("\"'"))
            if attribute not in _LINKING or not link or link.startswith("#"):
                return found[0]
            if _ELSEWHERE.match(link):
                if attribute != "href" and not link.startswith("data:"):
                    foreign.append(link)
                return found[0]
            path = content_path(link, folder)
            links.setdefault(path, link)
            _, hash_sign, fragment = link.partition("#")
            return f'{space}{attribute}="{escape(root + quote(address(path).lstrip("/")) + hash_sign + fragment)}"'

        html = self.markdown.reset().convert(text)
        html = _TAG.sub(lambda tag: _ATTRIBUTE.sub(rewrite, tag[0]), html)
        html = _FIGURE.sub(r"<figure>\1\3<figcaption>\2</figcaption></figure>", typeset(html, self.language))
        html = html.replace("<img ", '<img loading="lazy" decoding="async" ')
        minutes = max(1, round(len(text.split()) / WORDS_PER_MINUTE))
        return Body(html, minutes, links, tuple(foreign))


class BodyCache:
    """Bodies by a hash of what they depend on, in one JSON file; a damaged file counts as empty."""

    def __init__(self, file: Path | None, settings: Mapping[str, Any]) -> None:
        self.file, self.used = file, dict[str, Any]()
        self.known: dict[str, Any] = self._load()
        self.salt = json.dumps([CACHE_FORMAT, markdown_version, settings], sort_keys=True, default=repr)

    def _load(self) -> dict[str, Any]:
        try:
            known = json.loads(self.file.read_text("utf-8")) if self.file else {}
        except (OSError, ValueError, RecursionError):
            return {}
        return known if isinstance(known, dict) else {}

    def find(self, text: str, path: str) -> Body | None:
        """Return the body of a text at a path, when it is known."""
        return _revive(self.known.get(self._key(text, path)))

    def get(self, text: str, path: str, make: Callable[[], Body]) -> Body:
        """Return the body of a text at a path, made only when it isn't known."""
        body = self.find(text, path) or make()
        self.used[self._key(text, path)] = asdict(body)
        return body

    def _key(self, text: str, path: str) -> str:
        return hashlib.sha256("\0".join((self.salt, path, text)).encode()).hexdigest()

    def save(self) -> None:
        """Keep what this run used, and nothing else; written whole or not at all."""
        if self.file and self.used != self.known:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            own = self.file.with_suffix(f".{os.getpid()}.tmp")  # a check may run beside a publish
            with replaced_file(self.file, own) as draft:
                draft.write_text(json.dumps(self.used), "utf-8")


def _revive(entry: Any) -> Body | None:
    match entry:
        case {"html": str(html), "minutes": int(minutes), "links": dict(links), "foreign": list(foreign)}:
            return Body(html, minutes, {path: str(link) for path, link in links.items()}, tuple(map(str, foreign)))
    return None
