"""Why a line of the ledger earned what it earned, or nothing, in a member's words."""

from decimal import Decimal

from members_portal.loyalty.engine.account import Entry
from members_portal.loyalty.engine.expression import WHOLE
from members_portal.loyalty.programme.earning import EarningRule, Multiplier
from members_portal.loyalty.programme.programme import Programme

SPANS = {"day": "a day", "week": "a week", "month": "a month", "year": "a year", "ever": "in all"}


def reason_of(entry: Entry, programme: Programme) -> str:
    """Say in a few words what came of a line."""
    rule = programme.earning[entry.rule] if entry.rule is not None else _first(entry.kind, programme)
    said = {
        "before joining": "before you joined",
        "no purchase": "the order it belongs to is not in our books",
        "returned": "taken back with what was returned",
        "spent": "spent",
        "given": "given by hand",
        "taken": "taken back by hand",
        "no rule": "earns nothing",
    }
    if entry.reason in said:
        return said[entry.reason]
    return _earned(entry, rule, programme) if entry.rule is not None and rule else _nothing(entry.reason, rule)


def _first(kind: str, programme: Programme) -> EarningRule | None:
    return next((rule for rule in programme.earning if rule.kind == kind), None)


def _nothing(reason: str, rule: EarningRule | None) -> str:
    if rule is None:
        return "earns nothing"
    return {
        "outside period": f"not in the time of “{rule.name}”",
        "not tagged": f"not part of “{rule.name}”",
        "excluded": f"left out of “{rule.name}”",
        "below minimum": f"the order is below the {_plain(rule.minimum or Decimal(0))} of “{rule.name}”",
    }[reason]


def _earned(entry: Entry, rule: EarningRule, programme: Programme) -> str:
    parts = [rule.name]
    if entry.factor > WHOLE:
        parts.append(f"×\N{NO-BREAK SPACE}{_plain(Decimal(entry.factor) / WHOLE)}{_multiplier(entry, programme)}")
    if entry.reason == "capped" and rule.cap:
        parts.append(f"at most {rule.cap.points} {SPANS[rule.cap.per]}")
    return ", ".join(parts)


def _multiplier(entry: Entry, programme: Programme) -> str:
    """Name the multiplier where one alone explains the factor."""
    fitting = [rule for rule in programme.multipliers if _explains(rule, entry)]
    named = {rule.name for rule in fitting if int(rule.factor * WHOLE) == entry.factor}
    return f" ({named.pop()})" if len(named) == 1 else ""


def _explains(rule: Multiplier, entry: Entry) -> bool:
    in_time = (rule.from_ or entry.day) <= entry.day <= (rule.until or entry.day)
    return in_time and entry.kind in rule.kinds and (not rule.tags or bool(set(rule.tags) & set(entry.tags)))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
