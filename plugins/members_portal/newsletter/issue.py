"""Records of a newsletter: the issue of one edition, and the sheet of a member's letter.

Visibility is checked before these records are filled. Pictures are URLs `content:PATH`, a path below the content
folder; all other URLs are absolute.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import unquote

from members_portal.loyalty.programme.programme import Tier
from members_portal.loyalty.statement.statement import Statement

MOST_COUPONS = 6  # on the back of a sheet
MOST_PROMISES = 6  # on the back page of an issue, above the contact


@dataclass(frozen=True)
class House:
    """The sender: the company and its programme; `site` is the portal's URL with a final slash."""

    name: str
    company: str
    tagline: str
    programme: str
    points: str
    language: str
    site: str
    hotline: str
    hours: str
    email: str
    address: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A picture of the content folder, and its alternative text."""

    src: str
    alt: str


@dataclass(frozen=True)
class Article:
    """An item of the site in the issue; `front` is its front matter, with the fields of its kind (`front.starts`).

    `file` is its path below the content folder, for messages.
    `html` is the whole text of a `full` article; other articles show their summary and the URL.
    """

    kind: str
    kind_label: str
    title: str
    summary: str
    url: str
    since: date | None
    minutes: int
    html: str
    full: bool
    picture: Picture | None
    front: Any
    file: str = ""


@dataclass(frozen=True)
class ArticleSection:
    """Articles under one heading; `kind` is their common kind, or empty for a mixed section."""

    kind: str
    title: str
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class Issue:
    """One issue of the newsletter in one edition.

    `editorial` is HTML; `greeting` are the account manager's paragraphs in letters. `charts` are charts that the
    templates can draw; `files` are the content paths that the issue may show. `subject` and `preheader` are those of
    the e-mail, empty where the editor gives none. A derived summary is the beginning of the editorial: paper omits it.
    """

    slug: str
    number: int
    title: str
    summary: str
    on: date
    edition: str
    edition_title: str
    tier: Tier | None
    url: str
    picture: Picture | None
    editorial: str
    sections: tuple[ArticleSection, ...]
    promises: tuple[Article, ...]
    events: tuple[Article, ...]
    charts: tuple[Any, ...]
    greeting: tuple[str, ...]
    files: frozenset[str] = field(default=frozenset(), repr=False)
    file: str = ""
    subject: str = ""
    preheader: str = ""
    has_derived_summary: bool = False

    @property
    def promises_at_the_back(self) -> bool:
        """Tell whether the promises fit on the back page; more of them are a section of their own."""
        return 0 < len(self.promises) <= MOST_PROMISES


@dataclass(frozen=True)
class Manager:
    """The account manager of a key customer, who signs the letter."""

    name: str
    role: str
    phone: str
    email: str
    hours: str
    picture: Picture | None


@dataclass(frozen=True)
class Coupon:
    """An offer to the member; `code` is the code for the till, `why` the reason for the offer."""

    slug: str
    type: str
    title: str
    value: str
    summary: str
    starts: date
    ends: date
    why: str
    code: str | None
    terms: str
    redeem: str
    points: int | None
    missing: int
    minimum: Any
    picture: Picture | None


@dataclass(frozen=True)
class Thanks:
    """An item that responds to what a member said; `state` is done, planned or not-now."""

    title: str
    state: str
    url: str


@dataclass(frozen=True)
class Sheet:
    """The personal sheet of a letter: the cover on the front, the member's coupons on the back.

    `address` are the lines in the envelope window, empty for a letter that isn't posted. `sign_in` is the URL in the
    QR code, `code` the access code; both are empty on a screen. `thanks` names what responds to the member's words.
    """

    member: str
    edition: str
    name: str
    called: str
    direction: str
    address: tuple[str, ...]
    tier: str
    as_of: date
    statement: Statement | None
    coupons: tuple[Coupon, ...]
    manager: Manager | None
    sign_in: str
    code: str
    thanks: tuple[Thanks, ...] = ()

    def for_screen(self) -> Sheet:
        """Return the sheet without sign-in URL and access code: the holder of an unlocked device can read a PDF."""
        return replace(self, sign_in="", code="")

    @property
    def coupons_overleaf(self) -> tuple[Coupon, ...]:
        """The coupons that fit on the back."""
        return self.coupons[:MOST_COUPONS]

    @property
    def coupons_elsewhere(self) -> tuple[Coupon, ...]:
        """The coupons that do not fit; the portal has them."""
        return self.coupons[MOST_COUPONS:]

    @property
    def files(self) -> frozenset[str]:
        """The content paths that the sheet shows in addition to those of the issue."""
        pictures = [self.manager and self.manager.picture, *(coupon.picture for coupon in self.coupons)]
        return frozenset(unquote(picture.src.removeprefix("content:")) for picture in pictures if picture)
