"""Edits of members.yaml and members.csv: one value changes, all else stays byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from members_portal.inbox.inbox_error import NotEditable
from members_portal.inbox.member_file.csv_edit import add_row, set_row
from members_portal.inbox.member_file.member_id import next_id
from members_portal.inbox.member_file.yaml_edit import add_member, set_member

BLOCK = """\
# The list.
- id: M-1  # the first
  email: "a@x.example"   # private
  phone:
  interests:
    - oil  # since 2020
    - glass
  note: |
    two
    lines

# The second one.
- {id: M-2, email: b@x.example, address: {lines: [4 Quay], city: Cork}}

- id: M-3
  consent: {post: true}
"""
CASES: list[tuple[str, dict[str, Any], str, str]] = [
    ("M-1", {"email": "c@x.example"}, '"a@x.example"', "c@x.example"),
    ("M-1", {"email": "k: [v] #"}, '"a@x.example"', '"k: [v] #"'),
    ("M-1", {"phone": "+353 1"}, "phone:\n", 'phone: "+353 1"\n'),
    ("M-1", {"interests": ["oil"]}, "- oil  # since 2020\n    - glass", "[oil]"),
    ("M-1", {"birthday": "11-21"}, "    lines\n", "    lines\n  birthday: 11-21\n"),
    ("M-2", {"email": "no"}, "b@x.example", '"no"'),
    ("M-2", {"address": {"city": "Bø"}}, "city: Cork", 'city: "Bø"'),
    ("M-2", {"address": {"postcode": "0123"}}, "city: Cork}", 'city: Cork, postcode: "0123"}'),
    ("M-2", {"consent": {"post": "true"}}, "Cork}}", "Cork}, consent: {post: true}}"),
    ("M-3", {"consent": {"post": "false", "email": "true"}}, "{post: true}", "{post: false, email: true}"),
    ("M-3", {"phone": "1"}, "{post: true}\n", '{post: true}\n  phone: "1"\n'),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("member", "value", "old", "new"), CASES)
def test_a_value_in_yaml_is_set(member: str, value: dict[str, Any], old: str, new: str, newline: str) -> None:
    assert BLOCK.count(old) == 1
    text = BLOCK.replace("\n", newline)
    assert set_member(text, member, value) == BLOCK.replace(old, new).replace("\n", newline)


def test_a_member_is_added_as_the_others_are() -> None:
    added = add_member(BLOCK, {"id": "M-4", "given_name": "Liv", "address": {"lines": ["1 Quay"], "city": "Cork"}})
    assert added == f'{BLOCK}\n- id: M-4\n  given name: Liv\n  address: {{lines: ["1 Quay"], city: Cork}}\n'
    close = "- id: M-1\n- id: M-2"
    assert add_member(close, {"id": "M-3"}) == "- id: M-1\n- id: M-2\n- id: M-3\n"


@pytest.mark.parametrize("text", ["[]", "[{id: M-1}]", "", "id: M-1"])
def test_a_list_that_cannot_be_edited_safely_is_left(text: str) -> None:
    with pytest.raises(NotEditable):
        add_member(text, {"id": "M-2"})


TABLE = (
    "id;given name;formal name;joined;phone;email\r\n"
    'M-1;"A ""x"";";Ms A;2020-01-01;"+353\r\n1";a@x.example\r\n'
    "\r\nM-2;B;B;2020-01-01;;\r\n"
)


@pytest.mark.parametrize(
    ("member", "texts", "old", "new"),
    [
        ("M-1", {"email": "c@x.example"}, "a@x.example", "c@x.example"),
        ("M-1", {"phone": "+353 2"}, '"+353\r\n1"', "+353 2"),
        ("M-2", {"phone": "1;2", "email": "b@x.example"}, "2020-01-01;;", '2020-01-01;"1;2";b@x.example'),
        ("M-2", {"given_name": 'C "y"'}, "M-2;B;", 'M-2;"C ""y""";'),
    ],
)
def test_a_cell_is_set(member: str, texts: dict[str, str], old: str, new: str, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_bytes(TABLE.encode())
    assert TABLE.count(old) == 1
    assert set_row(file, TABLE, member, texts) == TABLE.replace(old, new)


def test_a_row_is_added(tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_bytes(TABLE.encode())
    row = {"id": "M-3", "given_name": "C", "formal_name": "C", "joined": "2026-11-20"}
    assert add_row(file, TABLE, row) == f"{TABLE}M-3;C;C;2026-11-20;;\r\n"


@pytest.mark.parametrize(
    ("texts", "said"),
    [({"city": "Cork"}, "members.csv has no column city"), ({"given_name": "=1+1"}, "given name begins as a formula")],
)
def test_a_table_that_cannot_hold_a_value_is_left(texts: dict[str, str], said: str, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_bytes(TABLE.encode())
    with pytest.raises(NotEditable, match=said):
        set_row(file, TABLE, "M-1", texts)


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["M-1", "M-9"], "M-10"),
        (["K007", "K012", "X-99"], "K013"),
        (["1", "2"], "3"),
        (["M-1", "anna", "bo", "cy"], ""),
    ],
)
def test_the_next_id_follows_the_greatest(ids: list[str], expected: str) -> None:
    if expected:
        assert next_id(ids) == expected
    else:
        with pytest.raises(NotEditable, match="expected --id"):
            next_id(ids)
