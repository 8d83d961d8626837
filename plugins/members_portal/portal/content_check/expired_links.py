"""Expired links: links to items that have expired. Pages show those to files as plain text."""

from collections.abc import Iterator
from datetime import date

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.front_matter import Document, find_link
from members_portal.portal.content.item import Item
from members_portal.portal.content.library import Library
from members_portal.portal.content_check.site_link import SiteLinks


def expired_links(library: Library, on: date, base: str = "") -> Iterator[Problem]:
    """Yield a warning for each link to an expired item in an item that is still shown."""
    site = SiteLinks(library, base)
    expired = {path: item for path, item in library.items.items() if item.has_expired(on)}
    for path, item in library.items.items() if expired else ():
        if item.has_expired(on) or item.draft:
            continue
        document, body = library.documents[path], library.bodies[path]
        for target, written in body.links.items():
            if target in expired:
                yield _warning(document, written, expired[target], "is plain text")
        for target, written in site.find(body.html):
            if target in expired:
                yield _warning(document, written, expired[target], "leads to no page")


def _warning(document: Document, written: str, target: Item, effect: str) -> Problem:
    what = f"{target.path} expired on {target.expires}: the link {effect}"
    place = find_link(document, written)
    return Problem(document.file, *place, what, "another link, or the words without it").as_warning()
