"""Typed rows: the fields are the columns of the SQL step, by name, order and type."""

from __future__ import annotations

from datetime import date
from types import GenericAlias
from typing import Any, get_args, get_type_hints

import pytest

from members_portal.loyalty.engine.engine import result_sql
from members_portal.loyalty.engine.row import AccountLine, ReplayRow, SumRow
from members_portal.loyalty.programme.earning import Validity
from tests.long_cases import quick_first
from tests.loyalty.engine_adapter import engine_of
from tests.loyalty.examples import EXAMPLES

DAY = date(2027, 12, 31)
MEMBERS = {f"M-{n}": example.person for n, example in enumerate(EXAMPLES)}
LINES = {f"M-{n}": example.lines for n, example in enumerate(EXAMPLES)}
PROGRAMMES = {rules.qualifying and rules.qualifying.period: rules for rules in (each.programme for each in EXAMPLES)}
SHORT_LIVED = {"valid": Validity(days=40)}  # points expire after some were spent: such members need a replay
STEPS: dict[str, type[AccountLine | SumRow | ReplayRow]] = {
    "account_rows": AccountLine,
    "sum_rows": SumRow,
    "replay_rows": ReplayRow,
}


def types_of(hint: Any) -> set[type]:
    """Return the classes of an annotation such as `int | None` or `list[str]`."""
    parts = (hint,) if isinstance(hint, GenericAlias) else get_args(hint) or (hint,)
    return {list if isinstance(part, GenericAlias) else part for part in parts}


@pytest.mark.parametrize("step", quick_first(STEPS, 1))
def test_a_field_for_each_column_in_its_order_and_of_its_type(step: str) -> None:
    shape, rows = STEPS[step], 0
    hints = get_type_hints(shape)
    for rules in PROGRAMMES.values():
        programme = rules.model_copy(update={"points": rules.points.model_copy(update=SHORT_LIVED)})
        engine = engine_of(programme, LINES, MEMBERS)
        assert len(list(engine.standings(DAY))) == len(MEMBERS)  # leaves the tables of the batch in the connection
        result = engine.con.execute(result_sql(step, DAY))
        assert [name for name, *_ in result.description or ()] == list(shape._fields)
        for row in result.fetchall():
            rows += 1
            wrong = {
                name: value
                for name, value in zip(shape._fields, row, strict=True)
                if type(value) not in types_of(hints[name])
            }
            assert wrong == {}
    assert rows > 20
