"""What the tests of `publish` start from: a small portal that was published once, and copies of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publish.project import HARBOUR, ROOT, Project


@pytest.fixture(scope="session")
def warm() -> Iterator[subprocess.Popen[str]]:
    """Start the process that commands are forked from."""
    command = [sys.executable, "-m", "tests.publish.warm"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


@pytest.fixture(scope="session")
def harbour(warm: subprocess.Popen[str], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give a project that was published once. It is shared: tests only read it."""
    root = tmp_path_factory.mktemp("harbour") / "portal"
    shutil.copytree(HARBOUR, root)
    shutil.copytree(ROOT / "theme", root / "theme")
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copyfile(ROOT / name, root / name)
    project = Project(root, warm)
    project.publish()
    return project


@pytest.fixture
def project(harbour: Project, tmp_path: Path) -> Project:
    """Give a project of one's own that was published once."""
    return Project.copy(harbour, tmp_path / "portal")


@pytest.fixture
def unpublished(project: Project) -> Project:
    """Give a project that was never published."""
    project.output.unlink()
    shutil.rmtree(project.root / ".build" / "releases")
    shutil.rmtree(project.root / ".build" / "state")
    return project
