"""A portal with members in a database: read at every publish, released only after a change."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.publish.project import Project, Run, lay_in_fonts
from tests.test_invalid import TODAY, lay_out


@pytest.fixture
def project(tmp_path: Path, cut_fonts: Path, warm: subprocess.Popen[str]) -> Project:
    """Write the small portal with its member in a database."""
    lay_out("_base", tmp_path)
    lay_in_fonts(cut_fonts, tmp_path / ".build")
    (tmp_path / "members" / "members.yaml").unlink()
    change(
        tmp_path,
        "create table portal_members (id, given_name, formal_name, joined, tier, shoe_size)",
        "insert into portal_members values ('M-1', 'Maya', 'Ms Okafor', '2021-05-30', 'gold', 38)",
    )
    return Project(tmp_path, warm)


def publish(project: Project) -> Run:
    """Publish with the members of the database."""
    return project.portal("publish", "--date", TODAY, PORTAL_MEMBERS=f"sqlite:///{project.root}/members/club.db")


def change(root: Path, *statements: str) -> None:
    """Change the database and commit."""
    with sqlite3.connect(root / "members" / "club.db") as con:
        for statement in statements:
            con.execute(statement)


@pytest.mark.long
def test_a_change_in_the_database_is_published_and_nothing_else_is(project: Project) -> None:
    first = publish(project)
    assert (first.code, first.err) == (0, "")
    assert "Columns that are not used, and were not read: shoe_size of portal_members\n" in first.out
    release = project.release
    again = publish(project)
    assert (again.code, "Nothing changed" in again.out, project.release) == (0, True, release)
    change(project.root, "update portal_members set given_name = 'May'")
    assert publish(project).code == 0
    assert project.release != release


def test_a_database_that_is_gone_ends_with_1_and_leaves_the_release(project: Project) -> None:
    (project.root / "members" / "club.db").unlink()
    done = publish(project)
    assert (done.code, done.err.splitlines()[-1]) == (1, "Nothing was published.")
    assert "club.db: unable to open database file" in done.err
    assert not project.output.exists()
