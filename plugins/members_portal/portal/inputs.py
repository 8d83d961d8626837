"""Everything a run reads, loaded and checked together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from members_portal.loyalty.input.located_yaml import Located, load_yaml
from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme, load_programme
from members_portal.loyalty.standings import Standings, take_standings
from members_portal.portal.content.library import Library, is_image, load_library
from members_portal.portal.content.link_check import check_links
from members_portal.portal.content.typography import typeset_record
from members_portal.portal.newsletter_check import check_newsletters
from members_portal.source.open_source import open_source
from members_portal.source.people import Dropped, load_people

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import Ledger

Loaded = TypeVar("Loaded")


@dataclass(frozen=True)
class Inputs:
    """A programme, its members and their ledger, and the items written for them, as of a date.

    `members` stand on the tiers that their ledger puts them on; `standings` says why. `dropped` names the columns that
    weren't read, by the table they are in.
    """

    programme: Programme
    members: list[Member]
    library: Library
    on: date
    standings: Standings
    ledger: Ledger | None = None
    dropped: Dropped = field(default_factory=dict)


def load_inputs(
    content: Path,
    members: Path,
    on: date,
    markdown: Mapping[str, Any],
    cache: Path | None = None,
    language: str = "en",
    *,
    database: str | None = None,
    today: date | None = None,
    links: bool = True,
) -> Inputs:
    """Read and check all inputs; raise InvalidInput with the problems of all of them together.

    `members` is the folder of programme.yaml; members and ledger lie there too, unless they are in a `database`. A line
    of the ledger may be of a day up to `today`, which is `on` unless the past or the future is asked for. Without
    `links` it isn't asked where they lead: on a day of the past, much that they lead to wasn't there yet.
    """
    programme = load_programme(members)
    problems: list[Problem] = []
    spill = cache and cache.parent / "spill"
    with open_source(members, database) as source:
        people = _collect(lambda: load_people(source, programme, max(today or on, on), spill), problems)
    library = _collect(lambda: load_library(content, programme, markdown, cache, language), problems)
    if library and links:
        _collect(lambda: check_links(library, programme, on), problems)
    if library:
        _collect(lambda: check_newsletters(library, programme), problems)
        problems += _photos(programme, library, load_yaml(members / "programme.yaml"))
    if people is None or library is None or problems:
        raise InvalidInput(problems)
    programme = typeset_record(programme, language)
    standings = take_standings(programme, people.members, people.ledger.con if people.ledger else None, on)
    return Inputs(programme, standings.members, library, on, standings, people.ledger, people.dropped)


def _collect(load: Callable[[], Loaded], problems: list[Problem]) -> Loaded | None:
    try:
        return load()
    except InvalidInput as error:
        problems += error.problems
        return None


def _photos(programme: Programme, library: Library, located: Located) -> list[Problem]:
    return [
        located.problem(("account_managers", index, "photo"), f"`{manager.photo}` is no image below content/")
        for index, manager in enumerate(programme.account_managers)
        if manager.photo and not is_image(library.folder, manager.photo)
    ]
