"""Explanation: the reason for the points of a ledger line, in words for the member."""

from decimal import Decimal

from members_portal.loyalty.engine.expression import FACTOR_ONE
from members_portal.loyalty.engine.row import AccountLine
from members_portal.loyalty.programme.earning import Cap, EarningRule, Multiplier
from members_portal.loyalty.programme.programme import Programme

FIXED_REASONS = {
    "before joining": "before you joined",
    "no purchase": "no earlier purchase belongs to it",
    "returned": "taken back with what was returned",
    "spent": "spent",
    "undone": "a redemption was undone",
    "no redemption": "there is no redemption to undo",
    "given": "given by hand",
    "taken": "taken back by hand",
    "no rule": "earns nothing",
}
CAP_SPANS = {"day": "a day", "week": "a week", "month": "a month", "year": "a year", "ever": "in all"}


def reason_of(line: AccountLine, programme: Programme) -> str:
    """Return the reason for the points of a line in a few words."""
    if line.reason in FIXED_REASONS:
        return FIXED_REASONS[line.reason]
    rule = programme.earning[line.rule] if line.rule is not None else _first(line.kind, programme)
    return _earned(line, rule, programme) if line.rule is not None and rule else _nothing(line.reason, rule)


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


def _earned(line: AccountLine, rule: EarningRule, programme: Programme) -> str:
    parts = [rule.name]
    if line.factor > FACTOR_ONE:
        parts.append(f"×\N{NO-BREAK SPACE}{_plain(Decimal(line.factor) / FACTOR_ONE)}{_multiplier(line, programme)}")
    if line.reason == "capped" and rule.cap:
        parts.append(_capped(rule.cap, line.points))
    return ", ".join(parts)


def _capped(cap: Cap, points: int) -> str:
    if points:
        return f"at most {cap.points} {CAP_SPANS[cap.per]}"
    of = "" if cap.per == "ever" else f" of the {cap.per}"
    return f"the {cap.points}{of} are used up"


def _multiplier(line: AccountLine, programme: Programme) -> str:
    """Return the name of the multiplier in parentheses, if exactly one explains the factor."""
    fitting = [rule for rule in programme.multipliers if _explains(rule, line)]
    named = {rule.name for rule in fitting if int(rule.factor * FACTOR_ONE) == line.factor}
    return f" ({named.pop()})" if len(named) == 1 else ""


def _explains(rule: Multiplier, line: AccountLine) -> bool:
    in_time = (rule.from_ or line.day) <= line.day <= (rule.until or line.day)
    return in_time and line.kind in rule.kinds and (not rule.tags or bool(set(rule.tags) & set(line.tags)))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
