"""Strict YAML: no typing, no aliases, a place for every value."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.input.located_yaml import load_yaml, normal_key, parse_yaml
from members_portal.loyalty.input.problem import InvalidInput


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("on", "on"),
        ("0123", "0123"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2026-11-20", "2026-11-20"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("Null", "Null"),
        ("null", "null"),
        ('""', ""),
        ("''", ""),
        ('"~"', "~"),
        ("~", None),
        ("", None),
        ("!!int 7", "7"),
        ("!!python/name:os.system x", "x"),
        ("= 1", "= 1"),
    ],
)
def test_every_scalar_is_the_text_that_was_written(written: str, read: str | None) -> None:
    assert parse_yaml(f"key: {written}", "f").value == {"key": read}


def test_keys_are_folded_to_one_spelling() -> None:
    assert parse_yaml("Image  alt: x\nFIRST_OPTION: y", "f").value == {"image_alt": "x", "first_option": "y"}
    assert normal_key("Key customer") == normal_key("key_customer") == "key_customer"


def test_every_key_and_value_knows_its_place() -> None:
    located = parse_yaml("a: 1\nb:\n  - x\n  - {c: é, d: y}\n", "f")
    assert located.values == {
        (): (1, 1),
        ("a",): (1, 4),
        ("b",): (3, 3),
        ("b", 0): (3, 5),
        ("b", 1): (4, 5),
        ("b", 1, "c"): (4, 9),
        ("b", 1, "d"): (4, 15),
    }
    assert located.keys == {("a",): (1, 1), ("b",): (2, 1), ("b", 1, "c"): (4, 6), ("b", 1, "d"): (4, 12)}


def test_a_path_that_is_not_there_is_placed_at_the_nearest_above() -> None:
    located = parse_yaml("a:\n  b: 1\n", "f")
    assert located.mark(("a", "x", 3)) == (2, 3)
    assert located.mark(("x",), key=True) == (1, 1)


def test_lines_are_counted_from_where_the_text_begins_in_its_file() -> None:
    assert parse_yaml("a: 1", "f", first_line=7).mark(("a",)) == (7, 4)


def test_a_key_given_twice_is_a_problem_and_not_a_choice() -> None:
    located = parse_yaml("Tier: gold\nname: Maya\ntier: silver", "members.yaml")
    assert [str(problem) for problem in located.problems] == [
        "members.yaml:3:1: `tier` is given twice (first on line 1), expected each key once"
    ]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  two\r\n  lines\r\n")
    assert load_yaml(tmp_path / "x.yaml").value == {"a": "1", "b": "two\nlines\n"}


@pytest.mark.parametrize("nothing", ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n"])
def test_an_empty_file_holds_nothing(nothing: str) -> None:
    assert parse_yaml(nothing, "f").value is None


@pytest.mark.parametrize("bomb", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000])
def test_nesting_is_cut_off_early(bomb: str) -> None:
    with pytest.raises(InvalidInput):
        parse_yaml(bomb, "f")


def test_twenty_levels_are_deep_enough_and_twenty_one_too_deep() -> None:
    assert parse_yaml("[" * 20 + "x" + "]" * 20, "f").value
    with pytest.raises(InvalidInput, match=r"^f:1:22: is nested deeper than 20 levels$"):
        parse_yaml("[" * 21 + "x" + "]" * 21, "f")


YAML_LIKE = st.lists(
    st.sampled_from([*"abé\x00\x07\t\r\n {}[]:,-#&*!|>'\"%@`?~\\\u2028\ufeff\U0001f3ee", ": ", "- ", "\n  "])
    | st.characters(codec="utf-8"),
    max_size=40,
).map("".join)


@given(YAML_LIKE)
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        parse_yaml(text, "f", first_line=5)
    except InvalidInput as error:
        (problem,) = error.problems
        assert problem.line >= 5
        assert problem.column >= 1
        assert str(problem).startswith(f"f:{problem.line}:{problem.column}: ")


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(raw)
    try:
        load_yaml(file)
    except InvalidInput as error:
        (problem,) = error.problems
        assert problem.line >= 1
