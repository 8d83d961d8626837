"""The members and the ledger of a programme, read once and validated together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.problem import InvalidInput, Problem, check_degree, has_error
from members_portal.loyalty.input.zoned_time import SHORTEST_ZONED, day_at_site
from members_portal.loyalty.member.member import Member, RawMember, check_members, present_ids
from members_portal.loyalty.programme.programme import Programme

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import Ledger, LedgerSource

TIMED = ("joined", "left")  # days that a shop may state as a time with a time zone

Dropped = dict[str, tuple[str, ...]]


class Source(Protocol):
    """A source of members and ledger."""

    def members(self, problems: list[Problem], dropped: Dropped) -> Iterator[RawMember]:
        """Yield the members; add unused columns to `dropped`."""

    def ledger(self) -> LedgerSource | None:
        """Return the ledger, or None without one."""

    def without_ledger(self) -> Iterator[Problem]:
        """Yield the problem of a source without a ledger, with a name that may be meant."""


@dataclass(frozen=True)
class People:
    """Members, ledger, the columns that were not read, by table name, and the warnings."""

    members: list[Member]
    ledger: Ledger | None
    dropped: Dropped
    warnings: tuple[Problem, ...] = ()


def load_people(
    source: Source, programme: Programme, today: date, spill: Path | None = None, zone: ZoneInfo | None = None
) -> People:
    """Read and validate members and ledger; raise InvalidInput with the problems of both.

    `spill` is a private folder where DuckDB stores the part of a large ledger that exceeds its memory limit.
    `zone` is the time zone of the site: a date with a time and a time zone is read as the day there.
    """
    problems: list[Problem] = []
    dropped: Dropped = {}
    members = _members(source, programme, problems, dropped, zone)
    ids, ledger = None if has_error(problems) else [member.id for member in members], None
    renumbered = present_ids(members)
    try:
        if (table := source.ledger()) is not None:
            from members_portal.loyalty.ledger.ledger import load_ledger, open_store

            ledger = load_ledger(table, programme, ids, today, open_store(spill), renumbered, warned=True, zone=zone)
            dropped[ledger.name] = ledger.dropped
            problems += ledger.warnings
        elif needs_ledger(programme):
            problems += source.without_ledger()
    except InvalidInput as error:
        problems += error.problems
    warnings = check_degree(problems)
    return People(members, ledger, {name: columns for name, columns in dropped.items() if columns}, warnings)


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
    source: Source, programme: Programme, problems: list[Problem], dropped: Dropped, zone: ZoneInfo | None = None
) -> list[Member]:
    try:
        found = (_at_site(raw, zone) for raw in source.members(problems, dropped))
        return check_members(found, programme, problems)
    except InvalidInput as error:
        problems += error.problems
        return []


def _at_site(raw: RawMember, zone: ZoneInfo | None) -> RawMember:
    """Return a member whose days of joining and leaving are days at the site; a day without a time stays."""
    if zone is None or not isinstance(raw.value, dict):
        return raw
    days = {}
    for name in TIMED:
        text = raw.value.get(name)
        if isinstance(text, str) and len(text) >= SHORTEST_ZONED:
            days[name] = day_at_site(text, zone)
    return raw._replace(value=raw.value | days) if days else raw
