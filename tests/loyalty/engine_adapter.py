"""The engine's figures in the form of the reference's, so that the two can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb

from plugins.loyalty import engine
from plugins.loyalty.engine import Engine
from plugins.loyalty.expression import WHOLE
from plugins.loyalty.lot import NEVER
from plugins.loyalty.member import Member
from plugins.loyalty.programme import Programme
from plugins.loyalty.rebate import rebate_of
from tests.loyalty.account import Account, Entry, Ledger, Lot, Person, Rebated

DIGITS = 2
LINE = "n bigint, member varchar, day date, kind varchar, minor bigint, points bigint, reference varchar, tags varchar[]"


def engine_of(programme: Programme, lines: Mapping[str, Ledger], members: Mapping[str, Person]) -> Engine:
    """Put lines and members into an engine; lines are numbered anew, by day and in the order they stand in."""
    con = duckdb.connect()
    con.execute(f"create table line({LINE})")
    rows = [
        (line.n, member, line.day, line.kind, line.minor, line.points, line.reference, list(line.tags))
        for member, own in lines.items()
        for line in own
    ]
    numbered = [(number, *row[1:]) for number, row in enumerate(sorted(rows, key=lambda row: (row[2], row[0])), 1)]
    columns: list[list[Any]] = [list(column) for column in zip(*numbered, strict=True)] or [[] for _ in range(8)]
    types = [part.rsplit(" ", 1)[1] for part in LINE.split(", ")]
    unnested = ", ".join(f"unnest(?::{kind}[])" for kind in types)
    con.execute(f"insert into line select {unnested}", columns)
    return Engine(con, programme, [as_member(key, person) for key, person in members.items()], DIGITS)


def as_member(key: str, person: Person) -> Member:
    """Make the member record that the engine takes."""
    return Member.model_construct(id=key, joined=person.joined, tier=person.tier, tier_until=person.tier_until)


def engine_accounts(
    programme: Programme, lines: Mapping[str, Ledger], members: Mapping[str, Person], on: date
) -> dict[str, Account]:
    """Let the engine compute the account of every member on a day."""
    made = engine_of(programme, lines, members)
    return {account.member: _account(account, lines.get(account.member, ())) for account in made.accounts(on)}


def _account(made: engine.Account, lines: Ledger) -> Account:
    numbers = {at: line.n for at, line in enumerate(sorted(lines, key=lambda line: (line.day, line.n)))}
    places = {entry.n: numbers[at] for at, entry in enumerate(made.entries)}
    balance = made.balance
    return Account(
        entries=tuple(
            Entry(
                places[entry.n],
                entry.points,
                entry.reason,
                entry.rule,
                Fraction(entry.factor, WHOLE),
                entry.available,
                entry.expires,
                entry.rung,
                entry.figure,
            )
            for entry in made.entries
        ),
        lots=tuple(
            Lot(places[lot.n], lot.points, date.fromordinal(lot.available), _last(lot.expires), left)
            for lot, left in zip(made.lots, made.left, strict=True)
        ),
        owed=made.owed,
        pending=balance.pending,
        active=balance.active,
        earned=balance.earned,
        spent=balance.spent,
        returned=balance.returned,
        taken=balance.taken,
        expired=balance.expired,
        rung=made.rung,
    )


def _last(ordinal: int) -> date | None:
    return None if ordinal >= NEVER else date.fromordinal(ordinal)


def engine_rebates(
    programme: Programme, lines: Mapping[str, Ledger], members: Mapping[str, Person], on: date
) -> dict[str, Rebated]:
    """Let the engine compute the spend and the rebate of every member on a day."""
    if programme.rebate is None:
        return {key: Rebated(Decimal(0), Decimal(0)) for key in members}
    found = {}
    for account in engine_of(programme, lines, members).accounts(on):
        rebate = rebate_of(programme.rebate, as_member(account.member, members[account.member]), account, DIGITS)
        found[account.member] = Rebated(rebate.spend, rebate.earned)
    return found
