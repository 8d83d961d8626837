"""Anchor check: a link to a place in a page (`x.md#prices`) leads to an element that has this id."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from urllib.parse import unquote

from members_portal.loyalty.input.problem import Problem, closest
from members_portal.portal.content.front_matter import find_text
from members_portal.portal.content.library import Library
from members_portal.portal.content.markdown_files import address
from members_portal.portal.site_address import path_on_site

PAGE_IDS = frozenset({"", "top", "content"})  # every page has them
MADE = (":~:", "fn:", "fnref:")  # text fragments of browsers, and the footnotes of markdown
_LINK = re.compile(r'<a (?:[^>]* )?href="([^"#]*)#([^"]*)"')
_ID = re.compile(r'<[^>]* id="([^"]*)"')


def anchor_problems(library: Library, base: str = "") -> Iterator[Problem]:
    """Yield each link to an id that its page doesn't have; `base` is the address of the site."""
    pages = {address(path): path for path in library.documents}

    @cache
    def ids(path: str) -> frozenset[str]:
        return frozenset(map(unescape, _ID.findall(library.bodies[path].html)))

    for path, document in library.documents.items():
        for link, fragment in _LINK.findall(library.bodies[path].html):
            target, name = _target(link, path, pages, base), unquote(unescape(fragment))
            if target is None or name in PAGE_IDS or name.startswith(MADE) or name in ids(target):
                continue
            what = f"{target} has no heading or element with the id `{name}`"
            place = find_text(document, f"#{unescape(fragment)}")
            yield Problem(document.file, *place, what, "an id of that page", closest(name, ids(target)))


def _target(link: str, path: str, pages: dict[str, str], base: str) -> str | None:
    """Return the content path of the page that a link leads to; None for an address elsewhere and for files."""
    if not link:
        return path
    if link.startswith("http"):
        return pages.get((path_on_site(unescape(link), base) or "").removeprefix("/"))
    relative = link.removeprefix("../").removeprefix("../")
    return pages.get(unquote(relative)) if relative != link else None
