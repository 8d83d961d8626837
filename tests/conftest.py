"""What all tests share."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.publish.project import HARBOUR, ROOT, Project, copy_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = "/usr/bin/chromium"
HOSTS = "MAP portal.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # one name that isn't this machine's own
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", f"--host-resolver-rules={HOSTS}"]

# No example is judged by its time: the machines are shared and noisy.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")

# PDFs take seconds: tests that are about them ask for them.
os.environ["PORTAL_PDF"] = "no"

# A shell starts background jobs with SIGINT ignored, and programs started from there would never be interrupted.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give long tests an hour before they count as hanging."""
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(3600))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once for each worker of pytest: a process holds only one of Playwright's event loops."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


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
    copy_settings(root)
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
