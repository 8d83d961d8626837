"""The members and the ledger of a programme, read once and validated together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.problem import InvalidInput, Problem, check_degree, has_error
from members_portal.loyalty.input.zoned_time import SHORTEST_ZONED, day_at_site
from members_portal.loyalty.member.known_rows import KnownRows
from members_portal.loyalty.member.member import Member, RawMember, check_members, present_ids
from members_portal.loyalty.programme.programme import Programme
from members_portal.source.kept.kept_table import Dropped as Dropped
from members_portal.source.kept.kept_table import KeptTable
from members_portal.work_record import WorkRecord, digest_of

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import Ledger, LedgerSource

TIMED = ("joined", "left")  # days that a shop may state as a time with a time zone

MEMBERS_PER_COUNT = 1000  # members between two reports of the progress

MembersRead = Callable[[int, int], None]  # the members that are read, and 0: their number is not known


class Source(Protocol):
    """A source of members and ledger."""

    def members(self, problems: list[Problem], dropped: Dropped, rows: KnownRows | None = None) -> Iterator[RawMember]:
        """Yield the members; add unused columns to `dropped`. A row that `rows` knows has its member."""

    def members_digest(self) -> str:
        """Return the digest (hex) of all that the members are read from; empty if only reading them can tell."""

    def ledger(self) -> LedgerSource | None:
        """Return the ledger, or None without one."""

    def ledger_digest(self) -> str:
        """Return the digest (hex) of all that the ledger is read from; empty if only reading it can tell."""

    def without_ledger(self) -> Iterator[Problem]:
        """Yield the problem of a source without a ledger, with a name that may be meant."""


@dataclass(frozen=True)
class People:
    """Members, ledger, the columns that were not read, by table name, and the warnings.

    `digest` covers all that they are read from and checked against; it is empty where that may change at any time.
    """

    members: list[Member]
    ledger: Ledger | None
    dropped: Dropped
    warnings: tuple[Problem, ...] = ()
    digest: bytes = b""


def load_people(
    source: Source,
    programme: Programme,
    today: date,
    spill: Path | None = None,
    zone: ZoneInfo | None = None,
    done: MembersRead | None = None,
    record: WorkRecord | None = None,
    code: bytes = b"",
) -> People:
    """Read and validate members and ledger; raise InvalidInput with the problems of both.

    `spill` is a private folder where DuckDB stores the part of a large ledger that exceeds its memory limit.
    `zone` is the time zone of the site: a date with a time and a time zone is read as the day there. `done` is told the
    members that are read. `record` keeps members, rows and ledger for other publishes of the same `code`.
    """
    problems: list[Problem] = []
    dropped: Dropped = {}
    kept = KeptTable(record, code, source.members_digest, programme, zone)
    if (found := kept.find()) is None:
        members = _members(source, programme, problems, dropped, zone, done, kept.rows)
        kept.keep(members, dropped, is_faultless=not problems)
    else:
        members, dropped = found
    ids, ledger, digest = None if has_error(problems) else [member.id for member in members], None, b""
    renumbered = present_ids(members)
    try:
        if (table := source.ledger()) is not None:
            from members_portal.loyalty.ledger.ledger import load_ledger, open_store
            from members_portal.source.kept.kept_ledger import kept_ledger

            def load() -> Ledger:
                store = open_store(spill)
                return load_ledger(table, programme, ids, today, store, renumbered, warned=True, zone=zone)

            checked_by = digest_of(kept.rules, today.isoformat(), table.name, repr((ids, renumbered)))
            ledger = kept_ledger(record if ids is not None else None, checked_by, load, source.ledger_digest)
            is_known = ledger.digest and kept.files and source.members_digest() == kept.files
            digest = digest_of(ledger.digest, kept.files) if is_known else b""
            dropped[ledger.name] = ledger.dropped
            problems += ledger.warnings
        elif needs_ledger(programme):
            problems += source.without_ledger()
    except InvalidInput as error:
        problems += error.problems
    warnings = check_degree(problems)
    return People(members, ledger, {name: columns for name, columns in dropped.items() if columns}, warnings, digest)


def needs_ledger(programme: Programme) -> bool:
    """Return whether a rule of the programme reads the ledger."""
    return bool(programme.earning or programme.qualifying or programme.rebate)


def load_members(source: Source, programme: Programme) -> list[Member]:
    """Read and validate the members alone; raise InvalidInput."""
    problems: list[Problem] = []
    members = _members(source, programme, problems, {})
    check_degree(problems)
    return members


def _members(
    source: Source,
    programme: Programme,
    problems: list[Problem],
    dropped: Dropped,
    zone: ZoneInfo | None = None,
    done: MembersRead | None = None,
    rows: KnownRows | None = None,
) -> list[Member]:
    try:
        found = (_at_site(raw, zone) for raw in _counted(source.members(problems, dropped, rows), done))
        return check_members(found, programme, problems, rows)
    except InvalidInput as error:
        problems += error.problems
        return []


def _counted(raws: Iterable[RawMember], done: MembersRead | None) -> Iterator[RawMember]:
    """Yield the members; tell `done` how many have been read, from time to time."""
    for number, raw in enumerate(raws):
        if done and number % MEMBERS_PER_COUNT == 0:
            done(number, 0)
        yield raw


def _at_site(raw: RawMember, zone: ZoneInfo | None) -> RawMember:
    """Return a member whose days of joining and leaving are days at the site; a day without a time stays."""
    if zone is None or raw.known or not isinstance(raw.value, dict):
        return raw
    days = {}
    for name in TIMED:
        text = raw.value.get(name)
        if isinstance(text, str) and len(text) >= SHORTEST_ZONED:
            days[name] = day_at_site(text, zone)
    return raw._replace(value=raw.value | days) if days else raw
