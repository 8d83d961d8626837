"""Tags: one normal form in SQL and in Python."""

from __future__ import annotations

import pickle

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members_portal.loyalty.tag import Tag, normal_tag, normal_tags_sql, written_tags
from tests.examples import examples

PLAIN = st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0x2FFFF)
CELL = st.text(PLAIN | st.sampled_from("aB ,; ßẞςΣİé\u0301"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("coffee", "coffee"),
        ("Coffee", "coffee"),
        ("CAFE\u0301", "caf\u00e9"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("STRAẞE", "strasse"),
        ("ΚΑΦΈΣ", "καφέσ"),
        ("καφές", "καφέσ"),
        ("İnci", "inci"),
        ("single origin", "single-origin"),
    ],
)
def test_the_normal_form_of_a_tag(text: str, form: str) -> None:
    assert normal_tag(text) == form
    assert normal_tag(form) == form


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("a b", ["a", "b"]),
        (" a   b ", ["a", "b"]),
        ("a,b", ["a", "b"]),
        ("a, b", ["a", "b"]),
        ("Single Origin, sale", ["Single-Origin", "sale"]),
        (",a,,b,", ["a", "b"]),
        ("a;b", ["a", "b"]),
        (",", []),
        ("", []),
    ],
)
def test_the_tags_of_a_cell(cell: str, tags: list[str]) -> None:
    assert written_tags(cell) == tags


@given(CELL)
@settings(max_examples=examples(200, 2000))
def test_sql_and_python_agree(cell: str) -> None:
    found = duckdb.execute(f"select {normal_tags_sql('cell')} from (select ? as cell)", [cell]).fetchone()
    words = [word for word in ((found or ("",))[0] or "").split(" ") if word]
    assert words == [normal_tag(word) for word in written_tags(cell)]


def test_a_tag_keeps_its_spelling() -> None:
    tag = Tag.of("Single Origin")
    assert (tag, tag.written) == ("single-origin", "Single Origin")
    assert pickle.loads(pickle.dumps(tag)).written == "Single Origin"
