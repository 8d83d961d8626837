"""What a newsletter is made from: the issue as one edition has it, and the sheet that makes it a member's letter.

Nothing here asks who may see what: whoever fills these records has asked the gate. Pictures are named `content:PATH`,
a path below the content folder; addresses are absolute, since paper has no site around it.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import unquote

from members_portal.loyalty.programme.programme import Tier
from members_portal.loyalty.statement.statement import Statement

MOST_COUPONS = 6  # on the back of a sheet
MOST_PROMISES = 6  # on the back page of an issue, above the contact


@dataclass(frozen=True)
class House:
    """The company that sends it; `site` is the portal's address, with a slash at the end."""

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
    """A picture of the content folder, and words for those who can't see it."""

    src: str
    alt: str


@dataclass(frozen=True)
class Article:
    """An item of the site as the issue brings it; `front` holds the fields of its kind (`front.starts`).

    `html` is its whole text, for a `full` article; the others bring their summary and an address to read on.
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


@dataclass(frozen=True)
class Section:
    """Articles under one heading; `kind` is that of all of them, or empty for a mixed one."""

    kind: str
    title: str
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class Issue:
    """One issue of the newsletter as one edition reads it.

    `letter` is the editor's letter (HTML), `greeting` what the account manager adds in letters, a paragraph each.
    `charts` are drawings that templates know how to draw; `files` the content paths that it may show, and no others.
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
    letter: str
    sections: tuple[Section, ...]
    promises: tuple[Article, ...]
    events: tuple[Article, ...]
    charts: tuple[Any, ...]
    greeting: tuple[str, ...]
    files: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def promises_at_the_back(self) -> bool:
        """Tell whether the promises fit on the back page; more of them are a section of their own."""
        return 0 < len(self.promises) <= MOST_PROMISES


@dataclass(frozen=True)
class Manager:
    """The account manager who signs."""

    name: str
    role: str
    phone: str
    email: str
    hours: str
    picture: Picture | None


@dataclass(frozen=True)
class Coupon:
    """An offer that is this member's; `code` is what the till checks, `why` says why it is theirs."""

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
class Sheet:
    """The leaf that makes an issue a letter: the cover on its front, the member's coupons on its back.

    `address` is what stands in the window, line by line, or nothing. `sign_in` is the address that the QR code holds,
    `code` the access code to type. All of it is the member's alone.
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
        """The content paths that it shows beside those of the issue."""
        pictures = [self.manager and self.manager.picture, *(coupon.picture for coupon in self.coupons)]
        return frozenset(unquote(picture.src.removeprefix("content:")) for picture in pictures if picture)
