"""Expired links: links to items that have expired; pages show them as plain text."""

from collections.abc import Iterator
from datetime import date

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.front_matter import find_link
from members_portal.portal.content.library import Library


def expired_links(library: Library, on: date) -> Iterator[Problem]:
    """Yield a warning for each link to an expired item in an item that is still shown."""
    expired = {path: item for path, item in library.items.items() if item.has_expired(on)}
    for path, item in library.items.items() if expired else ():
        if item.has_expired(on) or item.draft:
            continue
        document, body = library.documents[path], library.bodies[path]
        for target, written in body.links.items():
            if target in expired:
                what = f"{target} expired on {expired[target].expires}: the link is plain text"
                place = find_link(document, written)
                yield Problem(document.file, *place, what, "another link, or the words without it").as_warning()
