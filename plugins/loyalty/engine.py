"""The engine: a ledger and a programme to what every line earned and where every member stands, on any day.

The rules are acted out by DuckDB, a batch of members at a time: sql/ holds a file for each step. What is taken from
which lot is acted out in `lot.py`. RULES.md says what comes out.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import duckdb

from plugins.loyalty.expression import REASONS, Expressions, cases, day_literal, quoted
from plugins.loyalty.lot import NEVER, Lot, Pool, Take, replay
from plugins.loyalty.member import Member
from plugins.loyalty.programme import Programme
from plugins.loyalty.qualifying import Qualifying, YearlyDay

Row = tuple[Any, ...]
Found = TypeVar("Found")

SQL = Path(__file__).parent / "sql"
KINDS = (
    *("purchase", "refund", "referral", "review", "testimonial", "survey", "event", "birthday"),
    *("adjustment", "redemption"),
)
BATCH = 1_250_000  # lines acted out together: about 600 MB
WIDTHS = ((8, "utinyint"), (16, "usmallint"), (32, "uinteger"), (63, "ubigint"))  # bits, type
TAKING = ("redemption", "refund", "adjustment")
LAST = 2**62  # the place of the question itself, after every line


class Entry(NamedTuple):
    """One line and what came of it.

    `minor` is its amount in cents or the like, `points` what it gave (above 0) or took; `rung` the member's place on
    the ladder just before it, `figure` what it counts towards a tier, `factor` in ten-thousandths.
    """

    n: int
    day: date
    kind: str
    minor: int | None
    reference: str | None
    tags: tuple[str, ...]
    points: int
    reason: str
    rule: int | None
    factor: int
    available: date | None
    expires: date | None
    rung: int
    figure: int


@dataclass(frozen=True)
class Balance:
    """Points by what became of them: `earned` is the sum of all others. What is owed is taken off `active`."""

    pending: int = 0
    active: int = 0
    earned: int = 0
    spent: int = 0
    returned: int = 0
    taken: int = 0
    expired: int = 0

    @property
    def total(self) -> int:
        return self.pending + self.active


@dataclass(frozen=True)
class Account:
    """A member's lines and where they lead on a day.

    `figure` is the sum towards a tier in the present period and `reached` its rung, `carried` the rung that the period
    began with; `rung` is where the member stands.
    """

    member: str
    on: date
    rung: int
    figure: int
    reached: int
    carried: int
    entries: tuple[Entry, ...]
    lots: tuple[Lot, ...]
    takes: tuple[Take, ...]
    left: tuple[int, ...]
    owed: int
    balance: Balance


class Standing(NamedTuple):
    """A member's figures without their story, for many members at once."""

    member: str
    rung: int
    figure: int
    balance: Balance


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
                yield _account(self.members[m].id, list(rows), on)

    def standings(self, on: date) -> Iterator[Standing]:
        """Give every member's standing on a day: the same figures, without the story of each line."""
        today = on.toordinal()
        for summed, touched in _one_ahead(self._summed(on)):
            stories = groupby(touched, key=itemgetter(0))
            for m, rung, figure, pending, active, expired, was_touched in summed:
                if was_touched:
                    balance = _replayed(list(next(stories)[1]), today)
                else:
                    balance = Balance(pending, active, pending + active + expired, expired=expired)
                yield Standing(self.members[m].id, rung, figure, balance)

    def _summed(self, on: date) -> Iterator[tuple[list[Row], list[Row]]]:
        """Give each batch as sums of every member, and the lines of those from whom something was taken."""
        summed, touched = _sql("summed").format(day=day_literal(on)), _sql("touched").format(never=NEVER)
        for batch in self._batches(on):
            self._act_out(on, batch)
            yield self.con.execute(summed).fetchall(), self.con.execute(touched).fetchall()

    def _batches(self, on: date) -> Iterator[str]:
        """Ask every line what can be asked of it alone, and cut the members into batches."""
        self.con.execute(_sql("counted").format_map(self._counted(on)))
        (lines,) = self.con.execute("select count(*) from counted").fetchone() or (0,)
        count = max(1, -(-lines // BATCH))
        size = -(-len(self.members) // count)
        for first in range(0, len(self.members), size or 1):
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
        """Run the steps for one batch; each file makes the table it is named after."""
        for step, parts in self._steps(on, batch).items():
            self.con.execute(_sql(step).format_map(parts))

    def _steps(self, on: date, batch: str) -> dict[str, Mapping[str, object]]:
        say = self.say
        earning = {"factor": say.factor(), "would_earn": say.would_earn(), "capped": say.capped(), **self._by_hand()}
        return {
            "batch": {"batch": batch, "day": day_literal(on), "last": LAST, "bits": self._bits()},
            "refunds": {},
            **_tier_step(self.programme.qualifying, say, on),
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


def _tier_step(qualifying: Qualifying | None, say: Expressions, on: date) -> dict[str, Mapping[str, object]]:
    if qualifying is None:
        return {"tiers_by_hand": {}}
    if qualifying.period == "rolling":
        return {"tiers_rolling": {**_figure(qualifying), **_rolling(qualifying, say, on)}}
    return {"tiers_yearly": {**_figure(qualifying), **_yearly(qualifying, say)}}


def _figure(qualifying: Qualifying) -> dict[str, object]:
    """Write the SQL for what a line counts towards a tier."""
    joins = "left join refunds r on r.m = c.m and r.n = c.n"
    if qualifying.basis == "spend":
        by_kind = cases([("c.kind = 'purchase'", "minor"), ("c.kind = 'refund'", "-minor")], 0)
        return {"figure": f"(case when uncounted then 0 else {by_kind} end)::bigint", "figure_joins": ""}
    if qualifying.basis == "points":
        by_kind = cases([("c.kind = 'refund'", "-coalesce(base_back, 0)")], "c.base")
        return {"figure": f"(case when uncounted then 0 else {by_kind} end)::bigint", "figure_joins": joins}
    first = "c.order_no is null or row_number() over (partition by c.m, c.kind, c.order_no order by c.n) = 1"
    by_kind = cases([(f"c.kind = 'purchase' and ({first})", 1), ("c.kind = 'refund' and undone", -1)], 0)
    return {"figure": f"({by_kind})::bigint", "figure_joins": joins}


def begins_in(year: str, period: str, starts: YearlyDay) -> str:
    """Write the SQL for the day on which the period of a year begins; 29 February is 28 in common years."""
    month, day = ("month(joined)", "day(joined)") if period == "anniversary" else (str(starts[0]), str(starts[1]))
    leap = f"({year} % 4 = 0 and ({year} % 100 <> 0 or {year} % 400 = 0))"
    return f"make_date({year}, {month}, case when {month} = 2 and {day} = 29 and not {leap} then 28 else {day} end)"


def _yearly(qualifying: Qualifying, say: Expressions) -> dict[str, object]:
    this_year = begins_in("year(day)", qualifying.period, qualifying.starts)
    carried, carried_before = {
        "none": ("max(highest) over earlier", "0"),
        "one-step": ("max(reached + p) over earlier - (p - 1)", "max(reached + p) over long_ago - (p - 2)"),
        "by-balance": ("max(reached) over last_one", "max(reached) over one_before"),
    }[qualifying.downgrade]
    never_down = qualifying.downgrade == "none"
    return {
        "period": f"year(day) - (day < {this_year})::integer",
        "begins": begins_in("p", qualifying.period, qualifying.starts),
        "rung_after": say.rung("after_line"),
        "rung_of_total": say.rung("sum(line_figure)"),
        "carried": carried,
        "carried_before": carried_before,
        "reached": "coalesce(max(rung_after) over earlier, 0)" if never_down else say.rung("figure"),
        "grace": qualifying.grace_days,
        "member": "join member on no = c.m" if qualifying.period == "anniversary" else "",
    }


def _rolling(qualifying: Qualifying, say: Expressions, on: date) -> dict[str, object]:
    reaches = [say.reach(amount) for amount in say.programme.reaches]
    held = [f"max(case when at_end >= {reach} then lasts end) over earlier as held_{k}"
            for k, reach in enumerate(reaches, 1)]  # fmt: skip
    return {
        "days": qualifying.days,
        "day": day_literal(on),
        "held": ", ".join(held) or "null as held_0",
        "held_names": ", ".join(f"held_{k}" for k in range(1, len(held) + 1)) or "held_0",
        "rung_at_end": say.rung("at_end"),
        "rung_before": say.rung("figure"),
        "rung_after": say.rung("(figure + line_figure)"),
        "stands": _stands(qualifying, len(reaches)),
    }


def _stands(qualifying: Qualifying, rungs: int) -> str:
    """Write the SQL for the rung that days of the past still hold; `held_k` is the last day rung k was held."""
    if qualifying.downgrade == "none":
        return "coalesce(highest, 0), coalesce(max(rung_after) over before, 0)"
    late = f"greatest(0, (day - held_{{k}}) - {qualifying.grace_days})"
    step = f"{{k}} - ceil({late} / {qualifying.days}.0)::integer"
    if qualifying.downgrade == "by-balance":
        step = f"case when {late} = 0 then {{k}} else 0 end"
    steps = [f"case when held_{k} is null then 0 else {step.format(k=k)} end" for k in range(1, rungs + 1)]
    return ", ".join(["0", *steps])


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


def _replayed(rows: Sequence[Row], today: int) -> Balance:
    """Replay rows of touched.sql: member, place, day, points, available, expires, order, kind of taking."""
    lots = [Lot._make(row[1:7]) for row in rows if row[3] > 0]
    taking = [row for row in rows if row[3] < 0]
    takes = [Take(n, day, -points, order if kind else None) for _, n, day, points, _, _, order, kind in taking]
    return balance_of(lots, [TAKING[row[7]] for row in taking], replay(lots, takes, today), today)


def _account(member: str, rows: list[Row], on: date) -> Account:
    """Put a member's account together; the last row is the day itself."""
    *lines, asked = rows
    lots, takes = _lots(lines), _takes(lines)
    pool = replay(lots, takes, on.toordinal())
    taken = dict(zip((take.n for take in takes), pool.taken, strict=True))
    entries = tuple(_entry(row, taken) for row in lines)
    kinds = [entry.kind for entry in entries if entry.n in taken]
    balance = balance_of(lots, kinds, pool, on.toordinal())
    rung, _, figure, reached, carried = asked[14:]
    return Account(member, on, rung, figure, reached, carried, entries, lots, takes, pool.left, pool.owed, balance)


def _lots(rows: Sequence[Row]) -> tuple[Lot, ...]:
    return tuple(
        Lot(n, day.toordinal(), gives, available.toordinal(), _ordinal(last), _order(kind, reference))
        for _, n, day, kind, _, reference, _, gives, _, _, _, _, available, last, *_ in rows
        if gives
    )


def _ordinal(last: date | None) -> int:
    return last.toordinal() if last else NEVER


def _order(kind: str, reference: str | None) -> str | None:
    return reference if kind in ("purchase", "refund") else None


def _takes(rows: Sequence[Row]) -> tuple[Take, ...]:
    return tuple(
        Take(n, day.toordinal(), takes, _order(kind, reference))
        for _, n, day, kind, _, reference, _, _, takes, *_ in rows
        if takes
    )


def _entry(row: Row, taken: Mapping[int, int]) -> Entry:
    _, n, day, kind, minor, reference, tags, gives, _, reason, rule, factor, available, last, rung, figure, *_ = row
    points = gives - taken.get(n, 0)
    return Entry(
        n, day, kind, minor, reference, tuple(tags), points, reason, rule, factor, available, last, rung, figure
    )


def balance_of(lots: Sequence[Lot], kinds: Sequence[str], pool: Pool, today: int) -> Balance:
    """Add up what became of lots; `kinds` are those of the lines that took, in the order of `pool.taken`."""
    pending = active = expired = 0
    for lot, left in zip(lots, pool.left, strict=True):
        if lot.expires < today:
            expired += left
        elif lot.available > today:
            pending += left
        else:
            active += left
    took = dict.fromkeys(TAKING, 0)
    for kind, points in zip(kinds, pool.taken, strict=True):
        took[kind] += points
    earned = sum(lot.points for lot in lots)
    spent, returned, by_hand = took.values()
    return Balance(pending, active - pool.owed, earned, spent, returned, by_hand, expired)
