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
from tests.shared_folder import shared_folder
from tests.site.form_site import write_forms
from tests.site.post_box import PostBox
from tests.site.sample import DAY, Sample
from tests.site.till_site import write_offers
from tests.site.tour import set_real_day, told

DeviceOf = Callable[[Sample, str], Reader]


@pytest.fixture(scope="session")
def portal(sample_folder: Path, warm: subprocess.Popen[str]) -> Iterator[Sample]:
    """Serve the published sample. It is shared: tests only read it."""
    sample = Sample(sample_folder, warm)
    yield sample
    sample.close()


@pytest.fixture(scope="session")
def equipped(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Serve the sample with more forms and offers, published once per run. It is shared: tests only read it."""

    def make(folder: Path) -> None:
        sample = portal.again(folder)
        write_forms(sample)
        write_offers(sample)
        sample.project.publish(DAY)
        sample.close()

    sample = Sample(shared_folder(tmp_path_factory, "equipped", make), portal.project.warm)
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
def box(endpoint: PostBox) -> PostBox:
    """Give the endpoint for answers, empty and friendly."""
    endpoint.empty()
    return endpoint


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


@pytest.fixture(scope="session")
def devices() -> Iterator[dict[tuple[Sample, str], Reader]]:
    """Hold the devices of this worker of pytest by portal and member; each is signed in once."""
    readers: dict[tuple[Sample, str], Reader] = {}
    yield readers
    for reader in readers.values():
        reader.close()


@pytest.fixture
def device_of(browser: Browser, devices: dict[tuple[Sample, str], Reader]) -> Iterator[DeviceOf]:
    """Give a member's device, which tests share: one tab, the default size and media, online, on the real day.

    The page is the front page on a new device, otherwise the last page of an earlier test. The test must not sign out;
    it ends without any sign of trouble.
    """
    used: list[Reader] = []

    def make(portal: Sample, member: str) -> Reader:
        if (portal, member) in devices:
            devices[portal, member].start_over()
            set_real_day(devices[portal, member])
        else:
            reader = devices[portal, member] = Reader(browser, portal)
            reader.page.goto(portal.link(member))
            told(reader)
        used.append(devices[portal, member])
        return used[-1]

    yield make
    found = [trouble for reader in used for trouble in reader.troubles]
    for reader in used:
        reader.troubles.clear()
        reader.leave_field()
    assert found == []


@pytest.fixture
def at_home(device_of: DeviceOf, devices: dict[tuple[Sample, str], Reader], portal: Sample) -> Callable[[str], Reader]:
    """Give a member at the front page, on the real day, on a device that tests share."""

    def make(member: str) -> Reader:
        is_new = (portal, member) not in devices
        reader = device_of(portal, member)
        if not is_new:
            reader.go()
            told(reader)
        return reader

    return make
