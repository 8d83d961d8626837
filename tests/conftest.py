"""What all tests share."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.compiled_templates import CompiledTemplates
from tests.examples import FAST, THOROUGH
from tests.quick_fonts import pack_fonts_quickly
from tests.shared_folder import shared_folder

# The rest is imported where it is needed: the process that starts the workers of pytest needs none of it.
if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.newsletter.mail_host import MailHost
    from tests.publish.project import Project
    from tests.site.post_box import PostBox

ROOT = Path(__file__).parents[1]

# The headless shell is Chromium without its windows: the same engine for two thirds of the CPU time. Ubuntu lacks it.
CHROMIUM = next(path for path in ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium") if os.path.exists(path))
HOSTS = "MAP portal.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # one name that isn't this machine's own
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", f"--host-resolver-rules={HOSTS}"]

settings.load_profile(FAST)
CompiledTemplates().install()
pack_fonts_quickly()

# Searches for cycles after each 700 objects, as Python has it, take 5 % of the CPU time of a run.
gc.set_threshold(20_000, 20, 20)

# PDFs take seconds: tests that are about them ask for them.
os.environ["PORTAL_PDF"] = "no"

# A shell starts background jobs with SIGINT ignored, and programs started from there would never be interrupted.
signal.signal(signal.SIGINT, signal.default_int_handler)


# These files publish what most tests read; meanwhile other processes run tests that need none of it.
PUBLISHING = ("publish/command/test_cli.py", "site/test_accessibility.py")
# Folders of tests in the order they start: slow files first, so that the processes of `make test` end together.
SLOWEST_FIRST = ("loyalty", "js", "publish", "site", "newsletter", "seal")

MEMORY = Path("/dev/shm")
ROOM = 1 << 30  # bytes; a whole run of `make test` takes a tenth of it


def pytest_configure(config: pytest.Config) -> None:
    """Keep temporary folders in memory where there is room: a disk takes milliseconds for each fsync and rmdir."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        found = os.statvfs(MEMORY)
        if found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection(session: pytest.Session) -> None:
    """Import all test modules, each worker from another one on, so that pytest compiles each for one worker only."""
    worker, count = (os.environ.get(f"PYTEST_XDIST_WORKER{part}", "") for part in ("", "_COUNT"))
    if not worker or [Path(name).name for name in session.config.args] != session.config.getini("testpaths"):
        return
    names = names_of_modules()
    first = len(names) * int(worker.removeprefix("gw")) // int(count)
    for name in (*names[first:], *names[:first]):
        with suppress(Exception):  # pytest imports it again, and reports what is wrong
            import_module(name)


def names_of_modules() -> list[str]:
    """List the names of all modules of tests; pytest looks for no others in the folders of Node's packages."""
    folder = Path(__file__).parent
    files = sorted(file.relative_to(folder.parent) for file in folder.rglob("test_*.py"))
    return [".".join(file.with_suffix("").parts) for file in files if "node_modules" not in file.parts]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order tests by file and folder, and give long tests an hour before they count as hanging."""
    items.sort(key=lambda item: start_order(item.path))
    thorough = settings.get_current_profile_name() == THOROUGH
    for item in items:
        if thorough or item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(3600))


def pytest_collection_finish() -> None:
    """Search for no cycles among modules and tests: they stay until the end."""
    gc.freeze()


@cache
def start_order(file: Path) -> int:
    """Return the place of a test file among PUBLISHING, or of its folder among SLOWEST_FIRST, or the last place."""
    path, order = file.relative_to(Path(__file__).parent), (*PUBLISHING, *SLOWEST_FIRST)
    name = path.as_posix() if path.as_posix() in PUBLISHING else path.parts[0]
    return order.index(name) if name in order else len(order)


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostBox]:
    """Start an endpoint for answers once for each worker of pytest, at the address of all of them."""
    from tests.site.post_box import ENDPOINT, PostBox

    box = PostBox(tmp_path_factory.mktemp("post") / "box", ENDPOINT)
    yield box
    box.close()


@pytest.fixture(scope="session")
def browser(endpoint: PostBox) -> Iterator[Browser]:
    """Start Chromium once for each worker of pytest: a process holds only one of Playwright's event loops."""
    from playwright.sync_api import sync_playwright

    hosts = f"--host-resolver-rules={endpoint.rule}, {HOSTS}"  # in force is the last option of a name
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, hosts])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def warm() -> Iterator[subprocess.Popen[str]]:
    """Start the process that commands are forked from."""
    command = [sys.executable, "-m", "tests.publish.warm_main"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


@pytest.fixture(scope="session")
def cut_fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the theme's fonts, cut once per run, which takes seconds. Tests only read it."""
    from members_portal.portal.rendering import font
    from members_portal.seal import Secret
    from tests.publish.project import SECRET

    def make(folder: Path) -> None:
        settings = run_path(str(ROOT / "pelicanconf.py"))  # not imported: projects have their own
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(font, "_subset", cache(font._subset))
            for key in (Secret(bytes.fromhex(SECRET)).cache_key(), b""):  # Pelican alone has no key
                list(font.build_fonts(settings["PORTAL_FONTS"], folder / "cut", key))

    return shared_folder(tmp_path_factory, "fonts", make) / "cut"


@pytest.fixture(scope="session")
def harbour(warm: subprocess.Popen[str], cut_fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give a worker's copy of a project that was published once per run. It is shared: tests only read it."""
    from tests.publish.project import HARBOUR, Project, copy_settings, lay_in_fonts

    def make(root: Path) -> None:
        shutil.copytree(HARBOUR, root)
        shutil.copytree(ROOT / "theme", root / "theme")
        copy_settings(root)
        lay_in_fonts(cut_fonts, root / ".build")
        Project(root, warm).publish()

    published = Project(shared_folder(tmp_path_factory, "harbour", make), warm)
    return Project.copy(published, tmp_path_factory.mktemp("harbour-copy") / "portal", tree=True)


@pytest.fixture(scope="session")
def sample_folder(warm: subprocess.Popen[str], cut_fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the sample, published once per run without PDFs. It is shared: tests only read it."""
    from tests.publish.project import Project, lay_in_fonts
    from tests.site.sample import DAY, copy_sample

    def make(root: Path) -> None:
        copy_sample(root)
        lay_in_fonts(cut_fonts, root / ".build")
        Project(root, warm).publish(DAY)

    return shared_folder(tmp_path_factory, "sample", make)


@pytest.fixture
def project(harbour: Project, tmp_path: Path) -> Project:
    """Give a project of one's own that was published once."""
    from tests.publish.project import Project

    return Project.copy(harbour, tmp_path / "portal")


@pytest.fixture
def unpublished(project: Project) -> Project:
    """Give a project that was never published."""
    project.output.unlink()
    shutil.rmtree(project.root / ".build" / "releases")
    shutil.rmtree(project.root / ".build" / "state")
    return project


@pytest.fixture
def mail_server() -> Iterator[MailHost]:
    """Start a mail server of the test's own."""
    from tests.newsletter.mail_host import mail_host

    with mail_host() as host:
        yield host
