"""All inputs of a run, loaded and checked together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from members_portal.loyalty.input.located_yaml import Located, load_yaml
from members_portal.loyalty.input.problem import InvalidInput, Problem, check_degree, has_error, shown_path
from members_portal.loyalty.member.member import Member, present_ids
from members_portal.loyalty.programme.programme import Programme, load_programme
from members_portal.loyalty.standings import Standings, take_standings
from members_portal.portal.content.attachment import NO_FAULT
from members_portal.portal.content.body import CachePlace
from members_portal.portal.content.drawing import SAFE_DRAWING, drawing_fault
from members_portal.portal.content.file_check import check_files, content_file_fault
from members_portal.portal.content.library import Library, is_image, load_library
from members_portal.portal.content.link_check import check_links
from members_portal.portal.content.typography import typeset_record
from members_portal.portal.newsletter_check import check_newsletters
from members_portal.portal.picture.picture_store import PictureStore
from members_portal.portal.site_settings import SiteSettings
from members_portal.portal.text.headings import check_headings
from members_portal.source.open_source import open_source
from members_portal.source.people import Dropped, People, Source, load_people

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import Ledger

Part = TypeVar("Part")


@dataclass(frozen=True)
class Inputs:
    """The settings, the programme, the members, their ledger and the items, as of a date.

    `members` have the tiers that their ledger gives them; `standings` holds the reasons. `dropped` names the columns
    that aren't read, by table. `warnings` are the problems that don't stop a publish. `everyone` are
    the members as they were read, with former ones.
    """

    site: SiteSettings
    programme: Programme
    members: list[Member]
    library: Library
    pictures: PictureStore
    on: date
    standings: Standings
    ledger: Ledger | None = None
    dropped: Dropped = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    everyone: Sequence[Member] = ()


def load_inputs(
    content: Path,
    members: Path,
    on: date,
    site: SiteSettings,
    cache: CachePlace | None = None,
    *,
    database: str | None = None,
    today: date | None = None,
    now: datetime | None = None,
    links: bool = True,
) -> Inputs:
    """Read and check all inputs; raise InvalidInput with the problems of all of them together.

    `members` is the folder of programme.yaml; members and ledger are read from it, or from a `database`. `cache` is the
    place of converted bodies. Ledger lines are allowed up to `today` (default: `on`). Links are checked unless `links`
    is false: on a past day, many of their targets didn't exist yet. `now` is the time in the site's time zone, None for
    a stated day.
    """
    programme = load_programme(members)
    problems = [*site.warnings, *_theme_problems(site.theme)]
    spill = cache.file.parent / "spill" if cache else None
    with open_source(members, database, site.timezone) as source:
        people = _collect(lambda: load_people(source, programme, max(today or on, on), spill, site.timezone), problems)
    library = _collect(lambda: load_library(content, programme, site.markdown, cache, site.language, now), problems)
    if library and links:
        _collect(lambda: check_links(library, programme, on), problems)
    pictures = _picture_store(content, cache)
    if library:
        _collect(lambda: check_files(library, pictures), problems)
        _collect(lambda: check_headings(library), problems)
        _collect(lambda: check_newsletters(library, programme), problems)
        problems += _photos(programme, pictures, load_yaml(members / "programme.yaml"))
    if people:
        problems += people.warnings
    if people is None or library is None or has_error(problems):
        raise InvalidInput(problems)
    programme = typeset_record(programme, site.language)
    standings = take_standings(programme, people.members, people.ledger.con if people.ledger else None, on)
    problems += _overdrafts(standings, people, partial(open_source, members, database, site.timezone))
    warnings = check_degree(problems)
    return Inputs(
        site,
        programme,
        standings.members,
        library,
        pictures,
        on,
        standings,
        people.ledger,
        people.dropped,
        warnings=warnings,
        everyone=people.members,
    )


def _picture_store(content: Path, cache: CachePlace | None) -> PictureStore:
    if cache is None or cache.mac_key is None:
        return PictureStore(content)
    return PictureStore(content, cache.file.parent / "pictures", cache.mac_key)


def _collect(load: Callable[[], Part], problems: list[Problem]) -> Part | None:
    try:
        return load()
    except InvalidInput as error:
        problems += error.problems
        return None


def _overdrafts(
    standings: Standings, people: People, opened: Callable[[], AbstractContextManager[Source]]
) -> list[Problem]:
    """Return a warning for each redemption beyond the balance. The source is read again for their places."""
    lines = list(standings.overdrawn)
    if not lines or people.ledger is None:
        return []
    from members_portal.loyalty.ledger.ledger_note import Note, located_by_number

    what, expected = "a redemption of more points than the member could spend", "at most the balance of that day"
    notes = [Note(line.n, "points", what, expected) for line in lines]
    with opened() as source:
        table, renumbered = source.ledger(), present_ids(people.members)
        return located_by_number(table, people.ledger.con, notes, renumbered) if table else []


def _theme_problems(theme: Path) -> Iterator[Problem]:
    """Check the theme's SVG files, as those of the content."""
    for file in sorted(theme.rglob("*.svg")):
        if fault := drawing_fault(file.read_bytes()):
            yield Problem(shown_path(file), 0, 0, fault, SAFE_DRAWING)


def _photos(programme: Programme, pictures: PictureStore, located: Located) -> Iterator[Problem]:
    for index, manager in enumerate(programme.account_managers):
        at = ("account_managers", index, "photo")
        if manager.photo and not is_image(pictures.folder, manager.photo):
            yield located.problem(at, f"`{manager.photo}` is no image below content/")
        elif manager.photo and (fault := content_file_fault(manager.photo, pictures)) != NO_FAULT:
            yield located.problem(at, *fault)
