"""Random programmes and ledgers, with few days, references and amounts, so that boundaries occur often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from members_portal.loyalty.programme.programme import Programme
from tests.loyalty.account import Given, Ledger, Line, Person

REFERENCES = ("A", "A", "A", "B", "B", None, "C")
KINDS = ("referral", "review", "testimonial", "survey", "event", "birthday")
KEYS = ("member", "silver", "gold", "platinum")
REACHES = {
    "spend": (["100", "300", "900"], ["0.01", "99.99", "250"], ["1", "2.5", "3"]),
    "points": (["10", "30", "100"], ["1", "50.5", "200"]),
    "orders": (["1", "2", "4"], ["1.5", "3", "5"]),
}
EDGES = [  # days at which some period or month begins or ends, in a leap year and on both sides of it
    *(date(2023, 11, day) for day in (1, 30)),
    *(date(2023, 12, day) for day in (1, 30, 31)),
    *(date(2024, 1, day) for day in (1, 2, 7, 8, 30, 31)),
    *(date(2024, 2, day) for day in (1, 10, 27, 28, 29)),
    *(date(2024, 3, day) for day in (1, 2, 10, 30, 31)),
    *(date(2024, 4, day) for day in (5, 6, 30)),
    *(date(2024, 12, day) for day in (30, 31)),
    *(date(2025, 1, day) for day in (1, 10, 11, 31)),
    *(date(2025, 2, day) for day in (27, 28)),
    *(date(2025, 3, day) for day in (1, 2, 30, 31)),
]
PLAIN = {"name": "Spend", "kind": "purchase", "points": "1", "per": "1"}
VISIT = {"name": "Visit", "kind": "event", "points": "10"}
LAST = date(2026, 4, 30)
EARLY = [date(2020, 2, 29), date(2023, 2, 28), date(2022, 12, 31), date(2023, 11, 1), date(2023, 1, 11)]
JOINED = [*EARLY, *EARLY, date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 1, 31)]


@dataclass(frozen=True)
class Club:
    """A programme, its members, and their lines, numbered over all members by day."""

    programme: Programme
    members: Mapping[str, Person]
    lines: Mapping[str, Ledger]


def days() -> st.SearchStrategy[date]:
    """Draw a day near an edge."""
    near = st.sampled_from([0, 0, 0, 0, 1, -1, 5, 10, 11, 30, 31])
    return st.builds(lambda edge, shift: edge + timedelta(days=shift), st.sampled_from(EDGES), near)


def asked() -> st.SearchStrategy[date]:
    """Draw the day of an account: near an edge, or after all lines."""
    return days() | st.sampled_from([date(2023, 10, 1), date(2026, 1, 1), date(2026, 3, 1), LAST])


def some(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a mapping with some of these keys; `from_` and the like lose their underscore."""
    drawn = st.fixed_dictionaries({}, optional=optional)
    return drawn.map(lambda found: {name.rstrip("_"): value for name, value in found.items()})


def several(strategy: st.SearchStrategy[Any], least: int, most: int) -> st.SearchStrategy[list[Any]]:
    """Draw a list whose lengths are equally likely: lists of Hypothesis are mostly short."""
    return st.integers(least, most).flatmap(lambda size: st.lists(strategy, min_size=size, max_size=size))


def tags() -> st.SearchStrategy[list[str]]:
    """Draw the tags of a line or a rule, often none."""
    return st.sampled_from([[], [], [], ["beans"], ["tea"], ["sale"], ["beans", "sale"], ["tea", "beans"]])


def window() -> st.SearchStrategy[dict[str, str]]:
    """Draw no, one or both of `from` and `until`, in order."""
    both = st.lists(days(), min_size=2, max_size=2).map(sorted)
    ends = both.map(lambda pair: {"from": pair[0].isoformat(), "until": pair[1].isoformat()})
    one = st.builds(lambda name, day: {name: day.isoformat()}, st.sampled_from(["from", "until"]), days())
    return st.one_of(st.just({}), st.just({}), st.just({}), one, ends)


def validity() -> st.SearchStrategy[dict[str, Any]]:
    """Draw a validity of points."""
    return st.one_of(
        st.sampled_from([1, 5, 10, 30, 365]).map(lambda count: {"days": count}),
        st.sampled_from([1, 2, 12]).map(lambda count: {"months": count}),
        st.builds(
            lambda span, after: {"end_of": span, "after": after},
            st.sampled_from(["month", "year"]),
            st.sampled_from([0, 0, 1, 2]),
        ),
        days().map(lambda day: {"until": day.isoformat()}),
    )


def cap() -> st.SearchStrategy[dict[str, Any]]:
    """Draw a cap with any span of time."""
    spans = st.sampled_from(["day", "week", "month", "year", "ever"])
    return st.builds(lambda points, per: {"points": points, "per": per}, st.sampled_from([1, 5, 12, 100]), spans)


def rule() -> st.SearchStrategy[dict[str, Any]]:
    """Draw an earning rule: for purchases in two of three cases."""
    any_kind = {
        "name": st.just("A rule"),
        "points": st.sampled_from(["1", "2", "0.5", "3.3333", "10"]),
    }
    more = some(
        tags=tags(), exclude_tags=tags(), cap=cap(), pending_days=st.sampled_from([0, 1, 5, 10, 31]), valid=validity()
    )
    money = some(per=st.sampled_from(["1", "0.3", "10", "2.5"]), minimum=st.sampled_from(["0", "10", "25", "99.99"]))
    purchase = st.fixed_dictionaries(any_kind | {"kind": st.just("purchase")})
    other = st.fixed_dictionaries(any_kind | {"kind": st.sampled_from(("event", "event", *KINDS))})
    bought = st.builds(merged, purchase, more, money, window())
    return st.one_of(bought, bought, st.builds(merged, other, more, window()))


def multiplier(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a multiplier, often for some tiers."""
    words = st.lists(st.sampled_from([*keys, *(f"{key}+" for key in keys), "members"]), max_size=2, unique=True)
    kinds = st.sampled_from([["purchase"], ["purchase", "event"], ["survey"]])
    factor = st.sampled_from(["1.5", "2", "3", "1.3333", "1.0001"])
    return st.builds(
        merged,
        st.fixed_dictionaries({"name": st.just("More"), "factor": factor}),
        some(kinds=kinds, tiers=words, tags=tags()),
        window(),
    )


def points() -> st.SearchStrategy[dict[str, Any]]:
    """Draw the settings of all points."""
    common = {
        "pending_days": st.sampled_from([0, 0, 1, 5, 14]),
        "rounding": st.sampled_from(["down", "up", "half-up"])
        | st.builds(
            lambda to, per: {"to": to, "per": per},
            st.sampled_from(["down", "up", "half-up"]),
            st.sampled_from(["line", "order", "order"]),
        ),
        "combine": st.sampled_from(["best", "add"]),
        "before_joining": st.sampled_from(["no", "no", "yes"]),
    }
    return st.builds(merged, st.fixed_dictionaries(common), some(valid=validity()))


def year() -> st.SearchStrategy[dict[str, Any]]:
    """Draw a calendar or anniversary year."""
    return st.one_of(
        some(starts=st.sampled_from(["01-01", "02-28", "03-01", "04-06", "12-31"])),
        st.just({"period": "anniversary"}),
    )


def qualifying(basis: str) -> st.SearchStrategy[dict[str, Any]]:
    """Draw the period of a basis, the downgrade and the grace days."""
    rolling = st.sampled_from([1, 7, 30, 31, 365]).map(lambda count: {"period": "rolling", "days": count})
    more = st.fixed_dictionaries(
        {
            "downgrade": st.sampled_from(["by-balance", "one-step", "none"]),
            "grace_days": st.sampled_from([0, 0, 1, 10, 300]),
            "exclude_tags": tags(),
        }
    )
    return st.builds(merged, st.just({"basis": basis}), st.one_of(year(), rolling), more)


def rebates() -> st.SearchStrategy[dict[str, Any]]:
    """Draw one to three bands of a year."""
    bands = st.lists(st.sampled_from([0, 1, 50, 100, 333]), min_size=1, max_size=3, unique=True).map(
        lambda starts: [{"from": str(start), "percent": f"{n + 0.5}"} for n, start in enumerate(sorted(starts))]
    )
    given = st.fixed_dictionaries({"bands": bands, "of": st.sampled_from(["whole", "band"])})
    return st.builds(merged, given, year(), some(exclude_tags=tags()))


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Draw a valid programme in which any key of RULES.md may occur."""
    keys = KEYS[: draw(st.sampled_from([3, 4, 3, 2, 1]))]
    basis = draw(st.sampled_from(["spend", "spend", "points", "points", "orders", None]))
    reaches = draw(st.sampled_from(REACHES[basis])) if basis else []
    tiers: list[dict[str, Any]] = [
        {"key": key, "name": key, "colour": "#000000", "colour_dark": "#ffffff", "summary": "A rung."} for key in keys
    ]
    for tier, reach in zip(tiers[1:], reaches, strict=False):
        tier["reach"] = reach
    dated(tiers, draw(st.lists(days(), max_size=2, unique=True)), draw(st.permutations(["0.5", "2", "3"])))
    rules: dict[str, Any] = {
        "name": "Club",
        "tiers": tiers,
        "currency": draw(st.sampled_from(["EUR", "EUR", "EUR", "JPY", "KWD"])),
        "points": draw(points()),
        "earning": [*draw(several(rule(), 0, 4)), *draw(st.sampled_from([[PLAIN], [PLAIN, VISIT], []]))],
        "multipliers": draw(several(multiplier(keys), 0, 3)),
    }
    if basis:
        rules["qualifying"] = draw(qualifying(basis))
    if draw(st.booleans()):
        rules["rebate"] = draw(rebates())
    return Programme.model_validate(rules)


def dated(tiers: list[dict[str, Any]], changes: list[date], factors: list[str]) -> None:
    """Let the ladder change on some days: each `reach` is multiplied by a factor from a day on."""
    for tier in tiers[1:] if changes else []:
        first = tier.get("reach", "0")
        later = [
            {"from": day.isoformat(), "reach": f"{Decimal(first) * Decimal(factor):f}"}
            for day, factor in zip(sorted(changes), factors, strict=False)
        ]
        tier |= {"reach": [{"reach": first}, *later]} if "reach" in tier else {}


def given_tiers(keys: tuple[str, ...]) -> st.SearchStrategy[tuple[Given, ...]]:
    """Draw one to three tiers by hand with different first days, which may overlap."""
    each = st.builds(Given, st.sampled_from(keys), days(), st.none() | days())
    return st.lists(each, min_size=1, max_size=3, unique_by=lambda given: given.since).map(tuple)


def persons(keys: tuple[str, ...]) -> st.SearchStrategy[Person]:
    """Draw a member, some with a tier given by hand."""
    joined = st.sampled_from(JOINED)
    return st.one_of(
        st.builds(Person, joined),
        st.builds(Person, joined),
        st.builds(Person, joined, st.sampled_from(keys), st.none() | days(), st.none() | days()),
        st.builds(
            Person, joined, st.none() | st.sampled_from(keys), st.none() | days(), st.none() | days(), given_tiers(keys)
        ),
    )


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """Draw a line without its number."""
    day, reference = draw(days()), draw(st.sampled_from(REFERENCES))
    kind = draw(
        st.sampled_from(
            ["purchase"] * 6 + ["refund"] * 3 + ["redemption", "redemption", "reversal", "adjustment", "other", "other"]
        )
    )
    if kind in {"purchase", "refund"}:
        least = int(kind == "refund")
        minor = draw(st.sampled_from([least, least, 1, 99, 333, 1000, 2500, 9999, 10_000]) | st.integers(least, 40_000))
        item = draw(st.sampled_from([None, None, None, "1", "2"]))
        return Line(0, day, kind, minor, None, reference, tuple(draw(tags())), item)
    if kind == "other":
        return Line(0, day, draw(st.sampled_from((*["event"] * 5, *KINDS))), tags=tuple(draw(tags())))
    if kind == "redemption":
        return Line(0, day, kind, None, draw(st.integers(0, 60)), draw(st.sampled_from(["cup", "cup", "tea", None])))
    if kind == "reversal":
        return Line(0, day, kind, None, None, draw(st.sampled_from(["cup", "cup", "tea"])))
    return Line(0, day, kind, None, draw(st.sampled_from([-40, -7, -1, 1, 7, 40])))


@st.composite
def returned_order(draw: st.DrawFn) -> list[Line]:
    """Draw an order of several lines, and refunds of it on later days, often of one item or tag."""
    day, reference = draw(days()), draw(st.sampled_from(["A", "B", "D"]))
    amounts = st.sampled_from([0, 100, 333, 1000, 2500, 10_000, 25_000])
    items, words = (
        st.sampled_from([None, "1", "2", "3"]),
        st.sampled_from([(), ("beans",), ("tea",), ("beans", "sale")]),
    )
    bought = [
        Line(0, day, "purchase", draw(amounts), None, reference, draw(words), draw(items))
        for _ in range(draw(st.integers(1, 4)))
    ]
    later = [timedelta(days=draw(st.sampled_from([0, 1, 8, 40, 200, 370]))) for _ in range(draw(st.integers(1, 3)))]
    back = st.sampled_from([1, 99, 100, 333, 1000, 2500, 10_000]) | st.just(
        sum(line.minor or 0 for line in bought) or 1
    )
    refunds = [Line(0, day + after, "refund", draw(back), None, reference, draw(words), draw(items)) for after in later]
    return [*bought, *refunds]


@st.composite
def undone_redemption(draw: st.DrawFn) -> list[Line]:
    """Draw points, a redemption of some of them, and its reversal on a later day."""
    day, reference = draw(days()), draw(st.sampled_from(["cup", "tea"]))
    given = Line(0, day, "adjustment", None, draw(st.sampled_from([5, 20, 40])))
    redeemed = Line(0, day + timedelta(days=1), "redemption", None, draw(st.integers(1, 50)), reference)
    undone = Line(0, day + timedelta(days=draw(st.sampled_from([1, 2, 40]))), "reversal", None, None, reference)
    return draw(st.sampled_from([[given, redeemed, undone], [given, redeemed, undone, redeemed], [redeemed, undone]]))


def activities() -> st.SearchStrategy[list[Line]]:
    """Draw one line in two of three cases, or lines that belong together."""
    one = lines().map(lambda line: [line])
    return st.one_of(one, one, one, one, returned_order(), undone_redemption())


@st.composite
def clubs(draw: st.DrawFn, fewest: int = 1, members: int = 4, length: int = 11) -> Club:
    """Draw a programme and the ledgers of its members."""
    programme = draw(programmes())
    everybody = draw(several(persons(programme.ladder), fewest, members))
    names = [f"M-{number}" for number in range(len(everybody))]
    drawn = [(name, line) for name in names for own in draw(several(activities(), 0, length)) for line in own]
    drawn.sort(key=lambda pair: pair[1].day)
    ledgers: dict[str, list[Line]] = {name: [] for name in names}
    for n, (name, line) in enumerate(drawn, 1):
        ledgers[name].append(numbered(line, n))
    return Club(programme, dict(zip(names, everybody, strict=True)), ledgers)


def numbered(line: Line, n: int) -> Line:
    """Return a line with its number in the ledger."""
    return replace(line, n=n)


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Merge mappings."""
    return {name: value for part in parts for name, value in part.items()}
