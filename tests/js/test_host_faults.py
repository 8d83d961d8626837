"""A host that is not set up properly: the page says so, and names the file."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.js.host import Host
from tests.js.lantern import Lantern as Site
from tests.js.reader import Reader
from tests.long_cases import quick_and_long


def wrong_type(host: Host) -> str:
    """Send the worker's script as text."""
    host.types["sw.js"] = "text/plain"
    return "sw.js: 200 text/plain"


def missing_worker(host: Host) -> str:
    """Lose the worker's script."""
    (host.site / "sw.js").unlink()
    return "sw.js: 404 text/html"


def redirected_worker(host: Host) -> str:
    """Redirect the worker's script."""
    host.redirects["/sw.js"] = "/theme/js/sw.js"
    return "sw.js: 0"


def policy(host: Host) -> str:
    """Forbid workers by a policy."""
    host.headers["Content-Security-Policy"] = "worker-src 'none'"
    return "Content-Security-Policy: worker-src"


def policy_of_the_worker(host: Host) -> str:
    """Forbid the worker's requests by a policy."""
    host.headers["Content-Security-Policy"] = "connect-src 'none'"
    return "Content-Security-Policy: connect-src"


def hidden_folder(host: Host) -> str:
    """Hide the folder of sealed files."""
    shutil.rmtree(host.site / "_")
    return "_/c/*: 404 text/html"


def first_page_for_all(host: Host) -> str:
    """Answer unknown addresses with the first page and status 200."""
    shutil.rmtree(host.site / "_")
    host.unknown = (200, "index.html")
    return "_/c/*: 200 text/html"


def hidden_bootstrap(host: Host) -> str:
    """Lose portal.json."""
    (host.site / "portal.json").unlink()
    return "portal.json: 404 text/html"


COMPLAINTS = [  # of Chromium
    "register a ServiceWorker", "fetching the script", "Content Security Policy", "script resource", "MIME type",
]  # fmt: skip
FAULTS: dict[str, Callable[[Host], str]] = {
    fault.__name__: fault
    for fault in (
        wrong_type, missing_worker, redirected_worker, policy, policy_of_the_worker, hidden_folder, first_page_for_all,
        hidden_bootstrap,
    )
}  # fmt: skip


@pytest.mark.parametrize("fault", quick_and_long(FAULTS, ["wrong_type", "hidden_folder"]))
def test_the_page_names_the_file_that_the_host_sends_wrongly(
    lantern_site: Site, reader: Reader, host: Host, fault: str
) -> None:
    expected = FAULTS[fault](host)
    reader.tolerated += COMPLAINTS
    reader.go()
    reader.sign_in(lantern_site.code("M-1"))
    message = reader.page.get_by_role("alert")
    expect(message).to_contain_text("The message: host.")
    found = message.inner_text().partition("(")[2].rstrip(") ")
    before, _, after = expected.partition("*")
    assert found.startswith(before), found
    assert after in found, found
    assert "#" not in reader.page.url


@pytest.mark.long
def test_a_server_error_is_no_fault_of_the_settings(lantern_site: Site, reader: Reader, host: Host) -> None:
    shutil.rmtree(host.site / "_")
    host.unknown = (503, "404.html")
    reader.go()
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: unreachable.")
