"""The members and the ledger of a programme, read once and checked together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.member.member import Entry, Member, check_members
from members_portal.loyalty.programme.programme import Programme

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import Ledger

Dropped = dict[str, tuple[str, ...]]


class Source(Protocol):
    """Where people are read from."""

    def members(self, problems: list[Problem], dropped: Dropped) -> Iterator[Entry]:
        """Read the members, and note which columns of theirs aren't used."""

    def ledger(self) -> Any:
        """Return a LedgerSource, or None."""


@dataclass(frozen=True)
class People:
    """Members, what they did, and the columns of either that weren't read, by the table they are in."""

    members: list[Member]
    ledger: Ledger | None
    dropped: Dropped


def load_people(source: Source, programme: Programme, today: date, spill: Path | None = None) -> People:
    """Read and check members and ledger; raise InvalidInput with the problems of both.

    `spill` is a private folder for what of a large ledger doesn't fit into memory.
    """
    problems: list[Problem] = []
    dropped: Dropped = {}
    members = _members(source, programme, problems, dropped)
    ids = None if problems else [member.id for member in members]
    ledger = _ledger(source, programme, ids, today, problems, spill)
    if ledger:
        dropped[ledger.name] = ledger.dropped
    if problems:
        raise InvalidInput(problems)
    return People(members, ledger, {name: columns for name, columns in dropped.items() if columns})


def load_members(source: Source, programme: Programme) -> list[Member]:
    """Read the members alone; raise InvalidInput."""
    problems: list[Problem] = []
    members = _members(source, programme, problems, {})
    if problems:
        raise InvalidInput(problems)
    return members


def _members(source: Source, programme: Programme, problems: list[Problem], dropped: Dropped) -> list[Member]:
    try:
        return check_members(source.members(problems, dropped), programme, problems)
    except InvalidInput as error:
        problems += error.problems
        return []


def _ledger(
    source: Source,
    programme: Programme,
    ids: list[str] | None,
    today: date,
    problems: list[Problem],
    spill: Path | None,
) -> Ledger | None:
    try:
        found = source.ledger()
        if found is None:
            return None
        from members_portal.loyalty.ledger.ledger import load_ledger, open_store

        return load_ledger(found, programme, ids, today, open_store(spill))
    except InvalidInput as error:
        problems += error.problems
        return None
