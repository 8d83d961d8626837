"""Adapter: the engine's accounts in the form of the reference's accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb

from members_portal.loyalty.engine import account
from members_portal.loyalty.engine.engine import Engine
from members_portal.loyalty.engine.expression import FACTOR_ONE
from members_portal.loyalty.engine.lot import NEVER
from members_portal.loyalty.engine.lot import Lot as LotMade
from members_portal.loyalty.ledger.line_order import number_lines
from members_portal.loyalty.ledger.tag_set import create_tag_sets
from members_portal.loyalty.member.given_tier import GivenTier
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.statement.rebate import rebate_of
from tests.loyalty.account import Account, Entry, Ledger, Lot, Person, Rebated
from tests.loyalty.reference_rules import DECIMALS

LINE = (
    "member varchar, day date, kind varchar, minor bigint, points bigint, reference varchar, item varchar,"
    " tags_text varchar, broken uinteger"
)


def engine_of(programme: Programme, lines: Mapping[str, Ledger], members: Mapping[str, Person]) -> Engine:
    """Return an engine over lines and members; the ledger puts the lines in order."""
    con = duckdb.connect()
    con.execute(f"create table ledger_line({LINE})")
    rows = [
        (
            member,
            line.day,
            line.kind,
            line.minor,
            line.points,
            line.reference,
            line.item,
            " ".join(line.tags) or None,
            0,
        )
        for member, own in lines.items()
        for line in own
    ]
    types = [part.rsplit(" ", 1)[1] for part in LINE.split(", ")]
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in types]
    unnested = ", ".join(f"unnest(?::{kind}[])" for kind in types)
    con.execute(f"insert into ledger_line select {unnested}", columns)
    create_tag_sets(con)
    number_lines(con)
    return Engine(con, programme, [as_member(key, person) for key, person in members.items()], digits_of(programme))


def digits_of(programme: Programme) -> int:
    """Return the decimals of the currency."""
    return DECIMALS.get(programme.currency, 2)


def as_member(key: str, person: Person) -> Member:
    """Return the member record for the engine."""
    return Member.model_construct(
        id=key,
        given_name="Ada",
        formal_name="Ms Ada",
        joined=person.joined,
        tier=person.tier,
        tier_until=person.tier_until,
        tier_from=person.tier_from,
        tiers_given=tuple(
            GivenTier.model_construct(tier=each.tier, from_=each.since, until=each.until) for each in person.given
        ),
    )


def engine_accounts(
    made: Engine, programme: Programme, lines: Mapping[str, Ledger], members: Mapping[str, Person], on: date
) -> dict[str, tuple[Account, Rebated]]:
    """Return the account and rebate of every member on a day, computed by an engine made of the same arguments."""
    return {
        found.member: (
            _account(found),
            _rebated(programme, as_member(found.member, members[found.member]), found),
        )
        for found in made.accounts(on)
    }


def _rebated(programme: Programme, member: Member, found: account.Account) -> Rebated:
    if programme.rebate is None:
        return Rebated(Decimal(0), Decimal(0))
    rebate = rebate_of(programme.rebate, member, found, digits_of(programme))
    return Rebated(rebate.spend, rebate.earned)


def _account(made: account.Account) -> Account:
    places = {entry.n: number for number, entry in enumerate(made.lines, 1)}
    balance = made.balance
    return Account(
        entries=tuple(
            Entry(
                places[entry.n],
                entry.points,
                entry.reason,
                entry.rule,
                Fraction(entry.factor, FACTOR_ONE),
                entry.available,
                entry.expires,
                entry.rung,
                entry.figure,
            )
            for entry in made.lines
        ),
        lots=tuple(
            Lot(
                places[lot.n],
                lot.points,
                date.fromordinal(lot.available),
                _last(lot.expires),
                _kept(left, lot, made.on),
            )
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


def _kept(left: int, lot: LotMade, on: date) -> int:
    """Return the points left of a lot on a day: 0 after its last day, where the engine keeps the expired points."""
    return left if lot.expires >= on.toordinal() else 0


def _last(ordinal: int) -> date | None:
    return None if ordinal >= NEVER else date.fromordinal(ordinal)
