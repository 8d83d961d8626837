"""Newsletter check: every item, segment and chart that an issue names exists and fits, and a reader may see it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from members_portal.loyalty.input.located_yaml import Located, Path_
from members_portal.loyalty.input.problem import Problem, closest, one_of
from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.segment import KEY_CUSTOMERS
from members_portal.portal.content.front.front import Page
from members_portal.portal.content.front.newsletter import Newsletter
from members_portal.portal.content.front.selection import Selection
from members_portal.portal.content.item import Item
from members_portal.portal.content.library import Library
from members_portal.portal.content.similar_path import near
from members_portal.portal.rendering.chart import CHART_SIZE, label_characters
from members_portal.portal.rendering.issue_contents import (
    PICKED,
    newsletter_of,
    offer_has_ended,
    pickable,
)

Valid = TypeVar("Valid")
Named = tuple[Path_, str]  # the place of a name, and the path it names


def newsletter_problems(library: Library, programme: Programme) -> Iterator[Problem]:
    """Yield the problems of all issues. Of an issue with invalid front matter, check the valid keys."""
    every = (item for path in library.documents if (item := library.find(path)))
    newsletters = [item for item in every if isinstance(item.front, Newsletter)]
    for item in newsletters:
        yield from _problems(item, library, programme)
    yield from _repeated(newsletters, library)


def _problems(item: Item, library: Library, programme: Programme) -> Iterator[Problem]:
    front, located = newsletter_of(item), library.documents[item.path].front
    yield from _day_problems(item, located, programme)
    for index, selection in _valid_ones(front.sections):
        yield from _selection_problems(selection, ("sections", index), located)
    yield from _repeated_kinds(front.sections, located)
    yield from _item_problems(item, located, library, programme)
    yield from _letter_problems(item, located, programme)
    yield from _chart_problems(item, located)


def _repeated(newsletters: Iterable[Item], library: Library) -> Iterator[Problem]:
    """Find issue numbers that an earlier issue has already; a draft never takes the number of another issue."""
    first: dict[int, Item] = {}
    for item in sorted(newsletters, key=lambda item: (item.draft, item.front.publish or date.min, item.path)):
        other = first.setdefault(newsletter_of(item).number, item)
        if newsletter_of(item).number is not None and other is not item:
            what = f"number {newsletter_of(item).number} is {other.path}"
            yield library.documents[item.path].front.problem(("number",), what, "a number of its own")


def _day_problems(item: Item, located: Located, programme: Programme) -> Iterator[Problem]:
    """Find days that would publish figures or news before their date."""
    front = newsletter_of(item)
    if front.figures and front.publish and front.figures > front.publish:
        yield located.problem(("figures",), "figures of a day after `Publish:`", f"{front.publish} or before")
    else:
        for tier, day in item.embargo.items():
            if tier in programme.ladder and day < front.day:
                what = f"`{tier}` would read this before the day of its figures"
                yield located.problem(("embargo", tier), what, f"`Figures: {day}` or before")
    if front.since and front.since > front.day:
        yield located.problem(("since",), "nothing is new from a day after the issue's own", f"{front.day} or before")


def _selection_problems(selection: Selection, at: Path_, located: Located) -> Iterator[Problem]:
    if selection.kind and selection.kind not in pickable():
        place = (*at, "kind")
        yield located.problem(place, _no_section(selection.kind), one_of(PICKED), closest(selection.kind, pickable()))
    for index, path in enumerate(selection.full):
        if selection.items and path not in selection.items:
            hint = closest(path, selection.items)
            yield located.problem((*at, "full", index), f"`{path}` isn't among `items`", "one of them", hint)


def _repeated_kinds(sections: Sequence[Selection] | None, located: Located) -> Iterator[Problem]:
    """Find sections of a kind that an earlier section has: `reports` and `report` are one."""
    seen: set[str] = set()
    for index, selection in _valid_ones(sections):
        if kind := pickable().get(selection.kind or ""):
            if kind.name in seen:
                what = f"`{kind.folder}` are in this issue already"
                expected = "each kind once; `title` and `items` for a second section"
                yield located.problem(("sections", index, "kind"), what, expected)
            seen.add(kind.name)


def _valid_ones(records: Sequence[Valid] | None) -> Iterator[tuple[int, Valid]]:
    """Yield the valid records of a list of front matter with their indexes."""
    return ((index, each) for index, each in enumerate(records or ()) if each is not None)


def _no_section(word: str) -> str:
    if word in ("promise", "promises", "event", "events"):
        return f"`{word}` are in every issue anyway"
    return f"`{word}` is no kind that a section can be of"


def _item_problems(item: Item, located: Located, library: Library, programme: Programme) -> Iterator[Problem]:
    """Check the items that the editor names, and that none is named twice."""
    seen: set[str] = set()
    for at, path in _named(item):
        if path in seen:
            yield located.problem(at, f"{path} is in this issue already", "each item once")
        elif what := _fault(path, item, library, programme):
            hint = near(path, library.files.markdown, item.path) if not library.has_file(path) else ""
            yield located.problem(at, what, "an item that a reader of this issue has on its day", hint)
        seen.add(path)


def _named(item: Item) -> Iterator[Named]:
    for number, selection in _valid_ones(newsletter_of(item).sections):
        for index, path in enumerate(selection.items):
            yield ("sections", number, "items", index), path


def _fault(path: str, item: Item, library: Library, programme: Programme) -> str:
    """Return the reason why an item can't be in an issue; empty when it can."""
    if not library.has_file(path):
        return f"there is no content/{path}"
    found, on = library.find(path), newsletter_of(item).day
    if found is None:  # its own problems are listed
        return f"{path} is a draft" if path in library.drafts and not item.draft else ""
    if found.kind is item.kind or isinstance(found.front, Page):
        return f"{path} is a {found.kind.name}, which is in no issue"
    if item.draft:
        return ""
    if found.draft:
        return f"{path} is a draft"
    if path in library.items and offer_has_ended(found, on):
        return f"{path} is over on {on}"
    readers = [reader for reader in programme.readers if reader in item.audience.readers]
    tiers = [reader for reader in readers if reader not in (PUBLIC, STAFF)] or readers
    if any(found.visible_to(reader, on) for reader in tiers):
        return ""
    days = [day for reader in tiers if (day := found.visible_since(reader))]
    later = f" before {min(days)}" if days and min(days) > on else f" on {on}"
    return f"{path} may not be seen by {', '.join(tiers)}{later}"


def _letter_problems(item: Item, located: Located, programme: Programme) -> Iterator[Problem]:
    front = newsletter_of(item)
    known = [KEY_CUSTOMERS, *(segment.key for segment in programme.segments)]
    for index, word in enumerate(front.letters or ()):
        yield from located.unknown(("letters", index), "segment", word, known)
    if front.greeting and front.letters == ():
        yield located.problem(("greeting",), "nobody would get this greeting", "`Letters:` that say who", key=True)


def _chart_problems(item: Item, located: Located) -> Iterator[Problem]:
    """Find label words that are wider than the place below their bar."""
    for number, chart in _valid_ones(newsletter_of(item).charts):
        most = label_characters(len(chart.values), CHART_SIZE[0])
        for index, bar in enumerate(chart.values):
            if max(map(len, bar.label.split())) > most:
                at = ("charts", number, "values", index, "label")
                what = f"`{bar.label}` is too long below one of {len(chart.values)} bars"
                yield located.problem(at, what, f"words of at most {most} letters")
