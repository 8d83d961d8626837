"""The engine: a ledger and a programme to what every line earned and where every member stands, on any day.

The rules are acted out by DuckDB, a batch of members at a time: sql/ holds a file for each step. What is taken from
which lot is acted out in `lot.py`. RULES.md says what comes out.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

import duckdb

from members_portal.loyalty.engine.account import Account, Balance, Row, Standing, account_of, replayed
from members_portal.loyalty.engine.expression import REASONS, Expressions, day_literal, quoted
from members_portal.loyalty.engine.lot import NEVER
from members_portal.loyalty.engine.tier_sql import tier_step
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme

Found = TypeVar("Found")

SQL = Path(__file__).parent / "sql"
KINDS = (
    *("purchase", "refund", "referral", "review", "testimonial", "survey", "event", "birthday"),
    *("adjustment", "redemption"),
)
BATCH = 1_250_000  # lines acted out together: about 600 MB
WIDTHS = ((8, "utinyint"), (16, "usmallint"), (32, "uinteger"), (63, "ubigint"))  # bits, type
LAST = 2**62  # the place of the question itself, after every line


class Engine:
    """Acts out a programme's rules over the table `line` of a connection (ledger.py makes it).

    `members` may be Member records or anything with their `id`, `joined`, `tier` and `tier_until`.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, programme: Programme, members: Sequence[Member], digits: int
    ) -> None:
        self.con, self.programme, self.members = con, programme, members
        self.say = Expressions(programme, digits)
        self._enter_members()

    def _enter_members(self) -> None:
        kinds = ", ".join(map(quoted, (*KINDS, "early", "asked")))
        self.con.execute(f"create type if not exists line_kind as enum ({kinds})")
        self.con.execute(f"create type if not exists nothing as enum ({', '.join(map(quoted, REASONS))})")
        rungs = [self.programme.rank(member.tier) - 1 if member.tier else None for member in self.members]
        self.con.execute(
            "create or replace table member as select unnest(?::integer[]) as no, unnest(?::varchar[]) as id,"
            " unnest(?::date[]) as joined, unnest(?::integer[]) as fixed, unnest(?::date[]) as fixed_until",
            [
                list(range(len(self.members))),
                [member.id for member in self.members],
                [member.joined for member in self.members],
                rungs,
                [member.tier_until for member in self.members],
            ],
        )

    def accounts(self, on: date) -> Iterator[Account]:
        """Give every member's account on a day, in the order of the members."""
        for batch in self._batches(on):
            self._act_out(on, batch)
            for m, rows in groupby(_rows(self.con, _sql("entries")), key=itemgetter(0)):
                yield account_of(self.members[m].id, list(rows), on)

    def standings(self, on: date) -> Iterator[Standing]:
        """Give every member's standing on a day: the same figures, without the story of each line."""
        today = on.toordinal()
        for summed, touched in _one_ahead(self._summed(on)):
            stories = groupby(touched, key=itemgetter(0))
            for m, rung, figure, pending, active, expired, earned, has_story in summed:
                if has_story:
                    balance = replayed(list(next(stories)[1]), today)
                else:
                    returned = earned - pending - active - expired
                    balance = Balance(pending, active, earned, returned=returned, expired=expired)
                yield Standing(self.members[m].id, rung, figure, balance)

    def _summed(self, on: date) -> Iterator[tuple[list[Row], list[Row]]]:
        """Give each batch as sums of every member, and the lines of those whose story has to be told."""
        summed, touched = _sql("summed").format(day=day_literal(on)), _sql("touched").format(never=NEVER)
        for batch in self._batches(on):
            self._act_out(on, batch)
            yield self.con.execute(summed).fetchall(), self.con.execute(touched).fetchall()

    def _batches(self, on: date) -> Iterator[str]:
        """Cut the members into batches, and ask every line what can be asked of it alone."""
        (lines,) = self.con.execute("select count(*) from line").fetchone() or (0,)
        count = max(1, -(-lines // BATCH))
        size = -(-len(self.members) // count) or 1
        together = f"order by m // {size}" if count > 1 else ""  # a batch is found without reading the others
        self.con.execute(_sql("counted").format_map({**self._counted(on), "together": together}))
        for first in range(0, len(self.members), size):
            yield f"m between {first} and {first + size - 1}"

    def _counted(self, on: date) -> dict[str, object]:
        say = self.say
        return {
            "day": day_literal(on),
            "bits": self._bits(),
            "order_amount": say.order_amount(),
            "rule": say.rule(),
            "boosts": say.boosts(),
            "uncounted": say.uncounted(),
            "base_points": say.base_points(),
            "nothing": say.nothing(),
        }

    def _act_out(self, on: date, batch: str) -> None:
        """Run the steps for one batch, a file of sql/ each; a step reads what the ones before it made."""
        for step, parts in self._steps(on, batch).items():
            self.con.execute(_sql(step).format_map(parts))

    def _steps(self, on: date, batch: str) -> dict[str, Mapping[str, object]]:
        say = self.say
        earning = {"factor": say.factor(), "would_earn": say.would_earn(), "capped": say.capped(), **self._by_hand()}
        return {
            "batch": {"batch": batch, "day": day_literal(on), "last": LAST, "bits": self._bits()},
            "refunds": {},
            **tier_step(self.programme.qualifying, say, on),
            "earned": {**earning, "available": say.available(), "expires": say.expires()},
            "taken": {},
            "moves": {},
        }

    def _bits(self) -> str:
        """Name the narrowest type with a bit for each multiplier: ten million lines carry it."""
        count = len(self.programme.multipliers)
        return next(name for bits, name in WIDTHS if count <= bits)

    def _by_hand(self) -> dict[str, object]:
        """Write the SQL for the rung that a member stands on: the one given by hand, where there is any."""
        if not any(member.tier for member in self.members):
            return {"rung": "earned_rung", "member": ""}
        given = "fixed is not null and (fixed_until is null or day <= fixed_until)"
        return {"rung": f"case when {given} then fixed else earned_rung end", "member": "join member on no = r.m"}


@cache
def _sql(step: str) -> str:
    return (SQL / f"{step}.sql").read_text("utf-8")


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[Row]:
    found = con.execute(sql)
    while rows := found.fetchmany(20_000):
        yield from rows


def _one_ahead(found: Iterator[Found]) -> Iterator[Found]:
    """Fetch the next one while this one is worked on: DuckDB needs no interpreter lock to think."""
    with ThreadPoolExecutor(max_workers=1) as worker:
        coming = worker.submit(next, found, None)
        while (one := coming.result()) is not None:
            coming = worker.submit(next, found, None)
            yield one
