"""Broken inputs: every problem is reported with its place, and nothing is published.

The cases are in `tests/invalid/*.txt`, described in `tests/invalid/README.md`.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from members_portal.publish.command.cli import app
from tests.invalid_cases import Files, one_of_each_message, read_base, read_cases
from tests.long_cases import quick_and_long

PROJECT = Path(__file__).parent.parent
BASE = read_base()
CASES = read_cases()
TODAY = "2026-11-20"


def lay_out(case: str, root: Path) -> Path:
    """Make a project whose content and members are those of a case, or the valid ones of `_base`."""
    return lay_out_files(BASE if case == "_base" else CASES[case].files, root)


def lay_out_files(files: Files, root: Path) -> Path:
    """Make a project with these files, the sample's settings and the theme."""
    write(files, root)
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copyfile(PROJECT / name, root / name)
    (root / "theme").symlink_to(PROJECT / "theme")
    return root


def write(files: Files, root: Path) -> None:
    """Write files below a folder."""
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, in no project's environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path.copy())  # publishconf.py adds its folder
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        monkeypatch.delenv(name)
    return tmp_path


def check(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int | str | None, str, str]:
    """Run `portal check` in this process; return its exit code and what it printed to stdout and stderr."""
    with pytest.raises(SystemExit) as end:
        app(["check", "--date", TODAY, *options])
    out, err = capsys.readouterr()
    return end.value.code, out, err


def test_the_base_is_valid(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out("_base", project)
    assert check(capsys) == (0, "3 items and 1 member have no problems.\n", "")


@pytest.mark.parametrize("case", quick_and_long(CASES, one_of_each_message(CASES)))
def test_every_problem_is_told_with_its_place(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out(case, project)
    code, out, err = check(capsys)
    *problems, total = err.splitlines()
    assert problems == CASES[case].messages
    warnings = sum(": warning: " in problem for problem in problems)
    rest = f", {warnings} warning{'s' if warnings > 1 else ''}" if warnings else ""
    count = len(problems) - warnings
    assert total == f"{count} problem{'s' if count > 1 else ''}{rest}"
    assert (code, out) == (3, "")


@pytest.mark.parametrize(
    "path", ["members/members.yaml", "members/ledger.csv", "members/programme.yaml", "content/reports/pipe.md"]
)
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_device_or_a_pipe_is_not_read(
    path: str, kind: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = lay_out("_base", project) / path
    file.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to("/dev/zero")
    code, out, err = check(capsys)
    assert (code, out) == (3, "")
    assert f"{path}: is a device, a pipe or a socket, expected a regular file\n" in err


def test_there_are_enough_of_them() -> None:
    print(f"broken_inputs={len(CASES)}")
    assert len(CASES) >= 394
