"""The kinds of item, the schema of their front matter, and the item itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from markupsafe import Markup
from pydantic import BeforeValidator, Field, model_validator

from members_portal.form.form import Form
from members_portal.loyalty.input.clock_time import complete_times, is_whole_days
from members_portal.loyalty.input.schema import (
    Count,
    Day,
    Email,
    Flag,
    Line,
    Moment,
    Money,
    Record,
    Text,
    Words,
    as_list,
    matching,
    misfit,
    read_day,
)
from members_portal.loyalty.visibility import Viewable
from members_portal.portal.content.selection import Charts, ListedWords, Selections, last_issue
from members_portal.portal.content_check.other_keys import EVENT_KEYS, FRONT_KEYS, OFFER_KEYS

NIGHT = timedelta(hours=6)  # a night belongs to the day before


AnswerNumber = Annotated[str, matching(r"A(-[0-9A-HJKMNP-TV-Z]{4}){3}", "the number of an answer: A-7K3Q-9XMP-2T4V")]
AnswerNumbers = Annotated[tuple[AnswerNumber, ...], BeforeValidator(as_list)]


def last_day(starts: datetime, ends: datetime) -> date:
    """Return the last day of an event: one that ends in the night after a day ends on that day."""
    return max(starts.date(), (ends - NIGHT).date())


def _publish_day(value: Any) -> Any:
    """Read the day of `Publish:`. An empty one would mean: publish at once."""
    try:
        return read_day(value)
    except ValueError as error:
        raise ValueError(f"{error}, or a day and a time, as YYYY-MM-DD HH:MM") from None


def _use_limit(value: Any) -> Any:
    """Convert a plain number of uses to a mapping."""
    if isinstance(value, str) and re.fullmatch("[1-9][0-9]*", value):
        return {"uses": value}
    if not isinstance(value, dict):
        raise ValueError("a whole number such as 1, or `{uses: 1, per: year}`")
    return value


class Front(Record):
    """The front matter that every kind of item has. `contents` asks for a table of contents, `form` for a form."""

    other_names = FRONT_KEYS

    title: Text
    audience: ListedWords
    summary: Text = ""
    contents: Flag = False
    publish: Annotated[date | None, BeforeValidator(_publish_day)]
    embargo: Mapping[str, Day] = {}
    expires: Day | None = None
    status: Literal["draft", "published"] = "published"
    teaser: Text | None = None
    image: Text | None = None
    image_alt: Text | None = None
    interests: Words = ()
    form: Form | None = None


class Result(Record):
    """The result of a promise in one period. It is published on the day `told`."""

    period: Text
    value: Text
    kept: Flag
    note: str = ""
    told: Day | None = None


class AnswersWithin(Record):
    """A promise that the share (percent) of messages is answered within so many working days."""

    days: Annotated[int, Field(ge=1, le=60)]
    share: Annotated[int, Field(ge=1, le=100)] = 100


class Promise(Front):
    """A promise. With `answers_within`, its results are computed from the answers of members."""

    publish: Day | None = None
    order: Count = 100
    measure: Text
    target: Text
    results: tuple[Result, ...] = ()
    answers_within: AnswersWithin | None = None


class Report(Front):
    pass


class FirstOption(Record):
    """A period in which the reader is served first."""

    until: Day
    text: Text


class Announcement(Front):
    first_option: FirstOption | None = None


class UseLimit(Record):
    """The number of uses for one member, in each calendar period `per`."""

    uses: Count = 1
    per: Literal["day", "month", "quarter", "year", "ever"] = "ever"


class Offer(Front):
    """An offer. `limit` is the number of uses per member, `capacity` of all members together; `points` is the price.

    `segments` restricts the offer to members of these segments. `coupon` gives each member a personal coupon code.
    """

    other_names = OFFER_KEYS

    type: Literal["percent", "amount", "extra", "gift", "service"]
    value: Text
    starts: Day
    ends: Day
    capacity: Count | None = None
    limit: Annotated[UseLimit, BeforeValidator(_use_limit)] = UseLimit()
    minimum_spend: Money | None = None
    points: Count | None = None
    segments: Words = ()
    coupon: Flag = False
    terms: str = ""
    redeem: str = ""

    @property
    def last_day(self) -> date:
        """The last day on which it is in lists."""
        return self.ends


class Event(Front):
    other_names = EVENT_KEYS

    starts: Moment
    ends: Moment
    place: Text
    capacity: Count | None = None
    reply_by: Day | None = None
    reply_to: Email | None = None

    _complete = model_validator(mode="before")(complete_times)

    @property
    def whole_days(self) -> bool:
        """Tell whether it has days without times."""
        return is_whole_days(self.starts, self.ends)

    @property
    def last_day(self) -> date:
        """The last day on which it is in lists as an event to come."""
        return last_day(self.starts, self.ends)


class Newsletter(Front):
    """An issue of the newsletter. Its sections and the figures in its letters are as of its `day`.

    `since` is the first day that counts as news; default: the day after the previous issue. `letters` names the
    segments that get a printed letter; `greeting` is the account manager's text in it. `subject` and `preheader` are
    the subject of its e-mail and the preview text in an inbox.
    """

    title: Line
    number: Count
    subject: Line | None = None
    preheader: Line | None = None
    sections: Selections = ()
    since: Annotated[Day | None, BeforeValidator(last_issue)] = None
    figures: Day | None = None
    letters: ListedWords = ()
    greeting: str = ""
    charts: Charts = ()

    @property
    def day(self) -> date:
        """The day as of which all content and figures of the issue are computed."""
        assert self.publish is not None  # noqa: S101 - `_given` refuses None
        return self.figures or self.publish

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the greeting; blank lines separate them."""
        return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", self.greeting) if part.strip())


class Feedback(Front):
    """What members said, and what became of it. `answers` are the numbers of the answers that it responds to."""

    said: Text
    answers: AnswerNumbers = ()
    state: Literal["done", "planned", "not-now"]

    @model_validator(mode="after")
    def _names_each_once(self) -> "Feedback":
        for index, number in enumerate(self.answers):
            if number in self.answers[:index]:
                raise misfit(f"names {number} twice", "each answer once", "answers", index)
        return self


class FormFront(Front):
    """A page that is there for its form."""

    form: Form


class Page(Front):
    publish: Day | None = None
    menu: Literal["none", "footer", "main"] = "footer"
    order: Count = 100


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


@dataclass(frozen=True, kw_only=True)
class Item(Viewable):
    """One checked markdown file: front matter, audience, dates, HTML. `path` is its path below content/.

    `links` holds the content paths (`reports/x.md`, `images/y.jpg`) that the body links to. A derived summary is the
    beginning of the text. `so_far` is the computed result of a promise in the present quarter. `digest` covers the
    file and everything else that the item was made from.
    """

    kind: Kind
    path: str
    slug: str
    source: str
    front: Front
    audience_label: str
    html: str
    minutes: int
    links: frozenset[str]
    has_derived_summary: bool = False
    so_far: Result | None = None
    digest: bytes = field(default=b"", repr=False, compare=False)

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

    @property
    def files(self) -> frozenset[str]:
        """Content paths of the images and attachments on a page of this item."""
        found = {link for link in self.links if not link.endswith(".md") and not link.startswith("/")}
        return frozenset(found | ({self.front.image} if self.front.image else set()))


@dataclass(frozen=True)
class Shown:
    """An item as one edition shows it. The fields of its front matter are attributes too (`offer.ends`)."""

    item: Item
    since: date | None
    body: Markup
    interests: tuple[str, ...]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # pickle asks for methods before there is an item
            raise AttributeError(name)
        fields = self.item.front.__dict__
        return fields[name] if name in fields else getattr(self.item, name)

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


__all__ = ["KINDS", "Front", "Item", "Kind", "Page", "Shown"]
