"""Where all members stand on a day: their tiers, accounts and segments, and what they gave together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.numbers import get_currency_precision

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from members_portal.loyalty.engine.account import Account
    from members_portal.loyalty.statement.statement import Statement


@dataclass(frozen=True)
class CauseTotal:
    """What all members together gave to a cause."""

    key: str
    name: str
    summary: str
    points: int
    total: Decimal


@dataclass(frozen=True)
class Standings:
    """Members with the tiers they stand on; their accounts by id, where the programme has rules for any.

    `segments` are the keys of those each member belongs to; `used` counts redemptions by reference.
    """

    on: date
    programme: Programme
    members: list[Member]
    accounts: Mapping[str, Account] = field(default_factory=dict, repr=False)
    segments: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    causes: tuple[CauseTotal, ...] = ()
    used: Mapping[str, int] = field(default_factory=dict, repr=False)
    by_hand: Mapping[str, Member] = field(default_factory=dict, repr=False)

    @property
    def digits(self) -> int:
        """The decimals of the programme's currency."""
        return get_currency_precision(self.programme.currency)

    def statement(self, member: Member) -> Statement | None:
        """Make a member's statement, without offers; None where the programme has no rules."""
        from members_portal.loyalty.statement.statement import make_statement

        account = self.accounts.get(member.id)
        if account is None:
            return None
        written = self.by_hand.get(member.id, member)
        return make_statement(written, account, self.programme, self.digits, self.segments.get(member.id, ()))

    def count_segments(self) -> dict[str, int]:
        """Count the members of each segment, as programme.yaml orders them."""
        counts = Counter(key for keys in self.segments.values() for key in keys)
        return {segment.name: counts[segment.key] for segment in self.programme.segments}


def take_standings(
    programme: Programme, members: Sequence[Member], con: DuckDBPyConnection | None, on: date
) -> Standings:
    """Work out where everybody stands; `con` holds the ledger's table `line`, where there is one.

    Those who left are members no longer, but what they did counts in what all did together.

    Without a ledger and without rules that ask for one, members stand where members.yaml puts them.
    """
    present = [member for member in members if member.is_member(on)]
    if con is None and programme.qualifying is None:
        return Standings(on, programme, present)
    from members_portal.loyalty.engine.engine import Engine
    from members_portal.loyalty.segment_membership import segments_of

    digits = get_currency_precision(programme.currency)
    engine = Engine(con or _empty(), programme, members, digits)
    accounts = {account.member: account for account in engine.accounts(on)}
    segments = {m.id: segments_of(m, accounts[m.id], programme, digits) for m in present}
    standing = [_placed(member, accounts[member.id], programme) for member in present]
    lines = [entry for account in accounts.values() for entry in account.entries]
    used = Counter(entry.reference for entry in lines if entry.kind == "redemption" and entry.reference)
    causes = tuple(_cause_totals(accounts.values(), programme, digits))
    written = {member.id: member for member in present}
    return Standings(on, programme, standing, accounts, segments, causes, used, written)


def _empty() -> DuckDBPyConnection:
    """Make a ledger without lines."""
    from members_portal.loyalty.ledger.ledger import ledger_of, open_store

    return ledger_of((), open_store()).con


def _placed(member: Member, account: Account, programme: Programme) -> Member:
    return member if member.staff else member.model_copy(update={"tier": programme.ladder[account.rung]})


def _cause_totals(accounts: Iterable[Account], programme: Programme, digits: int) -> Iterable[CauseTotal]:
    from members_portal.loyalty.statement.statement import given_of

    unit = Decimal(1).scaleb(-digits)
    given = [given_of(account.entries, programme, unit) for account in accounts]
    for index, cause in enumerate(programme.causes):
        own = [each[index] for each in given]
        total = sum((each.total for each in own), Decimal(0))
        yield CauseTotal(cause.key, cause.name, cause.summary, sum(each.points for each in own), total)
