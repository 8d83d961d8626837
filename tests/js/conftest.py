"""Chromium with a real service worker, a static host, and a reader who notes every sign of trouble."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from members_portal.publish.static_server import Server
from tests.answer.browser_form import FORM
from tests.js.host import Host
from tests.js.lantern import SCRIPTS, lantern
from tests.js.reader import Reader
from tests.seal.small_site import Site


@pytest.fixture(scope="session")
def seal_page(browser: Browser) -> Iterator[Page]:
    """Open a page with the reader's primitives and nothing else."""
    with script_host() as address:
        page = browser.new_page()
        page.goto(f"{address}/seal.js")
        for name in ("seal", "container", "code", "bootstrap", "release"):
            page.add_script_tag(url=f"/{name}.js")
        yield page
        page.close()


@pytest.fixture(scope="session")
def form_page(browser: Browser) -> Iterator[Page]:
    """Open a page with the scripts of forms, for the member of `tests.answer.written`."""
    with script_host() as address:
        page = browser.new_page()
        page.goto(f"{address}/outbox.js")
        page.set_content(FORM)
        for name in ("outbox", "sealed-answer", "draft", "form-check", "answer-message", "answer-form"):
            page.add_script_tag(url=f"/{name}.js")
        yield page
        page.close()


@contextmanager
def script_host() -> Iterator[str]:
    """Serve the scripts of the theme."""
    with Server(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SCRIPTS))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(params=["/"])
def lantern_site(tmp_path: Path, request: pytest.FixtureRequest) -> Site:
    """Publish a small portal once; a test may publish again."""
    site = lantern(tmp_path, request.param)
    site.publish()
    return site


@pytest.fixture
def host(lantern_site: Site, request: pytest.FixtureRequest) -> Iterator[Host]:
    """Serve the portal."""
    prefix = request.node.callspec.params.get("lantern_site", "/") if hasattr(request.node, "callspec") else "/"
    host = Host(lantern_site.release, prefix)
    yield host
    host.close()


@pytest.fixture
def new_reader(browser: Browser, host: Host) -> Iterator[Callable[[], Reader]]:
    """Make readers, each on a device of their own; all end without any sign of trouble."""
    readers: list[Reader] = []

    def make() -> Reader:
        readers.append(Reader(browser, host))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()
    for reader in readers:
        assert reader.troubles == []


@pytest.fixture
def reader(new_reader: Callable[[], Reader]) -> Reader:
    """Make one reader."""
    return new_reader()
