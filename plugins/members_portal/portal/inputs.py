"""All inputs of a run, loaded and checked together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from members_portal.inbox.record.inbox_files import ANSWERS, INBOX_FOLDER
from members_portal.loyalty.input.located_yaml import Located, load_yaml
from members_portal.loyalty.input.problem import InvalidInput, Problem, check_degree, has_error, shown_path
from members_portal.loyalty.member.member import Member, present_ids
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.programme_file import read_programme
from members_portal.loyalty.standings import Standings
from members_portal.portal.answering.answer_promise import with_answer_results
from members_portal.portal.answering.received_answers import ReceivedAnswers, read_received
from members_portal.portal.content.attachment import NO_FAULT, is_image
from members_portal.portal.content.drawing import SAFE_DRAWING, drawing_fault
from members_portal.portal.content.library import Library, read_library
from members_portal.portal.content.markdown_files import ContentFiles
from members_portal.portal.content.similar_path import near
from members_portal.portal.content_check.anchor_check import anchor_problems
from members_portal.portal.content_check.audience_check import audience_problems
from members_portal.portal.content_check.content_warning import content_warnings
from members_portal.portal.content_check.file_check import content_file_fault, file_problems
from members_portal.portal.content_check.form_check import form_problems, moved_forms, unknown_answers
from members_portal.portal.content_check.link_check import link_problems
from members_portal.portal.content_check.newsletter_check import newsletter_problems
from members_portal.portal.content_check.pasted_check import pasted_problems
from members_portal.portal.picture.picture_store import PictureStore
from members_portal.portal.site_settings import SiteSettings
from members_portal.portal.text.headings import heading_problems
from members_portal.portal.text.typography import typeset_record
from members_portal.source.kept.kept_standings import kept_standings, standings_of_some
from members_portal.source.kept.people_memory import PeopleMemory
from members_portal.source.open_source import open_source
from members_portal.source.people import Dropped, People, Source, load_members, load_people
from members_portal.work_record import WorkRecord, digest_of

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import Ledger

Part = TypeVar("Part")


@dataclass(frozen=True)
class WorkPlace:
    """The place of results of earlier runs: a folder with its key of MACs (None: no cache), and the work record.

    `code` is the digest of the code and the packages that do the work.
    """

    folder: Path
    mac_key: bytes | None = field(repr=False)
    record: WorkRecord
    code: bytes


@dataclass(frozen=True)
class Inputs:
    """The settings, the programme, the members, their ledger and the items, as of a date.

    `members` have the tiers that their ledger gives them; `standings` holds the reasons. `dropped` names the columns
    that aren't read, by table. `warnings` are the problems that don't stop a publish. `everyone` are
    the members as they were read, with former ones. `received` are the answers that the inbox has taken in.
    `taken` returns the standings of some members on another day.
    """

    site: SiteSettings
    programme: Programme
    members: list[Member]
    library: Library
    pictures: PictureStore
    on: date
    standings: Standings
    taken: Callable[[list[Member], date], Standings] = field(repr=False, compare=False)
    ledger: Ledger | None = None
    dropped: Dropped = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    everyone: Sequence[Member] = ()
    received: ReceivedAnswers = field(default_factory=ReceivedAnswers)


class FaultyContent(InvalidInput):
    """Raised with the problems of the content; `inputs` lack the invalid items."""

    def __init__(self, problems: Iterable[Problem], inputs: Inputs) -> None:
        super().__init__(problems)
        self.inputs = inputs


def load_inputs(
    content: Path,
    members: Path,
    on: date,
    site: SiteSettings,
    place: WorkPlace | None = None,
    *,
    database: str | None = None,
    today: date | None = None,
    now: datetime | None = None,
    links: bool = True,
    memory: PeopleMemory | None = None,
    done: Callable[[int, int], None] | None = None,
    forgotten: Collection[str] = (),
) -> Inputs:
    """Read and check all inputs; raise InvalidInput with the problems of all of them together.

    Where only the content has errors, raise FaultyContent.

    `members` is the folder of programme.yaml; members and ledger are read from it, or from a `database`. `place` holds
    the results of earlier runs. Ledger lines are allowed up to `today` (default: `on`). Links are checked unless
    `links` is false: on a past day, many of their targets didn't exist yet. `now` is the time in the site's time zone,
    None for a stated day. `memory` holds the people and standings of an earlier publish of this process. `done` is told
    the members that are read. Lines of the inbox's ledger about `forgotten` members are left out.
    """
    memory = memory or PeopleMemory()
    programme, problems = read_programme(members)
    spill = place.folder / "spill" if place else None
    last = max(today or on, on)
    opened = partial(open_source, members, database, site.timezone, forgotten)
    with opened() as source:
        record, code = (place.record, place.code) if place else (None, b"")
        load = partial(load_people, source, programme, last, spill, site.timezone, done, record, code)
        people = _people(
            lambda: memory.people(
                None if database else members, (programme, last, site.timezone, frozenset(forgotten)), load
            ),
            partial(load_members, source, programme),
            problems,
        )
    problems += [*site.warnings, *_theme_problems(site.theme)]
    library = _collect(
        lambda: read_library(
            content,
            programme,
            site.markdown,
            place.record if place else None,
            site.language,
            now,
            base=_base(place, members),
            problems=problems,
        ),
        problems,
    )
    pictures = _picture_store(content, place)
    if library:
        programme = _with_photos(programme, library)
        problems += _content_problems(library, programme, pictures, site.address, on if links else None)
        problems += _photos(programme, pictures, library.files, load_yaml(members / "programme.yaml"))
    if people:
        problems += people.warnings
    received = _collect(partial(read_received, members / INBOX_FOLDER), problems)
    if library and received:
        problems += library.graded(unknown_answers(library, received))
        problems += moved_forms(library, received, members / INBOX_FOLDER / ANSWERS)
    if people is None or library is None:
        raise InvalidInput(problems)
    received = received or ReceivedAnswers()
    library = with_answer_results(library, received, on, site.answers.calendar)
    programme = typeset_record(programme, site.language)
    take = partial(kept_standings, programme, people, on, place.record if place else None)
    standings = memory.standings(people, (programme, on), take)
    inputs = Inputs(
        site,
        programme,
        standings.members,
        library,
        pictures,
        on,
        standings,
        partial(standings_of_some, programme, people, place.record if place else None),
        people.ledger,
        people.dropped,
        everyone=people.members,
        received=received,
    )
    if has_error(problems):
        raise FaultyContent(problems, inputs)
    problems += _overdrafts(standings, people, opened)
    return replace(inputs, warnings=check_degree(problems))


def _base(place: WorkPlace | None, members: Path) -> bytes:
    """Return the digest of what all items are made from."""
    return digest_of(place.code if place else b"", (members / "programme.yaml").read_bytes())


def _picture_store(content: Path, place: WorkPlace | None) -> PictureStore:
    if place is None or place.mac_key is None:
        return PictureStore(content)
    return PictureStore(content, place.folder / "pictures", place.mac_key)


def _collect(load: Callable[[], Part], problems: list[Problem]) -> Part | None:
    try:
        return load()
    except InvalidInput as error:
        problems += error.problems
        return None


def _people(load: Callable[[], People], check: Callable[[], object], problems: list[Problem]) -> People | None:
    """Load members and ledger; if the programme has problems, only check the members: a ledger needs valid rules."""
    if not problems:
        return _collect(load, problems)
    _collect(check, problems)
    return None


def _with_photos(programme: Programme, library: Library) -> Programme:
    """Return the programme with the path of each photo as its file has it."""
    managers = [
        manager.model_copy(update={"photo": library.files.matched(manager.photo)}) if manager.photo else manager
        for manager in programme.account_managers
    ]
    return programme.model_copy(update={"account_managers": tuple(managers)})


def _content_problems(
    library: Library, programme: Programme, pictures: PictureStore, base: str, on: date | None
) -> list[Problem]:
    """Return the problems of the content as a whole; without a day, links are not checked."""
    found = [*file_problems(library, pictures), *heading_problems(library), *pasted_problems(library)]
    found += [*newsletter_problems(library, programme), *form_problems(library, programme)]
    if on:
        found += [*link_problems(library, programme, on, base), *anchor_problems(library, base)]
        found += [*audience_problems(library, programme, on), *content_warnings(library, on, base)]
    return library.graded(found)


def _overdrafts(
    standings: Standings, people: People, opened: Callable[[], AbstractContextManager[Source]]
) -> list[Problem]:
    """Return a warning for each redemption beyond the balance. The source is read again for their places."""
    if not standings.overdrawn or people.ledger is None:
        return []
    from members_portal.loyalty.ledger.ledger_note import Note, located_by_number

    what, expected = "a redemption of more points than the member could spend", "at most the balance of that day"
    notes = [Note(line, "points", what, expected) for line in standings.overdrawn]
    with opened() as source:
        table, renumbered = source.ledger(), present_ids(people.members)
        return located_by_number(table, people.ledger, notes, renumbered) if table else []


def _theme_problems(theme: Path) -> Iterator[Problem]:
    """Check the theme's SVG files, as those of the content."""
    for file in sorted(theme.rglob("*.svg")):
        if fault := _theme_drawing_fault(file.read_bytes()):
            yield Problem(shown_path(file), 0, 0, fault, SAFE_DRAWING)


_theme_drawing_fault = lru_cache(maxsize=64)(drawing_fault)  # a preview reads the same ones after each edit


def _photos(programme: Programme, pictures: PictureStore, files: ContentFiles, located: Located) -> Iterator[Problem]:
    for index, manager in enumerate(programme.account_managers):
        at = ("account_managers", index, "photo")
        if manager.photo and not is_image(pictures.folder, manager.photo):
            hint = near(manager.photo, files.images)
            yield located.problem(at, f"`{manager.photo}` is no image below content/", hint=hint)
        elif manager.photo and (fault := content_file_fault(manager.photo, pictures)) != NO_FAULT:
            yield located.problem(at, *fault)
