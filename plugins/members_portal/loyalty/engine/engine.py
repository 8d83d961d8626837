"""The engine: from a ledger and a programme to the points of every line and the tier of every member, on any day.

DuckDB runs the SQL steps in sql/ for one batch of members after the other; `lot.py` replays the debits of a member.
RULES.md defines the results.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache, partial
from itertools import chain, groupby, pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from members_portal.loyalty.engine.account import Account, Standing, account_of, replayed_balance, summed_balance
from members_portal.loyalty.engine.cap_room import make_room
from members_portal.loyalty.engine.expression import (
    UNMATCHED_REASONS,
    Expressions,
    cases,
    day_literal,
    quoted,
)
from members_portal.loyalty.engine.lot import NEVER
from members_portal.loyalty.engine.refund_part import add_parts
from members_portal.loyalty.engine.refund_share import back, fair_points, only_refunded, share_of
from members_portal.loyalty.engine.reversal import match_reversals
from members_portal.loyalty.engine.row import AccountLine, ReplayRow, SumRow
from members_portal.loyalty.engine.tier_rules import tier_steps
from members_portal.loyalty.ledger.ledger_rule import LINE_KINDS
from members_portal.loyalty.member.given_tier import tiers_by_hand
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme

Fetched = TypeVar("Fetched")

SQL = Path(__file__).parent / "sql"
LINES_PER_BATCH = 1_250_000  # lines in one batch: about 600 MB
ACCOUNT_ROWS_PER_FETCH = 20_000
WIDTHS = ((8, "utinyint"), (16, "usmallint"), (32, "uinteger"), (63, "ubigint"))  # bits, type
EARLY_KINDS = ("early", "early purchase", "early refund")  # of lines before joining
LAST = 2**62  # the number of the line of kind `asked`, after every ledger line


class Engine:
    """Evaluate the rules of a programme over the table `line` of a connection (ledger.py creates it).

    `members` may be Member records or any objects with `id`, `joined`, `tier`, `tier_from`, `tier_until` and
    `tiers_given`; `digits` are the decimals of the currency.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, programme: Programme, members: Sequence[Member], digits: int
    ) -> None:
        self.con, self.programme, self.members = con, programme, members
        self.expressions = Expressions(programme, digits)
        self._create_member_table()

    def _create_member_table(self) -> None:
        kinds = ", ".join(map(quoted, (*LINE_KINDS, *EARLY_KINDS, "asked")))
        reasons = ", ".join(map(quoted, UNMATCHED_REASONS))
        self.con.execute(f"create type if not exists line_kind as enum ({kinds})")
        self.con.execute(f"create type if not exists unmatched_reason as enum ({reasons})")
        by_hand = [tiers_by_hand(member) for member in self.members]
        self.most_by_hand = max(map(len, by_hand), default=0)
        columns: list[list[Any]] = [
            list(range(len(self.members))),
            [member.id for member in self.members],
            [member.joined for member in self.members],
        ]
        fixed = ""
        for k in range(self.most_by_hand):
            own = [given[k] if k < len(given) else None for given in by_hand]
            fixed += (
                f", unnest(?::integer[]) as fixed_{k}, unnest(?::date[]) as from_{k}, unnest(?::date[]) as until_{k}"
            )
            columns.append([self.programme.rank(each.tier) - 1 if each else None for each in own])
            columns += [[each.first if each else None for each in own], [each.last if each else None for each in own]]
        self.con.execute(
            "create or replace table member as select unnest(?::integer[]) as no, unnest(?::varchar[]) as id,"
            f" unnest(?::date[]) as joined{fixed}",
            columns,
        )

    def accounts(self, on: date) -> Iterator[Account]:
        """Yield the account of every member on a day, in the order of the members."""
        for batch in self._batches(on):
            self._run_steps(on, batch)
            result = self.con.execute(result_sql("account_rows", on))
            parts = iter(partial(result.fetchmany, ACCOUNT_ROWS_PER_FETCH), [])
            rows = map(AccountLine._make, chain.from_iterable(parts))
            for member_no, own in groupby(rows, key=attrgetter("member_no")):
                yield account_of(self.members[member_no].id, list(own), on)

    def standings(self, on: date, table: str | None = None) -> Iterator[Standing]:
        """Yield the standing of every member on a day: the figures of `accounts`, without the lines.

        The rows of the accounts are written to a new `table`, if one is named.
        """
        today = on.toordinal()
        for sums, replays in _prefetched(self._sums(on, table)):
            replay_rows = groupby(map(ReplayRow._make, replays), key=attrgetter("member_no"))
            for row in map(SumRow._make, sums):
                if row.needs_replay:
                    balance = replayed_balance(list(next(replay_rows)[1]), today)
                else:
                    balance = summed_balance(row)
                yield Standing(self.members[row.member_no].id, row.rung, row.figure, balance)

    def _sums(self, on: date, table: str | None) -> Iterator[tuple[list[Any], list[Any]]]:
        """Yield for each batch the rows of sum_rows.sql and of replay_rows.sql, by member."""
        for index, batch in enumerate(self._batches(on)):
            self._run_steps(on, batch)
            if table:
                into = f"insert into {table}" if index else f"create table {table} as"
                self.con.execute(f"{into} {result_sql('account_rows', on)}")
            self.con.execute(f"create or replace temp table sum_row as {result_sql('sum_rows', on)}")
            yield (
                self.con.execute("from sum_row order by member_no").fetchall(),
                self.con.execute(result_sql("replay_rows", on)).fetchall(),
            )

    def _batches(self, on: date) -> Iterator[str]:
        """Run the step that needs no other line (matched.sql), then yield an SQL condition for each batch."""
        (lines,) = self.con.execute("select count(*) from line").fetchone() or (0,)
        count = max(1, -(-lines // LINES_PER_BATCH))
        size = -(-len(self.members) // count) or 1
        ascending = all(member.id <= following.id for member, following in pairwise(self.members))
        ordering = "" if count == 1 or ascending else f"order by m // {size}"  # so that DuckDB skips other batches
        parts = {**self._match_parts(on), **self._order_amounts(on), "ordering": ordering}
        self.con.execute(sql("matched").format_map(parts))
        self._split_refunds()
        match_reversals(self.con, sql("reversals").format(day=day_literal(on)))
        for first in range(0, len(self.members), size):
            yield f"m between {first} and {first + size - 1}"

    def _split_refunds(self) -> None:
        """Create the table `part`: what each refund takes from each line of its order."""
        self.con.execute(sql("order_lines"))
        self.con.execute(sql("parts"))
        add_parts(self.con)

    def _order_amounts(self, on: date) -> dict[str, str]:
        """Create the table `order_amount` if a rule asks for the amounts of orders; return how matched.sql reads it."""
        minimum = self.expressions.highest_minimum()
        if minimum is None:
            return {"order_amount": "minor", "order_amounts": ""}
        known = {"day": day_literal(on), "counted": self.expressions.counted(), "minimum": minimum}
        self.con.execute(sql("order_amount").format_map(known))
        amounts = "left join order_amount on order_amount.n = line.n"
        return {"order_amount": "coalesce(order_amount.amount, minor)", "order_amounts": amounts}

    def _match_parts(self, on: date) -> dict[str, object]:
        expressions = self.expressions
        return {
            "day": day_literal(on),
            "bits_type": self._bits_type(),
            "counted": expressions.counted(),
            "rule": expressions.rule(),
            "multiplier_bits": expressions.multiplier_bits(),
            "uncounted": expressions.uncounted(),
            "base_points": expressions.base_points(),
            "exact_column": expressions.exact_column(),
            "unmatched_reason": expressions.unmatched_reason(),
        }

    def _run_steps(self, on: date, batch: str) -> None:
        """Run the steps for one batch: a file of sql/ each. A step reads the tables of the steps before it."""
        for step, parts in self._steps(on, batch).items():
            self.con.execute(sql(step).format_map({"batch": batch, **parts}))
            if step == "capped":
                make_room(self.con, self.programme)

    def _steps(self, on: date, batch: str) -> dict[str, Mapping[str, object]]:
        expressions = self.expressions
        earning = {
            "factor": expressions.factor(),
            "points_before_cap": expressions.points_before_cap(),
            "available": expressions.available(),
            "expires": expressions.expires(),
        }
        return {
            "batch": {"day": day_literal(on), "last": LAST, "bits_type": self._bits_type()},
            **tier_steps(self.programme.qualifying, expressions, on),
            "earned": {**earning, **self._standing()},
            **({"capped": caps} if (caps := expressions.caps()) else {}),
            "taken": {
                "fair": fair_points(self.programme),
                "only_refunded": only_refunded(self.programme, "batch_part"),
                "share": share_of("coalesce(fair, 0)"),
                "back": back("back_so_far", "share"),
            },
            "moves": {},
        }

    def _bits_type(self) -> str:
        """Return the narrowest type with a bit for each multiplier: ten million lines carry it."""
        count = len(self.programme.multipliers)
        return next(name for bits, name in WIDTHS if count <= bits)

    def _standing(self) -> dict[str, object]:
        """Return the SQL for a member's rung: the one given by hand, else the one reached since the day of joining."""
        early = self.programme.points.before_joining
        if not self.most_by_hand and not early:
            return {"rung": "earned_rung", "member": ""}
        reached = "case when day < joined then 0 else earned_rung end" if early else "earned_rung"
        given = [
            (
                f"fixed_{k} is not null and coalesce(from_{k}, day) <= day and day <= coalesce(until_{k}, day)"
                f" and (kind = 'asked' or from_{k} is not null)",  # without a first day it never changes points
                f"fixed_{k}",
            )
            for k in range(self.most_by_hand)
        ]
        return {"rung": cases(given, reached), "member": "join member on no = r.m"}


def result_sql(step: str, on: date) -> str:
    """Return the query of a result step: account_rows, sum_rows or replay_rows, which reads the table `sum_row`."""
    return sql(step).format(day=day_literal(on), never=NEVER)


@cache
def sql(step: str) -> str:
    """Return a file of sql/."""
    return (SQL / f"{step}.sql").read_text("utf-8")


def _prefetched(items: Iterator[Fetched]) -> Iterator[Fetched]:
    """Fetch the next item in a thread while the caller works on this one: DuckDB releases the interpreter lock."""
    with ThreadPoolExecutor(max_workers=1) as worker:
        pending = worker.submit(next, items, None)
        while (item := pending.result()) is not None:
            pending = worker.submit(next, items, None)
            yield item
