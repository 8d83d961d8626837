"""An edition: the site as one kind of reader sees it. Templates get an edition and nothing else of the content."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property

from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.loyalty.programme.programme import Programme, Tier
from members_portal.portal.content.front.front import Page
from members_portal.portal.content.front.newsletter import Newsletter
from members_portal.portal.content.front.promise import Promise, Result
from members_portal.portal.content.item import KINDS, Item, Shown
from members_portal.portal.content.item_reader import below
from members_portal.portal.content.library import Library
from members_portal.portal.content.markdown_files import address
from members_portal.portal.rendering.item_index import ItemIndex, order_key

FORM_LIST = "forms"  # the list of forms


@dataclass(frozen=True)
class NavigationLink:
    """A link of the main navigation or of the footer."""

    title: str
    url: str


@dataclass(frozen=True)
class Section:
    """A list page. `kind` is its folder in the address and part of the name of its template."""

    kind: str
    title: str
    url: str
    items: tuple[Shown, ...]


@dataclass(frozen=True)
class Teaser:
    """The hint at an item for a lower tier, without title and address. `tier` is the lowest tier that reads it."""

    tier: str
    tier_name: str
    kind_title: str
    text: str


@dataclass(frozen=True)
class RankedTier:
    """A tier with its rank and its page. The fields of the tier are attributes too."""

    tier: Tier
    rank: int

    @property
    def url(self) -> str:
        return f"tiers/{self.tier.key}/"

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # pickle asks for methods before there is a tier
            raise AttributeError(name)
        return getattr(self.tier, name)


@dataclass(frozen=True)
class Edition:
    """The site of one kind of reader on one date; `items` by content path."""

    name: str
    title: str
    rank: int | None
    items: Mapping[str, Shown]
    sections: tuple[Section, ...]
    pages: tuple[Shown, ...]
    teasers: tuple[Teaser, ...]
    tiers: tuple[RankedTier, ...]

    @property
    def is_public(self) -> bool:
        return self.name == PUBLIC

    @property
    def menu(self) -> list[NavigationLink]:
        """The main navigation: the lists, then the pages with `Menu: main`. Visitors have their forms in the footer."""
        shown = (section for section in self.sections if not (self.is_public and section.kind == FORM_LIST))
        lists = [NavigationLink(section.title, section.url) for section in shown]
        return lists + [NavigationLink(page.title, page.url) for page in self.pages if self._in_menu(page)]

    @property
    def footer(self) -> list[NavigationLink]:
        """The footer navigation: all other pages, without those with `Menu: none`, and the forms of visitors."""
        pages = [page for page in self.pages if page.menu != "none" and not self._in_menu(page)]
        if self.is_public:
            pages += [shown for section in self.sections if section.kind == FORM_LIST for shown in section.items]
        return [NavigationLink(page.title, page.url) for page in pages]

    @cached_property
    def index(self) -> ItemIndex:
        """The items by kind and day."""
        return ItemIndex(self.items.values())

    def _in_menu(self, page: Shown) -> bool:
        """Tell whether a page is in the main navigation. For members, public pages are in the footer."""
        return page.menu == "main" and (self.is_public or not page.item.audience.is_public)

    @property
    def files(self) -> frozenset[str]:
        """Content paths of the files on its pages. No other file enters the edition."""
        return frozenset().union(*(shown.item.files for shown in self.items.values()))


def make_editions(readers: Iterable[str], library: Library, programme: Programme, on: date) -> dict[str, Edition]:
    """Return the editions of readers on a date, by reader. Editions that show an item since the same day share it."""
    undated = cache(lambda path: _shown(library.items[path], library, programme, on))
    shown = cache(lambda path, since: _dated(undated(path), since))
    return {reader: _edition(reader, library, programme, on, shown) for reader in readers}


def make_edition(reader: str, library: Library, programme: Programme, on: date) -> Edition:
    """Select the items that are visible to a reader on a date, and sort them into lists."""
    return make_editions([reader], library, programme, on)[reader]


def _edition(
    reader: str, library: Library, programme: Programme, on: date, shown: Callable[[str, date], Shown]
) -> Edition:
    items = {
        path: shown(path, since) for path, item in library.items.items() if (since := item.shown_since(reader, on))
    }
    pages = [shown for shown in items.values() if isinstance(shown.item.front, Page)]
    return Edition(
        name=reader,
        title=_title(reader, programme),
        rank=programme.rank(reader) if reader in programme.ladder else None,
        items=items,
        sections=tuple(_sections(items.values())),
        pages=tuple(sorted(pages, key=order_key)),
        teasers=tuple(_teasers(reader, library, programme, on)),
        tiers=() if reader == PUBLIC else _ranked_tiers(programme),
    )


def _ranked_tiers(programme: Programme) -> tuple[RankedTier, ...]:
    return tuple(RankedTier(tier, programme.rank(tier.key)) for tier in programme.tiers)


def _title(reader: str, programme: Programme) -> str:
    if reader == STAFF:
        return programme.staff.name
    return "" if reader == PUBLIC else programme.tier(reader).name


def _shown(item: Item, library: Library, programme: Programme, on: date) -> Shown:
    """Return an item as all of its readers see it, without the day since when."""
    interests = tuple(programme.interests[key] for key in item.front.interests)
    expired = [path for path in item.links if path in library.items and library.items[path].has_expired(on)]
    unlinked = tuple(map(address, sorted(expired)))
    return Shown(as_read(item, on), None, interests, unlinked)


def _dated(shown: Shown, since: date) -> Shown:
    return shown if since == date.min else Shown(shown.item, since, shown.interests, shown.unlinked)


def as_read(item: Item, on: date) -> Item:
    """Remove the fields that no reader may see: unpublished results, and the editor's plan of an issue."""
    front = item.front
    if isinstance(front, Promise) and any(_is_untold(result, on) for result in front.results):
        told = tuple(result for result in front.results if not _is_untold(result, on))
        return replace(item, front=front.model_copy(update={"results": told}))
    if isinstance(front, Newsletter):
        return replace(item, front=front.model_copy(update={"sections": (), "letters": (), "greeting": ""}))
    return item


def _is_untold(result: Result, on: date) -> bool:
    return result.told is not None and result.told > on


def _sections(items: Iterable[Shown]) -> Iterator[Section]:
    by_kind = defaultdict[str, list[Shown]](list)
    for shown in items:
        by_kind[shown.kind].append(shown)
    for kind in KINDS:
        if kind.url and (found := by_kind[kind.name]):
            yield Section(kind.url.strip("/"), kind.title, kind.url, tuple(sorted(found, key=order_key)))


def _lowest(item: Item, programme: Programme) -> str:
    """Return the lowest tier that reads an item; empty without one."""
    return next((tier for tier in programme.ladder if tier in item.audience.readers), "")


def _teasers(reader: str, library: Library, programme: Programme, on: date) -> list[Teaser]:
    """Collect the teasers of the items that a higher tier can read today."""
    return [
        Teaser(_lowest(item, programme), item.audience_label, item.kind.label, item.front.teaser)
        for item in library.items.values()
        if item.front.teaser
        and reader in below(item.audience, programme)
        and any(item.visible_to(tier, on) for tier in programme.ladder)
    ]
