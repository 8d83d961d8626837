"""A portal with members in a database: read at every publish, released only after a change."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.publish.project import lay_in_fonts
from tests.test_invalid import PROJECT, TODAY, lay_out

RUN = (sys.executable, "-m", "members_portal")


def portal(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a separate process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environment |= {"PYTHONPATH": str(PROJECT), "PORTAL_SECRET": bytes(range(32)).hex(), "COLUMNS": "200"}
    environment |= {"PORTAL_MEMBERS": f"sqlite:///{root}/members/club.db"}
    return subprocess.run([*RUN, *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def root(tmp_path: Path, cut_fonts: Path) -> Path:
    """Write the small portal with its member in a database."""
    lay_out("_base", tmp_path)
    lay_in_fonts(cut_fonts, tmp_path / ".build")
    (tmp_path / "members" / "members.yaml").unlink()
    change(
        tmp_path,
        "create table portal_members (id, given_name, formal_name, joined, tier, shoe_size)",
        "insert into portal_members values ('M-1', 'Maya', 'Ms Okafor', '2021-05-30', 'gold', 38)",
    )
    return tmp_path


def change(root: Path, *statements: str) -> None:
    """Change the database and commit."""
    with sqlite3.connect(root / "members" / "club.db") as con:
        for statement in statements:
            con.execute(statement)


def test_a_change_in_the_database_is_published_and_nothing_else_is(root: Path) -> None:
    first = portal(root, "publish", "--date", TODAY)
    assert (first.returncode, first.stderr) == (0, "")
    assert "Columns that are not used, and were not read: shoe_size of portal_members\n" in first.stdout
    release = (root / "output").resolve()
    again = portal(root, "publish", "--date", TODAY)
    assert (again.returncode, "Nothing changed" in again.stdout, (root / "output").resolve()) == (0, True, release)
    change(root, "update portal_members set given_name = 'May'")
    assert portal(root, "publish", "--date", TODAY).returncode == 0
    assert (root / "output").resolve() != release


def test_a_database_that_is_gone_ends_with_1_and_leaves_the_release(root: Path) -> None:
    (root / "members" / "club.db").unlink()
    done = portal(root, "publish", "--date", TODAY)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "Nothing was published.")
    assert "club.db: unable to open database file" in done.stderr
    assert not (root / "output").exists()
