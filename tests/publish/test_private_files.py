"""Modes of everything in clear: 0700 and 0600, whatever the umask."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from members_portal.whole_file import private_umask
from tests.publish.issue.test_portal_pdfs import with_letters
from tests.publish.project import DAY, Project

UMASKS = ("022", "000")


def too_open(folder: Path) -> Iterator[str]:
    """Yield the files and folders that other users could read or write. A release sets the modes of a web server."""
    for path in (folder, *folder.rglob("*")):
        if path.parent.name != "releases" and path.lstat().st_mode & 0o077 and not is_released(path):
            yield f"{stat.filemode(path.lstat().st_mode)} {path}"


def is_released(path: Path) -> bool:
    return any(parent.parent.name == "releases" for parent in path.parents)


def open_build(project: Project) -> Path:
    """Start with a `.build` folder that an earlier version left readable."""
    for path in (project.root / ".build").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (project.root / ".build").chmod(0o755)
    return project.root / ".build"


@pytest.mark.parametrize("umask", UMASKS)
@pytest.mark.long
def test_a_publish_with_letters_leaves_only_private_files(umask: str, unpublished: Project) -> None:
    build = open_build(with_letters(unpublished))
    shutil.rmtree(build / "tree", ignore_errors=True)
    run = unpublished.portal("publish", UMASK=umask, PORTAL_PDF="yes")
    assert run.code == 0, run.text
    assert (build / "tree/members/L-105/letters/midwinter.pdf").exists()
    assert (build / "cache/newsletters.sqlite").exists()
    assert list(too_open(build)) == []
    assert unpublished.release.stat().st_mode & 0o777 == 0o755


@pytest.mark.long
def test_print_runs_letters_e_mails_and_qr_codes_are_private(project: Project) -> None:
    build = open_build(with_letters(project))
    project.edit("members/members.yaml", "email: false", "email: true")
    old = project.root / "code.svg"
    old.touch(0o644)
    commands = (
        ("print", "midwinter"),
        ("letter", "L-105"),
        ("mail", "midwinter"),
        ("mail", "midwinter", "--per-edition"),
        ("link", "L-101", "--qr", "code.svg"),
        ("link", "L-101", "--qr", "code.png"),
    )
    for command in commands:
        run = project.portal(*command, UMASK="000")
        assert run.code == 0, run.text
    found = {path.name for path in build.rglob("*")}
    assert {"run.pdf", "summary.pdf", "L-105-midwinter.pdf", "recipients.csv", "pewter.eml"} <= found
    assert list(too_open(build)) == []
    for name in ("code.svg", "code.png"):
        assert stat.S_IMODE((project.root / name).stat().st_mode) == 0o600


@pytest.mark.long
@pytest.mark.parametrize("umask", UMASKS)
def test_pelican_alone_writes_private_files(umask: str, project: Project) -> None:
    build = open_build(project)
    command = [sys.executable, "-m", "pelican", "content", "-s", "pelicanconf.py", "--fatal", "errors", "-q"]
    command += ["-e", f'PORTAL_TODAY="{DAY}"']
    through = ["sh", "-c", f'umask {umask}; exec "$@"', "sh"]
    subprocess.run([*through, *command], cwd=project.root, check=True, capture_output=True)
    assert (build / "site/editions/copper/index.html").exists()
    assert list(too_open(build / "site")) == []
    assert list(too_open(build / "cache")) == []


def test_a_qr_code_of_another_kind_is_refused(project: Project) -> None:
    run = project.portal("link", "L-101", "--qr", "code.jpg")
    assert run.code == 1
    assert "--qr: 'code.jpg' is no picture, expected a name that ends in .svg, .png, .pdf" in run.err
    assert not list(project.root.glob("*code*"))


def test_the_umask_of_a_caller_comes_back_after_rendering(project: Project) -> None:
    before = os.umask(0o022)
    try:
        with private_umask():
            (project.root / "inside").touch()
        (project.root / "after").touch()
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((project.root / name).stat().st_mode) for name in ("inside", "after")]
    assert modes == [0o600, 0o644]
