"""An edition: the site as one reader sees it. Templates are given this and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

from markupsafe import Markup

from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.loyalty.programme.programme import Programme, Tier
from members_portal.loyalty.visibility import may_see, visible_since
from members_portal.portal.content.item import KINDS, Item, Kind, Page, Shown, as_read, order_key
from members_portal.portal.content.library import Library, address, below
from members_portal.portal.content.link_check import is_over


@dataclass(frozen=True)
class Entry:
    """A line of a menu."""

    title: str
    url: str


@dataclass(frozen=True)
class Section:
    """A list page; `kind` is its folder in the address, which names its template."""

    kind: str
    title: str
    url: str
    items: tuple[Shown, ...]


@dataclass(frozen=True)
class Teaser:
    """What a lower tier may know of an item: no title, no address."""

    tier_name: str
    kind_title: str
    text: str


@dataclass(frozen=True)
class Rung:
    """A tier as templates see it."""

    tier: Tier
    rank: int

    @property
    def url(self) -> str:
        return f"tiers/{self.tier.key}/"

    def __getattr__(self, name: str) -> object:
        return getattr(self.tier, name)


@dataclass(frozen=True)
class Edition:
    """One reader's site on one date; `items` by content path."""

    name: str
    title: str
    rank: int | None
    items: Mapping[str, Shown]
    sections: tuple[Section, ...]
    pages: tuple[Shown, ...]
    teasers: tuple[Teaser, ...]
    tiers: tuple[Rung, ...]

    @property
    def is_public(self) -> bool:
        return self.name == PUBLIC

    @property
    def menu(self) -> list[Entry]:
        """The main navigation: the sections that change, then pages that ask for a place."""
        pages = [Entry(page.title, page.url) for page in self.pages if self._in_menu(page)]
        return [Entry(section.title, section.url) for section in self.sections] + pages

    @property
    def footer(self) -> list[Entry]:
        """The navigation at the foot: all other pages."""
        pages = [page for page in self.pages if page.menu != "none" and not self._in_menu(page)]
        return [Entry(page.title, page.url) for page in pages]

    def _in_menu(self, page: Shown) -> bool:
        """Members know what the public pages tell strangers: those go to the foot."""
        return page.menu == "main" and (self.is_public or not page.item.audience.is_public)

    @property
    def files(self) -> frozenset[str]:
        """Content paths of everything its pages show: nothing else enters the edition."""
        return frozenset().union(*(shown.item.files for shown in self.items.values()))


def make_edition(reader: str, library: Library, programme: Programme, on: date) -> Edition:
    """Ask the gate for every item and put what it lets through in order."""
    items = {
        path: _shown(item, reader, library, programme, on)
        for path, item in library.items.items()
        if may_see(item.audience, item.window, reader, on)
    }
    pages = [shown for shown in items.values() if isinstance(shown.item.front, Page)]
    return Edition(
        name=reader,
        title=_title(reader, programme),
        rank=programme.rank(reader) if reader in programme.ladder else None,
        items=items,
        sections=tuple(_sections(items)),
        pages=tuple(sorted(pages, key=order_key)),
        teasers=tuple(_teasers(reader, library, programme, on)),
        tiers=() if reader == PUBLIC else tuple(Rung(tier, programme.rank(tier.key)) for tier in programme.tiers),
    )


def _title(reader: str, programme: Programme) -> str:
    if reader == STAFF:
        return programme.staff.name
    return "" if reader == PUBLIC else programme.tier(reader).name


def _shown(item: Item, reader: str, library: Library, programme: Programme, on: date) -> Shown:
    since = visible_since(item.audience, item.window, reader)
    interests = tuple(programme.interests[key] for key in item.front.interests)
    ended = [path for path in item.links if path in library.items and is_over(library.items[path], on)]
    html = item.html
    for path in ended:
        html = unlink(html, address(path))
    body = Markup(html)  # noqa: S704 - the editor's own markdown, as in any Pelican site
    return Shown(as_read(item, on), None if since == date.min else since, body, interests)


def unlink(html: str, url: str) -> str:
    """Leave the words of a link whose target has expired."""
    link = rf'<a [^>]*href="(?:\.\./)*{re.escape(escape(url))}(?:#[^"]*)?"[^>]*>(.*?)</a>'
    return re.sub(link, r"\1", html, flags=re.DOTALL)


def _sections(items: Mapping[str, Shown]) -> list[Section]:
    return [
        Section(kind.url.strip("/"), kind.title, kind.url, found)
        for kind in KINDS
        if kind.url and (found := _of_kind(kind, items))
    ]


def _of_kind(kind: Kind, items: Mapping[str, Shown]) -> tuple[Shown, ...]:
    return tuple(sorted((shown for shown in items.values() if shown.kind == kind.name), key=order_key))


def _teasers(reader: str, library: Library, programme: Programme, on: date) -> list[Teaser]:
    """Collect the teasers of what the tiers above can read today."""
    return [
        Teaser(item.audience_label, item.kind.label, item.front.teaser)
        for item in library.items.values()
        if item.front.teaser
        and reader in below(item.audience, programme)
        and any(may_see(item.audience, item.window, tier, on) for tier in programme.ladder)
    ]
