"""The sample portal, published by the press once for each worker of pytest, and readers with a browser each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.js.reader import Reader
from tests.site.sample import Sample


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Publish the sample. It is shared: tests only read it."""
    sample = Sample(tmp_path_factory.mktemp("sample") / "portal").publish()
    yield sample
    sample.close()


@pytest.fixture(scope="session")
def club(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Publish the sample below a prefix. It is shared: tests only read it."""
    sample = portal.again(tmp_path_factory.mktemp("club") / "portal", "/club/").publish()
    yield sample
    sample.close()


@pytest.fixture
def hosts() -> Iterator[ExitStack]:
    """Hold what goes on until all readers have left."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def own_portal(portal: Sample, tmp_path: Path, hosts: ExitStack) -> Sample:
    """Publish a sample that a test may change."""
    sample = portal.again(tmp_path / "portal").publish()
    hosts.callback(sample.close)
    return sample


@pytest.fixture
def visit(browser: Browser, hosts: ExitStack) -> Iterator[Callable[..., Reader]]:
    """Make readers, each on a device of their own; all end without any sign of trouble."""
    readers: list[Reader] = []

    def make(portal: Sample, **device: object) -> Reader:
        readers.append(Reader(browser, portal, **device))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()
    for reader in readers:
        assert reader.troubles == []
