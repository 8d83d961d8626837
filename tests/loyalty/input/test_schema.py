"""From YAML to records: accepted and rejected forms, and the messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from members_portal.loyalty.input.located_yaml import parse_yaml
from members_portal.loyalty.input.parsing import parse
from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.input.schema import Colour, Count, Day, Email, Flag, Key, Moment, Record, Text, Words


class Part(Record):
    label: Text
    weight: Count = 1


class Whole(Record):
    name: Text
    day: Day | None = None
    at: Moment | None = None
    flag: Flag = False
    words: Words = ()
    colour: Colour | None = None
    email: Email | None = None
    labels: Mapping[Key, Text] = {}
    parts: tuple[Part, ...] = ()
    part: Part | None = None
    size: Literal["small", "large"] = "small"


def read(text: str, *, private: bool = False) -> Whole | list[str]:
    """Parse YAML as a Whole; return it or the problems."""
    problems: list[Problem] = []
    located = parse_yaml(text, "f", private=private)
    whole = parse(Whole, located, located.value, problems=problems)
    assert (whole is None) == bool(problems)
    return whole or [str(problem) for problem in sorted(problems)]


def refused(form: Any, text: object) -> bool:
    """Return whether a form rejects a value."""
    try:
        TypeAdapter(form).validate_python(text)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        (Day, "2026-02-28", date(2026, 2, 28)),
        (Day, "2024-02-29", date(2024, 2, 29)),
        (Moment, "2026-12-05 18:30", datetime(2026, 12, 5, 18, 30)),
        (Flag, "true", True),
        (Flag, "Yes", True),
        (Flag, "ON", True),
        (Flag, "NO", False),
        (Flag, "False", False),
        (Flag, "off", False),
        (Count, "10", 10),
        (Words, "one", ("one",)),
        (Words, ["one", "two"], ("one", "two")),
        (Colour, "#8A6d4b", "#8A6d4b"),
        (Key, "filter-coffee", "filter-coffee"),
        (Email, "o'dwyer+club@post.example", "o'dwyer+club@post.example"),
    ],
)
def test_forms_accept(form: Any, text: object, value: object) -> None:
    assert TypeAdapter(form).validate_python(text) == value


@pytest.mark.parametrize(
    ("form", "text"),
    [
        *((Day, text) for text in ("2026-02-29", "2026-2-3", "20260203", "2026-W05-1", "1899-12-31", "2200-01-01")),
        *((Day, text) for text in ("2026-02-03T00:00:00", " 2026-02-03", "٢٠٢٦-٠٢-٠٣", "", ["2026-02-03"])),
        *((Moment, text) for text in ("2026-12-05", "2026-12-05T18:30", "2026-12-05 24:00", "0202-12-05 18:30", "")),
        *((Flag, text) for text in ("1", "0", "", "y", "true false", ["true"])),
        *((Count, text) for text in ("0", "-1", "1.5", "ten", "10000001", "", "٣x")),
        *((Words, text) for text in ("", ["one", ""], {"one": "two"}, [["one"]], None)),
        *((Colour, text) for text in ("red", "#fff", "#8a6d4b;}", "8a6d4b", "#8a6d4b\n")),
        *((Key, text) for text in ("Gold", "1st", "gold+", "", "-a", "a b", "a" * 41, "or\n")),
        *((Email, text) for text in ("maya", "maya@post", "a@b@c.d", "maya @post.example", "maya@post.", "@b.c")),
    ],
)
def test_forms_refuse(form: Any, text: object) -> None:
    assert refused(form, text)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_of_three_centuries_is_read_as_itself(day: date) -> None:
    assert TypeAdapter(Day).validate_python(day.isoformat()) == day


def test_text_loses_spaces_around_it_and_has_an_end() -> None:
    assert isinstance(whole := read('name: "  Maya "'), Whole)
    assert whole.name == "Maya"
    assert read('name: "   "') == ["f:1:7: name: `   ` doesn't fit, expected some text"]
    assert read("name: " + "a" * 4001) == [f"f:1:7: name: `{'a' * 60}` doesn't fit, expected at most 4000 characters"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("nmae: x", ["f:1:1: `name` is missing", "f:1:1: unknown key `nmae` (did you mean `name`?)"]),
        ("name: x\ncolor: y", ["f:2:1: unknown key `color` (did you mean `colour`?)"]),
        ("name: x\nlabel: y", ["f:2:1: unknown key `label` (did you mean `labels`?)"]),
        ("name: x\nwieght: 1", ["f:2:1: unknown key `wieght`"]),
        (
            "name: x\npart: {wieght: 1}",
            ["f:2:7: `label` is missing", "f:2:8: unknown key `wieght` (did you mean `weight`?)"],
        ),
        (
            "name: x\nparts:\n  - {label: a}\n  - {label: b, nmae: c}",
            ["f:4:16: unknown key `nmae`"],
        ),
        ("name:", ["f:1:1: `name` is empty, expected a value (in quotes where it begins with #)"]),
        ("name: x\nflag:", ["f:2:1: `flag` is empty, expected a value, or the key left out"]),
        (
            "name: x\npart: {label: }",
            ["f:2:8: `label` is empty, expected a value (in quotes where it begins with #)"],
        ),
        ("name: [x]", ["f:1:7: name: a list doesn't fit, expected text"]),
        ("name: {x: y}", ["f:1:7: name: a mapping doesn't fit, expected text"]),
        ("name: x\npart: y", ["f:2:7: part: `y` doesn't fit, expected `key: value` pairs"]),
        ("name: x\nparts: y", ["f:2:8: parts: `y` doesn't fit, expected a list"]),
        ("name: x\nparts: [y]", ["f:2:9: parts: `y` doesn't fit, expected `key: value` pairs"]),
        ("name: x\nlabels: [y]", ["f:2:9: labels: a list doesn't fit, expected `key: value` pairs"]),
        (
            "name: x\nsize: larg",
            ["f:2:7: size: `larg` doesn't fit, expected `small` or `large` (did you mean `large`?)"],
        ),
        ("name: x\nday: tomorrow", ["f:2:6: day: `tomorrow` doesn't fit, expected a day that exists, as YYYY-MM-DD"]),
        ("- name: x", ["f:1:1: is a list, expected `key: value` pairs"]),
        ("name", ["f:1:1: is a single value, expected `key: value` pairs"]),
        ("", ["f:1:1: is empty, expected `key: value` pairs"]),
    ],
)
def test_problems_read_like_a_colleague_wrote_them(text: str, problems: list[str]) -> None:
    assert read(text) == problems


@given(
    st.recursive(
        st.none() | st.text(max_size=8) | st.sampled_from(["2026-11-20", "true", "3", "small", "#8a6d4b"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*Whole.model_fields, "label", "weight", "x y", ""]), inner, max_size=5)
        ),
        max_leaves=12,
    )
)
def test_any_tree_is_a_record_or_has_problems(value: object) -> None:
    problems: list[Problem] = []
    whole = parse(Whole, parse_yaml("", "f"), value, problems=problems)
    assert (whole is None) == bool(problems)
    assert all("Input should" not in str(problem) for problem in problems)


WRONG_SECRETS = [
    "name: {x: CANARY}",
    "name: x\nday: CANARY",
    "name: x\nat: CANARY",
    "name: x\nflag: CANARY",
    'name: x\nflag: "  CANARY  "',
    "name: x\nwords: {x: CANARY}",
    "name: x\ncolour: CANARY",
    "name: x\nemail: " + "CANARY" * 50,
    "name: x\npart: CANARY",
    "name: x\npart: {label: x, weight: CANARY}",
    "name: x\nsize: CANARY",
    "name: " + "CANARY" * 1000,
    "- CANARY",
    "CANARY",
    "name: CANARY: CANARY",
    "name: 'CANARY",
    'name: "CANARY" CANARY',
    "name: [CANARY",
    "name: @CANARY",
]


@pytest.mark.parametrize("text", WRONG_SECRETS)
def test_values_about_people_are_never_quoted(text: str) -> None:
    try:
        told = read(text, private=True)
    except InvalidInput as error:
        told = [str(error)]
    assert isinstance(told, list)
    assert "CANARY" not in str(told)


@pytest.mark.parametrize(
    "text",
    [
        "a@b.example%0abcc:x",
        "a%0d@b.example",
        "a@b@c.example",
        "a b@c.example",
        "a\x1fb@c.example",
        "a\u200bb@c.example",
        "a\u202eb@c.example",
        "a?bcc=x@c.example",
        '"a"@c.example',
        "A <a@c.example>",
        "a@example",
        "a@c.example.",
    ],
)
def test_an_address_that_is_more_in_a_link_or_header_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Email).validate_python(text)


@pytest.mark.parametrize("text", ["a@b.example", "r&d+x@b.example", "o'neil@sub.b.example", "ines@straße.example"])
def test_common_addresses_are_read(text: str) -> None:
    assert TypeAdapter(Email).validate_python(text) == text
