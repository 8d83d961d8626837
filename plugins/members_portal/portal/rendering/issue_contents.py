"""Contents of a newsletter issue, as one edition reads it.

An item can be in an issue when it is visible to the edition on the issue's day. Items that the editor names keep their
order. Items picked by kind are the news: they became visible to this edition after its previous issue, up to the
issue's day. The staff edition has the news of all readers of the issue. Offers are picked when they are valid on the
issue's day; offers for a segment are not picked, they are in the letters of its members.
Every issue has the promises and the next events. Newsletters and pages are never in an issue.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from members_portal.loyalty.programme.audience import STAFF
from members_portal.portal.content.front.newsletter import Newsletter
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.front.selection import Selection
from members_portal.portal.content.item import KINDS, Item, Kind, Shown
from members_portal.portal.content.library import Library, issue_age
from members_portal.portal.rendering.chart import CHART_SIZE, BarChart, bar_chart
from members_portal.portal.rendering.edition import Edition, as_read
from members_portal.portal.rendering.item_index import UNLISTED, order_key

PICKED = ("announcements", "reports", "feedback", "offers")  # folders, in the order of an issue without `Sections:`
MOST_EVENTS = 4
WHOLE = 2  # articles printed with their whole text where the editor names none; offers don't count


@dataclass(frozen=True)
class IssueItem:
    """An item in an issue. Printed issues contain its whole text if `full`, else its summary."""

    shown: Shown
    full: bool


@dataclass(frozen=True)
class IssueSection:
    """Items under one heading. `kind` is their common kind, or empty where the editor named the items."""

    kind: str
    title: str
    items: tuple[IssueItem, ...]


@dataclass(frozen=True)
class Contents:
    """The contents of an issue of the day `on` for one edition."""

    on: date
    sections: tuple[IssueSection, ...]
    promises: tuple[Shown, ...]
    events: tuple[Shown, ...]
    charts: tuple[BarChart, ...]


def pickable() -> dict[str, Kind]:
    """Return the kinds of item that a section may have, by folder and by name."""
    found = [kind for kind in KINDS if kind.folder in PICKED]
    return {kind.folder: kind for kind in found} | {kind.name: kind for kind in found}


def newsletter_of(item: Item) -> Newsletter:
    """Return the front matter of an item that is a newsletter."""
    if not isinstance(item.front, Newsletter):
        raise TypeError(f"{item.path} is no newsletter")
    return item.front


def contents_of(item: Item, edition: Edition, library: Library, language: str, today: date | None = None) -> Contents:
    """Pick the contents of an issue from the items of an edition, as of the issue's day.

    With `today`, for a page that is read later: leave out offers and events that have ended by then.
    """
    front = newsletter_of(item)
    seen = [shown for shown in _seen(item, edition, library) if today is None or not shown.item.has_ended(today)]
    promises = _on_day(edition, edition.index.promises, front.day)
    ahead = edition.index.events_after(front.day, today)
    return Contents(
        on=front.day,
        sections=_sections(item, edition.name, seen, library),
        promises=tuple(promises),
        events=tuple(islice(_on_day(edition, ahead, front.day), MOST_EVENTS)),
        charts=charts_of(front, language),
    )


def sections_of(item: Item, edition: Edition, library: Library) -> tuple[IssueSection, ...]:
    """Pick the sections of an issue for one edition; leave out empty ones."""
    return _sections(item, edition.name, list(_seen(item, edition, library)), library)


def charts_of(front: Newsletter, language: str) -> tuple[BarChart, ...]:
    """Lay out the charts of an issue."""
    return tuple(
        bar_chart(
            chart.title,
            [(bar.label, bar.value) for bar in chart.values],
            *CHART_SIZE,
            note=chart.note,
            unit=chart.unit,
            language=language,
        )
        for chart in front.charts
    )


def _seen(item: Item, edition: Edition, library: Library) -> Iterator[Shown]:
    """Yield the items that a section of an issue can have: named ones, news, valid offers."""
    front = newsletter_of(item)
    named = (path for selection in front.sections for path in selection.items)
    found = {path: edition.items[path] for path in named if path in edition.items}
    for reader, day in _begins(item, edition.name, library).items():
        found |= {shown.path: shown for shown in edition.index.news(reader, day, front.day)}
    found |= {shown.path: shown for shown in edition.index.offers_on(front.day)}
    return _on_day(edition, found.values(), front.day)


def _on_day(edition: Edition, items: Iterable[Shown], on: date) -> Iterator[Shown]:
    """Yield the items visible on the issue's day, which may differ from the day of the edition."""
    listed = (shown for shown in items if shown.kind not in UNLISTED)
    return (_as_read(shown, on) for shown in listed if shown.item.visible_to(edition.name, on))


def _as_read(shown: Shown, on: date) -> Shown:
    item = as_read(shown.item, on)
    return shown if item is shown.item else replace(shown, item=item)


def _sections(item: Item, reader: str, seen: list[Shown], library: Library) -> tuple[IssueSection, ...]:
    front = newsletter_of(item)
    named = {path for selection in front.sections for path in selection.items}
    begins = _begins(item, reader, library)
    picks = [shown for shown in seen if shown.path not in named and is_news(shown.item, front.day, begins)]
    selections = front.sections or tuple(Selection(kind=folder) for folder in PICKED)
    sections = [_named(each, seen, front.day) if each.items else _picked(each, picks) for each in selections]
    if not any(selection.full or selection.print for selection in selections):
        sections = _first_whole(sections)
    return tuple(section for section in sections if section.items)


def _named(selection: Selection, seen: Iterable[Shown], on: date) -> IssueSection:
    """Take the items that the editor names, in this order; leave out offers that have ended."""
    found = {shown.path: shown for shown in seen if not offer_has_ended(shown.item, on)}
    items = [IssueItem(found[path], selection.prints_whole(path)) for path in selection.items if path in found]
    return IssueSection("", selection.title or "", tuple(items))


def _picked(selection: Selection, picks: Iterable[Shown]) -> IssueSection:
    kind = pickable()[selection.kind or ""]
    found = sorted((shown for shown in picks if shown.kind == kind.name), key=order_key)
    items = [IssueItem(shown, selection.prints_whole(shown.path)) for shown in found]
    return IssueSection(kind.name, selection.title or kind.title, tuple(items))


def _first_whole(sections: list[IssueSection]) -> list[IssueSection]:
    """Mark the first WHOLE articles of an issue as printed with their whole text."""
    articles = (each.shown.path for section in sections for each in section.items if each.shown.kind != "offer")
    whole = set(islice(articles, WHOLE))
    return [
        replace(section, items=tuple(IssueItem(each.shown, each.shown.path in whole) for each in section.items))
        for section in sections
    ]


def summarised(contents: Contents) -> Contents:
    """Return contents without the whole text of any item."""
    sections = (
        replace(section, items=tuple(replace(each, full=False) for each in section.items))
        for section in contents.sections
    )
    return replace(contents, sections=tuple(sections))


def is_news(item: Item, on: date, begins: Mapping[str, date]) -> bool:
    """Tell whether an item is news in an issue of a day; `begins` maps each reader to the first day of news."""
    if isinstance(item.front, Offer):
        return not item.front.segments and item.front.starts <= on <= item.front.ends
    since = [(item.visible_since(reader), day) for reader, day in begins.items()]
    return any(seen is not None and day <= seen <= on for seen, day in since)


def _begins(newsletter: Item, reader: str, library: Library) -> dict[str, date]:
    """Map each reader to the first day of news in an issue; for the staff edition, all readers of the issue."""
    readers = newsletter.audience.readers if reader == STAFF else {reader}
    return {each: first_news_day(newsletter, each, library) for each in readers}


def first_news_day(newsletter: Item, reader: str, library: Library) -> date:
    """Return the first day whose items are news in an issue for a reader."""
    if since := newsletter_of(newsletter).since:
        return since
    before = previous_issue(newsletter, reader, library)
    return newsletter_of(before).day + timedelta(days=1) if before else date.min


def previous_issue(newsletter: Item, reader: str, library: Library) -> Item | None:
    """Return the previous issue for a reader: the last published before this one, or None."""
    issues = library.issues_for(reader)
    at = bisect_left(issues, issue_age(newsletter), key=issue_age)
    return issues[at - 1] if at else None


def offer_has_ended(item: Item, on: date) -> bool:
    """Tell whether an item is an offer that has ended before a day."""
    return isinstance(item.front, Offer) and item.has_ended(on)
