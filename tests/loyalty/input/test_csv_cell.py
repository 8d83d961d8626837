"""CSV cells: no text is a formula, and every text is restored."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.input.csv_cell import FORMULA_STARTS, guarded, stated_text, stated_text_sql, unguarded


@pytest.mark.parametrize("text", ["=1+1", "+49", "-1", "@x", "\tx", "\rx", "'x", "'=x"])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("value", ["", "a", " =1", "1", -1, 2.5, None])
def test_any_other_value_stays_as_it_is(value: object) -> None:
    assert guarded(value) is value


@given(st.text() | st.builds(str.__add__, st.sampled_from([*FORMULA_STARTS, "'"]), st.text()))
def test_every_text_is_restored(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(FORMULA_STARTS)
    assert unguarded(cell) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [('="0012"', "0012"), ('="a\nb"', "a\nb"), ('="', '="'), ('=""', '=""'), ('="1"+1', '="1"+1'), ("0012", "0012")],
)
def test_a_formula_that_is_only_a_text_is_this_text(cell: str, text: str) -> None:
    assert stated_text(cell) == text
    assert duckdb.execute(f"select {stated_text_sql('cell')} from (select ? as cell)", [cell]).fetchone() == (text,)
