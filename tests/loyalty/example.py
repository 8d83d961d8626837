"""An example of the rules, computed by hand: rules, a ledger with the effect of each line, and accounts on some days.

A ledger line reads `2026-01-05 purchase 12.99 A-1 #beans @1 | 12 earned, last 2026-04-05`: a tag, an item, and after
the bar the expected facts; others are not checked. A day reads `active 12, rung 1`.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.programme_file import load_programme
from tests.loyalty.account import Account, Entry, Given, Line, Person, Rebated
from tests.loyalty.reference_orders import in_ledger_order, place
from tests.loyalty.reference_rules import DECIMALS

RUNG = 'colour: "#000000", colour dark: "#ffffff", summary: A rung'
LADDER = """\
name: Lantern Club
tiers:
  - {key: member, name: Member, RUNG}
  - {key: silver, name: Silver, RUNG, reach: 100}
  - {key: gold, name: Gold, RUNG, reach: 300}
""".replace("RUNG", RUNG)


@dataclass(frozen=True)
class Example:
    """One example. The facts of the lines hold on the last of its days."""

    name: str
    rules: str
    ledger: str
    days: Mapping[str, str]
    joined: str = "2026-01-01"
    tier: str | None = None
    tier_until: str | None = None
    tier_from: str | None = None
    given: tuple[str, ...] = ()  # each as `gold 2026-01-05 2026-01-09`

    @property
    def programme(self) -> Programme:
        """The programme with the rules of this example; silver is reached with 100, gold with 300."""
        return programme_of(self.rules)

    @property
    def person(self) -> Person:
        until, since = (date.fromisoformat(day) if day else None for day in (self.tier_until, self.tier_from))
        return Person(date.fromisoformat(self.joined), self.tier, until, since, tuple(map(given_of, self.given)))

    @property
    def lines(self) -> list[Line]:
        """The lines in the order of the ledger, numbered from 1."""
        return in_ledger_order(line for line, _ in self.rows)

    @property
    def stated(self) -> list[str]:
        """The expected facts of each line, in the order of the lines."""
        return [facts for _, facts in sorted(self.rows, key=lambda row: place(row[0]))]

    @property
    def rows(self) -> list[tuple[Line, str]]:
        """The lines as written, with their facts."""
        written = (row.partition("|") for row in self.ledger.strip().splitlines() if row.strip())
        return [
            (line_of(n, row.split(), self.programme.currency), facts.strip())
            for n, (row, _, facts) in enumerate(written)
        ]


def given_of(text: str) -> Given:
    """Read `gold 2026-01-05 2026-01-09`; the last day may be missing."""
    tier, *days = text.split()
    return Given(tier, *map(date.fromisoformat, days))


@lru_cache
def programme_of(rules: str) -> Programme:
    """Return a programme with three tiers and these rules, loaded from a folder."""
    ladder = LADDER if "qualifying:" in rules else re.sub(", reach: [0-9]+", "", LADDER)
    if rules.startswith("tiers:"):
        ladder = "name: Lantern Club\n"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "programme.yaml").write_text(f"{ladder}{rules}\n".replace("RUNG", RUNG), "utf-8")
        return load_programme(Path(folder))


def line_of(n: int, cells: list[str], currency: str) -> Line:
    """Read one line of a table."""
    day, kind, *rest = cells
    minor = points = None
    if kind in {"purchase", "refund"}:
        minor = int(Decimal(rest.pop(0)) * 10 ** DECIMALS.get(currency, 2))
    elif kind in {"adjustment", "redemption"}:
        points = int(rest.pop(0))
    tags = tuple(cell[1:] for cell in rest if cell.startswith("#"))
    reference = next((cell for cell in rest if cell[0] not in "#@"), None)
    item = next((cell[1:] for cell in rest if cell.startswith("@")), None)
    return Line(n, date.fromisoformat(day), kind, minor, points, reference, tags, item)


def of_entry(entry: Entry, stated: str) -> str:
    """Return the facts of an entry that the example states."""
    found: dict[str, object] = {"factor": entry.factor, "from": entry.available, "last": entry.last or "never"}
    found |= {"rung": entry.rung, "figure": entry.figure, "rule": entry.rule}
    first, *more = stated.split(", ")
    said = [f"{entry.points} {entry.reason}" if " " in first else str(entry.points)]
    return ", ".join(said + [f"{name} {found[name]}" for name in names(more)])


def of_account(account: Account, rebated: Rebated, stated: str) -> str:
    """Return the facts of an account that the example states."""
    found = vars(account) | {"balance": account.balance, "left": " ".join(str(lot.left) for lot in account.lots)}
    found |= {"rebate": f"{rebated.amount:f}", "spend": f"{rebated.spend:f}"}
    return ", ".join(f"{name} {found[name]}" for name in names(stated.split(", ")))


def names(facts: list[str]) -> list[str]:
    """Return the first word of each fact."""
    return [fact.split()[0] for fact in facts]
