"""CSV cells: no text is a formula, and every text is restored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.input.csv_cell import FORMULA_STARTS, guarded, unguarded


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
