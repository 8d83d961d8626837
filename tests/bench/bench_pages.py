"""What a member waits for: the first page after signing in beside the landing page, and one page after another.

A Chromium like a phone: a processor four times slower for pages; each answer of the host comes 165 ms later and at
8 Mbit/s. Pages of a member who is signed in are compared with the same pages as plain files on this machine: the HTML
that the member's browser gets, with the member's own parts in it. The same files behind a service worker that only
answers with kept pages show what browsers take for any worker.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.bench_publish import SECRET, prepare, publish
from tests.conftest import ARGUMENTS, CHROMIUM
from tests.js.reader import COMPLETES

ROUNDS = 9
DELAY = 0.165  # seconds
RATE = 1e6  # bytes a second
SLOWER = 4  # times
MEMBER = "M-1001"
PAGES = ("wallet/", "account/", "offers/the-tall-kettle/", "reports/", "")
READ = "address => fetch(address).then(response => response.text())"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
ARRIVED = LOADED.replace("loadEventEnd", "responseEnd")
PLAIN_WORKER = """addEventListener('fetch', event => {
  if (event.request.mode === 'navigate') event.respondWith(caches.match(event.request));
});"""
KEEP = """async pages => {
  const kept = await caches.open('pages');
  await kept.addAll(pages.map(page => `/${page}`));
  await navigator.serviceWorker.register('/plain-worker.js');
  await navigator.serviceWorker.ready;
}"""


class Plain(SimpleHTTPRequestHandler):
    """Serves files at once; browsers may keep all but pages."""

    delay, rate = 0.0, float("inf")

    def do_GET(self) -> None:
        """Answer after the delay."""
        time.sleep(self.delay)
        super().do_GET()

    def copyfile(self, source: Any, target: Any) -> None:
        """Send a file at the rate."""
        content = source.read()
        time.sleep(len(content) / self.rate)
        with suppress(BrokenPipeError):  # the page has gone on
            target.write(content)

    def end_headers(self) -> None:
        """Let browsers cache the files of the theme, but no page."""
        self.send_header("Cache-Control", "max-age=3600" if "theme/" in self.path else "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class Far(Plain):
    """Serves files as over a slow network."""

    delay, rate = DELAY, RATE


def serve(folder: Path, handler: type[Plain]) -> str:
    """Serve a folder until the program ends; return its address."""

    def made(*given: Any) -> Plain:
        return handler(*given, directory=str(folder))

    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def phone(browser: Browser) -> Page:
    """Open a phone without anything stored."""
    page = browser.new_context(viewport={"width": 360, "height": 780}, has_touch=True).new_page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def loaded(page: Page, address: str) -> float:
    """Open an address; return the milliseconds until it is loaded."""
    page.goto(address, wait_until="load")
    return float(page.evaluate(LOADED))


def visit(page: Page, address: str) -> tuple[float, float]:
    """Open an address; return the milliseconds until its HTML is there, and until it is loaded."""
    whole = loaded(page, address)
    return float(page.evaluate(ARRIVED)), whole


def first_visit(browser: Browser, root: str, code: str) -> tuple[float, float]:
    """Return the milliseconds until the landing page is loaded, and from "Sign in" until the member's page is."""
    page = phone(browser)
    landing = loaded(page, root)
    page.get_by_label("Access code").fill(code)
    start = time.perf_counter()
    page.get_by_role("button", name="Sign in").click()
    page.locator(".badge").wait_for()
    page.wait_for_load_state("load")
    first = 1000 * (time.perf_counter() - start)
    page.context.close()
    return landing, first


@contextmanager
def published() -> Iterator[tuple[Path, str]]:
    """Publish the sample; give its folder and the access code of MEMBER."""
    with tempfile.TemporaryDirectory() as folder:
        project = prepare(Path(folder))
        publish(project)
        environ = os.environ | {"PORTAL_SECRET": SECRET}
        command = [sys.executable, "-m", "members_portal", "code", MEMBER]
        run = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, check=True)
        yield project, run.stdout.split()[-1]


def plain_copy(project: Path, member: Page, root: str) -> Path:
    """Write the pages of a member as plain files, beside what they show; return the folder."""
    plain = project / "plain"
    shutil.copytree(project / ".build/tree/editions/gold", plain)
    shutil.copytree(project / ".build/tree/public/theme", plain / "theme")
    for address in PAGES:
        (plain / address / "index.html").write_text(member.evaluate(READ, root + address))
    return plain


def compare_first(browser: Browser, root: str, code: str) -> None:
    """Print the medians of first visits, and their ratio."""
    visits = [first_visit(browser, root, code) for _ in range(ROUNDS)]
    landing, first = (statistics.median(times) for times in zip(*visits, strict=True))
    print(f"landing_ms={landing:.0f} first_member_page_ms={first:.0f} ratio={first / landing:.2f}")


def behind_worker(browser: Browser, files: str) -> Page:
    """Open a phone with a service worker that answers with the pages that it has kept."""
    page = phone(browser)
    loaded(page, files)
    page.evaluate(KEEP, list(PAGES))
    loaded(page, files)
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    return page


def compare_pages(browser: Browser, project: Path, code: str) -> None:
    """Print the medians of each page, of the portal and of plain files by turns, and their ratios."""
    member, reader, near = phone(browser), phone(browser), serve(project / "output", Plain)
    member.goto(f"{near}#{code}")
    member.locator(".badge").wait_for()
    assert member.evaluate(COMPLETES, 600)
    folder = plain_copy(project, member, near)
    (folder / "plain-worker.js").write_text(PLAIN_WORKER)
    files, kept = serve(folder, Plain), serve(folder, Plain)
    other = behind_worker(browser, kept)
    loaded(reader, files)
    for address in PAGES:
        visits = ((member, near), (reader, files), (other, kept))
        turns = [[visit(page, root + address) for page, root in visits] for _ in range(ROUNDS)]
        ours, plain, worker = (
            [statistics.median(each) for each in zip(*one, strict=True)] for one in zip(*turns, strict=True)
        )
        print(f"page={address or 'home'} portal_arrived_ms={ours[0]:.0f} plain_arrived_ms={plain[0]:.0f} ", end="")
        print(f"portal_ms={ours[1]:.0f} plain_ms={plain[1]:.0f} worker_ms={worker[1]:.0f} ", end="")
        print(f"ratio={ours[1] / plain[1]:.2f} ratio_of_worker={worker[1] / plain[1]:.2f}", flush=True)


def main() -> None:
    """Publish the sample, and print medians and their ratios."""
    with published() as (project, code), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        compare_first(browser, serve(project / "output", Far), code)
        compare_pages(browser, project, code)
        browser.close()


if __name__ == "__main__":
    main()
