"""The kinds of item an editor writes, and what their front matter may say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal

from markupsafe import Markup
from pydantic import BeforeValidator

from members_portal.loyalty.input.schema import Count, Day, Email, Flag, Moment, Money, Record, Text, Words
from members_portal.loyalty.programme.audience import Audience
from members_portal.loyalty.visibility import Window
from members_portal.portal.content.selection import Charts, Recipients, Selections, last_issue


def _audience_words(value: Any) -> Any:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _given(value: Any) -> Any:
    """Refuse `Publish:` with nothing behind it, which would mean at once."""
    if value is None:
        raise ValueError("a day")
    return value


class Front(Record):
    """What every kind may say."""

    title: Text
    audience: Annotated[tuple[Text, ...], BeforeValidator(_audience_words)]
    summary: Text
    publish: Annotated[Day | None, BeforeValidator(_given)]
    embargo: Mapping[str, Day] = {}
    expires: Day | None = None
    status: Literal["draft", "published"] = "published"
    teaser: Text | None = None
    image: Text | None = None
    image_alt: Text | None = None
    interests: Words = ()


class Result(Record):
    """What became of a promise in one period; before the day `told` nobody knows."""

    period: Text
    value: Text
    kept: Flag
    note: str = ""
    told: Day | None = None


class Promise(Front):
    publish: Day | None = None
    order: Count = 100
    measure: Text
    target: Text
    results: tuple[Result, ...] = ()


class Report(Front):
    pass


class FirstOption(Record):
    """A window in which the reader is served first."""

    until: Day
    text: Text


class Announcement(Front):
    first_option: FirstOption | None = None


class Offer(Front):
    """Something to be had. `limit` is how often one member may, `capacity` how often all may, `points` what it costs.

    With `segments` it is offered to their members only. With `coupon` each of them gets a code of their own.
    """

    type: Literal["percent", "amount", "extra", "gift", "service"]
    value: Text
    starts: Day
    ends: Day
    capacity: Count | None = None
    limit: Count = 1
    minimum_spend: Money | None = None
    points: Count | None = None
    segments: Words = ()
    coupon: Flag = False
    terms: str = ""
    redeem: str = ""


class Event(Front):
    starts: Moment
    ends: Moment
    place: Text
    capacity: Count | None = None
    reply_by: Day | None = None
    reply_to: Email | None = None


class Newsletter(Front):
    """An issue. Its sections are picked from the site as it stands on its `day`, and so are the figures of letters.

    `since` is the first day of what is new in it; without one, the day after the last issue's. `letters` says who gets
    it on paper, `greeting` what their account managers add.
    """

    number: Count
    sections: Selections = ()
    since: Annotated[Day | None, BeforeValidator(last_issue)] = None
    figures: Day | None = None
    letters: Recipients = ()
    greeting: str = ""
    charts: Charts = ()

    @property
    def day(self) -> date:
        """The day as of which everything in it stands."""
        assert self.publish is not None  # noqa: S101 - `_given` refuses none
        return self.figures or self.publish

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The greeting, as blank lines divide it."""
        return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", self.greeting) if part.strip())


class Feedback(Front):
    said: Text
    state: Literal["done", "planned", "not-now"]


class Page(Front):
    summary: str = ""
    publish: Day | None = None
    menu: Literal["none", "footer", "main"] = "footer"
    order: Count = 100


@dataclass(frozen=True)
class Kind:
    """A kind of item: its folder below content/, its front matter, its list's address and heading.

    `label` names one item of the kind; a kind without a list address stands at the site's root.
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
    Kind("page", "pages", Page, "", "Pages", "Page"),
)


@dataclass(frozen=True)
class Item:
    """One markdown file, checked: what it says, who may see it, its HTML and the files it needs.

    `links` are content paths (`reports/x.md`, `images/y.jpg`) of what the body points to.
    """

    kind: Kind
    slug: str
    source: str
    front: Front
    audience: Audience
    window: Window
    audience_label: str
    html: str
    minutes: int
    links: frozenset[str]

    @property
    def url(self) -> str:
        """Address from the site's root, with a slash at the end."""
        return f"{self.kind.url}{self.slug}/"

    @property
    def path(self) -> str:
        """Path below content/."""
        return f"{self.kind.folder}/{self.slug}.md"

    @property
    def files(self) -> frozenset[str]:
        """Content paths of the images and attachments a page of this item shows."""
        found = {link for link in self.links if not link.endswith(".md") and not link.startswith("/")}
        return frozenset(found | ({self.front.image} if self.front.image else set()))


@dataclass(frozen=True)
class Shown:
    """An item as one edition shows it; the kind's own fields are attributes too (`offer.ends`)."""

    item: Item
    since: date | None
    body: Markup
    interests: tuple[str, ...]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.item.front if name in type(self.item.front).model_fields else self.item, name)

    @property
    def kind(self) -> str:
        return self.item.kind.name

    @property
    def kind_label(self) -> str:
        return self.item.kind.label


def as_read(item: Item, on: date) -> Item:
    """Leave out what no reader is told: results before their day, and how an issue is put together."""
    front = item.front
    if isinstance(front, Promise) and any(_is_untold(result, on) for result in front.results):
        told = tuple(result for result in front.results if not _is_untold(result, on))
        return replace(item, front=front.model_copy(update={"results": told}))
    if isinstance(front, Newsletter):
        return replace(item, front=front.model_copy(update={"sections": (), "letters": (), "greeting": ""}))
    return item


def _is_untold(result: Result, on: date) -> bool:
    return result.told is not None and result.told > on


def order_key(shown: Shown) -> tuple[Any, ...]:
    """Sort as readers expect: events by their start, offers by their end, promises as told, news newest first."""
    front = shown.item.front
    first: Any
    if isinstance(front, Promise | Page):
        first = front.order
    elif isinstance(front, Event):
        first = front.starts.toordinal()
    elif isinstance(front, Offer):
        first = front.ends.toordinal()
    else:
        first = -(shown.since or date.min).toordinal()
    return (first, shown.slug)


__all__ = ["KINDS", "Front", "Item", "Kind", "Page", "Shown", "as_read", "order_key"]
