"""Forecasts: the statement of a member on a day, and the reference's account on later days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.standings import Standings
from members_portal.loyalty.statement.statement import Statement, make_statement
from tests.loyalty import reference
from tests.loyalty.account import Account, Ledger, Line, Person
from tests.loyalty.engine_adapter import as_member, digits_of, engine_of
from tests.loyalty.example import line_of
from tests.loyalty.ledgers import KEYS, REACHES, Club, numbered, several
from tests.loyalty.reference_orders import in_ledger_order
from tests.loyalty.reference_tiers import Ladders

EXACT = {"name": "Exact", "kind": "purchase", "points": "1", "per": "1", "tags": ["exact"]}
RUNG = {"colour": "#000000", "colour_dark": "#ffffff", "summary": "A rung."}
PERIODS: list[dict[str, Any]] = [
    {"period": "calendar"},
    {"period": "calendar", "starts": "02-28"},
    {"period": "calendar", "starts": "03-01"},
    {"period": "anniversary"},
    *({"period": "rolling", "days": days} for days in (2, 7, 31, 365)),
]
TODAY = date(2024, 2, 29)
JOINED = [date(2020, 2, 29), date(2021, 3, 1), date(2021, 2, 28), date(2020, 6, 15), date(2023, 11, 30)]


@st.composite
def climbers(draw: st.DrawFn, members: int = 6, length: int = 12, period: str | None = None) -> Club:
    """Draw members with enough purchases before TODAY to rise, under any `qualifying` or one kind of period."""
    basis = draw(st.sampled_from(["spend", "spend", "points", "orders"]))
    qualifying = {
        "basis": basis,
        "downgrade": draw(st.sampled_from(["by-balance", "one-step", "by-balance", "one-step", "none"])),
        "grace_days": draw(st.sampled_from([0, 0, 1, 10, 40, 90])),
        "exclude_tags": ["postage"],
    } | draw(st.sampled_from([each for each in PERIODS if period in (None, each["period"])]))
    rungs = zip(KEYS, [None, *draw(st.sampled_from(REACHES[basis]))], strict=False)
    programme = Programme.model_validate(
        {
            "name": "Club",
            "tiers": [{**RUNG, "key": key, "name": key, **({"reach": reach} if reach else {})} for key, reach in rungs],
            "currency": draw(st.sampled_from(["EUR", "EUR", "JPY", "KWD"])),
            "earning": [EXACT, {"name": "Spend", "kind": "purchase", "points": "0.1", "per": "1"}],
            "qualifying": qualifying,
        }
    )
    names = [f"M-{number}" for number in range(members)]
    persons = {name: Person(draw(st.sampled_from(JOINED))) for name in names}
    days_ago = int(qualifying.get("days", 365)) + int(qualifying["grace_days"])
    ledgers = {name: draw(several(bought(days_ago), 0, length)) for name in names}
    return Club(programme, persons, {name: in_order(lines) for name, lines in ledgers.items()})


def bought(days_ago: int) -> st.SearchStrategy[Line]:
    """Draw a line of the last `days_ago` days, or earlier; one in six is a refund."""
    near = st.sampled_from([0, 1, 2, 30, 31, 60])
    ago = near | st.integers(0, days_ago) | st.integers(0, days_ago) | st.integers(days_ago, 2 * days_ago + 365)
    return st.builds(
        lambda days, kind, minor, reference: Line(0, TODAY - timedelta(days=days), kind, minor, None, reference),
        ago,
        st.sampled_from(["purchase"] * 5 + ["refund"]),
        st.sampled_from([1, 99, 5000, 9999, 10_000, 20_000, 30_000]) | st.integers(1, 40_000),
        st.sampled_from(["A", "B", "C", None]),
    )


def in_order(lines: list[Line]) -> list[Line]:
    """Number lines by day."""
    return [numbered(line, n) for n, line in enumerate(sorted(lines, key=lambda line: line.day), 1)]


@dataclass(frozen=True)
class Told:
    """The statement of a member on a day, with the lines behind it."""

    programme: Programme
    person: Person
    lines: Ledger
    statement: Statement

    @property
    def today(self) -> date:
        return self.statement.as_of

    def later(self, day: date, *more: Line) -> Account:
        """Return the reference's account on a later day, after more lines."""
        return account_of(self.programme, self.person, [*self.lines, *more], day)

    def tier(self, day: date, *more: Line) -> int:
        """Return the reference's rung on a later day, after more lines."""
        seen = in_ledger_order(line for line in (*self.lines, *more) if line.day <= day)
        return Ladders(self.programme, self.person, seen).rung(day)

    def rung(self, tier: str) -> int:
        return self.programme.ladder.index(tier)

    def buying(self, missing: Decimal, day: date) -> list[Line]:
        """Return lines that add exactly `missing` to the figure on a day: money, points or orders."""
        qualifying, scale = self.programme.qualifying, 10 ** digits_of(self.programme)
        assert qualifying is not None
        if qualifying.basis == "orders":
            return [Line(10**6 + n, day, "purchase", 1, None, f"more-{n}") for n in range(int(missing))]
        return [Line(10**6, day, "purchase", int(missing * scale), None, "more", ("exact",))] if missing else []

    @property
    def least(self) -> Decimal:
        """The smallest unit of the basis."""
        qualifying = self.programme.qualifying
        digits = digits_of(self.programme) if qualifying and qualifying.basis == "spend" else 0
        return Decimal(1).scaleb(-digits)


def account_of(programme: Programme, person: Person, lines: Ledger, on: date) -> Account:
    return reference.account(programme, lines, person, on=on)


def told(club: Club, day: date = TODAY) -> Iterator[Told]:
    """Yield the engine's statement of each member of a club on a day."""
    for statement in statements(club, day):
        lines = [line for line in club.lines[statement.member] if line.day <= day]
        yield Told(club.programme, club.members[statement.member], lines, statement)


def statements(club: Club, day: date) -> Iterator[Statement]:
    """Yield the statements of all members on a day."""
    programme = club.programme
    for account in engine_of(programme, club.lines, club.members).accounts(day):
        member = as_member(account.member, club.members[account.member])
        statement = make_statement(member, Standings(day, programme, [member], {member.id: account}))
        assert statement
        yield statement


def said(programme: Programme, ledger: str, on: str, joined: str = "2020-01-01", **by_hand: str) -> Statement:
    """Return the statement of one member; the ledger is written as in the examples."""
    until = date.fromisoformat(by_hand["tier_until"]) if "tier_until" in by_hand else None
    person = Person(date.fromisoformat(joined), by_hand.get("tier"), until)
    rows = sorted((row.split() for row in ledger.splitlines() if row.strip()), key=lambda row: row[0])
    lines = [line_of(n, row, programme.currency) for n, row in enumerate(rows, 1)]
    (found,) = statements(Club(programme, {"M-1": person}, {"M-1": lines}), date.fromisoformat(on))
    return found
