"""A host that takes a request and sends no more bytes: the worker stops waiting. It reads a slow answer to its end."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Worker, expect

from tests.js.host import Host
from tests.js.lantern import SHEET
from tests.js.lantern import Lantern as Site
from tests.js.reader import FETCH, PATIENCE, Reader

KEEP_DEADLINES = """() => {
  self.deadlines = [];
  const {setTimeout, clearTimeout} = self;
  self.setTimeout = (act, ms) => (ms === 20000 ? deadlines.push(act) : setTimeout(act, ms));
  self.clearTimeout = number => { delete deadlines[number - 1]; };
}"""
PASS_DEADLINES = "() => deadlines.forEach(act => act())"
COUNT_DEADLINES = "() => deadlines.length"


def worker_of(reader: Reader, code: str) -> Worker:
    """Sign in, and keep the deadlines of the worker until the test lets them pass."""
    reader.enter(code)
    reader.waits_until_complete()
    worker = reader.context.service_workers[-1]
    worker.evaluate(KEEP_DEADLINES)
    return worker


def wait_for_deadlines(worker: Worker, page: Page, more: int) -> None:
    """Wait until the worker has begun to wait more often than a number of times."""
    for _ in range(PATIENCE // 50):
        if worker.evaluate(COUNT_DEADLINES) > more:
            return
        page.wait_for_timeout(50)
    raise AssertionError("the worker does not wait for the host")


def test_a_file_of_which_no_byte_comes_is_explained(lantern_site: Site, reader: Reader, host: Host) -> None:
    worker = worker_of(reader, lantern_site.code("M-1"))
    host.hold("/_/b/")
    tab = reader.context.new_page()
    tab.goto("about:blank")
    tab.evaluate("address => { location.href = address; }", f"{host.root}sheets/beans.pdf")
    wait_for_deadlines(worker, reader.page, 0)
    worker.evaluate(PASS_DEADLINES)
    reader.reads("Not in gold", tab)
    expect(tab.get_by_text("Not loaded.")).to_be_visible()
    host.go_on()


@pytest.mark.long
def test_a_slow_file_is_read_to_its_end(lantern_site: Site, reader: Reader, host: Host) -> None:
    worker = worker_of(reader, lantern_site.code("M-1"))
    host.stall("/_/b/")
    reader.page.evaluate(f"address => {{ self.answer = ({FETCH})([address, {{}}]); }}", "sheets/beans.pdf")
    wait_for_deadlines(worker, reader.page, 1)  # the first half has come
    worker.evaluate("() => deadlines[0]?.()")  # the time of the headers is over
    host.go_on()
    answer = reader.page.evaluate("answer")
    assert (answer["status"], answer["size"]) == (200, len(SHEET))
