"""The sample portal, published once per run of pytest, and readers with a browser context each."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.js.reader import Reader
from tests.site.sample import Sample
from tests.site.tour import real_day, told


@pytest.fixture(scope="session")
def portal(sample_folder: Path, warm: subprocess.Popen[str]) -> Iterator[Sample]:
    """Serve the published sample. It is shared: tests only read it."""
    sample = Sample(sample_folder, warm)
    yield sample
    sample.close()


@pytest.fixture(scope="session")
def club(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Publish the sample below a prefix. It is shared: tests only read it."""
    sample = portal.again(tmp_path_factory.mktemp("club") / "portal", "/club/").publish()
    yield sample
    sample.close()


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[ExitStack]:
    """Hold what goes on until all readers have left, as the test's folder does."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def own_portal(portal: Sample, tmp_path: Path, hosts: ExitStack) -> Sample:
    """Serve a copy of the published sample that a test may change."""
    sample = portal.again(tmp_path / "portal")
    hosts.callback(sample.close)
    return sample


@pytest.fixture
def visit(browser: Browser, hosts: ExitStack) -> Iterator[Callable[..., Reader]]:
    """Make readers, each on a device of their own; all end without any sign of trouble."""
    readers: list[Reader] = []

    def make(portal: Sample, **device: Any) -> Reader:
        readers.append(Reader(browser, portal, **device))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()
    for reader in readers:
        assert reader.troubles == []


@pytest.fixture(scope="module")
def signed_in_once(browser: Browser) -> Iterator[Callable[[Sample, str], Reader]]:
    """Sign each member in once for all tests of a file, which saves a device and fetching an edition each time."""
    readers: dict[tuple[Sample, str], Reader] = {}

    def make(portal: Sample, member: str) -> Reader:
        if (portal, member) not in readers:
            reader = readers[portal, member] = Reader(browser, portal)
            reader.page.goto(portal.link(member))
            told(reader)
        return readers[portal, member]

    yield make
    for reader in readers.values():
        reader.close()


@pytest.fixture
def at_home(signed_in_once: Callable[[Sample, str], Reader], portal: Sample) -> Iterator[Callable[..., Reader]]:
    """Give a member at the front page, in a new tab and on the real day, on a device that tests of a file share.

    The test must not sign out; it ends without any sign of trouble.
    """
    used: list[Reader] = []

    def make(member: str, portal: Sample = portal) -> Reader:
        reader = signed_in_once(portal, member)
        used.append(reader)
        old, reader.page = reader.context.pages, reader.context.new_page()
        for page in old:
            page.close()
        reader.go()
        told(reader)
        if real_day(reader):
            reader.page.reload()
            told(reader)
        return reader

    yield make
    for reader in used:
        assert reader.troubles == []
