"""The place of an error in a template or a settings file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.publish.context import make_context
from members_portal.publish.fault_place import placed_error
from members_portal.publish.pelican_run import site_settings
from members_portal.publish.publish_error import PublishError
from tests.publish.project import Project


def error_of(work: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - of any class
        work()
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("one\n{{ part( }}", 2, "unexpected '}'"),
        ("{% block a %}\n{% endblok %}", 2, "Encountered unknown tag 'endblok'."),
        ("\n\n{{ prt }}", 3, "'prt' is undefined"),
        ("{{ 1 / 0 }}", 1, "ZeroDivisionError: division by zero"),
        ('\n{% include "none.html" %}', 2, "'none.html' not found"),
        ("{{ 'a'|nofilter }}", 1, "No filter named 'nofilter'."),
        ("\n{{ fails('a key') }}", 2, "KeyError: 'a key'"),
    ],
)
def test_an_error_in_a_template_has_file_and_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    (file := tmp_path / "theme" / "templates" / "base.html").parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    env = Environment(loader=FileSystemLoader(file.parent), undefined=StrictUndefined, autoescape=True)
    error = error_of(lambda: env.get_template("base.html").render(fails=dict[str, str]().pop))
    placed = placed_error(error, tmp_path)
    assert isinstance(placed, InvalidInput)
    (problem,) = placed.problems
    assert (problem.file, problem.line, problem.column) == (str(file), line, 0)
    assert problem.what.startswith(what)
    assert placed.__cause__ is error


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("A = 1\nB = = 2\n", 2, "SyntaxError: invalid syntax"),
        ("A = none\n", 1, "NameError: name 'none' is not defined"),
    ],
)
def test_an_error_in_the_settings_has_file_and_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    (file := tmp_path / "pelicanconf.py").write_text(text, "utf-8")
    error = error_of(lambda: exec(compile(file.read_text("utf-8"), str(file), "exec"), {}))
    assert str(placed_error(error, tmp_path)) == f"{file}:{line}: {what}"


def test_other_errors_stay_as_they_are(tmp_path: Path) -> None:
    for error in (PublishError("a leak"), ValueError("ours"), OSError(28, "No space left on device")):
        assert placed_error(error, tmp_path) is error


def test_a_place_needs_no_column() -> None:
    assert [Problem("a", *place, "x").place for place in ((0, 0), (3, 0), (3, 4))] == ["a", "a:3", "a:3:4"]


def test_a_publish_with_an_error_in_a_template_names_its_place(project: Project) -> None:
    base = project.own("theme") / "templates" / "base.html"
    base.write_text(base.read_text("utf-8").replace('{{ part("footer") }}', '{{ part("footer" }}'), "utf-8")
    run = project.portal("publish")
    lines = base.read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if 'part("footer" }}' in text)
    assert (run.code, run.err.splitlines()) == (
        3,
        [f"theme/templates/base.html:{line}: unexpected '}}', expected ')'", "1 problem; nothing was published."],
    )


def test_settings_are_read_again_after_a_change(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    context = make_context({}, root=project.root, on=None, today=date(2026, 11, 20), now=0)
    assert site_settings(context).name != "Harbour lights"
    settings = (project.root / "pelicanconf.py").read_text("utf-8")
    (project.root / "pelicanconf.py").write_text(f'{settings}\nSITENAME = "Harbour lights"\n', "utf-8")
    assert site_settings(context).name == "Harbour lights"


def test_settings_are_those_of_their_own_project(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theme").mkdir()
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copyfile(project.root / name, tmp_path / name)
    with open(tmp_path / "pelicanconf.py", "a", encoding="utf-8") as file:
        file.write('\nSITENAME = "Harbour lights"\n')
    names = []
    for root in (project.root, tmp_path, project.root):
        monkeypatch.chdir(root)
        context = make_context({}, root=root, on=None, today=date(2026, 11, 20), now=0)
        names.append(site_settings(context).name)
    assert [name == "Harbour lights" for name in names] == [False, True, False]
