"""`portal fields`, and unread columns."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from members_portal.publish.command.cli import app
from tests.test_invalid import lay_out

MEMBERS = """\
id,Given Name,formal name,joined,tier,E-Mail,Shoe size,telephone
M-1,Maya,Ms Okafor,2021-05-30,gold,maya@post.example,38,123
"""
NOT_READ = (
    "Columns that are not used, and were not read: E-Mail (did you mean `email`?), Shoe size, telephone (did you mean"
    " `phone`?) of members/members.csv; till of members/ledger.csv\n"
)


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change into a small portal with members from the export of a customer database."""
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    lay_out("_base", tmp_path)
    (tmp_path / "members" / "members.yaml").unlink()
    (tmp_path / "members" / "members.csv").write_text(MEMBERS, "utf-8")
    (tmp_path / "members" / "ledger.csv").write_text("date,member,kind,till,note\n2026-01-02,M-1,event,7,x\n", "utf-8")
    return tmp_path


def test_a_report_says_what_becomes_of_what_is_known(exported: Path) -> None:
    result = CliRunner().invoke(app, ["fields"])
    listed = {line[:15].strip(): line[15:].strip().split(maxsplit=1) for line in result.stdout.splitlines()}
    assert listed["formal name"] == ["1", "own pages; full sheets; e-mails and letters agreed to"]
    assert listed["email"] == ["0", "own pages; full sheets; e-mails and letters agreed to"]
    assert listed["phone"] == ["0", "own pages; full sheets of the desk"]
    assert (result.exit_code, result.stdout[result.stdout.index("Columns") :]) == (0, NOT_READ)


def test_a_check_names_the_columns_that_are_not_read(exported: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--date", "2026-11-20"])
    assert (result.exit_code, result.stdout) == (0, f"3 items and 1 member have no problems.\n{NOT_READ}")
