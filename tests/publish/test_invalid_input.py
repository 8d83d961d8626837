"""A publish of invalid input ends with exit code 3, and the release in force is unchanged."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.long_cases import quick_first
from tests.publish.project import Project, files_of
from tests.test_invalid import CASES, TODAY, lay_out

PUBLISHED = (  # one of each kind
    "programme-missing",
    "programme-alias-bomb",
    "programme-many-problems",
    "members-latin-1",
    "members-many-problems",
    "members-nested-bomb",
    "members-csv-many-problems",
    "ledger-many-problems",
    "member-id-path",
    "content-missing",
    "front-matter-not-closed",
    "image-out-of-content",
    "link-up-until-an-embargo-ends",
    "many-files-at-once",
)
RELEASE = {"index.html": b"the old release", "_/b/0": b"a sealed file"}


@pytest.mark.parametrize("case", quick_first(PUBLISHED, 3))
def test_nothing_is_published(case: str, warm: subprocess.Popen[str], tmp_path: Path) -> None:
    project = Project(lay_out(case, tmp_path), warm)
    assert problems_of_publish(project) == CASES[case].messages
    assert not project.output.is_symlink()
    assert files_of(tmp_path / ".build" / "releases") == {}


@pytest.mark.parametrize("case", quick_first(PUBLISHED, 3))
def test_the_old_release_stays_in_force(case: str, warm: subprocess.Popen[str], tmp_path: Path) -> None:
    project = Project(lay_out(case, tmp_path), warm)
    for path, data in RELEASE.items():
        file = tmp_path / ".build" / "releases" / "1" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    project.output.symlink_to(".build/releases/1")
    assert problems_of_publish(project) == CASES[case].messages
    assert project.output.readlink() == Path(".build/releases/1")
    assert files_of(tmp_path / ".build" / "releases") == {f"1/{path}": data for path, data in RELEASE.items()}


def problems_of_publish(project: Project) -> list[str]:
    """Publish, expect exit code 3; return the printed problems."""
    run = project.portal("publish", "--date", TODAY)
    assert run.code == 3, run.text
    *problems, total = run.err.splitlines()
    assert total.endswith("; nothing was published.")
    return problems


def test_faults_on_paper_are_named_together_with_the_other_errors(project: Project) -> None:
    project.edit("content/newsletters/letter-one.md", "the herring has", "the herring \ue999 has")
    project.edit("content/reports/oil-ledger.md", "night-of-lanterns.md", "night.md")
    run = project.portal("publish", PORTAL_PDF="yes")
    assert run.code == 3
    assert "letter-one.md:9:32: no font on this machine can print `\ue999` (U+E999)" in run.err
    assert "oil-ledger.md:9:30: there is no content/events/night.md" in run.err
