"""Degrees of problems: errors stop a command, warnings only with `strict`."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.loyalty.input.problem import (
    InvalidInput,
    Problem,
    check_degree,
    closest,
    count_warnings,
    counted,
    has_error,
    shown_path,
)

KEYS = ["gone-quiet", "key-customers", "Gold"]
ERROR = Problem("a.csv", 2, 1, "is wrong", "something right")
WARNING = Problem("a.csv", 1, 1, "looks odd").as_warning()


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("gone-quite", "`gone-quiet`"),
        ("Gone Quiet", "`gone-quiet`"),
        ("KEY CUSTOMERS", "`key-customers`"),
        ("gold", "`Gold`"),
        ("platinum", ""),
    ],
)
def test_a_similar_word_is_suggested_whatever_its_case(word: str, meant: str) -> None:
    assert closest(word, KEYS) == meant


def test_a_problem_is_an_error_unless_stated() -> None:
    assert (ERROR.is_error, WARNING.is_error) == (True, False)
    assert WARNING.as_error().is_error
    assert str(ERROR) == "a.csv:2:1: is wrong, expected something right"
    assert str(WARNING) == "a.csv:1:1: warning: looks odd"


def test_a_problem_is_one_line() -> None:
    assert (
        str(Problem("a.md", 7, 5, "there is no content/nine-\nforty.md"))
        == "a.md:7:5: there is no content/nine- forty.md"
    )


def test_warnings_alone_are_returned_sorted_and_once() -> None:
    later = Problem("b.csv", 1, 1, "looks odd").as_warning()
    assert check_degree([later, WARNING, later]) == (WARNING, later)
    assert check_degree([]) == ()


def test_an_error_is_raised_with_the_warnings() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_degree([ERROR, WARNING])
    assert caught.value.problems == [WARNING, ERROR]
    assert counted(caught.value.problems) == "1 problem, 1 warning"


def test_strict_makes_warnings_errors() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_degree([WARNING], strict=True)
    assert caught.value.problems == [WARNING.as_error()]
    assert has_error(caught.value.problems)
    assert counted(caught.value.problems) == "1 problem"
    assert check_degree([], strict=True) == ()


def test_what_is_left_out_stops_nothing() -> None:
    left_out = Problem("a.csv", 1, 1, "3 orders of others").as_left_out()
    assert str(left_out) == "a.csv:1:1: left out: 3 orders of others"
    assert check_degree([left_out], strict=True) == (left_out,)
    assert (counted([left_out]), count_warnings([left_out, WARNING])) == ("", 1)


def test_what_is_left_out_is_not_told_beside_errors() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_degree([ERROR, Problem("a.csv", 1, 1, "3 orders of others").as_left_out()])
    assert caught.value.problems == [ERROR]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("content/a.md", "content/a.md"),
        ("{here}/content/a.md", "content/a.md"),
        ("content/../b.md", "b.md"),
        ("content/link.md", "members/target.md"),
        ("linked/target.md", "members/target.md"),
        ("{here}", "."),
        ("/dev/null", "/dev/null"),
        ("../beside.md", "../beside.md"),
    ],
)
def test_a_path_below_the_working_folder_is_shown_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, shown: str
) -> None:
    here = tmp_path / "site"
    (here / "content").mkdir(parents=True)
    (here / "members").mkdir()
    (here / "members/target.md").write_text("")
    (here / "content/link.md").symlink_to("../members/target.md")
    (here / "linked").symlink_to("members")
    monkeypatch.chdir(here)
    assert shown_path(Path(path.format(here=here))) == shown
