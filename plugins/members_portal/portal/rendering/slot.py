"""Slots: named places for personal content in the pages of an edition.

A page is rendered once per edition. The service worker in the browser inserts the member's fragments into it.

The name of a slot ends in a nonce of the site, which content can't know: text that looks like a slot is none.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from members_portal.loyalty.programme.audience import STAFF

_NO_TEXT = (  # after its `<`
    r"!--.*?(?:-->|$)"
    r"|(script|style|title|textarea|template|noscript|xmp|iframe|noembed|noframes|select)\b.*?(?:</\2\b|$)"
    r"|/?[a-z](?:[^\"'>]++|\"[^\"]*\"|'[^']*')*+>"
)


class MisplacedSlot(Exception):
    """Raised when a slot stands where no text can stand, or when a page holds a slot that no template made."""


def slot_function(nonce: str) -> Callable[..., Markup]:
    """Return the template function `slot(name)`; it returns the markers of a slot, around its default content."""

    def slot(name: str, caller: Callable[[], str] | None = None) -> Markup:
        start, content = f"<!--slot:{_checked(name, nonce)}-->", caller() if caller else ""
        return Markup(f"{start}{content}<!--/slot-->")  # noqa: S704 - name is checked

    return slot


def own_function(nonce: str) -> Callable[..., Markup]:
    """Return the template function `own(name)`: its content is shown to members who have something for the slot.

    Visitors and staff see the content in any case.
    """

    @pass_context
    def own(context: Context, name: str, *, caller: Callable[[], str]) -> Markup:
        content = Markup(caller())  # noqa: S704 - rendered by the template, and escaped there
        if context["edition"].is_public or context["edition"].name == STAFF:
            return content
        return Markup(f"<!--own:{_checked(name, nonce)}-->{content}<!--/own-->")  # noqa: S704 - name is checked

    return own


def sealed_name(name: str, nonce: str) -> str:
    """Return the name of a slot in pages and records."""
    return f"{name}-{nonce}"


def slot_file(name: str, nonce: str) -> str:
    """Return the path of a slot in a file of its own, below the folder of a member."""
    return f"slots/{sealed_name(name, nonce)}.html"


def _checked(name: str, nonce: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(f"slot name {name!r}: lower-case letters, digits and hyphens")
    return sealed_name(name, nonce)


def check_slots(html: str, nonce: str, page: str) -> None:
    """Raise MisplacedSlot unless each slot and each own part of a page stands in text and has the nonce.

    A slot in a tag, a comment or a raw text element would let a member's data leave the page, or become a script.
    """
    lower = html.lower()
    if (count := lower.count("<!--slot") + lower.count("<!--own")) == 0:
        return
    if sum(1 for slot, _ in _pieces(nonce).findall(html) if slot) != count:
        raise MisplacedSlot(
            f"{page}: a slot stands in a tag, a comment, a script or a form field, or isn't the theme's"
        )


@lru_cache(maxsize=8)
def _pieces(nonce: str) -> re.Pattern[str]:
    """Return a pattern for tags, comments and raw text elements. Its first group is a slot or own part of the site."""
    slot = rf"((?-i:!--(?:slot|own):[a-z][a-z0-9-]*-{nonce}-->))"
    return re.compile(rf"<(?:{slot}|{_NO_TEXT})", re.DOTALL | re.IGNORECASE)
