"""The kinds of item, and the item itself."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from html import escape
from typing import Any

from markupsafe import Markup

from members_portal.loyalty.visibility import Viewable
from members_portal.portal.content.front.announcement import Announcement
from members_portal.portal.content.front.event import Event
from members_portal.portal.content.front.feedback import Feedback
from members_portal.portal.content.front.front import FormFront, Front, Page, Report
from members_portal.portal.content.front.newsletter import Newsletter
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.front.promise import Promise, Result


@dataclass(frozen=True)
class Kind:
    """A kind of item: its folder below content/, its front matter, the address and the heading of its list.

    `label` names one item of the kind. A kind without a list address (`url`) has its items at the site's root.
    """

    name: str
    folder: str
    front: type[Front]
    url: str
    title: str
    label: str


KINDS = (
    Kind("promise", "promise", Promise, "promise/", "Our promise", "Promise"),
    Kind("announcement", "announcements", Announcement, "announcements/", "Announcements", "Announcement"),
    Kind("offer", "offers", Offer, "offers/", "Offers", "Offer"),
    Kind("report", "reports", Report, "reports/", "Insider reports", "Insider report"),
    Kind("event", "events", Event, "events/", "Events", "Event"),
    Kind("newsletter", "newsletters", Newsletter, "newsletters/", "Newsletters", "Newsletter"),
    Kind("feedback", "feedback", Feedback, "you-said-we-did/", "You said, we did", "You said, we did"),
    Kind("form", "forms", FormFront, "forms/", "Have your say", "Your answer"),
    Kind("page", "pages", Page, "", "Pages", "Page"),
)


_texts_read: ContextVar[set[str] | None] = ContextVar("_texts_read", default=None)


@dataclass(frozen=True, kw_only=True)
class Item(Viewable):
    """One checked markdown file: front matter, audience, dates, HTML. `path` is its path below content/.

    `rendered` is the HTML of its text; those who ask for it take `html`, so that `texts_read` knows of it.
    `links` holds the content paths (`reports/x.md`, `images/y.jpg`) that the body links to. A derived summary is the
    beginning of the text. `so_far` is the computed result of a promise in the present quarter. `digest` covers the
    file and everything else that the item was made from, `head` all of the item but its text.
    """

    kind: Kind
    path: str
    slug: str
    source: str
    front: Front
    audience_label: str
    rendered: str
    minutes: int
    links: frozenset[str]
    has_derived_summary: bool = False
    so_far: Result | None = None
    digest: bytes = field(default=b"", repr=False, compare=False)
    head: bytes = field(default=b"", repr=False, compare=False)

    @property
    def html(self) -> str:
        """The HTML of its text."""
        if (read := _texts_read.get()) is not None:
            read.add(self.path)
        return self.rendered

    @property
    def url(self) -> str:
        """Address from the site's root, with a slash at the end."""
        return f"{self.kind.url}{self.slug}/"

    @property
    def last_day(self) -> date | None:
        """The last day on which it is in lists, None for items that stay."""
        return getattr(self.front, "last_day", None)

    def has_ended(self, on: date) -> bool:
        """Tell whether it is an offer or event that was over before a day."""
        return self.last_day is not None and self.last_day < on

    @cached_property
    def files(self) -> frozenset[str]:
        """Content paths of the images and attachments on a page of this item."""
        found = {link for link in self.links if not link.endswith(".md") and not link.startswith("/")}
        return frozenset(found | ({self.front.image} if self.front.image else set()))


@contextmanager
def texts_read() -> Iterator[set[str]]:
    """Collect the content paths of some items: those of which a template reads the text."""
    found = set[str]()
    token = _texts_read.set(found)
    try:
        yield found
    finally:
        _texts_read.reset(token)


@dataclass(frozen=True)
class Shown:
    """An item as one edition shows it. The fields of its front matter are attributes too (`offer.ends`).

    `unlinked` are the addresses of the items that it links to and that are over: its text shows no link to them.
    """

    item: Item
    since: date | None
    interests: tuple[str, ...]
    unlinked: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # pickle asks for methods before there is an item
            raise AttributeError(name)
        fields = self.item.front.__dict__
        return fields[name] if name in fields else getattr(self.item, name)

    @property
    def body(self) -> Markup:
        """The HTML of its text."""
        return Markup(without_links(self.item.html, self.unlinked))  # noqa: S704 - the editor's own markdown

    @property
    def last_day(self) -> Any:
        """The `last_day` of the item. Templates do arithmetic with it, so that its type is open."""
        return self.item.last_day

    @property
    def kind(self) -> str:
        return self.item.kind.name

    @property
    def kind_label(self) -> str:
        return self.item.kind.label


def without_links(html: str, addresses: Iterable[str]) -> str:
    """Replace the links to some addresses by their text."""
    for each in addresses:
        link = rf'<a [^>]*href="(?:\.\./)*{re.escape(escape(each))}(?:#[^"]*)?"[^>]*>(.*?)</a>'
        html = re.sub(link, r"\1", html, flags=re.DOTALL)
    return html
