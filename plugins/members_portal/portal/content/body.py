"""From an item's markdown to HTML, with its links turned into addresses.

Editors link files: `../reports/x.md`, `../images/y.jpg`, or in Pelican's `{filename}` and `{static}` notation. The HTML
depends only on text, path and markdown settings. It holds listed markup only, see markup.py.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import quote, unquote

from markdown import Markdown

from members_portal.portal.content.complexity import complexity_fault, nesting_fault
from members_portal.portal.content.markup import PICTURE_DATA, RefusedMarkup, clean, find_refused
from members_portal.portal.text.code_fence import CodeFences
from members_portal.portal.text.heading_id import heading_id
from members_portal.portal.text.typography import typeset

TOC = "markdown.extensions.toc"
TASK_STATES = {  # an `input` would be a form: a sign and its name replace it
    " checked": '<span class="task done" role="img" aria-label="done">[x]</span>',
    "": '<span class="task" role="img" aria-label="to do">[ ]</span>',
}
BACKLINK = "↑"  # from a footnote to its place: emoji fonts draw markdown's own sign, ↩, as a key
WORDS_PER_MINUTE = 220  # silent reading of English non-fiction: 238 (Brysbaert 2019); slightly slower on a phone

# `clean` returns lower-case names and double quotes, and escapes `<`, `>` and `"` in values. Patterns read attributes
# one after another from the element's name on, so that they never find an attribute inside a value.
_TAG = re.compile(r"<(?:a|audio|img|source|track|video) [^>]*>")
_ATTRIBUTE = re.compile(r' ([^\s="<>]+)="([^"]*)"')
_ADDRESSES = frozenset({"href", "src", "poster", "srcset"})
_CANDIDATE = re.compile(r"[\s,]*(\S+?)(?:,(?=\s|$)|\s+([^,]*)(?:,|$)|,*$)")  # an address; its width or density
_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_PELICAN = re.compile(r"^\{(?:filename|static|attach)\}")
_ALIGNED = re.compile(r'(<t[dh]) style="text-align: (left|center|right);">')  # the default of markdown's tables
_TASK = re.compile(r'(<li class="task-list-item">\s*(?:<p>)?)<input type="checkbox" disabled( checked)?/?>')
_BACKLINK = re.compile(r'(<a class="footnote-backref"[^>]*>)&#8617;')
_ADMONITION_TITLE = re.compile(r'(<p class="admonition-title">)(.*?)(</p>)')
_FIGURE = re.compile(r'<p>(<img(?: [^\s="<>]+="[^"]*")*?) title="([^"]*)"([^>]*>)</p>')


@dataclass(frozen=True)
class Body:
    """The HTML of an item. `links` maps each target (content path or `/address`) to the link as written.

    `refused` lists the markup that is not published; it makes the item invalid.
    """

    html: str
    minutes: int
    links: Mapping[str, str]
    foreign: tuple[str, ...]  # images and media on other hosts
    refused: tuple[RefusedMarkup, ...] = ()

    @property
    def files(self) -> frozenset[str]:
        """Content paths of the images and attachments that the text links."""
        return frozenset(link for link in self.links if not link.endswith(".md") and not link.startswith("/"))


def content_path(link: str, folder: str) -> str:
    """Resolve a link in a file of `folder` to a path below content/; return an `/address/` unchanged."""
    target = unquote(_PELICAN.sub("", link).partition("#")[0])
    if not target.startswith("/"):
        return posixpath.normpath(posixpath.join(folder, target))
    return posixpath.normpath(target.lstrip("/")) if posixpath.splitext(target)[1] else target


class Converter:
    """Converts markdown to HTML with one Markdown instance: creating one takes longer than converting a short text."""

    def __init__(self, settings: Mapping[str, Any], language: str) -> None:
        self.markdown, self.language = Markdown(**_with_own_extensions(settings)), language

    def convert(self, text: str, folder: str, root: str, address: Callable[[str], str]) -> Body:
        """Convert a body. `address` maps a content path to a site address; `root` is the relative path to the root."""
        minutes = max(1, round(len(text.split()) / WORDS_PER_MINUTE))
        html, fault = self._html(text)
        if fault:
            return Body("", minutes, {}, (), (RefusedMarkup("", fault, "a simpler text"),))
        links = _Links(folder, root, address)
        refused = tuple(find_refused(html))
        html = _TAG.sub(lambda tag: _ATTRIBUTE.sub(links.rewrite, tag[0]), clean(html))
        html = _FIGURE.sub(r"<figure>\1\3<figcaption>\2</figcaption></figure>", typeset(html, self.language))
        html = html.replace("<img ", '<img loading="lazy" decoding="async" ')
        return Body(html, minutes, links.found, tuple(links.foreign), refused)

    def _html(self, text: str) -> tuple[str, str]:
        """Return the HTML of a text, or the reason why it is too much work."""
        if fault := complexity_fault(text):
            return "", fault
        try:
            html = self.markdown.reset().convert(text)
        except RecursionError:
            return "", "the text is nested too deeply"
        html = _ALIGNED.sub(r'\1 align="\2">', html)
        html = _BACKLINK.sub(rf"\1{BACKLINK}", html)
        html = _TASK.sub(lambda found: found[1] + TASK_STATES[found[2] or ""], html)
        return _ADMONITION_TITLE.sub(r"\1<strong>\2</strong>\3", html), nesting_fault(html)


def _with_own_extensions(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Add the ids of headings, and code fences. The table of contents is not that of the extension, see headings.py."""
    options = {"slugify": heading_id, "separator": "-", "marker": ""}
    configs = settings.get("extension_configs", {})
    return {
        **settings,
        "extensions": [*(each for each in settings.get("extensions", ()) if each != TOC), TOC, CodeFences()],
        "extension_configs": {**configs, TOC: options},
    }


class _Links:
    """Rewrites the addresses in the attributes of a body, and collects them."""

    def __init__(self, folder: str, root: str, address: Callable[[str], str]) -> None:
        self.folder, self.root, self.address = folder, root, address
        self.found: dict[str, str] = {}
        self.foreign: list[str] = []

    def rewrite(self, found: re.Match[str]) -> str:
        """Rewrite an attribute with an address; return any other attribute unchanged."""
        if found[1] not in _ADDRESSES:
            return found[0]
        attribute, value = found[1], unescape(found[2])
        if attribute == "srcset":
            new = ", ".join(f"{self._media(link)} {width}".strip() for link, width in _CANDIDATE.findall(value))
        else:
            new = self._link(value) if attribute == "href" else self._media(value)
        return f' {attribute}="{escape(new)}"'

    def _media(self, link: str) -> str:
        """Rewrite the address of a picture or another file that a page loads."""
        if _ELSEWHERE.match(link) and not PICTURE_DATA.match(link):
            self.foreign.append(link)
        return self._link(link)

    def _link(self, link: str) -> str:
        if not link or link.startswith("#") or _ELSEWHERE.match(link):
            return link
        path = content_path(link, self.folder)
        self.found.setdefault(path, link)
        _, hash_sign, fragment = link.partition("#")
        return self.root + quote(self.address(path).lstrip("/")) + hash_sign + fragment
